"""How the results of a questionnaire are read: the guides of the shelf `surveys/guides`, one for a questionnaire.

A guide says which figures come first, which questions tell places, what a class may talk about, and what a crossed
threshold suggests. A questionnaire without a guide has none of that; its places are known by their names all the same.

What does not belong here: the questions themselves (`content`), any number (`results`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ent_module.shelves import shelf
from ent_module.surveys.model import Item, Questionnaire, Texts

MOST_FIGURES = 3
OWN_CHOICE = "Our choice"
"""How the source of what no study says begins."""
_PLACE = re.compile(r"(places?|lieux?)(_.*)?")
_MAYBE_PLACE = re.compile(r"(.*_)?(places?|lieux?|endroits?|where|locations?|zones?)(_.*)?")


@dataclass(frozen=True)
class Told:
    """Something that is said of a question's share, where it is from, and the share in words, which go on from « 13 %
    des élèves qui ont répondu »."""

    item: str
    source: str
    text: Texts

    @property
    def is_own_choice(self) -> bool:
        """Whether no study stands behind it."""
        return self.source.startswith(OWN_CHOICE)


@dataclass(frozen=True)
class Signal(Told):
    """A threshold of a school's share, and what is suggested where it is crossed, by level, in Markdown."""

    at_least: int | None
    less_than: int | None
    actions: Mapping[str, Texts]

    def crossed_by(self, share: int) -> bool:
        """Whether a share in per cent is on the side where something is suggested."""
        if self.at_least is not None:
            return share >= self.at_least
        return self.less_than is not None and share < self.less_than


@dataclass(frozen=True)
class Guide:
    """How one questionnaire's results are read."""

    figures: tuple[Told, ...] = ()
    places: frozenset[str] = frozenset()
    class_figures: tuple[str, ...] = ()
    """Questions of which a class may talk, in order."""
    talk: Mapping[str, tuple[Texts, ...]] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()

    def tells_places(self, item: Item) -> bool:
        """Whether a question tells where something happened: named here, with a picture of places, or by its name or
        that of its scale. Where no guide says which are the others, a name that only may mean a place is enough."""
        by_name = _MAYBE_PLACE if self == Guide() else _PLACE
        pictured = any(choice.spot is not None for choice in item.choices)
        return pictured or item.id in self.places or any(by_name.fullmatch(name) for name in (item.id, item.scale))


def guide_of(asked: Questionnaire) -> Guide:
    """The guide of a questionnaire, by its id; an empty one where the shelf has none."""
    return guides().get(asked.id, Guide())


@cache
def guides() -> dict[str, Guide]:
    """Every guide of the shelf by its questionnaire's id. `guides_check` says whether they can be read."""
    return {path.stem: from_data(yaml.safe_load(path.read_text("utf-8"))) for path in paths()}


def from_data(data: Mapping[str, Any]) -> Guide:
    """The guide that checked data describes."""
    words = {one["item"]: one["text"] for one in data["figures"]}
    in_class = data.get("class", {"figures": (), "talk": ()})
    return Guide(
        tuple(Told(one["item"], one["source"], one["text"]) for one in data["figures"]),
        frozenset(data["places"]),
        tuple(in_class["figures"]),
        {level: tuple(one["questions"]) for one in in_class["talk"] for level in one["levels"]},
        tuple(_signal(one, words) for one in data["signals"]),
    )


def _signal(one: Mapping[str, Any], words: Mapping[str, Texts]) -> Signal:
    """In: the words of the figures, which a signal of the same question is told in."""
    text = words.get(one["item"]) or one["text"]
    actions = {level: action["text"] for action in one["actions"] for level in action["levels"]}
    return Signal(one["item"], one["source"], text, one.get("at_least"), one.get("less_than"), actions)


def paths() -> list[Path]:
    """The files of all guides."""
    return sorted((shelf("surveys") / "guides").glob("*.yaml"))
