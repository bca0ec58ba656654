"""What a writer fills in: the questions of each audience, what they may be answered, and what is still missing.

The values are the same for all; the words of each audience are in `wording`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from ent_module.help.model.moves import Lane

LONGEST = 2_000
LONGEST_NAME = 100
SECRECY = Lane.SECRECY.value


class Audience(StrEnum):
    """To whom the form speaks: a child of an école, a pupil of a collège or lycée, a parent, an adult of the school."""

    YOUNG = "young"
    PUPIL = "pupil"
    PARENT = "parent"
    STAFF = "staff"


class Answer(StrEnum):
    """How the writer wants to be answered. With the name or without is part of it: no visit without a name."""

    VISIT = "visit"
    """An adult comes to see me (calls me, for a parent): no thread, no code, nothing to be found later."""
    HERE_NAMED = "here-named"
    HERE_UNNAMED = "here-unnamed"
    LATER = "later"
    """With my name, but do not come to see me for now."""

    @property
    def named(self) -> bool:
        """Whether the writer's name goes with the message."""
        return self is not Answer.HERE_UNNAMED

    @property
    def has_code(self) -> bool:
        """Whether there is a thread to come back to."""
        return self is not Answer.VISIT


_THEMES = ("mocked", "hurt", "online", "home", "sexual", "rejected", "sad", "other", "unsaid")
_YOUNG, _PUPIL, _PARENT, _STAFF = Audience

# For each question and audience, the values that its page offers. The order is that of the page.
CHOICES: dict[str, dict[Audience, tuple[str, ...]]] = {
    "about": {
        _YOUNG: ("me", "other", "unknown"),
        _PUPIL: ("me", "other", "seen", "did"),
        _PARENT: ("child", "other", "seen"),
        _STAFF: ("told", "seen", "feared"),
    },
    "what": {**dict.fromkeys(Audience, _THEMES), _YOUNG: ("mocked", "hurt", "home", "online", "sad", "other")},
    "often": dict.fromkeys(Audience, ("once", "several", "daily", "unknown")),
    "since": {**dict.fromkeys(Audience, ("days", "weeks", "months", "unknown")), _YOUNG: ()},
    "danger": dict.fromkeys(Audience, ("yes", "no", "unknown")),
    "adult": dict.fromkeys(Audience, ("no", "yes", "unsaid")),
    "shared": {**dict.fromkeys(Audience, ()), _PUPIL: ("yes", "no", "unknown")},
    "answer": {
        _YOUNG: ("visit", "here-named", "here-unnamed"),
        _PUPIL: ("visit", "here-named", "here-unnamed", "later"),
        _PARENT: ("visit", "here-named", "here-unnamed"),
        _STAFF: ("visit",),
    },
    "parents": {_YOUNG: ("yes", "no", "talk"), _PUPIL: ("yes", "no", "talk"), _PARENT: (), _STAFF: ()},
    "source": {**dict.fromkeys(Audience, ()), _STAFF: ("paper", "voice", "3018", "other")},
}
_LINES: dict[Audience, tuple[str, ...]] = {
    _YOUNG: ("named",),
    _PUPIL: ("named", "only", "stand_in", "lane"),
    _PARENT: ("named",),
    _STAFF: ("named", "person"),
}
"""What is typed in a line, or names an account, by audience."""
SEVERAL = frozenset({"what", "to", "without"})
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("about", ("about",)),
    ("what", ("what",)),
    ("message", ("message",)),
    ("often", ("often",)),
    ("danger", ("danger",)),
    ("adults", ("to", "adult", "without", "named")),
    ("answer", ("answer",)),
    ("parents", ("parents",)),
    ("send", ()),
)
"""The screens of the école side, one question each, and the fields that each of them asks for."""
ELSEWHERE = ("since", "only", "stand_in", "lane", "shared", "source", "person")
"""What the école's screens do not ask for."""
FIELDS = (*(name for _step, names in STEPS for name in names), *ELSEWHERE)


class TamperedError(Exception):
    """The form holds a value that no page of ours offers."""


class Problem(StrEnum):
    """What is still missing or too much, field by field."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHOOSE = "choose"
    CHOOSE_HOME = "choose_home"
    """Home is the matter, or somebody has the password, and nothing was chosen: a visit is proposed."""
    WHICH_ADULT = "which_adult"
    """An adult of the school is concerned, and nothing says which one."""
    STAND_IN = "stand_in"
    """One adult alone is to read, and nobody stands in for them."""
    CANNOT_READ = "cannot_read"
    """The one who alone is to read, or the stand-in, is left out or no member of the group."""
    GONE = "gone"
    NOBODY_LEFT = "nobody_left"


class Sent(Protocol):
    """A sent form (werkzeug's MultiDict)."""

    def get(self, name: str, default: str, /) -> str:
        """The first value of a field."""
        ...

    def getlist(self, name: str, /) -> list[str]:
        """All values of a field."""
        ...


@dataclass(frozen=True)
class Draft:
    """What was filled in so far. Lives in the page only: neither the session nor the database keeps a draft."""

    audience: Audience
    about: str = ""
    what: tuple[str, ...] = ()
    message: str = ""
    often: str = ""
    since: str = ""
    danger: str = ""
    to: tuple[str, ...] = ()
    adult: str = ""
    """Whether an adult of the school is concerned."""
    without: tuple[UUID, ...] = ()
    named: str = ""
    """The adult concerned, in the writer's own words."""
    only: str = ""
    """The account of the one adult who is to read, and of the one who stands in for them."""
    stand_in: str = ""
    lane: str = ""
    """SECRECY: only nurse and social worker are to read it; empty: the group."""
    shared: str = ""
    """Whether somebody else has the password."""
    answer: str = ""
    parents: str = ""
    source: str = ""
    """How it came to whoever writes it down for somebody else."""
    person: str = ""
    """Who said it, as the group writes it down."""

    @property
    def alone(self) -> tuple[str, str] | None:
        """The two accounts that are to read it alone. In danger the whole group reads, as the page says."""
        return (self.only, self.stand_in) if self.only and self.danger != "yes" and not self.lane else None

    @property
    def queue(self) -> Lane:
        """Whose queue it goes to."""
        return Lane(self.lane or Lane.GROUP)

    @property
    def wanted(self) -> Answer:
        """How to answer. Only for a draft without problems."""
        return Answer(self.answer)

    def values(self, name: str) -> list[str]:
        """What a field holds, as its page's controls say it."""
        held: Any = getattr(self, name)
        return [str(one) for one in held] if name in SEVERAL else [held] if held else []

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values, in a fixed order."""
        return {name: self.values(name) for name in FIELDS}


def cleaned(text: str) -> str:
    """A text as it is kept: browsers send CRLF for each line; surrounding blanks and NUL say nothing."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def read(audience: Audience, form: Sent) -> Draft:
    """The draft that a form holds. Raises TamperedError for a value that its page cannot have sent."""
    lines: dict[str, Any] = {
        name: " ".join(cleaned(form.get(name, "")).split()) for name in ("named", "person", "only", "stand_in", "lane")
    }
    if any(len(line) > LONGEST_NAME for line in lines.values()) or lines["lane"] not in {"", SECRECY}:
        raise TamperedError
    to = tuple(dict.fromkeys(form.getlist("to")))
    draft = Draft(audience, message=cleaned(form.get("message", "")), to=to)
    draft = replace(draft, **{name: line for name, line in lines.items() if name in _LINES[audience]})
    try:
        draft = replace(draft, without=tuple(dict.fromkeys(UUID(one) for one in form.getlist("without"))))
    except ValueError:
        raise TamperedError from None
    return replace(draft, **{name: _chosen(name, offered[audience], form) for name, offered in CHOICES.items()})


def _chosen(name: str, offered: tuple[str, ...], form: Sent) -> Any:
    given = [one for one in form.getlist(name) if one]
    if any(one not in offered for one in given):
        raise TamperedError
    # A screen of the école side holds what was answered before and then the tile that was tapped: the last one counts.
    return tuple(dict.fromkeys(given)) if name in SEVERAL else "".join(given[-1:])


def text_problem(text: str, *, required: bool) -> Problem | None:
    """What is wrong with a message."""
    if len(text) > LONGEST:
        return Problem.TOO_LONG
    return Problem.EMPTY if required and not text else None


def problems(draft: Draft, cards: Sequence[str], readers: Sequence[str] = ()) -> dict[str, Problem]:
    """What keeps the draft from being sent. `cards`: ids of the adults to whom one may address oneself; `readers`:
    accounts of those who would read it.
    """
    found: dict[str, Problem] = {}
    required = not (draft.audience is Audience.YOUNG and draft.answer == Answer.VISIT)
    if problem := text_problem(draft.message, required=required):
        found["message"] = problem
    if any(one not in cards for one in draft.to):
        found["to"] = Problem.GONE
    if draft.adult == "yes" and not draft.without and not draft.named:
        found["adult"] = Problem.WHICH_ADULT
    alone = "" if draft.lane else draft.only  # where others read, the two do not count
    if alone and draft.stand_in in {"", alone}:
        found["stand_in"] = Problem.STAND_IN
    elif alone and not {draft.only, draft.stand_in} <= set(readers):
        found["only"] = Problem.CANNOT_READ
    if not draft.answer:
        found["answer"] = Problem.CHOOSE_HOME if "home" in draft.what or draft.shared == "yes" else Problem.CHOOSE
    return found


def problems_until(draft: Draft, cards: Sequence[str], step: str) -> dict[str, Problem]:
    """The same, for the screens up to that one. Nothing need be written before it is known how to answer."""
    names = [name for name, _fields in STEPS]
    seen = {field for _name, fields in STEPS[: names.index(step) + 1] for field in fields}
    found = {name: what for name, what in problems(draft, cards).items() if name in seen}
    if not draft.answer and found.get("message") is Problem.EMPTY:
        del found["message"]
    return found


def step_of(problem_fields: Mapping[str, Problem]) -> str:
    """The first screen that has something to correct; the last one where nothing has."""
    return next((step for step, names in STEPS if any(name in problem_fields for name in names)), "send")
