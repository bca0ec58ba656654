"""What a questionnaire's file must look like: docs/questionnaires.md, line by line.

In: YAML as nodes, which know their lines. Out: every mistake with the node where it stands. The format is strict: a
key too many is a mistake, as is a translation too few.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import yaml

from ent_module.surveys import nodes, schema_pack
from ent_module.surveys.looks import GRID, SPOTS, Look, misfit
from ent_module.surveys.model import LEVELS, MOST_DIGITS, RESERVED
from ent_module.surveys.nodes import Found
from ent_module.surveys.parts import TEXT, Audience, Topic
from ent_module.surveys.written import MOST_QUESTIONS

_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ID = re.compile(r"[a-z0-9_]{1,40}")
_BAND = re.compile(r"[a-z].*")


@dataclass(frozen=True)
class _Scale:
    """What questions must know of their scale."""

    choices: list[str]
    spots: int
    banded: bool
    points: bool
    """Whether each of its choices has points, of which scores are made."""


@dataclass(frozen=True)
class _Earlier:
    """A question that stands before another."""

    levels: frozenset[str]
    choices: list[str]
    sensitive: bool


@dataclass
class _Read:
    """What was read so far of one questionnaire."""

    scales: dict[str, _Scale] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    items: dict[str, _Earlier] = field(default_factory=dict)
    pack: bool = False
    texts: int = 0
    """Questions that are answered in words."""
    adults: bool = False
    """Whether it asks parents or staff, who have no wording and no faces for young children."""


def questionnaire(root: yaml.Node | None, name: str, *, pack: bool = False) -> Found:
    """The mistakes of a whole questionnaire, whose file has that name; or of a pack (`schema_pack`)."""
    if not isinstance(root, yaml.MappingNode):
        yield root or yaml.ScalarNode("", "", yaml.Mark("", 0, 0, 0, None, 0)), "no questionnaire"
        return
    wanted = ("id", "version", "licence", "source", "title", "scales", "sections")
    yield from nodes.keys(root, (*wanted, *schema_pack.KEYS) if pack else wanted, ("summary", "audience", "feedback"))
    entries = nodes.entries(root)
    yield from _heading(entries, name)
    read = _Read(pack=pack, adults=nodes.value(entries.get("audience")) in {Audience.PARENTS, Audience.STAFF})
    yield from _scales(entries.get("scales"), read)
    yield from _sections(entries.get("sections"), read)
    if pack:
        scored = {name: (scale.points, scale.banded) for name, scale in read.scales.items()}
        read.used |= yield from schema_pack.pack(root, scored)
    for scale, _choices in nodes.pairs(entries.get("scales")):
        if scale.value not in read.used:
            yield scale, f"no question uses the scale {scale.value}"


def _heading(entries: dict[str, yaml.Node], name: str) -> Found:
    """Mistakes of what stands above the questions."""
    if "id" in entries and (nodes.value(entries["id"]) != name or not _FILE.fullmatch(name)):
        yield entries["id"], f"id must be the name of the file: {name}"
    if "version" in entries and not nodes.whole(entries["version"], 1):
        yield entries["version"], "version must be a whole number from 1 on"
    if "feedback" in entries and nodes.value(entries["feedback"]) is not True:
        yield entries["feedback"], "feedback must be true, or left out"
    for key in ("licence", "source"):
        yield from nodes.text(entries.get(key), key)
    for key in ("title", "summary"):
        yield from nodes.texts(entries.get(key))
    if "audience" in entries and nodes.value(entries["audience"]) not in set(Audience):
        yield entries["audience"], f"audience is among {', '.join(Audience)}"


# --- Scales ----------------------------------------------------------------------------------------------------------


def _scales(node: yaml.Node | None, read: _Read) -> Found:
    """The mistakes of the scales; fills `read.scales`."""
    if node is None:
        return
    pairs = nodes.pairs(node)
    if not pairs:
        yield node, "scales must not be empty"
    yield from _ids((key for key, _scale in pairs), set())
    for key, scale in pairs:
        yield from nodes.keys(scale, ("choices",), ("to",))
        choices = nodes.listed(nodes.entries(scale).get("choices"))
        if len(choices) < 2:
            yield scale, f"the scale {key.value} needs two choices"
        for choice in choices:
            yield from nodes.keys(choice, ("id", "label"), ("spot", "from", *(("points",) if read.pack else ())))
            yield from nodes.texts(nodes.entries(choice).get("label"))
        yield from _ids(nodes.each(choices, "id"), set())
        yield from _spots(nodes.each(choices, "spot"))
        banded = "to" in nodes.entries(scale) or bool(nodes.each(choices, "from"))
        if banded:
            yield from _bands(scale, choices)
        names = [str(one.value) for one in nodes.each(choices, "id")]
        pointed = nodes.each(choices, "points")
        yield from ((one, "points must be a whole number") for one in pointed if not nodes.whole(one, 0))
        read.scales[str(key.value)] = _Scale(
            names, len(nodes.each(choices, "spot")), banded, bool(choices) and len(pointed) == len(choices)
        )


def _spots(given: Iterable[yaml.Node]) -> Found:
    seen: set[str] = set()
    for node in given:
        spot = str(nodes.value(node))
        if spot not in SPOTS:
            yield node, f"spot must be among {', '.join(sorted(SPOTS))}"
        elif spot in seen:
            yield node, f"the spot {spot} is there twice"
        seen.add(spot)


def _bands(scale: yaml.Node, choices: list[yaml.Node]) -> Found:
    """Mistakes of a scale whose choices are bands of numbers."""
    least = 0
    for choice in choices:
        entries = nodes.entries(choice)
        if "from" not in entries:
            yield choice, "every band needs from"
        elif not nodes.whole(entries["from"], least):
            yield entries["from"], f"from must be a whole number from {least} on"
        else:
            least = int(nodes.value(entries["from"])) + 1
        if "id" in entries and not _BAND.fullmatch(str(entries["id"].value)):
            yield entries["id"], "the id of a band begins with a letter"
    last = nodes.entries(scale).get("to")
    if last is None:
        yield scale, "bands need to: the largest number"
    elif not nodes.whole(last, least - 1) or len(str(nodes.value(last))) > MOST_DIGITS:
        yield last, f"to must be a whole number, not below the last from, of {MOST_DIGITS} digits at most"


# --- Sections and items ----------------------------------------------------------------------------------------------


def _sections(node: yaml.Node | None, read: _Read) -> Found:
    if node is None:
        return
    if not nodes.listed(node):
        yield node, "sections must not be empty"
    ids: set[str] = set()
    for section in nodes.listed(node):
        yield from nodes.keys(section, ("id", "title", "items"), ("title_ecole", "intro", "look"))
        entries = nodes.entries(section)
        yield from _ids(nodes.each([section], "id"), ids)
        for key in ("title", "title_ecole", "intro"):
            yield from nodes.texts(entries.get(key))
        if "look" in entries and nodes.value(entries["look"]) != GRID:
            yield entries["look"], f"the look of a section is {GRID}, or none"
        items = nodes.listed(entries.get("items"))
        if not items:
            yield section, "a section needs a question"
        yield from _for_pupils(entries, ("title_ecole",), read)
        for item in items:
            yield from _item(item, read)


def _for_pupils(entries: dict[str, yaml.Node], keys: Iterable[str], read: _Read) -> Found:
    """What has no place in a questionnaire for adults."""
    for key in keys:
        if read.adults and key in entries:
            yield entries[key], f"{key} is for pupils"
    if read.adults and nodes.value(entries.get("look")) == Look.FACES:
        yield entries["look"], "faces are for pupils"


_ITEM = ("id", "levels", "text", "kind", "source", "licence")
_CHOSEN = ("scale", "reverse", "cutoff")
"""What a question has besides whose answers are chosen, or become bands."""
_KINDS = ("one", "several", "number", TEXT)


def _item(node: yaml.Node, read: _Read) -> Found:
    """The mistakes of a question, which then is an earlier one for the next."""
    entries = nodes.entries(node)
    in_words = nodes.value(entries.get("kind")) == TEXT
    if in_words:
        yield from nodes.keys(node, _ITEM, ("hint",))
    else:
        yield from nodes.keys(node, (*_ITEM, *_CHOSEN), ("text_ecole", "hint", "look", "relevant", "sensitive"))
    yield from _ids(nodes.each([node], "id"), read.ids)
    for key in ("text", "text_ecole", "hint"):
        yield from nodes.texts(entries.get(key))
    for key in ("source", "licence"):
        yield from nodes.text(entries.get(key), key)
    levels = [nodes.value(level) for level in nodes.listed(entries.get("levels"))]
    if "levels" in entries and (not levels or not set(levels) <= set(LEVELS) or len(set(levels)) < len(levels)):
        yield entries["levels"], f"levels must be among {', '.join(LEVELS)}, each once"
    if "text_ecole" in entries and "ecole" not in levels:
        yield entries["text_ecole"], "text_ecole is for questions of the level ecole"
    if "kind" in entries and nodes.value(entries["kind"]) not in _KINDS:
        yield entries["kind"], "kind must be one, several, number or text"
    if in_words:
        yield from _in_words(entries["kind"], levels, read)
    if "reverse" in entries and not isinstance(nodes.value(entries["reverse"]), bool):
        yield entries["reverse"], "reverse must be true or false"
    yield from _for_pupils(entries, ("text_ecole",), read)
    yield from _sensitive(entries, levels)
    yield from _item_scale(entries, read)
    sensitive, asked = "sensitive" in entries, frozenset(map(str, levels))
    yield from _relevant(entries.get("relevant"), asked, read, sensitive=sensitive)
    scale = read.scales.get(str(nodes.value(entries.get("scale"))))
    if "id" in entries:
        read.items[str(entries["id"].value)] = _Earlier(asked, scale.choices if scale else [], sensitive)


def _in_words(kind: yaml.Node, levels: list[object], read: _Read) -> Found:
    """Mistakes of a question that is answered in words."""
    read.texts += 1
    if read.texts > MOST_QUESTIONS:
        yield kind, f"a questionnaire has {MOST_QUESTIONS} questions of kind text at most"
    if "ecole" in levels and not read.adults:
        yield kind, "at ecole no pupil is asked to write"


def _sensitive(entries: dict[str, yaml.Node], levels: list[object]) -> Found:
    """Mistakes of the mark of a question that a school must want."""
    if "sensitive" not in entries:
        return
    topic = nodes.value(entries["sensitive"])
    if topic not in set(Topic):
        yield entries["sensitive"], f"sensitive is among {', '.join(Topic)}"
    elif topic == Topic.SEXUALITY and "ecole" in levels:
        yield entries["sensitive"], "at ecole nothing is asked on sexuality"


def _item_scale(entries: dict[str, yaml.Node], read: _Read) -> Found:
    """Mistakes of an item's scale, and of what rests on it: kind, cut-off, look."""
    if "scale" not in entries:
        return
    name = str(nodes.value(entries["scale"]))
    read.used.add(name)
    if (scale := read.scales.get(name)) is None:
        yield entries["scale"], f"unknown scale {entries['scale'].value}"
        return
    kind = str(nodes.value(entries.get("kind")))
    if (kind == "number") is not scale.banded and kind in _KINDS:
        yield entries["scale"], "a number needs a scale of bands, which begin with from; nothing else has one"
    cutoff = nodes.value(entries.get("cutoff"))
    if cutoff is not None and cutoff not in scale.choices[1:]:
        yield entries["cutoff"], "cutoff must be a choice of the scale, not its first"
    elif cutoff is not None and kind == "several":
        yield entries["cutoff"], "a question with several answers has no cutoff"
    yield from _look(entries, kind, scale)


def _look(entries: dict[str, yaml.Node], kind: str, scale: _Scale) -> Found:
    if "look" not in entries:
        return
    look, reverse = str(nodes.value(entries["look"])), nodes.value(entries.get("reverse")) is True
    if look not in set(Look):
        yield entries["look"], f"the look of a question is among {', '.join(Look)}"
    elif wrong := misfit(look, kind, len(scale.choices), scale.spots, reverse=reverse):
        yield entries["look"], wrong


def _relevant(node: yaml.Node | None, levels: frozenset[str], read: _Read, *, sensitive: bool) -> Found:
    """Mistakes of the conditions on earlier questions."""
    if node is None:
        return
    entries = nodes.entries(node)
    which = "all" if "all" in entries else "any"
    yield from nodes.keys(node, (which,), ("who",))
    yield from nodes.texts(entries.get("who"))
    conditions = nodes.listed(entries.get(which))
    if not conditions:
        yield node, f"{which} must be a list of conditions"
    for condition in conditions:
        yield from nodes.keys(condition, ("item", "is"))
        found = nodes.entries(condition)
        yield from _condition(found, levels, read)
        if not sensitive and (earlier := read.items.get(str(nodes.value(found.get("item"))))) and earlier.sensitive:
            yield found["item"], "what rests on a sensitive question is sensitive too"


def _condition(entries: dict[str, yaml.Node], levels: frozenset[str], read: _Read) -> Found:
    if "item" not in entries:
        return
    earlier = read.items.get(str(nodes.value(entries["item"])))
    if earlier is None or not levels <= earlier.levels:
        yield entries["item"], "item must be an earlier question, asked at every level of this one"
    elif "is" in entries:
        choices = [nodes.value(choice) for choice in nodes.listed(entries["is"])]
        if not choices or not set(choices) <= set(earlier.choices) or len(set(choices)) < len(choices):
            yield entries["is"], f"is must be a list among {', '.join(earlier.choices)}, each once"


def _ids(given: Iterable[yaml.Node], seen: set[str]) -> Found:
    """Ids of another form, reserved, or there twice."""
    for node in given:
        name = str(node.value)
        # A word that YAML takes for something else (no, 12) would be no text in the data.
        if not isinstance(nodes.value(node), str) or not _ID.fullmatch(name) or name in RESERVED:
            yield node, f"an id is made of a–z, 0–9 and _: {name}"
        if name in seen:
            yield node, f"id {name} is there twice"
        seen.add(name)
