"""The form with which a teacher starts a class in a campaign, or opens one straight away. Pure rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ent_module.surveys.model import DAYS_OPEN, MOST_PUPILS, Joining, Questionnaire, Where

DAYS_TO_CHOOSE = (7, 14, DAYS_OPEN)
DAYS_OF_FEEDBACK = (1, *DAYS_TO_CHOOSE)
"""About a lesson or a trip, a day may be enough."""
_PART = re.compile(r"g\d+|(gr|grp|gp|groupes?)\d*|demi|moiti[eé]")


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
    days: int
    """How long it is open, where it opens straight away."""
    enough: bool
    """The class has been asked often enough this year."""


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


@dataclass(frozen=True)
class Running:
    """A campaign that the class may join, as far as the form rests on it."""

    announced: bool
    """Whether the head has announced it to families."""
    already: tuple[str, ...]
    """Groups for which it is open."""


def days_for(asked: Questionnaire | None) -> tuple[int, ...]:
    """How long a campaign of that questionnaire may be open, where a teacher opens it straight away."""
    return DAYS_OF_FEEDBACK if asked is not None and asked.feedback else DAYS_TO_CHOOSE


def read_opening(
    form: Mapping[str, str],
    classes: Sequence[str],
    known: Mapping[str, Questionnaire],
    running: Running | None,
    *,
    enough: bool = False,
) -> Opening:
    """What a teacher of these classes sent. `known`: the questionnaires by id; `running`: the campaign of the one that
    was chosen, if there is one; `enough`: whether the class has been asked often enough this year."""
    already = running.already if running else ()
    days, asked = _number(form.get("days", str(DAYS_OPEN))), known.get(form.get("questionnaire", ""))
    class_code, questionnaire = form.get("class_code", ""), form.get("questionnaire", "")
    typed = form.get("pupils", "").strip()
    pupils = _number(typed)
    fresh = class_code and class_code not in already
    overlapping = tuple(code for code in already if fresh and overlap(code, class_code))
    wrong = {
        "class_code": not class_code,
        "others": bool(overlapping) and form.get("others") != "yes",
        "questionnaire": asked is None,
        "place": form.get("place") not in set(Where),
        "pupils": bool(typed) and not 1 <= (pupils or 0) <= MOST_PUPILS,
        "days": not running and days not in days_for(asked),
        "third": enough and form.get("third") != "yes",
        "told": not (running and running.announced) and form.get("told") != "yes",
    }
    return Opening(
        questionnaire,
        Joining(class_code, pupils, Where(form["place"]) if not wrong["place"] else Where.SHARED),
        tuple(name for name, problem in wrong.items() if problem),
        bool(class_code) and class_code not in classes,
        overlapping,
        days or DAYS_OPEN,
        enough,
    )


def _number(typed: str) -> int | None:
    """A whole number of one or two digits."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 2 else None
