"""Checks and updates the translations of the interface, room by room.

    python -m tools.catalogues check             name every string that is missing or wrong, by file and line
    python -m tools.catalogues update [ROOM…]    bring translations/<language>/<room>.po up to date

French is what the program says (the msgid). An update keeps every translation, and writes no line numbers and
no dates, so that a catalogue changes only when a sentence does.
"""

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tools.sentences import french_mistakes, translation_mistakes

PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    # none, one, two, a few (3–10), many (11–99), other: the order of Unicode and of translators' programs
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
NOTE = "Translators:"

Key = tuple[str, str]  # the French sentence (its singular) and its context


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong, and where."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class House:
    """Where the program, its translations and their settings lie."""

    root: Path

    @property
    def package(self) -> Path:
        """The program's folder."""
        return self.root / "ent_module"

    def rooms(self) -> list[str]:
        """The rooms' names: folders of the program."""
        return sorted(p.name for p in self.package.iterdir() if p.is_dir() and p.name[0] not in "_.")

    def po(self, language: str, room: str) -> Path:
        """The catalogue of that room in that language."""
        return self.root / "translations" / language / f"{room}.po"

    def shown(self, path: Path) -> str:
        """The path as a person names it."""
        return path.relative_to(self.root).as_posix()


def key_of(message: Message) -> Key:
    """What makes two messages the same one."""
    first = message.id if isinstance(message.id, str) else message.id[0]
    return first, message.context or ""


def forms_of(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def extracted(house: House, folder: Path, *, deep: bool = True) -> dict[Key, Message]:
    """The French sentences below a folder, with the places where they stand."""
    settings = tomllib.loads((house.root / "pyproject.toml").read_text(encoding="utf-8"))
    methods: list[tuple[str, str]] = []
    options: dict[str, dict[str, str]] = {}
    for mapping in settings["tool"]["babel"]["mappings"]:
        patterns = mapping["pattern"] if isinstance(mapping["pattern"], list) else [mapping["pattern"]]
        for pattern in patterns:
            methods.append((pattern, mapping["method"]))
            options[pattern] = {k: v for k, v in mapping.items() if k not in {"method", "pattern"}}
    catalog = Catalog()
    found = extract_from_dir(
        folder, methods, options, KEYWORDS, (NOTE,), directory_filter=None if deep else lambda _folder: False
    )
    for name, line, text, comments, context in found:
        place = (house.shown(folder / name), line)
        catalog.add(text, locations=[place], auto_comments=comments, context=context)
    return {key_of(message): message for message in catalog if message.id}


def read(path: Path, language: str) -> Catalog:
    """A catalogue as it stands; an empty one where there is none."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def written(language: str, messages: Iterable[Message]) -> bytes:
    """The catalogue's file: sorted by sentence, without places and dates."""
    catalog = Catalog(locale=language)
    for message in messages:
        catalog[message.id] = message
    body = BytesIO()
    write_po(body, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    header = f'"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {language}\\n"\n'
    header += f'"Plural-Forms: {PLURALS[language]}\\n"\n'
    return f'msgid ""\nmsgstr ""\n{header}\n'.encode() + body.getvalue().lstrip(b"\n")


def update(house: House, rooms: Iterable[str]) -> list[Path]:
    """Rewrites the catalogues of these rooms; returns those that changed.

    A sentence that moved here from another room keeps its translation.
    """
    changed = []
    rooms = list(rooms)
    wanted = {room: extracted(house, house.package / room) for room in rooms}
    for language in PLURALS:
        known: dict[Key, Message] = {}
        for path in sorted((house.root / "translations" / language).glob("*.po")):
            known |= {key_of(m): m for m in read(path, language) if m.id and any(forms_of(m))}
        for room in rooms:
            path = house.po(language, room)
            own = {key_of(m): m for m in read(path, language) if m.id and any(forms_of(m))}
            lines = [_carried(message, known | own, language) for message in wanted[room].values()]
            if not lines:
                path.unlink(missing_ok=True)
                continue
            new = written(language, lines)
            if not path.exists() or path.read_bytes() != new:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(new)
                changed.append(path)
    return changed


def _carried(message: Message, known: dict[Key, Message], language: str) -> Message:
    """The message with the translation it had."""
    old = known.get(key_of(message))
    string: str | tuple[str, ...] = ""
    if message.pluralizable:
        count = Catalog(locale=language).num_plurals
        forms = forms_of(old) if old and old.pluralizable else ()
        string = (*forms, *[""] * count)[:count]
    elif old:
        string = forms_of(old)[0]
    return Message(
        message.id,
        string,
        flags=message.flags | (old.flags & {"fuzzy"} if old else set()),
        auto_comments=message.auto_comments,
        user_comments=old.user_comments if old else (),
        context=message.context,
    )


def check(house: House) -> list[Mistake]:
    """Everything that is missing or wrong."""
    wanted = {room: extracted(house, house.package / room) for room in house.rooms()}
    mistakes = [
        Mistake(*message.locations[0], "an interface string belongs in a room")
        for message in extracted(house, house.package, deep=False).values()
    ]
    for messages in wanted.values():
        for message in messages.values():
            mistakes += [Mistake(*message.locations[0], text) for text in french_mistakes(message)]
    for language in PLURALS:
        catalogues = {
            room: read(house.po(language, room), language)
            for room in {*wanted, *(p.stem for p in (house.root / "translations" / language).glob("*.po"))}
        }
        for room, catalog in catalogues.items():
            mistakes += _check_catalogue(house, language, room, catalog, wanted.get(room, {}))
        mistakes += _two_ways(house, language, catalogues)
    return sorted(set(mistakes))


def _check_catalogue(
    house: House, language: str, room: str, catalog: Catalog, wanted: dict[Key, Message]
) -> Iterator[Mistake]:
    path = house.shown(house.po(language, room))
    present = {key_of(m): m for m in catalog if m.id}
    if present and catalog.plural_forms.rstrip(";") != PLURALS[language].rstrip(";"):
        yield Mistake(path, 1, f"Plural-Forms is not {PLURALS[language]!r}: run `make catalogues`")
    for key, message in wanted.items():
        if key not in present or present[key].id != message.id:
            yield Mistake(path, 1, f"{key[0]!r} is missing: run `make catalogues`, then translate it")
    for key, message in present.items():
        if key not in wanted:
            yield Mistake(path, message.lineno or 1, f"{key[0]!r} is no longer said: run `make catalogues`")
            continue
        for text in translation_mistakes(message, catalog):
            yield Mistake(path, message.lineno or 1, f"{key[0]!r}: {text}")


def _two_ways(house: House, language: str, catalogues: dict[str, Catalog]) -> Iterator[Mistake]:
    """The same sentence, translated differently in two rooms."""
    seen: dict[Key, dict[tuple[str, ...], Mistake]] = defaultdict(dict)
    for room, catalog in sorted(catalogues.items()):
        path = house.shown(house.po(language, room))
        for message in catalog:
            if message.id and any(forms_of(message)):
                first = next(iter(seen[key_of(message)].values()), None)
                text = f"{key_of(message)[0]!r} is translated otherwise in {first.path if first else ''}"
                seen[key_of(message)].setdefault(forms_of(message), Mistake(path, message.lineno or 1, text))
    for ways in seen.values():
        yield from list(ways.values())[1:]


def main(arguments: list[str]) -> int:
    """The command. Returns its exit code."""
    house = House(Path(__file__).resolve().parent.parent)
    if arguments[:1] == ["update"]:
        for path in update(house, arguments[1:] or house.rooms()):
            print(house.shown(path))
        return 0
    if arguments != ["check"]:
        print(__doc__)
        return 2
    mistakes = check(house)
    print("\n".join(map(str, mistakes)) if mistakes else "translations: complete")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
