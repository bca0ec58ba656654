"""Questionnaires as they are asked, and the answers to them. Pure rules: no request, no database."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from ent_module.establishments.model import Kind
from ent_module.surveys import written
from ent_module.surveys.looks import GRID, MOST_IN_A_ROW, ZONES, Look, pictures
from ent_module.surveys.parts import TEXT, Audience, Topic, scale_of, without_sensitive, without_texts
from ent_module.surveys.relevance import Relevant
from ent_module.surveys.scores import Score, told_in, told_of

LEVELS = (Kind.ECOLE, Kind.COLLEGE, Kind.LYCEE)
DAYS_OPEN = 28
"""How long a campaign that a teacher opens straight away is open, at most; the head closes it on its last day."""
MOST_PUPILS = 60
MOST_DIGITS = 4
"""Of the largest number that may be written in an answer."""
LONGEST_BALLOT = 4000
"""Bytes of the longest ballot that a questionnaire may allow."""
# As a browser's field for numbers may hold it: 5, 05, 5.0, 5e0.
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?([eE][+-]?\d)?")
RESERVED = frozenset({"csrf_token"})
"""Names of a form that are no question."""

ANSWERED = ""
"""In place of a choice, among the sums: all who answered the question."""
ABOVE = "+"
"""In place of a choice, among what is released: all whose answer counts, where a question has a threshold."""

Texts = Mapping[str, str]
Answers = dict[str, list[str]]
"""Question → the choices that were made, in the questionnaire's order, or the text that was written. A question
that was skipped is not there; a blank ballot is an empty dictionary."""


class State(StrEnum):
    """How far a campaign is; each follows the one before, and nothing goes back."""

    DRAFT = "draft"
    """Known to the head alone, who may change or discard it."""
    ANNOUNCED = "announced"
    """Frozen, with keys of its own, and known to families; it may be called off until its day."""
    OPEN = "open"
    ENDED = "ended"
    """Nobody is given a token any more; what is on its way may still arrive."""
    COUNTED = "counted"
    """Ballots have been added up and deleted."""
    DESTROYED = "destroyed"
    """The keys are gone."""
    RELEASED = "released"
    """Results may be read."""


class Custody(StrEnum):
    """Who can open the ballots of a campaign."""

    SIMPLE = "simple"
    """The machine: its key store holds the key. Whoever copies the whole machine meanwhile can too."""
    SHARED = "shared"
    """Two adults together: one has a phrase, the other a sheet of paper."""


class Where(StrEnum):
    """Where a class answers, which decides what its browsers may keep."""

    CLASS = "class"
    """In class, on devices that others use too: first all open, then all answer, and nothing outlives the tab."""
    SHARED = "shared"
    """Each at another moment, on such devices."""
    HOME = "home"
    """On the pupil's own device."""


class Problem(StrEnum):
    """Why an answer cannot be taken."""

    NO_SUCH_QUESTION = "no_such_question"
    NO_SUCH_CHOICE = "no_such_choice"
    ONE_ONLY = "one_only"
    NO_SUCH_NUMBER = "no_such_number"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Choice:
    """One possible answer. `start`: the smallest number of a band; `spot`: where it stands in the picture of places."""

    id: str
    label: Texts
    spot: str | None = None
    start: int | None = None


@dataclass(frozen=True)
class Item:
    """One question. `cutoff` is the choice from which on an answer counts as frequent.

    `largest` is there where a number is asked for; its choices are then bands of numbers. A question that is answered
    in words (`is_text`) has neither choices nor a scale.
    """

    id: str
    levels: frozenset[str]
    text: Texts
    text_ecole: Texts | None
    hint: Texts | None
    several: bool
    scale: str
    choices: tuple[Choice, ...]
    largest: int | None
    look: Look | None
    relevant: Relevant | None
    reverse: bool
    cutoff: str | None
    licence: str
    sensitive: Topic | None = None
    """What it is about, where a school must want it to be asked."""
    is_text: bool = False

    def wording(self, level: str) -> Texts:
        """The question as it is put at that level."""
        return self.text_ecole if level == Kind.ECOLE and self.text_ecole else self.text

    def pictures(self, level: str) -> dict[str, str]:
        """Choice → name of the drawing beside it."""
        return pictures(self.look, level, [choice.id for choice in self.choices])

    @property
    def places(self) -> tuple[tuple[str, list[Choice]], ...]:
        """The choices by the part of the picture of places in which they stand; those without a spot come last."""
        parts = (*ZONES.items(), ("", (None,)))
        return tuple(
            (zone, here) for zone, spots in parts if (here := [one for one in self.choices if one.spot in spots])
        )

    def band(self, typed: str) -> str | None:
        """The band of a number that somebody wrote; None where it is no number, or none of these."""
        number = float(typed) if _NUMBER.fullmatch(typed) else -1.0
        if self.largest is None or number > self.largest or not number.is_integer():
            return None
        starts = [choice.id for choice in self.choices if choice.start is not None and choice.start <= number]
        return starts[-1] if starts else None

    def read(self, values: Collection[str]) -> tuple[list[str], Problem | None]:
        """The choices among what was sent, in the item's order, or the text; and what is wrong with the rest."""
        if self.is_text:
            return _read_text(values)
        given = {(self.band(value.strip()) or value) if self.largest is not None else value for value in values}
        chosen = [choice.id for choice in self.choices if choice.id in given]
        if len(chosen) < len(given):
            return chosen, Problem.NO_SUCH_CHOICE if self.largest is None else Problem.NO_SUCH_NUMBER
        return chosen, Problem.ONE_ONLY if len(chosen) > 1 and not self.several else None

    def place_of(self, choice: str) -> int:
        """Where that choice stands among the item's. Raises LookupError."""
        return next(place for place, one in enumerate(self.choices) if one.id == choice)


@dataclass(frozen=True)
class Section:
    """Questions under one heading."""

    id: str
    title: Texts
    title_ecole: Texts | None
    intro: Texts | None
    grid: bool
    items: tuple[Item, ...]

    def heading(self, level: str) -> Texts:
        """The title as it is put at that level."""
        return self.title_ecole if level == Kind.ECOLE and self.title_ecole else self.title

    def in_rows(self, level: str) -> list[str]:
        """The questions whose answers stand beside them in one row: only where a page holds several questions."""
        if not self.grid or level == Kind.ECOLE:
            return []
        short = (item for item in self.items if not item.several and not item.is_text and item.largest is None)
        return [item.id for item in short if len(item.choices) <= MOST_IN_A_ROW]


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire as it is asked. `data` is what it was made of, so that a campaign can keep it."""

    id: str
    version: int
    title: Texts
    summary: Texts | None
    sections: tuple[Section, ...]
    data: Mapping[str, Any] = field(repr=False, compare=False)
    audience: Audience = Audience.PUPILS
    scores: tuple[Score, ...] = ()
    licence_text: str | None = None
    """Of a pack: what its licence wants to be said wherever its questions are asked."""
    feedback: bool = False
    """Whether it asks about one lesson or one trip: it may be short, and asked more than once a year."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Questionnaire":
        """The questionnaire that checked data describes (`content` checks it)."""
        sections = tuple(_section(section, data) for section in data["sections"])
        return cls(
            data["id"],
            data["version"],
            data["title"],
            data.get("summary"),
            sections,
            data,
            Audience(data.get("audience", Audience.PUPILS)),
            tuple(_score(score, data) for score in data.get("scores", ())),
            data.get("licence_text"),
            data.get("feedback", False),
        )

    @cached_property
    def digest(self) -> str:
        """Names this questionnaire, down to the last word of it."""
        canonical = json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    @cached_property
    def as_told(self) -> "Questionnaire":
        """The questionnaire as its numbers tell it: scores in place of the questions they are made of, no texts."""
        told = self.without_texts
        return replace(told, sections=told_in(self.scores, told.sections)) if self.scores else told

    def told_of(self, answers: Answers) -> Answers:
        """What is counted of a ballot with these answers: nothing of what was written."""
        written_in = {item.id for item in self.texts}
        chosen = {name: made for name, made in answers.items() if name not in written_in} if written_in else answers
        return told_of(self.scores, chosen) if self.scores else chosen

    @cached_property
    def without_sensitive(self) -> "Questionnaire":
        """What is asked where no sensitive question is wanted: this one itself where it has none."""
        if not self.sensitive:
            return self
        return Questionnaire.from_data(without_sensitive(self.data))

    @cached_property
    def without_texts(self) -> "Questionnaire":
        """What is asked where nobody is to write: this one itself where nobody is."""
        if not self.texts:
            return self
        return Questionnaire.from_data(without_texts(self.data))

    @property
    def variants(self) -> "tuple[Questionnaire, ...]":
        """As it may be asked: whole, or without what a head has not decided to ask."""
        return (self, self.without_sensitive, self.without_texts, self.without_sensitive.without_texts)

    @property
    def texts(self) -> tuple[Item, ...]:
        """The questions that are answered in words, which a school must want too."""
        return tuple(item for section in self.sections for item in section.items if item.is_text)

    @property
    def sensitive(self) -> tuple[Item, ...]:
        """The questions that a school must want."""
        return tuple(item for section in self.sections for item in section.items if item.sensitive)

    def for_level(self, level: str) -> tuple[Section, ...]:
        """The sections with the questions of that level; empty ones are left out."""
        kept = (
            replace(section, items=tuple(item for item in section.items if level in item.levels))
            for section in self.sections
        )
        return tuple(section for section in kept if section.items)

    def items(self, level: str) -> Iterator[Item]:
        """The questions of that level, in order."""
        return (item for section in self.for_level(level) for item in section.items)

    def longest_ballot(self, level: str) -> int:
        """Bytes of the longest ballot of that level, as JSON: sealed ballots are all of one size."""
        full = {
            item.id: ["x" * written.MOST_BYTES] if item.is_text else [choice.id for choice in item.choices]
            for item in self.items(level)
        }
        return len(json.dumps(full, separators=(",", ":")))


def _score(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Score:
    scales = {item["id"]: item["scale"] for section in data["sections"] for item in section["items"]}
    levels = [item["levels"] for section in data["sections"] for item in section["items"]]
    told = {"kind": "number", "levels": levels[0], "reverse": False, **entry}
    points = {
        name: {choice["id"]: choice["points"] for choice in data["scales"][scales[name]]["choices"]}
        for name in entry["items"]
    }
    return Score(_item(told, data["scales"][entry["scale"]], data["licence"]), points, entry["times"])


def _section(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Section:
    return Section(
        id=entry["id"],
        title=entry["title"],
        title_ecole=entry.get("title_ecole"),
        intro=entry.get("intro"),
        grid=entry.get("look") == GRID,
        items=tuple(_item(item, scale_of(item, data["scales"]), data.get("licence", "")) for item in entry["items"]),
    )


def _item(entry: Mapping[str, Any], scale: Mapping[str, Any], licence: str) -> Item:
    """`licence`: the questionnaire's, which the first ones that were asked say once for all their questions."""
    return Item(
        id=entry["id"],
        levels=frozenset(entry["levels"]),
        text=entry["text"],
        text_ecole=entry.get("text_ecole"),
        hint=entry.get("hint"),
        several=entry["kind"] == "several",
        scale=entry.get("scale", ""),
        choices=tuple(
            Choice(choice["id"], choice["label"], choice.get("spot"), choice.get("from")) for choice in scale["choices"]
        ),
        largest=scale["to"] if entry["kind"] == "number" else None,
        look=Look(entry["look"]) if "look" in entry else None,
        relevant=Relevant.from_data(entry["relevant"]) if "relevant" in entry else None,
        reverse=entry.get("reverse", False),
        cutoff=entry.get("cutoff"),
        licence=entry.get("licence", licence),
        sensitive=Topic(entry["sensitive"]) if "sensitive" in entry else None,
        is_text=entry["kind"] == TEXT,
    )


def _read_text(values: Collection[str]) -> tuple[list[str], Problem | None]:
    """The text among what was sent; none where it is too long, and the sender is told."""
    texts = sorted(text for value in values if (text := written.tidy(value)))
    if not all(map(written.fits, texts)):
        return [], Problem.TOO_LONG
    return texts, Problem.ONE_ONLY if len(texts) > 1 else None


@dataclass(frozen=True)
class Reading:
    """A form as it was read: the answers that can be taken, and what is wrong, by question."""

    answers: Answers
    problems: Mapping[str, Problem]
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    """Numbers and texts as they were written, to show the form again; never kept: an answer is a band, or tidy."""


def read_answers(asked: Questionnaire, level: str, form: Mapping[str, Sequence[str]]) -> Reading:
    """The answers in a form: name of a question → values sent for it. An empty value skips the question.

    What was answered to a question that does not concern whoever gave the other answers is left out, right or wrong.
    Our own loop: a form of thirty WTForms fields takes three times as long.
    """
    answers: Answers = {}
    problems: dict[str, Problem] = {}
    typed: dict[str, list[str]] = {}
    names = dict(form)
    for item in asked.items(level):
        given = {value for value in names.pop(item.id, ()) if value}
        if not given or (item.relevant and not item.relevant.holds(answers)):
            continue
        chosen, problem = item.read(given)
        if chosen:
            answers[item.id] = chosen
        if problem:
            problems[item.id] = problem
        if item.largest is not None or item.is_text:
            typed[item.id] = sorted(given)
    problems |= {name: Problem.NO_SUCH_QUESTION for name in names if name not in RESERVED}
    return Reading(answers, problems, typed)


def announced_end(opened: date, is_school_day: Callable[[date], bool], days: int = DAYS_OPEN) -> date:
    """The end of a campaign that opens straight away for so many days: the last school day among them; where there is
    none, the first one after them."""
    ahead = [*range(days, 0, -1), *range(days + 1, DAYS_OPEN + 1)]
    following = [opened + timedelta(days=number) for number in ahead]
    return next(filter(is_school_day, following), following[0])


@dataclass(frozen=True)
class Joining:
    """A class that a campaign is opened for. The number of pupils is for the teacher's ring; nothing rests on it."""

    class_code: str
    pupils: int | None = None
    where: Where = Where.SHARED
