"""Reads the guides of the shelf `surveys/guides` and names every mistake by file and line.

The format is strict, as that of the questionnaires: a key too many is a mistake, as is a translation too few, a
question without two sides, a link that leads nowhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import yaml

from ent_module.languages import LANGUAGES
from ent_module.rooms import Mistake
from ent_module.shelves import shelf
from ent_module.surveys.content import questionnaires
from ent_module.surveys.guides import paths
from ent_module.surveys.model import LEVELS, Item, Questionnaire
from ent_module.surveys.release import counts_from
from ent_module.web import content, prose
from ent_module.web.content import Document, MalformedError

_Found = Iterator[tuple[int, str]]
"""Line and what is wrong."""


@dataclass(frozen=True)
class _Place:
    """A node of the file."""

    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def entries(self) -> "dict[str, _Place]":
        """A mapping's entries; none of anything else."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        return {str(key.value): _Place(value) for key, value in pairs}

    def listed(self) -> "list[_Place]":
        """A list's entries; none of anything else."""
        return [_Place(one) for one in self.node.value] if isinstance(self.node, yaml.SequenceNode) else []

    def text(self) -> str:
        """A scalar as it is written."""
        return str(self.node.value).strip() if isinstance(self.node, yaml.ScalarNode) else ""


_Kind = Callable[[_Place], _Found]


def check_content() -> Iterator[Mistake]:
    """The mistakes of all guides."""
    for path in paths():
        yield from mistakes(path)


def mistakes(path: Path) -> Iterator[Mistake]:
    """The mistakes of one file, in its order."""
    try:
        root, _values = content.load_yaml(content.read(path))
    except MalformedError as error:
        yield Mistake(path, *error.fault)
        return
    asked = questionnaires().get(path.stem)
    if root is None or asked is None:
        yield Mistake(path, 1, "no guide" if root is None else f"no questionnaire {path.stem}")
        return
    yield from (Mistake(path, line, message) for line, message in sorted(_guide(_Place(root), asked)))


def _guide(root: _Place, asked: Questionnaire) -> _Found:
    items = {item.id: item for section in asked.sections for item in section.items}
    told = {"item": _two_sided(items), "text": _texts, "source": _said}
    talk = _record({"levels": _levels, "questions": _each(_texts)})
    action = _record({"levels": _levels, "text": _linked})
    yield from _record(
        {
            "id": _exactly(asked.id),
            "licence": _said,
            "figures": _each(_record(told)),
            "places": _each(_known(items), empty=True),
            "class": _record({"figures": _each(_two_sided(items)), "talk": _each(talk)}),
            "signals": _each(_signal(items, _each(action))),
        }
    )(root)


def _record(keys: Mapping[str, _Kind]) -> _Kind:
    """A mapping with exactly these keys."""

    def check(place: _Place) -> _Found:
        entries = place.entries()
        yield from ((place.line, f"{key} is missing") for key in keys if key not in entries)
        for key, value in entries.items():
            yield from keys[key](value) if key in keys else iter([(value.line, f"unknown key {key}")])

    return check


def _each(kind: _Kind, *, empty: bool = False) -> _Kind:
    """A list with one entry at least, unless it may be empty."""

    def check(place: _Place) -> _Found:
        if not place.listed() and not empty:
            yield place.line, "must be a list with one entry at least"
        for one in place.listed():
            yield from kind(one)

    return check


def _said(place: _Place) -> _Found:
    if not place.text() or not is_normalized("NFC", place.text()) or "<" in place.text():
        yield place.line, "must be plain text, saved as NFC"


def _exactly(wanted: str) -> _Kind:
    return lambda place: iter([] if place.text() == wanted else [(place.line, f"must be {wanted}")])


def _texts(place: _Place) -> _Found:
    return _record(dict.fromkeys(LANGUAGES, _said))(place)


def _linked(place: _Place) -> _Found:
    """Texts in Markdown whose links lead to lessons and sheets that are there."""
    yield from _texts(place)
    known = {"lesson": content.slugs(shelf("lessons")), "sheet": content.slugs(shelf("resources"))}
    for text in place.entries().values():
        document = Document({}, {}, (), text.text(), text.line)
        yield from prose.link_faults(document, known)


def _levels(place: _Place) -> _Found:
    named = [one.text() for one in place.listed()]
    if not named or not set(named) <= set(LEVELS):
        yield place.line, f"levels must be among {', '.join(LEVELS)}"


def _known(items: Mapping[str, Item]) -> _Kind:
    return lambda place: iter([] if place.text() in items else [(place.line, f"unknown question {place.text()}")])


def _two_sided(items: Mapping[str, Item]) -> _Kind:
    def check(place: _Place) -> _Found:
        yield from _known(items)(place)
        if place.text() in items and counts_from(items[place.text()]) is None:
            yield place.line, f"{place.text()} has no two sides"

    return check


def _signal(items: Mapping[str, Item], actions: _Kind) -> _Kind:
    def check(place: _Place) -> _Found:
        entries = place.entries()
        sides: list[Any] = [name for name in ("at_least", "less_than") if name in entries]
        if len(sides) != 1:
            yield place.line, "a signal needs at_least or less_than"
        keys = {"item": _two_sided(items), "source": _said, "actions": actions}
        yield from _record(keys | dict.fromkeys(sides, _share))(place)
        told = (
            {level.text() for one in entries["actions"].listed() for level in _levels_of(one)}
            if "actions" in entries
            else set()
        )
        item = items.get(entries["item"].text()) if "item" in entries else None
        yield from (
            (place.line, f"nothing is suggested at {level}") for level in sorted(item.levels - told if item else ())
        )

    return check


def _levels_of(action: _Place) -> list[_Place]:
    return action.entries()["levels"].listed() if "levels" in action.entries() else []


def _share(place: _Place) -> _Found:
    if not place.text().isdecimal() or not 1 <= int(place.text()) <= 99:
        yield place.line, "must be a whole per cent from 1 to 99"
