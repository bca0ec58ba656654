"""When a notice may leave, and what an address is. A notice says nothing but that there is something to look at."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from ent_module.establishments.calendar import WEEKDAYS, SchoolCalendar, paris


class Kind(StrEnum):
    """What a notice is for. Its words are the same, whatever it is for; only the one that checks an address differs."""

    MORNING = "morning"
    EVENING = "evening"
    DANGER = "danger"
    NEWS = "news"
    """The group has changed, or somebody is away."""
    MAILBOX = "mailbox"
    """To the mailbox of a level above: nobody has taken something, at any level."""
    CHECK = "check"
    """To an address that somebody has just typed."""


class State(StrEnum):
    """Where a notice is."""

    OWED = "owed"
    SENT = "sent"
    NOTHING = "nothing"
    """At that hour there was nothing to say, or there no longer is."""
    REFUSED = "refused"
    """The mail server does not take that address."""


RETRIED = timedelta(hours=2)
"""How long after its hour a notice still leaves, where the mail server does not answer."""
KEPT = timedelta(days=8)
"""How long it is known that a notice was sent, so that none is doubled."""
CHECKS_A_DAY = 5
"""So many addresses may one listener have checked a day: nobody's mailbox is filled by this."""
MORNINGS = tuple(time(hour, minute) for hour in (7, 8) for minute in (0, 30))
EVENINGS = tuple(time(hour, minute) for hour in (15, 16, 17) for minute in (0, 30))
"""The limits of the setting `notice_hours`."""
TRIAGE_DAYS = (2, 3, 4)
"""The limits of the setting `triage_days`."""
LONGEST = 200
EVERY_DAY = 0b1111111
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")


@dataclass(frozen=True)
class Hours:
    """The two fixed hours."""

    morning: time = time(7, 30)
    evening: time = time(16)

    @classmethod
    def from_setting(cls, value: Any) -> "Hours":
        """From the setting `notice_hours`, `{"morning": "07:30", "evening": "16:00"}`; what is not offered counts as
        unsaid.
        """
        said = value if isinstance(value, dict) else {}
        found: dict[str, time] = {}
        for name, offered in (("morning", MORNINGS), ("evening", EVENINGS)):
            match = [one for one in offered if one.isoformat("minutes") == said.get(name)]
            found |= {name: match[0]} if match else {}
        return cls(**found)


def hour_of(calendar: SchoolCalendar, hours: Hours, now: datetime) -> tuple[date, Kind] | None:
    """The fixed hour that has come, on a school day; None at any other time. It stays for RETRIED."""
    local = paris(now)
    if not calendar.is_school_day(local.date()):
        return None
    for kind, begins in ((Kind.MORNING, hours.morning), (Kind.EVENING, hours.evening)):
        start = datetime.combine(local.date(), begins, local.tzinfo)
        if start <= local < start + RETRIED:
            return local.date(), kind
    return None


def address(typed: str) -> str | None:
    """An e-mail address as it was typed; None where it is none, or holds what has no place in a header."""
    found = typed.strip()
    return found if len(found) <= LONGEST and _ADDRESS.fullmatch(found) else None


def weekdays(chosen: list[str]) -> int:
    """Days of the week as bits, Monday first; what is no day is left out."""
    return sum(1 << place for place, day in enumerate(WEEKDAYS) if day in chosen)


def named(mask: int) -> list[str]:
    """The days again, as `mon` … `sun`."""
    return [day for place, day in enumerate(WEEKDAYS) if mask >> place & 1]
