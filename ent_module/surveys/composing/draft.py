"""A questionnaire while it is composed, and what may be done with it. Pure rules.

Its data is that of any questionnaire (docs/questionnaires.md), except that a translation may still be missing, and a
page may be empty.
"""

import secrets
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ent_module.establishments.model import Kind
from ent_module.surveys.bank import Entry, Scale, is_from_bank, words
from ent_module.surveys.composing.names import free
from ent_module.surveys.interchange.building import UNSTATED
from ent_module.surveys.looks import misfit
from ent_module.surveys.model import LEVELS, RESERVED, Questionnaire
from ent_module.surveys.parts import TEXT, Audience, scale_of

MOST_ITEMS = 40
MOST_SECTIONS = 20
FEWEST_ANSWERS, MOST_ANSWERS = 2, 12
OWN = "own"
"""Source of a question that a school wrote itself."""
Wording = dict[str, str]
Item = dict[str, Any]
UP, DOWN = -1, 1
FIRST_PAGE = {"fr": "Questions", "en": "Questions", "ar": "أسئلة"}


@dataclass(frozen=True)
class Written:
    """A question that a school wrote: its words, whether several answers may be chosen, and which answers.

    The answers are a scale of the bank, or words of the school's own, or None: as they are.
    """

    text: Wording
    several: bool
    answers: Scale | Sequence[Wording] | None
    in_words: bool = False
    """Whether it is answered in words: then it has no answers."""


@dataclass
class Draft:
    """`asked`: the questionnaire as far as it is. `levels`: whom it is for."""

    asked: dict[str, Any]
    levels: list[str]

    @classmethod
    def fresh(cls, name: str, title: Wording, levels: Sequence[str], audience: Audience = Audience.PUPILS) -> "Draft":
        """One without a question."""
        asked = {"id": name, "version": 1, "licence": UNSTATED, "source": OWN, "title": title}
        if audience is not Audience.PUPILS:
            asked["audience"] = str(audience)
        return cls(asked | {"scales": {}, "sections": []}, list(levels))

    @classmethod
    def from_shelf(cls, asked: Questionnaire, name: str, level: str) -> "Draft":
        """One that goes on from a questionnaire of the shelf: what it asks at that level."""
        draft = cls(deepcopy(dict(asked.data)) | {"id": name, "version": 1}, [level])
        for section in draft.sections:
            section["items"] = [item for item in section["items"] if level in item["levels"]]
        draft.asked["sections"] = [section for section in draft.sections if section["items"]]
        draft._drop_unused_scales()
        return draft

    @classmethod
    def from_own(cls, asked: Questionnaire, level: str) -> "Draft":
        """One that goes on from a questionnaire of the school's own, to become its next version."""
        draft = cls(deepcopy(dict(asked.data)), [])
        levels = {level, *(one for item in draft.items for one in item["levels"])}
        draft.levels = [str(one) for one in LEVELS if one in levels]
        return draft

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Draft":
        """A draft as it was kept."""
        return cls(deepcopy(data["asked"]), list(data["levels"]))

    def to_data(self) -> dict[str, Any]:
        """The draft to be kept."""
        return {"asked": self.asked, "levels": self.levels}

    @property
    def audience(self) -> Audience:
        """Whom it asks."""
        return Audience(self.asked.get("audience", Audience.PUPILS))

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The pages in order."""
        sections: list[dict[str, Any]] = self.asked["sections"]
        return sections

    @property
    def items(self) -> list[Item]:
        """The questions of all pages in order."""
        return [item for section in self.sections for item in section["items"]]

    @property
    def is_full(self) -> bool:
        """Whether no question fits any more."""
        return len(self.items) >= MOST_ITEMS

    @property
    def over_full(self) -> bool:
        """Whether there are more questions than there may be."""
        return len(self.items) > MOST_ITEMS

    def texts_without(self, name: str) -> int:
        """How many questions are answered in words, beside the one of that name."""
        return sum(item["kind"] == TEXT and item["id"] != name for item in self.items)

    def section(self, name: str) -> dict[str, Any]:
        """A page by its id. Raises LookupError."""
        return _named(self.sections, name)

    def item(self, name: str) -> Item:
        """A question by its id. Raises LookupError."""
        return _named(self.items, name)

    def section_of(self, name: str) -> dict[str, Any]:
        """The page on which a question stands. Raises LookupError."""
        item = self.item(name)
        return next(section for section in self.sections if item in section["items"])

    # --- Pages -------------------------------------------------------------------------------------------------------

    def add_section(self, title: Wording, wanted: str = "page") -> dict[str, Any]:
        """A new page at the end."""
        made: dict[str, Any] = {"id": free(wanted, {one["id"] for one in self.sections}), "title": title, "items": []}
        self.sections.append(made)
        return made

    def last_page(self) -> str:
        """Where a question stands for which no page was chosen; made where there is none."""
        return str((self.sections or [self.add_section(dict(FIRST_PAGE))])[-1]["id"])

    def move_section(self, name: str, step: int) -> None:
        """Moves a page up or down by one; at an end it stays. Raises LookupError."""
        _move(self.sections, self.section(name), step)

    def remove_section(self, name: str) -> None:
        """Takes a page away with its questions. Raises LookupError."""
        self.sections.remove(self.section(name))
        self._drop_unused_scales()

    # --- Questions ---------------------------------------------------------------------------------------------------

    def move(self, name: str, step: int) -> None:
        """Moves a question up or down by one; past the end of its page it goes to the next. Raises LookupError."""
        item, section = self.item(name), self.section_of(name)
        there = self.sections.index(section) + step
        if section["items"].index(item) != (0 if step == UP else len(section["items"]) - 1):
            _move(section["items"], item, step)
        elif 0 <= there < len(self.sections):
            section["items"].remove(item)
            others = self.sections[there]["items"]
            others.insert(len(others) if step == UP else 0, item)

    def is_at_end(self, item: Item, step: int) -> bool:
        """Whether a question cannot go further up, or down."""
        end = 0 if step == UP else -1
        items = self.sections[end]["items"]
        return bool(items) and items[end] is item

    def remove(self, name: str) -> None:
        """Takes a question away. Raises LookupError."""
        self.section_of(name)["items"].remove(self.item(name))
        self._drop_unused_scales()

    def holds(self, entry: Entry) -> bool:
        """Whether that question of the bank is there already."""
        return self.same(entry) is not None

    def add(self, entry: Entry, bank: Mapping[str, Entry], section: str = "") -> None:
        """Adds a question of the bank, after those on which it depends: on that page, else on the page of its topic.

        Raises LookupError where there is no such page.
        """
        if self.holds(entry):
            return
        earlier = conditions(entry.item)
        for condition in earlier:
            self.add(bank[f"{entry.asked.id}.{condition['item']}"], bank, section)
        there = self.section(section) if section else self._topic(entry)
        item = deepcopy(dict(entry.item))
        for condition, theirs in zip(conditions(item), earlier, strict=True):
            before = self.same(bank[f"{entry.asked.id}.{theirs['item']}"])
            condition["item"] = before["id"] if before else theirs["item"]
        item["id"] = free(item["id"], {one["id"] for one in self.items} | RESERVED)
        if not entry.is_text:
            item["scale"] = self._take_scale(item["scale"], entry.scale)
        there["items"].append(item)

    def write(self, written: Written, section: str, name: str = "") -> Item:
        """Adds a question of the school's own to a page, or changes the one of that name. Raises LookupError."""
        there = self.section(section)
        item = self.item(name) if name else self._new_item()
        item["text"] = written.text
        if name and item not in there["items"]:
            self.section_of(name)["items"].remove(item)
        if item not in there["items"]:
            there["items"].append(item)
        if written.in_words:
            self._ask_for_words(item)
        elif written.answers is not None:
            self._answer(item, written)
        return item

    def _ask_for_words(self, item: Item) -> None:
        """Makes a question one that is answered in words: what rests on answers goes with them."""
        kept = {key: item[key] for key in ("id", "text", "hint", "source", "licence") if key in item}
        item.clear()
        item |= kept | {"kind": TEXT, "levels": levels_of_texts(LEVELS, self.audience)}
        self._drop_unused_scales()

    def _answer(self, item: Item, written: Written) -> None:
        """Gives a question its answers. A look and a cut-off rest on the answers: they go with the old ones."""
        if item["kind"] == TEXT:
            item |= {"levels": list(map(str, LEVELS)), "scale": ""}
        look, before = None, self.asked["scales"].get(item["scale"])
        if isinstance(written.answers, Scale):
            scale = self._take_scale(written.answers.key.partition(".")[2], written.answers.data)
            look = written.answers.look
        else:
            scale = self._own_scale(item, written.answers or ())
        kind = "several" if written.several else "one"
        if (self.asked["scales"][scale], kind) == (before, item["kind"]):
            return
        item |= {"scale": scale, "kind": kind, "cutoff": None, "reverse": False}
        item.pop("look", None)
        choices = self.asked["scales"][scale]["choices"]
        spots = sum("spot" in choice for choice in choices)
        if look and not misfit(look, kind, len(choices), spots, reverse=False):
            item["look"] = str(look)
        self._drop_unused_scales()

    def _own_scale(self, item: Item, answers: Sequence[Wording]) -> str:
        """The scale with these words: as it was where they are the same, else the question's own."""
        scales, name = self.asked["scales"], item["scale"]
        if [choice["label"] for choice in scales.get(name, {"choices": []})["choices"]] == list(answers):
            return str(name)
        if name not in scales or [one.get("scale") for one in self.items].count(name) != 1:
            name = free(f"answers_{item['id']}", set(scales))
        choices = [{"id": f"c{place}", "label": label} for place, label in enumerate(answers, 1)]
        scales[name] = {"choices": choices}
        return str(name)

    def _new_item(self) -> Item:
        name = f"q_{secrets.token_hex(4)}"  # never one of an earlier question: results may rest on that
        fixed = {"reverse": False, "cutoff": None, "source": OWN, "licence": UNSTATED}
        return {"id": name, "levels": list(map(str, LEVELS)), "text": {}, "kind": "one", "scale": "", **fixed}

    def _topic(self, entry: Entry) -> dict[str, Any]:
        """The page with the title of the bank's; made where there is none."""
        title = entry.section["title"]
        found = next((one for one in self.sections if one["title"] == title), None)
        if found is None:
            found = self.add_section(dict(title), entry.section["id"])
            more = ("title_ecole", "intro", "look") if Kind.ECOLE in self.levels else ("intro", "look")
            found |= deepcopy({key: entry.section[key] for key in more if key in entry.section})
        return found

    def is_from_bank(self, item: Item) -> bool:
        """Whether a question is one of the bank, as it is there."""
        return is_from_bank(item, scale_of(item, self.asked["scales"]))

    def same(self, entry: Entry) -> Item | None:
        """The question here that says the same as one of the bank."""
        wanted, scales = words(entry.item, entry.scale), self.asked["scales"]
        return next((one for one in self.items if words(one, scale_of(one, scales)) == wanted), None)

    def _take_scale(self, wanted: str, data: Mapping[str, Any]) -> str:
        """The name here of a scale with these answers."""
        scales = self.asked["scales"]
        found = next((name for name, scale in scales.items() if scale == data), None)
        if found is None:
            found = free(wanted, set(scales))
            scales[found] = deepcopy(dict(data))
        return str(found)

    def _drop_unused_scales(self) -> None:
        used = {item.get("scale") for item in self.items}
        self.asked["scales"] = {name: scale for name, scale in self.asked["scales"].items() if name in used}


def levels_of_texts(levels: Sequence[str], audience: Audience) -> list[str]:
    """Who of these may be asked to write: at école, no pupil."""
    return [str(one) for one in levels if audience is not Audience.PUPILS or one != Kind.ECOLE]


def _named(entries: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    found = next((one for one in entries if one["id"] == name), None)
    if found is None:
        raise LookupError(name)
    return found


def _move(entries: list[dict[str, Any]], one: dict[str, Any], step: int) -> None:
    place = entries.index(one)
    entries.remove(one)
    entries.insert(min(max(place + step, 0), len(entries)), one)


def conditions(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The conditions on earlier questions."""
    relevant = item.get("relevant", {})
    return list(relevant.get("all") or relevant.get("any") or ())
