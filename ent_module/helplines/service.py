"""Reads the helplines and chooses those of a page. National lines cannot be removed by anyone."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from ent_module.helplines.model import Helpline, helpline, mistakes
from ent_module.rooms import Mistake
from ent_module.shelves import shelf

LANGUAGES = frozenset({"fr", "en", "ar"})
FOR_PUPILS = ("119", "3114", "3018")
"""The three lines of every page for pupils; those that answer day and night come first."""


def _path() -> Path:
    return shelf("resources") / "data" / "helplines.yaml"


@cache
def all_lines() -> tuple[Helpline, ...]:
    """Every line, those that answer day and night first, else in the order of the file."""
    lines = [helpline(entry) for entry in yaml.safe_load(_path().read_text("utf-8"))]
    return tuple(sorted(lines, key=lambda line: not line.always))


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
    path = _path()
    text = path.read_text("utf-8")
    seen: set[str] = set()
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    nodes = document.value if document else []
    for node, entry in zip(nodes, yaml.safe_load(text), strict=True):
        line = node.start_mark.line + 1
        for message in mistakes(entry, LANGUAGES):
            yield Mistake(path, line, message)
        if str(entry.get("id")) in seen:
            yield Mistake(path, line, f"id {entry['id']} is there twice")
        seen.add(str(entry.get("id")))
    for missing in sorted(set(FOR_PUPILS) - seen):
        yield Mistake(path, 1, f"{missing} is missing")
