"""Reads the questionnaires of the shelf `surveys` and names every mistake by file and line.

The format is strict: a key too many is a mistake, as is a translation too few.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

import yaml

from ent_module.languages import LANGUAGES
from ent_module.rooms import Mistake
from ent_module.shelves import shelf
from ent_module.surveys.model import LEVELS, RESERVED, Questionnaire
from ent_module.web import content
from ent_module.web.content import MalformedError

_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ID = re.compile(r"[a-z0-9_]{1,40}")

Found = Iterator[tuple[yaml.Node, str]]
"""Mistakes: the node where each stands, and what it is."""


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """Every questionnaire of the shelf by its id. `check_content` says whether they can be read."""
    read = (Questionnaire.from_data(yaml.safe_load(path.read_text("utf-8"))) for path in _paths())
    return {asked.id: asked for asked in read}


def _paths() -> list[Path]:
    return sorted(shelf("surveys").glob("*.yaml"))


def check_content() -> Iterable[Mistake]:
    """The mistakes of all questionnaires."""
    for path in _paths():
        yield from mistakes(path)


def mistakes(path: Path) -> Iterator[Mistake]:
    """The mistakes of one file, in its order."""
    try:
        text = content.read(path)
        root, _values = content.load_yaml(text)
    except MalformedError as error:
        yield Mistake(path, *error.fault)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not is_normalized("NFC", line):
            yield Mistake(path, number, "letters and accents apart: save as NFC")
    found = ((node.start_mark.line + 1, message) for node, message in _questionnaire(root, path.stem))
    yield from (Mistake(path, line, message) for line, message in sorted(found))


def _value(node: yaml.Node) -> Any:
    """The plain value of a scalar; None for anything else."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    try:
        return yaml.safe_load(node.value) if node.style is None else node.value
    except (yaml.YAMLError, ValueError):  # « = » alone, a day that does not exist: a value of no kind that we use
        return None


def _list(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in _pairs(node)}


def _keys(node: yaml.Node, wanted: Iterable[str], optional: Iterable[str] = ()) -> Found:
    """Keys that are missing, unknown or there twice."""
    if not isinstance(node, yaml.MappingNode):
        yield node, f"must have the keys {', '.join(wanted)}"
        return
    seen: set[str] = set()
    for key, _entry in _pairs(node):
        if key.value in seen:
            yield key, f"{key.value} is there twice"
        elif key.value not in {*wanted, *optional}:
            yield key, f"unknown key {key.value}"
        seen.add(str(key.value))
    for missing in (name for name in wanted if name not in seen):
        yield node, f"{missing} is missing"


def _text(node: yaml.Node | None, name: str) -> Found:
    """A text that is empty, has spaces around it, or holds tags."""
    if node is None:
        return
    value = _value(node)
    if not isinstance(value, str) or not value.strip():
        yield node, f"{name} must be a text"
    elif value != value.strip() or "<" in value or "\t" in value:
        yield node, f"{name} must be plain text without spaces around it"


def _texts(node: yaml.Node | None) -> Found:
    """A text in every language."""
    if node is None:
        return
    yield from _keys(node, tuple(LANGUAGES))
    for language, text in _entries(node).items():
        yield from _text(text, language)


def _ids(nodes: Iterable[yaml.Node], seen: set[str]) -> Found:
    """Ids of another form, reserved, or there twice."""
    for node in nodes:
        name = str(node.value)
        if not _ID.fullmatch(name) or name in RESERVED:
            yield node, f"an id is made of a–z, 0–9 and _: {name}"
        if name in seen:
            yield node, f"id {name} is there twice"
        seen.add(name)


def _questionnaire(root: yaml.Node | None, stem: str) -> Found:
    if not isinstance(root, yaml.MappingNode):
        yield root or yaml.ScalarNode("", "", yaml.Mark("", 0, 0, 0, None, 0)), "no questionnaire"
        return
    yield from _keys(root, ("id", "version", "licence", "source", "title", "scales", "sections"))
    entries = _entries(root)
    if "id" in entries and (_value(entries["id"]) != stem or not _FILE.fullmatch(stem)):
        yield entries["id"], f"id must be the name of the file: {stem}"
    if "version" in entries and (type(version := _value(entries["version"])) is not int or version < 1):
        yield entries["version"], "version must be a whole number from 1 on"
    for name in ("licence", "source"):
        yield from _text(entries.get(name), name)
    yield from _texts(entries.get("title"))
    scales: dict[str, list[str]] = {}
    yield from _scales(entries.get("scales"), scales)
    used: set[str] = set()
    yield from _sections(entries.get("sections"), scales, used)
    for key, _scale in _pairs(entries.get("scales")):
        if key.value not in used:
            yield key, f"no question uses the scale {key.value}"


def _scales(node: yaml.Node | None, scales: dict[str, list[str]]) -> Found:
    """The mistakes of the scales; fills `scales`: id → ids of its choices."""
    if node is None:
        return
    pairs = _pairs(node)
    if not pairs:
        yield node, "scales must not be empty"
    yield from _ids((key for key, _scale in pairs), set())
    for key, scale in pairs:
        yield from _keys(scale, ("choices",))
        choices = _list(_entries(scale).get("choices"))
        if len(choices) < 2:
            yield scale, f"the scale {key.value} needs two choices"
        for choice in choices:
            yield from _keys(choice, ("id", "label"))
            yield from _texts(_entries(choice).get("label"))
        ids = [entries["id"] for choice in choices if "id" in (entries := _entries(choice))]
        yield from _ids(ids, set())
        scales[str(key.value)] = [str(one.value) for one in ids]


def _sections(node: yaml.Node | None, scales: dict[str, list[str]], used: set[str]) -> Found:
    if node is None:
        return
    if not _list(node):
        yield node, "sections must not be empty"
    section_ids: set[str] = set()
    item_ids: set[str] = set()
    for section in _list(node):
        yield from _keys(section, ("id", "title", "items"))
        entries = _entries(section)
        yield from _ids([entries["id"]] if "id" in entries else [], section_ids)
        yield from _texts(entries.get("title"))
        items = _list(entries.get("items"))
        if not items:
            yield section, "a section needs a question"
        for item in items:
            yield from _item(item, scales, item_ids)
            used.add(str(_value(_entries(item).get("scale", item))))


_ITEM = ("id", "levels", "text", "kind", "scale", "reverse", "cutoff", "source")


def _item(node: yaml.Node, scales: dict[str, list[str]], seen: set[str]) -> Found:
    yield from _keys(node, _ITEM, ("text_ecole",))
    entries = _entries(node)
    yield from _ids([entries["id"]] if "id" in entries else [], seen)
    yield from _texts(entries.get("text"))
    yield from _texts(entries.get("text_ecole"))
    yield from _text(entries.get("source"), "source")
    if "levels" in entries:
        levels = [_value(level) for level in _list(entries["levels"])]
        if not levels or not set(levels) <= set(LEVELS) or len(set(levels)) < len(levels):
            yield entries["levels"], f"levels must be among {', '.join(LEVELS)}, each once"
        if "text_ecole" in entries and "ecole" not in levels:
            yield entries["text_ecole"], "text_ecole is for questions of the level ecole"
    if "kind" in entries and _value(entries["kind"]) not in {"one", "several"}:
        yield entries["kind"], "kind must be one or several"
    if "reverse" in entries and not isinstance(_value(entries["reverse"]), bool):
        yield entries["reverse"], "reverse must be true or false"
    yield from _item_scale(entries, scales)


def _item_scale(entries: dict[str, yaml.Node], scales: dict[str, list[str]]) -> Found:
    """Mistakes of an item's scale and cut-off."""
    if "scale" not in entries:
        return
    choices = scales.get(str(_value(entries["scale"])))
    if choices is None:
        yield entries["scale"], f"unknown scale {entries['scale'].value}"
    cutoff = _value(entries["cutoff"]) if "cutoff" in entries else None
    if cutoff is None or choices is None:
        return
    if cutoff not in choices[1:]:
        yield entries["cutoff"], "cutoff must be a choice of the scale, not its first"
    elif "kind" in entries and _value(entries["kind"]) == "several":
        yield entries["cutoff"], "a question with several answers has no cutoff"
