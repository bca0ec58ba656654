"""Reads content files: front matter in YAML between two lines `---`, then a text in Markdown.

A mistake is named by its line. What does not belong here: what a sheet or a lesson must hold (its room's model), the
wording of the text (`prose`), HTML (`markdown`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""The name of a content file without `.md`."""


class Fault(NamedTuple):
    """What is wrong in a file, and on which line."""

    line: int
    message: str


class MalformedError(Exception):
    """The file cannot be read as content at all."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(line, message)


@dataclass(frozen=True)
class Document:
    """A content file as it stands."""

    front: Mapping[str, Any]
    lines: Mapping[str, int]
    """The line of each key of the front matter."""
    texts: tuple[tuple[int, str], ...]
    """Every text of the front matter, with its line."""
    body: str
    body_line: int
    """The line on which the text begins."""

    def line_of(self, key: str) -> int:
        """The line of a key, or the first line where it is missing."""
        return self.lines.get(key, 1)

    def listed(self, key: str) -> tuple[str, ...]:
        """The texts of a list; nothing where it is missing or something else."""
        value = self.front.get(key)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def address(slug: str) -> str:
    """What stands for a slug in addresses: a short digest, so that no address tells a topic."""
    return sha256(slug.encode()).hexdigest()[:8]


def slugs(shelf: Path) -> frozenset[str]:
    """The slugs that a shelf holds in French, the language in which everything exists."""
    return frozenset(path.stem for path in (shelf / "fr").glob("*/*.md"))


def read(path: Path) -> str:
    """The text of a file. Raises MalformedError where it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(data.count(b"\n", 0, error.start) + 1, "is not UTF-8") from None


def parse(text: str) -> Document:
    """A content file in its parts. Raises MalformedError with the line."""
    lines = text.split("\n")
    if lines[0] != "---":
        raise MalformedError(1, "must begin with a line ---")
    try:
        end = lines.index("---", 1)
    except ValueError:
        raise MalformedError(1, "the front matter has no end: a second line --- is missing") from None
    node, front = load_yaml("\n".join(lines[1:end]), 1)
    if not isinstance(node, yaml.MappingNode):
        raise MalformedError(2, "the front matter must be a list of keys and values")
    keys = {key.value: key.start_mark.line + 2 for key, _value in node.value}
    if len(keys) < len(node.value):
        raise MalformedError(2, "a key of the front matter is there twice")
    return Document(front, keys, tuple(_texts(node)), "\n".join(lines[end + 1 :]), end + 2)


def load_yaml(text: str, before: int = 0) -> tuple[yaml.Node | None, Any]:
    """YAML as nodes, which know their lines, and as values. Raises MalformedError; `before`: the lines above it."""
    try:
        return yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise MalformedError(before + line + 1, f"is not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise MalformedError(before + 1, f"is not YAML: {error}") from None


def _texts(node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:str":
            yield node.start_mark.line + 2, node.value
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _texts(child)
    elif isinstance(node, yaml.MappingNode):
        for _key, value in node.value:
            yield from _texts(value)


# --- What a key of the front matter must be -------------------------------------------------------------------------

Must = Callable[[Any], str]
"""From a value to what it must be, or an empty text where it is that."""


def must_be_text(value: Any) -> str:
    """One text that says something."""
    return "" if isinstance(value, str) and value.strip() else "must be a text"


def must_be_texts(value: Any) -> str:
    """A list of texts with one at least."""
    return "must be a list of texts" if not value or must_be_maybe_texts(value) else ""


def must_be_maybe_texts(value: Any) -> str:
    """A list of texts, which may be empty."""
    fine = isinstance(value, list) and not any(must_be_text(one) for one in value)
    return "" if fine else "must be a list of texts"


def must_be_whole(value: Any) -> str:
    """A whole number from 1 up."""
    return "" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "must be a number"


def must_be_flag(value: Any) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "must be true or false"


def must_be_day(value: Any) -> str:
    """A date like 2026-11-23."""
    return "" if type(value) is date else "must be a date like 2026-11-23"


def must_be(allowed: str) -> Must:
    """Exactly that text."""
    return lambda value: "" if value == allowed else f"must be {allowed!r}"


def must_be_among(allowed: Iterable[str], *, empty: bool = False) -> Must:
    """A list of some of these texts, each once."""
    known = tuple(allowed)

    def check(value: Any) -> str:
        fine = isinstance(value, list) and set(map(str, value)) <= set(known) and (empty or value)
        twice = fine and len(set(map(str, value))) < len(value)
        return "" if fine and not twice else f"must be a list among {', '.join(known)}, each once"

    return check


def front_faults(document: Document, wanted: Mapping[str, Must]) -> Iterator[Fault]:
    """Keys that are missing, unknown, or hold something else than they must."""
    for key in wanted:
        if key not in document.front:
            yield Fault(1, f"{key} is missing")
    for key, value in document.front.items():
        if key not in wanted:
            yield Fault(document.line_of(key), f"{key} is not a known key")
        elif wrong := wanted[key](value):
            yield Fault(document.line_of(key), f"{key} {wrong}")
