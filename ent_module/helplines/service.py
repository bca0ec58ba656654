"""Reads the helplines and chooses those of a page. National lines cannot be removed by anyone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog
import yaml

from ent_module.helplines.model import Helpline, helpline, mistakes
from ent_module.languages import LANGUAGES
from ent_module.rooms import Mistake
from ent_module.shelves import shelf
from ent_module.web import content
from ent_module.web.content import MalformedError

log = structlog.get_logger("ent")

FOR_PUPILS = ("119", "3114", "3018")
"""The three lines of every page for pupils; those that answer day and night come first."""


def _path() -> Path:
    return shelf("resources") / "data" / "helplines.yaml"


@dataclass(frozen=True)
class _Entry:
    """One entry of the file as it stands, with the line of each of its keys."""

    value: Any
    line: int
    lines: Mapping[str, int]
    twice: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its id, or an empty text."""
        found = self.value.get("id") if isinstance(self.value, dict) else None
        return found if isinstance(found, str) else ""

    def faults(self) -> Iterator[content.Fault]:
        """What is wrong in it."""
        for key in self.twice:
            yield content.Fault(self.lines[key], f"{key} is there twice")
        for key, message in mistakes(self.value, frozenset(LANGUAGES)):
            yield content.Fault(self.lines.get(key, self.line), message)


def _entries() -> list[_Entry]:
    """The entries of the file. Raises MalformedError where it cannot be read as a list."""
    try:
        node, values = content.load_yaml(content.read(_path()))
    except FileNotFoundError:
        raise MalformedError(1, "is missing") from None
    if not isinstance(node, yaml.SequenceNode):
        raise MalformedError(1, "must be a list of helplines")
    return [_entry(one, value) for one, value in zip(node.value, values, strict=True)]


def _entry(node: yaml.Node, value: Any) -> _Entry:
    keys = [key for key, _value in node.value] if isinstance(node, yaml.MappingNode) else []
    names = [str(key.value) for key in keys]
    return _Entry(
        value,
        node.start_mark.line + 1,
        {name: key.start_mark.line + 1 for name, key in zip(names, keys, strict=True)},
        tuple(name for name, count in Counter(names).items() if count > 1),
    )


@cache
def all_lines() -> tuple[Helpline, ...]:
    """Every line, those that answer day and night first, else in the order of the file.

    A line with a mistake is left out and named in the log: the others stay on every page.
    """
    found = []
    try:
        entries = _entries()
    except MalformedError as error:
        log.error("helplines", line=error.fault.line, message=error.fault.message)
        entries = []
    for entry in entries:
        for fault in entry.faults():
            log.error("helplines", line=fault.line, message=fault.message)
            break
        else:
            found.append(helpline(entry.value))
    return tuple(sorted(found, key=lambda line: not line.always))


@cache
def known_ids() -> tuple[str, ...]:
    """The ids that sheets and lessons may name, also of entries with a mistake, which is told once and not there.

    Empty where the file cannot be read at all: then nothing can be said of those that name them.
    """
    try:
        return tuple(entry.id for entry in _entries() if entry.id)
    except MalformedError:
        return ()


def lines(ids: Iterable[str]) -> list[Helpline]:
    """The lines with these ids, day-and-night lines first. Unknown ids are a mistake of content, not of the reader."""
    wanted = [str(one) for one in ids]
    return sorted(
        (line for line in all_lines() if line.id in wanted),
        key=lambda line: (not line.always, wanted.index(line.id)),
    )


def emergency() -> list[Helpline]:
    """The numbers of immediate danger."""
    return [line for line in all_lines() if line.group == "emergency"]


def check_content() -> Iterable[Mistake]:
    """The mistakes of the data file."""
    path, seen = _path(), set()
    try:
        entries = _entries()
    except MalformedError as error:
        yield Mistake(path, *error.fault)
        return
    for entry in entries:
        yield from (Mistake(path, fault.line, fault.message) for fault in entry.faults())
        if entry.id in seen:
            yield Mistake(path, entry.lines["id"], f"id {entry.id} is there twice")
        seen |= {entry.id} - {""}
    for missing in sorted(set(FOR_PUPILS) - seen):
        yield Mistake(path, 1, f"{missing} is missing")
