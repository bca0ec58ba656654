"""What is to be done day by day, and the list that a group meets over: never a text of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.meeting import Booked
from ent_module.help.model.moves import Lane, State, waits
from ent_module.help.service import desk, meetings, opened
from ent_module.help.service.desk import Line, Readable
from ent_module.help.tables import Conversation
from ent_module.identity.model import Person
from ent_module.web.house import Keys

MOST = 300
"""So many conversations stand on one page; more are open in no school."""
_OPEN = Conversation.state != State.CLOSED.value


@dataclass(frozen=True)
class Entry:
    """One line of a day. `booked`: an appointment or a day to come back to; else the day by which it is to be read."""

    line: Line
    booked: bool
    meeting: Booked | None = None
    """The appointment, where it is one."""


@dataclass(frozen=True)
class Day:
    """A day with what is to be done on it; what is late stands under today."""

    day: date
    entries: Sequence[Entry]


def days(db: Session, keys: Keys, person: Person, now: datetime) -> list[Day]:
    """The days on which something is due or booked, from today on."""
    today = paris(now).date()
    found: dict[date, list[Entry]] = {}
    for one, line in _open(db, keys, person, now):
        booked = {note.booked for note in opened.notes_of(db, one)} - {None}
        for day in (day for day in booked if day and day >= today):
            found.setdefault(day, []).append(Entry(line, booked=True))
        meeting = meetings.booked_of(db, one)
        if meeting is not None and meeting.meeting.day >= today:
            found.setdefault(meeting.meeting.day, []).append(Entry(line, booked=True, meeting=meeting))
        if waits(State(one.row.state), held=one.row.handled_by is not None):
            found.setdefault(max(one.row.due_on, today), []).append(Entry(line, booked=False))
    return [Day(day, sorted(found[day], key=_hour)) for day in sorted(found)]


def _hour(entry: Entry) -> time:
    """Appointments by their hour, before what has none."""
    return entry.meeting.meeting.at if entry.meeting else time.max


@dataclass(frozen=True)
class Talked:
    """A line of the meeting's list: what it is about in fixed words, and who did what last."""

    line: Line
    received_on: date
    last: opened.Step | None


def meeting(db: Session, keys: Keys, person: Person, now: datetime) -> list[Talked]:
    """All open conversations, as a group goes through them together."""
    return [
        Talked(line, paris(one.row.received_slot).date(), next(iter(opened.steps_of(db, one)[-1:]), None))
        for one, line in _open(db, keys, person, now)
    ]


def _open(db: Session, keys: Keys, person: Person, now: datetime) -> list[tuple[Readable, Line]]:
    rows: list[Readable] = []
    for lane in Lane:
        every: Any = desk.each(db, keys, person, lane, _OPEN)
        rows += [one for one, _number in zip(every, range(MOST), strict=False)]
    lines = desk.lines(db, person, [(one.row, one.header) for one in rows], now)
    return list(zip(rows, lines, strict=True))
