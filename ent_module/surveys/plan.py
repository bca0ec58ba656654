"""What a head plans before a campaign: whom it asks, its window, how they are told. Pure rules: no request, no
database.

Pupils are asked by class. Parents and staff are asked as a whole school, since portals say no more of them: of these
the head says how many are invited.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ent_module.establishments.model import Kind
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys.model import MOST_PUPILS, Where
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience

NOTICE = timedelta(days=10)
"""How long before the first day families are told, at least: time to ask, and to refuse."""
TOLD_BEFORE: Mapping[Audience, timedelta] = {
    Audience.PUPILS: NOTICE,
    Audience.PARENTS: NOTICE,
    Audience.STAFF: timedelta(days=1),
}
"""The same for each audience. No law asks for ten days where staff are asked: it is enough that they know before."""
LONGEST = timedelta(days=56)
"""A window that lasts longer is nobody's news any more."""
MOST_CLASSES = 200
MOST_INVITED = 9999
ANSWERED_AT = {Audience.PARENTS: Where.HOME, Audience.STAFF: Where.SHARED}
"""Parents answer on their own devices; staff rooms have computers for all, on which nothing may outlive the tab."""
_LONGEST_NAME = 80
_AHEAD = 120
"""Days among which a school day is looked for: longer than any holidays."""
_LINE = re.compile(r"(?P<name>.*[^\s;,\t])\s*[;,\t]\s*(?P<enrolled>\d{1,3})")


class Readers(StrEnum):
    """Who reads results once they are released."""

    HEAD = "head"
    ADULTS = "adults"
    """All who work at the school."""


class Told(StrEnum):
    """How families were told, or the adults who are asked."""

    NOTICE = "notice"
    """By the printed notice, from the day of the announcement on."""
    PAPER = "paper"
    MESSAGE = "message"
    MEETING = "meeting"
    SAID = "said"
    """As the teacher says who opened it straight away."""


BEFORE = (Told.PAPER, Told.MESSAGE, Told.MEETING)
"""Ways in which families may have been told before a campaign is announced here."""

# --- Classes and their levels ---------------------------------------------------------------------------------------

OTHER = "other"
"""The level of a class that has none of its school's levels, or several."""
LEVELS_OF: Mapping[str, tuple[str, ...]] = {
    Kind.ECOLE: ("CP", "CE1", "CE2", "CM1", "CM2", OTHER),
    Kind.COLLEGE: ("6e", "5e", "4e", "3e", OTHER),
    Kind.LYCEE: ("2de", "1re", "Tle", OTHER),
}
_GUESSES: Mapping[str, tuple[tuple[str, str], ...]] = {
    Kind.ECOLE: (("cp", "CP"), ("ce1", "CE1"), ("ce2", "CE2"), ("cm1", "CM1"), ("cm2", "CM2")),
    Kind.COLLEGE: (("6", "6e"), ("5", "5e"), ("4", "4e"), ("3", "3e")),
    Kind.LYCEE: (("2", "2de"), ("1", "1re"), ("t", "Tle")),
}
_ORDINALS = (
    ("sixieme", "6"),
    ("cinquieme", "5"),
    ("quatrieme", "4"),
    ("troisieme", "3"),
    ("seconde", "2"),
    ("premiere", "1"),
    ("terminale", "t"),
    ("term", "t"),
    ("tle", "t"),
)
_ENDING = re.compile(r"([3-6])(?:eme|e)(?=.)|(2)(?:nde|de)|(1)(?:ere|re)")


def class_key(name: str) -> str:
    """What two spellings of one class's name have in common: « 6e B », « 6ème B » and « 6B » are one class."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    key = "".join(sign for sign in plain if sign.isalnum())
    for word, short in _ORDINALS:
        if key.startswith(word):
            return short + key.removeprefix(word)
    found = _ENDING.match(key)
    return key if found is None else next(filter(None, found.groups())) + key[found.end() :]


def level_of(name: str, kind: str) -> str:
    """The level that the name of a class of that kind of school tells; OTHER where it tells none, or several."""
    key = class_key(name)
    if kind == Kind.ECOLE:
        found = {level for mark, level in _GUESSES[kind] if mark in key}
    else:
        found = {level for mark, level in _GUESSES.get(kind, ()) if key.startswith(mark)}
    return found.pop() if len(found) == 1 else OTHER


@dataclass(frozen=True)
class Listed:
    """A class of the audience; or all parents or staff, of whom there are no levels (`parts.WHOLE_SCHOOL`)."""

    name: str
    enrolled: int
    level: str


def read_classes(text: str, kind: str) -> tuple[tuple[Listed, ...], tuple[int, ...]]:
    """The classes in lines such as « 6e B ; 26 », or as a spreadsheet copies them, and the numbers of the lines that
    cannot be read. A class that is there twice is one of these."""
    found: dict[str, Listed] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = _LINE.fullmatch(line.strip())
        enrolled = int(parts["enrolled"]) if parts else 0
        name = " ".join(parts["name"].split()) if parts else ""
        unusable = len(name) > _LONGEST_NAME or class_key(name) in found or name in WHOLE_SCHOOL.values()
        if not 1 <= enrolled <= MOST_PUPILS or unusable:
            wrong.append(number)
        else:
            found[class_key(name)] = Listed(name, enrolled, level_of(name, kind))
    return tuple(found.values()), tuple(wrong)


# --- The draft ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A campaign as its head drafts it."""

    questionnaire: str
    opens_on: date
    closes_on: date
    readers: Readers
    place: Where
    classes: tuple[Listed, ...]


@dataclass(frozen=True)
class ReadPlan:
    """The form of a draft as it was read: a plan, or the names of the fields to correct."""

    plan: Plan | None
    problems: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    """Of the classes, those that cannot be read."""


@dataclass(frozen=True)
class Window:
    """The first and the last day."""

    opens_on: date
    closes_on: date


def read_window(form: Mapping[str, str], today: date) -> tuple[Window | None, tuple[str, ...]]:
    """The days in a form, or the names of the fields to correct."""
    opens, closes = (day_of(form.get(name, "")) for name in ("opens_on", "closes_on"))
    wrong = {
        "opens_on": opens is None or opens < today,
        "closes_on": closes is None or (opens is not None and not opens < closes <= opens + LONGEST),
    }
    problems = tuple(name for name, problem in wrong.items() if problem)
    return (None if problems or opens is None or closes is None else Window(opens, closes)), problems


def proposed_day(earliest: date, is_school_day: Callable[[date], bool]) -> date:
    """The first day that a form proposes: a school day. That day itself where there is none in sight."""
    following = (earliest + timedelta(days=ahead) for ahead in range(_AHEAD))
    return next(filter(is_school_day, following), earliest)


@dataclass(frozen=True)
class _Asked:
    """Who is asked, and where, in a form; with the names of the fields to correct, and the lines of the classes."""

    classes: tuple[Listed, ...]
    place: str | None
    problems: tuple[str, ...]
    lines: tuple[int, ...] = ()


def _classes(form: Mapping[str, str], kind: str) -> _Asked:
    classes, lines = read_classes(form.get("classes", ""), kind)
    wrong = {
        "classes": bool(lines) or not 1 <= len(classes) <= MOST_CLASSES,
        "place": form.get("place") not in set(Where),
    }
    return _Asked(classes, form.get("place"), tuple(name for name, problem in wrong.items() if problem), lines)


def _everyone(form: Mapping[str, str], audience: Audience) -> _Asked:
    """All parents, or all staff: fewer than FLOOR would never have results."""
    typed = form.get("invited", "").strip()
    invited = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_INVITED)) else 0
    listed = Listed(WHOLE_SCHOOL[audience], invited, OTHER)
    return _Asked((listed,), ANSWERED_AT[audience], () if invited >= FLOOR else ("invited",))


def read_plan(form: Mapping[str, str], known: Mapping[str, Audience], kind: str, today: date) -> ReadPlan:
    """What a head of that kind of school sent. `known`: the questionnaires that may be asked, and whom they ask."""
    audience = known.get(form.get("questionnaire", ""))
    window, misdated = read_window(form, today)
    asked = _everyone(form, audience) if audience in WHOLE_SCHOOL else _classes(form, kind)
    problems = (
        *(() if audience else ("questionnaire",)),
        *misdated,
        *asked.problems,
        *(() if form.get("readers") in set(Readers) else ("readers",)),
    )
    if problems or window is None:
        return ReadPlan(None, problems, asked.lines)
    readers, place = Readers(form["readers"]), Where(asked.place or "")
    return ReadPlan(Plan(form["questionnaire"], window.opens_on, window.closes_on, readers, place, asked.classes))


def day_of(typed: str) -> date | None:
    """The day that a field of a form holds."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


# --- The announcement -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """How families, or the adults who are asked, are told, and since which day."""

    told: Told
    told_on: date


def in_time(notice: Notice, opens_on: date, audience: Audience = Audience.PUPILS) -> bool:
    """Whether those concerned know long enough before the first day."""
    return notice.told_on + TOLD_BEFORE[audience] <= opens_on


@dataclass(frozen=True)
class ReadNotice:
    """The form that announces as it was read: a notice, or the names of the fields to correct."""

    notice: Notice | None
    problems: tuple[str, ...] = ()


def read_notice(
    form: Mapping[str, str],
    opens_on: date,
    today: date,
    audience: Audience = Audience.PUPILS,
    *,
    enough: bool = False,
) -> ReadNotice:
    """What a head sent who announces today. `enough`: whether classes have been asked often enough this year."""
    told, day = form.get("told"), day_of(form.get("told_on", ""))
    notice = Notice(Told(told), day) if told in BEFORE and day is not None and day <= today else None
    if told == Told.NOTICE:
        notice = Notice(Told.NOTICE, today)
    if notice is not None and not in_time(notice, opens_on, audience):
        notice = None
    wrong = {
        "told": notice is None and told not in BEFORE,
        "told_on": notice is None and told in BEFORE,
        "third": enough and form.get("third") != "yes",
    }
    problems = tuple(name for name, problem in wrong.items() if problem)
    return ReadNotice(None if problems else notice, problems)
