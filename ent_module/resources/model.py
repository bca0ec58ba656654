"""What a sheet is, who reads which, and what its file must hold."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ent_module.establishments.model import Kind
from ent_module.identity.model import Person, Profile, Role
from ent_module.languages import SOURCE
from ent_module.web import content, prose
from ent_module.web.content import Document, Fault
from ent_module.web.prose import Level

PUPILS = {Kind.ECOLE: "pupil-ecole", Kind.COLLEGE: "pupil-college", Kind.LYCEE: "pupil-lycee"}
FAMILIES = (*PUPILS.values(), "parent")
FOLDERS = (*FAMILIES, "teacher", "staff", "local-admin")

# Fewest and most words, longest sentence, ease by Kandel and Moles: what pupils of that age read without help.
LEVELS = {
    "pupil-ecole": Level(80, 150, 12, 80),
    "pupil-college": Level(200, 350, 15, 70),
    "pupil-lycee": Level(350, 550, 18, 60),
    "parent": Level(150, 300, 15),
    "teacher": Level(200, 500, 20),
    "staff": Level(200, 500, 20),
    "local-admin": Level(200, 500, 20),
}
SECTIONS = (2, 6)
LICENCE = "CC BY 4.0"


@dataclass(frozen=True)
class Sheet:
    """A sheet in one language."""

    slug: str
    lang: str
    title: str
    summary: str
    profiles: tuple[str, ...]
    order: int
    helplines: tuple[str, ...]
    reviewed: date
    licence: str
    sources: tuple[str, ...]
    body: str

    @property
    def address(self) -> str:
        """What stands for it in addresses."""
        return content.address(self.slug)


Shelf = Mapping[str, Mapping[str, Sheet]]
"""Sheets by slug and language; each exists in French."""


def in_language(sheet: Mapping[str, Sheet], lang: str) -> Sheet:
    """The sheet in that language, else in French."""
    return sheet.get(lang, sheet[SOURCE])


def own_profiles(person: Person) -> tuple[str, ...]:
    """The profiles whose sheets are written for that person."""
    if person.profile is Profile.PUPIL:
        return (PUPILS.get(person.here.kind, "pupil-college"),)
    if person.profile is Profile.PARENT:
        return ("parent",)
    staff = person.profile is not Profile.TEACHER or person.here.has(Role.LISTENER, Role.SECRECY_LISTENER)
    found = (*(("teacher",) if person.profile is Profile.TEACHER else ()), *(("staff",) if staff else ()))
    return (*found, "local-admin") if person.here.has(Role.LOCAL_ADMIN) else found


def pupils_profiles(person: Person) -> tuple[str, ...]:
    """The pupils whose sheets an adult of the school may read too: those of the school, or of every kind above it."""
    if not person.profile.is_adult_at_school:
        return ()
    kind = person.here.kind
    return (PUPILS[kind],) if kind in PUPILS else tuple(PUPILS.values())


def may_read(person: Person, sheet: Sheet) -> bool:
    """Whether the sheet is on one of the person's shelves."""
    return not {*own_profiles(person), *pupils_profiles(person)}.isdisjoint(sheet.profiles)


def of_profiles(shelf: Shelf, profiles: Collection[str], lang: str) -> list[Sheet]:
    """The sheets for any of these profiles, in their order, each in that language where it exists."""
    found = (in_language(sheet, lang) for sheet in shelf.values())
    return sorted(
        (one for one in found if not set(profiles).isdisjoint(one.profiles)), key=lambda one: (one.order, one.slug)
    )


# --- What a file must hold ------------------------------------------------------------------------------------------


def wanted(helplines: Collection[str]) -> dict[str, content.Must]:
    """The keys of the front matter and what each must be. Without known helplines, nothing is said of their ids."""
    return {
        "title": content.must_be_text,
        "summary": content.must_be_text,
        "profiles": content.must_be_among(FOLDERS),
        "order": content.must_be_whole,
        "helplines": content.must_be_among(helplines, empty=True) if helplines else content.must_be_maybe_texts,
        "reviewed": content.must_be_day,
        "licence": content.must_be(LICENCE),
        "sources": content.must_be_maybe_texts,
    }


def sheet_faults(document: Document, folder: str, lang: str) -> Iterator[Fault]:
    """What is wrong in one file beyond its keys: profiles, sections, words that are not for children, length."""
    if folder not in document.listed("profiles"):
        yield Fault(document.line_of("profiles"), f"profiles must hold {folder}, the folder it lies in")
    lines = document.body.split("\n")
    sections = sum(line.startswith("## ") for line in lines)
    if not SECTIONS[0] <= sections <= SECTIONS[1]:
        yield Fault(document.body_line, f"{sections} sections (##); from {SECTIONS[0]} to {SECTIONS[1]}")
    if folder in PUPILS.values():
        yield from (
            Fault(number, "no exclamation marks for pupils")
            for number, line in enumerate(lines, document.body_line)
            if "!" in line
        )
    yield from prose.level_faults(document.body, document.body_line, LEVELS[folder], lang)


def link_faults(document: Document, profiles: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Links to what a reader of this sheet could not open. `profiles`: who reads which sheet."""
    readers = set(document.listed("profiles")) - {"local-admin"}  # who are teachers or staff as well
    for number, target in prose.links(document):
        scheme, _colon, slug = target.partition(":")
        if scheme == "lesson" and readers & set(FAMILIES):
            yield Fault(number, f"({target}): pupils and parents have no lessons")
        if scheme == "sheet" and slug in profiles and readers - set(profiles[slug]):
            yield Fault(number, f"({target}) is not for all readers of this sheet")


def parity_faults(document: Document, french: Document) -> Iterator[Fault]:
    """Where a translation is not the same sheet as the French one."""
    for key in ("profiles", "order", "helplines"):
        if document.front.get(key) != french.front.get(key):
            yield Fault(document.line_of(key), f"{key} must be as in French")
    here, there = (sum(line.startswith("## ") for line in one.body.split("\n")) for one in (document, french))
    if here != there:
        yield Fault(document.body_line, f"{here} sections (##), {there} in French")


def languages_wanted(profiles: Collection[str]) -> tuple[str, ...]:
    """The languages in which a sheet for these profiles must exist beside French."""
    return ("en", "ar") if set(profiles) & set(FAMILIES) else ("en",)
