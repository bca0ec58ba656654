"""What a questionnaire's file must look like: docs/questionnaires.md, line by line.

In: YAML as nodes, which know their lines. Out: every mistake with the node where it stands. The format is strict: a
key too many is a mistake, as is a translation too few.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from ent_module.languages import LANGUAGES
from ent_module.surveys.looks import GRID, SPOTS, Look, misfit
from ent_module.surveys.model import LEVELS, MOST_DIGITS, RESERVED

_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ID = re.compile(r"[a-z0-9_]{1,40}")
_BAND = re.compile(r"[a-z].*")

Found = Iterator[tuple[yaml.Node, str]]
"""Mistakes: the node where each stands, and what it is."""


@dataclass(frozen=True)
class _Scale:
    """What questions must know of their scale."""

    choices: list[str]
    spots: int
    banded: bool


@dataclass(frozen=True)
class _Earlier:
    """A question that stands before another."""

    levels: frozenset[str]
    choices: list[str]


@dataclass
class _Read:
    """What was read so far of one questionnaire."""

    scales: dict[str, _Scale] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    items: dict[str, _Earlier] = field(default_factory=dict)


def questionnaire(root: yaml.Node | None, name: str) -> Found:
    """The mistakes of a whole questionnaire, whose file has that name."""
    if not isinstance(root, yaml.MappingNode):
        yield root or yaml.ScalarNode("", "", yaml.Mark("", 0, 0, 0, None, 0)), "no questionnaire"
        return
    yield from _keys(root, ("id", "version", "licence", "source", "title", "scales", "sections"), ("summary",))
    entries = _entries(root)
    if "id" in entries and (_value(entries["id"]) != name or not _FILE.fullmatch(name)):
        yield entries["id"], f"id must be the name of the file: {name}"
    if "version" in entries and not _whole(entries["version"], 1):
        yield entries["version"], "version must be a whole number from 1 on"
    for key in ("licence", "source"):
        yield from _text(entries.get(key), key)
    for key in ("title", "summary"):
        yield from _texts(entries.get(key))
    read = _Read()
    yield from _scales(entries.get("scales"), read)
    yield from _sections(entries.get("sections"), read)
    for scale, _choices in _pairs(entries.get("scales")):
        if scale.value not in read.used:
            yield scale, f"no question uses the scale {scale.value}"


# --- Scales ----------------------------------------------------------------------------------------------------------


def _scales(node: yaml.Node | None, read: _Read) -> Found:
    """The mistakes of the scales; fills `read.scales`."""
    if node is None:
        return
    pairs = _pairs(node)
    if not pairs:
        yield node, "scales must not be empty"
    yield from _ids((key for key, _scale in pairs), set())
    for key, scale in pairs:
        yield from _keys(scale, ("choices",), ("to",))
        choices = _list(_entries(scale).get("choices"))
        if len(choices) < 2:
            yield scale, f"the scale {key.value} needs two choices"
        for choice in choices:
            yield from _keys(choice, ("id", "label"), ("spot", "from"))
            yield from _texts(_entries(choice).get("label"))
        yield from _ids(_each(choices, "id"), set())
        yield from _spots(_each(choices, "spot"))
        banded = "to" in _entries(scale) or bool(_each(choices, "from"))
        if banded:
            yield from _bands(scale, choices)
        names = [str(one.value) for one in _each(choices, "id")]
        read.scales[str(key.value)] = _Scale(names, len(_each(choices, "spot")), banded)


def _each(nodes: Iterable[yaml.Node], key: str) -> list[yaml.Node]:
    """What these nodes have under that key, where they have it."""
    return [entries[key] for node in nodes if key in (entries := _entries(node))]


def _spots(nodes: Iterable[yaml.Node]) -> Found:
    seen: set[str] = set()
    for node in nodes:
        spot = str(_value(node))
        if spot not in SPOTS:
            yield node, f"spot must be among {', '.join(sorted(SPOTS))}"
        elif spot in seen:
            yield node, f"the spot {spot} is there twice"
        seen.add(spot)


def _bands(scale: yaml.Node, choices: list[yaml.Node]) -> Found:
    """Mistakes of a scale whose choices are bands of numbers."""
    least = 0
    for choice in choices:
        entries = _entries(choice)
        if "from" not in entries:
            yield choice, "every band needs from"
        elif not _whole(entries["from"], least):
            yield entries["from"], f"from must be a whole number from {least} on"
        else:
            least = int(_value(entries["from"])) + 1
        if "id" in entries and not _BAND.fullmatch(str(entries["id"].value)):
            yield entries["id"], "the id of a band begins with a letter"
    last = _entries(scale).get("to")
    if last is None:
        yield scale, "bands need to: the largest number"
    elif not _whole(last, least - 1) or len(str(_value(last))) > MOST_DIGITS:
        yield last, f"to must be a whole number, not below the last from, of {MOST_DIGITS} digits at most"


# --- Sections and items ----------------------------------------------------------------------------------------------


def _sections(node: yaml.Node | None, read: _Read) -> Found:
    if node is None:
        return
    if not _list(node):
        yield node, "sections must not be empty"
    ids: set[str] = set()
    for section in _list(node):
        yield from _keys(section, ("id", "title", "items"), ("title_ecole", "intro", "look"))
        entries = _entries(section)
        yield from _ids(_each([section], "id"), ids)
        for key in ("title", "title_ecole", "intro"):
            yield from _texts(entries.get(key))
        if "look" in entries and _value(entries["look"]) != GRID:
            yield entries["look"], f"the look of a section is {GRID}, or none"
        items = _list(entries.get("items"))
        if not items:
            yield section, "a section needs a question"
        for item in items:
            yield from _item(item, read)


_ITEM = ("id", "levels", "text", "kind", "scale", "reverse", "cutoff", "source", "licence")
_KINDS = ("one", "several", "number")


def _item(node: yaml.Node, read: _Read) -> Found:
    """The mistakes of a question, which then is an earlier one for the next."""
    yield from _keys(node, _ITEM, ("text_ecole", "hint", "look", "relevant"))
    entries = _entries(node)
    yield from _ids(_each([node], "id"), read.ids)
    for key in ("text", "text_ecole", "hint"):
        yield from _texts(entries.get(key))
    for key in ("source", "licence"):
        yield from _text(entries.get(key), key)
    levels = [_value(level) for level in _list(entries.get("levels"))]
    if "levels" in entries and (not levels or not set(levels) <= set(LEVELS) or len(set(levels)) < len(levels)):
        yield entries["levels"], f"levels must be among {', '.join(LEVELS)}, each once"
    if "text_ecole" in entries and "ecole" not in levels:
        yield entries["text_ecole"], "text_ecole is for questions of the level ecole"
    if "kind" in entries and _value(entries["kind"]) not in _KINDS:
        yield entries["kind"], "kind must be one, several or number"
    if "reverse" in entries and not isinstance(_value(entries["reverse"]), bool):
        yield entries["reverse"], "reverse must be true or false"
    yield from _item_scale(entries, read)
    yield from _relevant(entries.get("relevant"), frozenset(map(str, levels)), read)
    scale = read.scales.get(str(_value(entries.get("scale"))))
    if "id" in entries:
        read.items[str(entries["id"].value)] = _Earlier(frozenset(map(str, levels)), scale.choices if scale else [])


def _item_scale(entries: dict[str, yaml.Node], read: _Read) -> Found:
    """Mistakes of an item's scale, and of what rests on it: kind, cut-off, look."""
    if "scale" not in entries:
        return
    name = str(_value(entries["scale"]))
    read.used.add(name)
    if (scale := read.scales.get(name)) is None:
        yield entries["scale"], f"unknown scale {entries['scale'].value}"
        return
    kind = str(_value(entries.get("kind")))
    if (kind == "number") is not scale.banded and kind in _KINDS:
        yield entries["scale"], "a number needs a scale of bands, which begin with from; nothing else has one"
    cutoff = _value(entries.get("cutoff"))
    if cutoff is not None and cutoff not in scale.choices[1:]:
        yield entries["cutoff"], "cutoff must be a choice of the scale, not its first"
    elif cutoff is not None and kind == "several":
        yield entries["cutoff"], "a question with several answers has no cutoff"
    yield from _look(entries, kind, scale)


def _look(entries: dict[str, yaml.Node], kind: str, scale: _Scale) -> Found:
    if "look" not in entries:
        return
    look, reverse = str(_value(entries["look"])), _value(entries.get("reverse")) is True
    if look not in set(Look):
        yield entries["look"], f"the look of a question is among {', '.join(Look)}"
    elif wrong := misfit(look, kind, len(scale.choices), scale.spots, reverse=reverse):
        yield entries["look"], wrong


def _relevant(node: yaml.Node | None, levels: frozenset[str], read: _Read) -> Found:
    """Mistakes of the conditions on earlier questions."""
    if node is None:
        return
    entries = _entries(node)
    which = "all" if "all" in entries else "any"
    yield from _keys(node, (which,), ("who",))
    yield from _texts(entries.get("who"))
    conditions = _list(entries.get(which))
    if not conditions:
        yield node, f"{which} must be a list of conditions"
    for condition in conditions:
        yield from _keys(condition, ("item", "is"))
        yield from _condition(_entries(condition), levels, read)


def _condition(entries: dict[str, yaml.Node], levels: frozenset[str], read: _Read) -> Found:
    if "item" not in entries:
        return
    earlier = read.items.get(str(_value(entries["item"])))
    if earlier is None or not levels <= earlier.levels:
        yield entries["item"], "item must be an earlier question, asked at every level of this one"
    elif "is" in entries:
        choices = [_value(choice) for choice in _list(entries["is"])]
        if not choices or not set(choices) <= set(earlier.choices) or len(set(choices)) < len(choices):
            yield entries["is"], f"is must be a list among {', '.join(earlier.choices)}, each once"


# --- Parts of any node -----------------------------------------------------------------------------------------------


def _value(node: yaml.Node | None) -> Any:
    """The plain value of a scalar; None for anything else."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    try:
        return yaml.safe_load(node.value) if node.style is None else node.value
    except (yaml.YAMLError, ValueError):  # « = » alone, a day that does not exist: a value of no kind that we use
        return None


def _whole(node: yaml.Node, least: int) -> bool:
    """Whether it is a whole number, not below that one."""
    return type(value := _value(node)) is int and value >= least


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
        # A word that YAML takes for something else (no, 12) would be no text in the data.
        if not isinstance(_value(node), str) or not _ID.fullmatch(name) or name in RESERVED:
            yield node, f"an id is made of a–z, 0–9 and _: {name}"
        if name in seen:
            yield node, f"id {name} is there twice"
        seen.add(name)
