"""Clocks of the channel: when something arrived, as vaguely as still serves, and how long it has been waiting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from ent_module.establishments.calendar import WEEKDAYS, Hours, SchoolCalendar, paris


def slot(moment: datetime) -> datetime:
    """The half hour in which that moment lies, in UTC: exact times would link a message to who was signed in."""
    moment = moment.astimezone(UTC)
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def due_day(
    calendar: SchoolCalendar,
    received: datetime,
    school_days: int,
    present: frozenset[str] = frozenset(WEEKDAYS),
    longer: int = 0,
) -> date:
    """The day by which a message is read; a school that has entered no opening day at all gets the usual week.

    Only days of the week count on which somebody is there, but for `longer` school days at most.
    """
    try:
        plain = calendar.due(received, school_days)
    except LookupError:
        return SchoolCalendar(Hours(), calendar.zone).due(received, school_days)
    there = {day: hours for day, hours in calendar.hours.days.items() if day in present}
    if len(there) == len(calendar.hours.days):
        return plain
    try:
        latest = calendar.due(received, school_days + longer)
        return min(
            SchoolCalendar(Hours(there, calendar.hours.closed), calendar.zone).due(received, school_days), latest
        )
    except LookupError:
        return plain


class Wait(StrEnum):
    """How a wait stands."""

    LEFT = "left"
    TODAY = "today"
    LATE = "late"


@dataclass(frozen=True)
class Waiting:
    """A wait, in school days: so many left, to be read today, or so many late."""

    kind: Wait
    days: int = 0


def waiting(calendar: SchoolCalendar, now: datetime, due: date) -> Waiting:
    """How long a message may still wait. A due day that was yesterday is one day late even before school opens."""
    today = paris(now).date()
    if today == due:
        return Waiting(Wait.TODAY)
    left = calendar.days_left(today, due)
    return Waiting(Wait.LEFT, max(left, 1)) if due > today else Waiting(Wait.LATE, max(-left, 1))
