"""Reads every sheet for `check-content` and names file and line of each mistake."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ent_module.helplines.service import all_lines
from ent_module.resources import model
from ent_module.resources.model import SOURCE
from ent_module.rooms import Mistake
from ent_module.shelves import shelf as shelf_folder
from ent_module.web import content, prose
from ent_module.web.content import Document, Fault, MalformedError
from ent_module.web.language import LANGUAGES

_OTHER_FOLDERS = {"data", "words"}
Documents = dict[tuple[str, str, str], Document]
"""By language, folder and slug."""


def check_content(folder: Path | None = None) -> Iterator[Mistake]:
    """The mistakes of the sheets, by file and line."""
    folder = folder or shelf_folder("resources")
    documents: Documents = {}
    yield from _strangers(folder)
    for lang in LANGUAGES:
        for profile in model.FOLDERS:
            for path in sorted((folder / lang / profile).glob("*.md")):
                try:
                    text = content.read(path)
                    documents[lang, profile, path.stem] = content.parse(text)
                except MalformedError as error:
                    yield Mistake(path, *error.fault)
                    continue
                yield from map(partial(_mistake, path), prose.text_faults(text))
    for key, document in documents.items():
        yield from map(partial(_mistake, _path(folder, key)), _faults(folder, documents, key, document))
    yield from _parity(folder, documents)


def _path(folder: Path, key: tuple[str, str, str]) -> Path:
    lang, profile, slug = key
    return folder / lang / profile / f"{slug}.md"


def _mistake(path: Path, fault: Fault) -> Mistake:
    return Mistake(path, fault.line, fault.message)


def _strangers(folder: Path) -> Iterator[Mistake]:
    """Folders and files that no page would ever show."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if parts[0] in _OTHER_FOLDERS or path.is_dir() or len(parts) == 1:
            continue
        if parts[0] not in LANGUAGES:
            yield Mistake(path, 1, f"{parts[0]} is not one of the languages {', '.join(LANGUAGES)}")
        elif len(parts) != 3 or parts[1] not in model.FOLDERS:
            yield Mistake(path, 1, f"must lie in a folder of a profile: {', '.join(model.FOLDERS)}")
        elif not content.SLUG.fullmatch(path.name.removesuffix(".md")) or path.suffix != ".md":
            yield Mistake(path, 1, "the name must be small letters without accents, digits and hyphens, then .md")


def _faults(folder: Path, documents: Documents, key: tuple[str, str, str], document: Document) -> Iterator[Fault]:
    """The mistakes of one file."""
    lang, profile, slug = key
    yield from content.front_faults(document, model.wanted([line.id for line in all_lines()]))
    yield from model.sheet_faults(document, profile, lang)
    known = {"sheet": content.slugs(folder), "lesson": content.slugs(shelf_folder("lessons"))}
    yield from prose.link_faults(document, known)
    readers = {name: one.front.get("profiles") or () for (of, _in, name), one in documents.items() if of == SOURCE}
    yield from model.link_faults(document, readers)
    if lang == SOURCE:
        yield from prose.french_faults(document)
        yield from _same_address(documents, profile, slug)


def _same_address(documents: Documents, profile: str, slug: str) -> Iterator[Fault]:
    for lang, other_profile, other in documents:
        if lang == SOURCE and (other_profile, other) < (profile, slug):
            if other == slug:
                yield Fault(1, f"{other_profile} has a sheet of the same name")
            elif content.address(other) == content.address(slug):
                yield Fault(1, f"has the same address as {other}: choose another name")


def _parity(folder: Path, documents: Documents) -> Iterator[Mistake]:
    """Translations that are missing, differ, or have no French sheet."""
    for key, document in documents.items():
        lang, profile, slug = key
        if lang == SOURCE:
            for other in model.languages_wanted(document.front.get("profiles") or (profile,)):
                if (other, profile, slug) not in documents:
                    yield Mistake(_path(folder, key), 1, f"is missing in {LANGUAGES[other]} ({other})")
        elif (french := documents.get((SOURCE, profile, slug))) is None:
            yield Mistake(_path(folder, key), 1, "has no French sheet of the same name")
        else:
            yield from map(partial(_mistake, _path(folder, key)), model.parity_faults(document, french))
