"""How long a conversation is kept once it is closed, what holds it, and in which months nothing is counted."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

MONTHS, DEFAULT_MONTHS = (1, 2, 3, 6, 12), 2
"""What a school may choose, in months after the closing; CNIL deliberation 2023-064 speaks of two."""
SUMMER = (7, 8)
"""Months that do not count: what is closed in June would be gone before the school is back."""
REPORTED_MONTHS = 12
"""For how long the report says what was erased."""


class Reason(StrEnum):
    """Why a conversation is held, in fixed words that tell nothing of what was written."""

    COMPLAINT = "complaint"
    """A complaint was made, or is about to be."""
    COURT = "court"
    """A court or the police ask for it, or may."""
    REPORT = "report"
    """A report was made and is still open (article 40, information préoccupante)."""
    ACCESS = "access"
    """Somebody has asked for access to their data."""


def erased_on(closed: date, months: int) -> date:
    """The first day on which what was closed that day is erased: never in July or August, which do not count."""
    day = date(closed.year, 9, 1) if closed.month in SUMMER else closed
    for _month in range(months):
        year, month = (day.year + day.month // 12, day.month % 12 + 1)
        month = 9 if month in SUMMER else month
        day = date(year, month, min(closed.day if closed.month not in SUMMER else 1, monthrange(year, month)[1]))
    return day


def is_due(closed: date, months: int, today: date) -> bool:
    """Whether it is to be erased today: a tick that was away in June does not make up for it in July."""
    return today.month not in SUMMER and erased_on(closed, months) <= today


def months_of(value: object) -> int:
    """The months that a setting says; DEFAULT_MONTHS for anything that no page of ours offers."""
    return value if isinstance(value, int) and value in MONTHS else DEFAULT_MONTHS
