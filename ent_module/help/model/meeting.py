"""Appointments: a day, an hour, a neutral place, and never a reason.

Not at break, where everybody sees who is called; not out of the school's hours, when nobody is there. The last one that
was proposed counts, until it is called off; the writer's last answer to it counts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from ent_module.establishments.calendar import PARIS, WEEKDAYS, SchoolCalendar, paris

MEET, OFF = "meet", "meet_off"
"""What the group says: an appointment, and that it is called off."""
YES, NO, OTHER = "meet_yes", "meet_no", "meet_other"
ANSWERS = (YES, NO, OTHER)
"""What the writer says to it."""
PLACES = ("life", "office", "library", "reception", "room")
"""Where anybody may be called, for anything: none of them is the nurse's or the social worker's."""
FIELDS = ("on_day", "at", "place", "room")
LASTS = timedelta(minutes=30)
"""As a calendar has it."""
FARTHEST = timedelta(days=60)
MOST_BREAKS = 8
LONGEST_MOMENT = 200
_ROOM = re.compile(r"[0-9A-Za-z][0-9A-Za-z .-]{0,11}")
_BREAK = re.compile(r"(\d{1,2})\s*[h:]\s*(\d{2})?\s*(?:-|–|à)\s*(\d{1,2})\s*[h:]\s*(\d{2})?")
Break = tuple[time, time]


class Wrong(StrEnum):
    """What keeps an appointment from being proposed."""

    DAY = "day"
    PAST = "past"
    FAR = "far"
    CLOSED = "closed"
    """No school day."""
    HOUR = "hour"
    OUTSIDE = "outside"
    """Out of the school's hours."""
    BREAK = "break"
    PLACE = "place"
    ROOM = "room"


@dataclass(frozen=True)
class Meeting:
    """When and where."""

    day: date
    at: time
    place: str
    room: str = ""
    """Only where the place is a room."""

    @property
    def begins(self) -> datetime:
        """The moment, as clocks at school have it."""
        return datetime.combine(self.day, self.at, PARIS)

    def as_values(self) -> dict[str, str]:
        """As it is sealed."""
        return {
            "on_day": self.day.isoformat(),
            "at": self.at.isoformat("minutes"),
            "place": self.place,
            "room": self.room,
        }

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Meeting | None":
        """What was sealed; None for what is no appointment."""
        try:
            day, at = date.fromisoformat(values["on_day"]), time.fromisoformat(values["at"])
        except (KeyError, ValueError):
            return None
        return cls(day, at, values.get("place", ""), values.get("room", ""))


class Said(Protocol):
    """A message or note, opened."""

    @property
    def on(self) -> str:
        """What it is."""
        ...

    @property
    def text(self) -> str | None:
        """Its words."""
        ...

    @property
    def more(self) -> Mapping[str, str]:
        """What else was kept with it."""
        ...


@dataclass(frozen=True)
class Booked:
    """The appointment that counts, and what the writer says to it: nothing yet, yes, no, or when they could."""

    meeting: Meeting
    turn: int
    """Which of all that were proposed or called off: a form says what it answers to."""
    answer: str = ""
    words: str = ""


def current(proposed: Iterable[Said], answered: Iterable[Said] = ()) -> Booked | None:
    """The appointment that counts. `proposed`: what the group said of it, in order; `answered`: the whole thread, where
    the writer has one. None where there is none, or where it was called off.
    """
    moves = [one for one in proposed if one.on in {MEET, OFF}]
    found = Meeting.of(moves[-1].more) if moves and moves[-1].on == MEET else None
    if found is None:
        return None
    booked = Booked(found, len(moves))
    for one in answered:
        if one.on in {MEET, OFF}:
            booked = Booked(found, len(moves))
        elif one.on in ANSWERS:
            booked = Booked(found, len(moves), one.on, one.text or "")
    return booked


# --- What may be proposed ---------------------------------------------------------------------------------------------


def proposed(
    typed: Mapping[str, str], calendar: SchoolCalendar, breaks: Sequence[Break], now: datetime
) -> Meeting | dict[str, Wrong]:
    """The appointment that was typed, or what is wrong with it, by field."""
    wrong: dict[str, Wrong] = {}
    day, at = _day(typed.get("on_day", "")), _time(typed.get("at", ""))
    place, room = typed.get("place", ""), " ".join(typed.get("room", "").split())
    today = paris(now).date()
    if day is None:
        wrong["on_day"] = Wrong.DAY
    elif day < today:
        wrong["on_day"] = Wrong.PAST
    elif day > today + FARTHEST:
        wrong["on_day"] = Wrong.FAR
    elif not calendar.is_school_day(day):
        wrong["on_day"] = Wrong.CLOSED
    if at is None:
        wrong["at"] = Wrong.HOUR
    elif day is not None and "on_day" not in wrong:
        wrong |= _of_hour(day, at, calendar, breaks, now)
    if place not in PLACES:
        wrong["place"] = Wrong.PLACE
    elif place == "room" and not _ROOM.fullmatch(room):
        wrong["room"] = Wrong.ROOM
    if wrong or day is None or at is None:
        return wrong
    return Meeting(day, at, place, room if place == "room" else "")


def _of_hour(day: date, at: time, calendar: SchoolCalendar, breaks: Sequence[Break], now: datetime) -> dict[str, Wrong]:
    begins, ends = calendar.hours.days[WEEKDAYS[day.weekday()]]
    if datetime.combine(day, at, PARIS) <= paris(now):
        return {"at": Wrong.PAST}
    if not begins <= at < ends:
        return {"at": Wrong.OUTSIDE}
    return {"at": Wrong.BREAK} if any(start <= at < end for start, end in breaks) else {}


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _time(typed: str) -> time | None:
    """As the field sends it, or as people write it: 10:30, 10 h 30, 10h."""
    found = re.fullmatch(r"(\d{1,2})\s*[h:]\s*(\d{2})?(?::\d{2})?", typed.strip())
    return _clock(found[1], found[2]) if found else None


def _clock(hour: str, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


# --- Breaks -----------------------------------------------------------------------------------------------------------


def breaks_from(value: Any) -> list[Break]:
    """From the setting `breaks`, `[["10:00", "10:15"], …]`; what is none of these counts as unsaid."""
    try:
        return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in value or ()]
    except (TypeError, ValueError):
        return []


def typed_breaks(typed: str) -> list[list[str]] | None:
    """The setting, from what was typed: « 10:00-10:15, 12 h-13 h 30 ». None for what cannot be understood."""
    found = []
    for part in (one.strip() for one in re.split(r"[,;\n]", typed)):
        if not part:
            continue
        match = _BREAK.fullmatch(part)
        start, end = (_clock(match[1], match[2]), _clock(match[3], match[4])) if match else (None, None)
        if start is None or end is None or start >= end:
            return None
        found.append([start.isoformat("minutes"), end.isoformat("minutes")])
    return sorted(found) if len(found) <= MOST_BREAKS else None


def written_breaks(value: Any) -> str:
    """The setting as it is typed."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in breaks_from(value))
