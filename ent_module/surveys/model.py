"""Questionnaires as they are asked, and the answers to them. Pure rules: no request, no database."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from ent_module.establishments.model import Kind

LEVELS = (Kind.ECOLE, Kind.COLLEGE, Kind.LYCEE)
DAYS_OPEN = 28
"""How long a campaign is announced to be open, at most. The head closes it: on the last day, or earlier, or later."""
MOST_PUPILS = 60
_PART = re.compile(r"g\d+|(gr|grp|gp|groupes?)\d*|demi|moiti[eé]")
RESERVED = frozenset({"csrf_token"})
"""Names of a form that are no question."""

ANSWERED = ""
"""In place of a choice, among the sums: all who answered the question."""
ABOVE = "+"
"""In place of a choice, among what is released: all whose answer counts, where a question has a threshold."""

Texts = Mapping[str, str]
Answers = dict[str, list[str]]
"""Question → the choices that were made, in the questionnaire's order. A question that was skipped is not there; a
blank ballot is an empty dictionary."""


class State(StrEnum):
    """How far a campaign is; each follows the one before, and nothing goes back."""

    OPEN = "open"
    ENDED = "ended"
    """Nobody is given a token any more; what is on its way may still arrive."""
    COUNTED = "counted"
    """Ballots have been added up and deleted."""
    DESTROYED = "destroyed"
    """The keys are gone."""
    RELEASED = "released"
    """Results may be read."""


class Where(StrEnum):
    """Where a class answers, which decides what its browsers may keep."""

    SHARED = "shared"
    """On devices that others use too: nothing outlives the tab."""
    HOME = "home"
    """On the pupil's own device."""


class Problem(StrEnum):
    """Why an answer cannot be taken."""

    NO_SUCH_QUESTION = "no_such_question"
    NO_SUCH_CHOICE = "no_such_choice"
    ONE_ONLY = "one_only"


@dataclass(frozen=True)
class Choice:
    """One possible answer."""

    id: str
    label: Texts


@dataclass(frozen=True)
class Item:
    """One question. `cutoff` is the choice from which on an answer counts as frequent."""

    id: str
    levels: frozenset[str]
    text: Texts
    text_ecole: Texts | None
    several: bool
    scale: str
    choices: tuple[Choice, ...]
    reverse: bool
    cutoff: str | None

    def wording(self, level: str) -> Texts:
        """The question as it is put at that level."""
        return self.text_ecole if level == Kind.ECOLE and self.text_ecole else self.text

    def place_of(self, choice: str) -> int:
        """Where that choice stands among the item's. Raises LookupError."""
        return next(place for place, one in enumerate(self.choices) if one.id == choice)


@dataclass(frozen=True)
class Section:
    """Questions under one heading."""

    id: str
    title: Texts
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire as it is asked. `data` is what it was made of, so that a campaign can keep it."""

    id: str
    version: int
    title: Texts
    sections: tuple[Section, ...]
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Questionnaire":
        """The questionnaire that checked data describes (`content` checks it)."""
        scales = {
            name: tuple(Choice(choice["id"], choice["label"]) for choice in scale["choices"])
            for name, scale in data["scales"].items()
        }
        sections = tuple(
            Section(section["id"], section["title"], tuple(_item(entry, scales) for entry in section["items"]))
            for section in data["sections"]
        )
        return cls(data["id"], data["version"], data["title"], sections, data)

    @cached_property
    def digest(self) -> str:
        """Names this questionnaire, down to the last word of it."""
        canonical = json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    def for_level(self, level: str) -> tuple[Section, ...]:
        """The sections with the questions of that level; empty ones are left out."""
        kept = (
            Section(section.id, section.title, tuple(item for item in section.items if level in item.levels))
            for section in self.sections
        )
        return tuple(section for section in kept if section.items)

    def items(self, level: str) -> Iterator[Item]:
        """The questions of that level, in order."""
        return (item for section in self.for_level(level) for item in section.items)


def _item(entry: Mapping[str, Any], scales: Mapping[str, tuple[Choice, ...]]) -> Item:
    return Item(
        id=entry["id"],
        levels=frozenset(entry["levels"]),
        text=entry["text"],
        text_ecole=entry.get("text_ecole"),
        several=entry["kind"] == "several",
        scale=entry["scale"],
        choices=scales[entry["scale"]],
        reverse=entry["reverse"],
        cutoff=entry["cutoff"],
    )


@dataclass(frozen=True)
class Reading:
    """A form as it was read: the answers that can be taken, and what is wrong, by question."""

    answers: Answers
    problems: Mapping[str, Problem]


def read_answers(asked: Questionnaire, level: str, form: Mapping[str, Sequence[str]]) -> Reading:
    """The answers in a form: name of a question → values sent for it. An empty value skips the question.

    Our own loop: a form of thirty WTForms fields takes three times as long.
    """
    answers: Answers = {}
    problems: dict[str, Problem] = {}
    names = dict(form)
    for item in asked.items(level):
        given = {value for value in names.pop(item.id, ()) if value}
        chosen = [choice.id for choice in item.choices if choice.id in given]
        if len(chosen) < len(given):
            problems[item.id] = Problem.NO_SUCH_CHOICE
        elif len(chosen) > 1 and not item.several:
            problems[item.id] = Problem.ONE_ONLY
        if chosen:
            answers[item.id] = chosen
    problems |= {name: Problem.NO_SUCH_QUESTION for name in names if name not in RESERVED}
    return Reading(answers, problems)


def announced_end(opened: date, is_school_day: Callable[[date], bool]) -> date:
    """The end that is announced to everyone when a campaign opens: the last school day of the DAYS_OPEN that follow."""
    days = [opened + timedelta(days=ahead) for ahead in range(DAYS_OPEN, 0, -1)]
    return next(filter(is_school_day, days), days[0])


@dataclass(frozen=True)
class Joining:
    """A class that a campaign is opened for. The number of pupils is for the teacher's ring; nothing rests on it."""

    class_code: str
    pupils: int | None = None
    where: Where = Where.SHARED


@dataclass(frozen=True)
class Opening:
    """The form with which a teacher opens a campaign, as it was read. `problems`: names of fields to correct."""

    questionnaire: str
    joining: Joining
    problems: tuple[str, ...]
    foreign_class: bool
    """The class is not the teacher's: no page of ours sends that."""
    overlapping: tuple[str, ...]
    """Groups for which it is open already and which may have the same pupils."""


def overlap(one: str, other: str) -> bool:
    """Whether two groups may have pupils in common, by their names: a class, and a part of it (« 6e B », « 6e B gr1 »),
    or two parts of one class. A portal tells no more of its groups than their names."""
    words = [_class_words(name) for name in (one, other)]
    shorter = min(map(len, words))
    return one != other and words[0][:shorter] == words[1][:shorter]


def _class_words(name: str) -> list[str]:
    """The words of a group's name up to the one that says that it is a part."""
    words = re.findall(r"[^\W_]+", name.casefold())
    part = next((place for place, word in enumerate(words) if place and _PART.fullmatch(word)), len(words))
    return words[:part]


def read_opening(
    form: Mapping[str, str], classes: Sequence[str], known: Sequence[str], already: Collection[str]
) -> Opening:
    """What a teacher of these classes sent. `known`: ids of the questionnaires; `already`: groups it is open for."""
    class_code, questionnaire = form.get("class_code", ""), form.get("questionnaire", "")
    typed = form.get("pupils", "").strip()
    pupils = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 2 else None
    fresh = class_code and class_code not in already
    overlapping = tuple(code for code in already if fresh and overlap(code, class_code))
    wrong = {
        "class_code": not class_code,
        "others": bool(overlapping) and form.get("others") != "yes",
        "questionnaire": questionnaire not in known,
        "place": form.get("place") not in set(Where),
        "pupils": bool(typed) and not 1 <= (pupils or 0) <= MOST_PUPILS,
        "told": form.get("told") != "yes",
    }
    return Opening(
        questionnaire,
        Joining(class_code, pupils, Where.HOME if form.get("place") == Where.HOME else Where.SHARED),
        tuple(name for name, problem in wrong.items() if problem),
        bool(class_code) and class_code not in classes,
        overlapping,
    )
