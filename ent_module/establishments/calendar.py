"""When a school is open and what a school day is. Times are Europe/Paris unless said otherwise."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def paris(moment: datetime) -> datetime:
    """That moment as clocks in Paris show it; a naive one is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(PARIS)


@dataclass(frozen=True)
class Hours:
    """Opening hours of a weekday: from and to, for `mon` … `sun`; a missing day is closed."""

    days: dict[str, tuple[time, time]] = field(
        default_factory=lambda: {day: (time(8), time(17)) for day in ("mon", "tue", "thu", "fri")}
    )
    closed: frozenset[date] = frozenset()
    """The school's own closed days."""

    @classmethod
    def from_setting(cls, value: Any) -> "Hours":
        """From the setting `hours`; None: the default.

        It reads {"days": {"mon": ["08:00", "17:00"]}, "closed": ["2026-12-18"]}.
        """
        if value is None:
            return cls()
        days = {day: (time.fromisoformat(a), time.fromisoformat(b)) for day, (a, b) in value["days"].items()}
        return cls(days, frozenset(date.fromisoformat(day) for day in value.get("closed", ())))

    def as_setting(self) -> dict[str, Any]:
        """What `from_setting` reads."""
        return {
            "days": {day: [a.isoformat("minutes"), b.isoformat("minutes")] for day, (a, b) in self.days.items()},
            "closed": sorted(day.isoformat() for day in self.closed),
        }


def school_year(day: date) -> int:
    """The year in which the school year of that day began. It begins on September 1st: August is the old one's."""
    return day.year if day.month >= 9 else day.year - 1


def days_of_school_year(day: date) -> tuple[date, date]:
    """The first and the last day of the school year of that day."""
    first = school_year(day)
    return date(first, 9, 1), date(first + 1, 8, 31)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


@cache
def _zones() -> SchoolHolidayDates:
    return SchoolHolidayDates()


def _listed(day: date, zone: str) -> bool:
    """Whether the official calendar of zones A, B and C says that this is a holiday; False where it ends."""
    try:
        return zone in {"A", "B", "C"} and bool(_zones().is_holiday_for_zone(day, zone))
    except UnsupportedYearException:
        return False


@cache
def knows(day: date, zone: str) -> bool:
    """Whether the holidays of that day's school year are known: those that are have a Christmas.

    Corsica and overseas have calendars of their own, which schools enter as closed days.
    """
    return _listed(date(day.year - (day.month < 9), 12, 28), zone)


@cache
def _school_holiday(day: date, zone: str) -> bool:
    """Where the calendar is not known, July 7 to August 31 and December 22 to January 2 count as holidays."""
    if knows(day, zone):
        return _listed(day, zone)
    here = (day.month, day.day)
    return (7, 7) <= here <= (8, 31) or here >= (12, 22) or here <= (1, 2)


@dataclass(frozen=True)
class SchoolCalendar:
    """School days and opening hours of one establishment."""

    hours: Hours
    zone: str = "B"

    def is_school_day(self, day: date) -> bool:
        """Open on that weekday, and neither holidays, nor a public holiday, nor closed by the school."""
        return (
            WEEKDAYS[day.weekday()] in self.hours.days
            and day not in self.hours.closed
            and day not in _public_holidays(day.year)
            and not _school_holiday(day, self.zone)
        )

    def is_open(self, moment: datetime) -> bool:
        """Whether adults are there at that moment."""
        local = paris(moment)
        if not self.is_school_day(local.date()):
            return False
        start, end = self.hours.days[WEEKDAYS[local.weekday()]]
        return start <= local.time() < end

    def next_school_day(self, after: date) -> date:
        """The first school day after that date, within a year. Raises LookupError where there is none."""
        for ahead in range(1, 366):
            if self.is_school_day(after + timedelta(days=ahead)):
                return after + timedelta(days=ahead)
        raise LookupError("no school day within a year")

    def due(self, received: datetime, school_days: int = 1) -> date:
        """The day by which a message is read: so many school days after the day it was received."""
        day = paris(received).date()
        for _turn in range(school_days):
            day = self.next_school_day(day)
        return day

    def days_left(self, today: date, due: date) -> int:
        """School days from today to that day: 0 on the day itself, negative when it is past."""
        step = 1 if due >= today else -1
        first, last = sorted((today, due))
        between = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return step * sum(self.is_school_day(day) for day in between)
