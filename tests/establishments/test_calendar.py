"""School days. Holidays of 2026-2027: calendar of the ministry for zones A, B and C (arrêté), restated here by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.establishments.calendar import (
    PARIS,
    WEEKDAYS,
    Hours,
    SchoolCalendar,
    days_of_school_year,
    knows,
    paris,
    school_year,
)

ALL_WEEK = Hours({day: (time(8), time(17)) for day in WEEKDAYS[:5]})
# zone, last day of class, first day of class again (2026-2027)
HOLIDAYS = [
    ("A", "2026-10-16", "2026-11-02"),
    ("B", "2026-10-16", "2026-11-02"),
    ("C", "2026-10-16", "2026-11-02"),
    ("A", "2026-12-18", "2027-01-04"),
    ("B", "2026-12-18", "2027-01-04"),
    ("C", "2026-12-18", "2027-01-04"),
    ("A", "2027-02-12", "2027-03-01"),
    ("B", "2027-02-19", "2027-03-08"),
    ("C", "2027-02-05", "2027-02-22"),
    ("A", "2027-04-09", "2027-04-26"),
    ("B", "2027-04-16", "2027-05-03"),
    ("C", "2027-04-02", "2027-04-19"),
    ("A", "2027-07-02", "2027-09-01"),
    ("B", "2027-07-02", "2027-09-01"),
    ("C", "2027-07-02", "2027-09-01"),
]


def at(day: str, clock: str = "09:00") -> datetime:
    """A moment as clocks in Paris show it."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(("zone", "last", "first"), HOLIDAYS)
def test_holidays_of_each_zone(zone: str, last: str, first: str) -> None:
    calendar = SchoolCalendar(ALL_WEEK, zone)
    assert calendar.is_school_day(date.fromisoformat(last))
    assert calendar.next_school_day(date.fromisoformat(last)) == date.fromisoformat(first)


@pytest.mark.parametrize(
    "day",
    ["2026-11-11", "2027-03-29", "2027-05-06", "2027-05-17", "2027-07-14", "2026-11-01"],
)
def test_public_holidays_are_no_school_days(day: str) -> None:
    assert not SchoolCalendar(ALL_WEEK, "A").is_school_day(date.fromisoformat(day))


def test_a_message_of_the_last_evening_waits_over_the_break() -> None:
    calendar = SchoolCalendar(Hours(), "B")
    assert calendar.due(at("2026-10-16", "18:30"), 1) == date(2026, 11, 2)
    assert calendar.due(at("2026-10-20"), 1) == date(2026, 11, 2)
    assert calendar.due(at("2026-10-16", "18:30"), 2) == date(2026, 11, 3)


def test_wednesday_is_a_school_day_only_where_the_school_says_so() -> None:
    without_wednesday = SchoolCalendar(Hours(), "B")
    with_wednesday = SchoolCalendar(ALL_WEEK, "B")
    tuesday = at("2026-11-17")
    assert without_wednesday.due(tuesday) == date(2026, 11, 19)
    assert with_wednesday.due(tuesday) == date(2026, 11, 18)


def test_the_day_is_the_day_in_paris() -> None:
    calendar = SchoolCalendar(ALL_WEEK, "B")
    late = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)  # already Friday the 13th in Paris
    assert calendar.due(late) == date(2026, 11, 16)


def test_closed_days_of_the_school() -> None:
    calendar = SchoolCalendar(Hours(ALL_WEEK.days, frozenset({date(2026, 11, 13)})), "B")
    assert calendar.due(at("2026-11-12")) == date(2026, 11, 16)


def test_open_from_and_to() -> None:
    calendar = SchoolCalendar(Hours({"thu": (time(8, 30), time(16, 30))}), "B")
    assert not calendar.is_open(at("2026-11-12", "08:29"))
    assert calendar.is_open(at("2026-11-12", "08:30"))
    assert calendar.is_open(at("2026-11-12", "16:29"))
    assert not calendar.is_open(at("2026-11-12", "16:30"))
    assert not calendar.is_open(at("2026-11-13", "10:00"))


def test_summer_and_winter_time() -> None:
    calendar = SchoolCalendar(Hours({"mon": (time(8), time(9))}), "B")
    assert calendar.is_open(datetime(2026, 10, 12, 6, 30, tzinfo=UTC))
    assert calendar.is_open(datetime(2026, 11, 9, 7, 30, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 11, 9, 6, 30, tzinfo=UTC))


def test_a_school_without_days_is_an_error_not_a_wait_for_ever() -> None:
    with pytest.raises(LookupError):
        SchoolCalendar(Hours({}), "B").due(at("2026-11-12"))


def test_where_the_calendar_ends_christmas_and_summer_are_still_holidays() -> None:
    assert knows(date(2027, 3, 1), "B")
    assert not knows(date(2040, 3, 1), "B")
    assert not knows(date(2027, 3, 1), "other")
    for zone, year in (("B", 2040), ("other", 2026)):
        calendar = SchoolCalendar(ALL_WEEK, zone)
        assert not calendar.is_school_day(date(year, 12, 28))
        assert not calendar.is_school_day(date(year, 8, 3))
        assert calendar.is_school_day(date(year, 2, 1) + timedelta(days=(7 - date(year, 2, 1).weekday()) % 7))


def test_the_autumn_after_the_last_known_summer_is_not_taken_as_known() -> None:
    """The library knows 2027-2028 and answers "no holiday" for all days of the autumn after it."""
    last = next(year for year in range(2026, 2060) if not knows(date(year, 10, 1), "A"))
    assert knows(date(last, 8, 1), "A")
    assert not SchoolCalendar(ALL_WEEK, "A").is_school_day(date(last, 12, 27))


def test_hours_survive_their_setting() -> None:
    hours = Hours({"mon": (time(8, 15), time(17))}, frozenset({date(2026, 12, 18)}))
    assert hours.as_setting() == {"days": {"mon": ["08:15", "17:00"]}, "closed": ["2026-12-18"]}
    assert Hours.from_setting(hours.as_setting()) == hours
    assert Hours.from_setting(None) == Hours()


_some_hours = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(
    lambda days: Hours({day: (time(8), time(17)) for day in days})
)
_moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=n))


@settings(max_examples=200, deadline=None)
@given(_some_hours, st.sampled_from(["A", "B", "C", "other"]), _moments, st.integers(1, 4))
def test_due_is_a_school_day_after_the_day_of_arrival(
    hours: Hours, zone: str, received: datetime, school_days: int
) -> None:
    calendar = SchoolCalendar(hours, zone)
    arrived = paris(received).date()
    due = calendar.due(received, school_days)
    assert due > arrived
    assert calendar.is_school_day(due)
    assert calendar.days_left(arrived, due) == school_days


@settings(max_examples=200, deadline=None)
@given(_some_hours, st.sampled_from(["A", "B", "C"]), _moments, st.integers(-40, 40))
def test_days_left_counts_down_by_school_days(hours: Hours, zone: str, moment: datetime, ahead: int) -> None:
    calendar = SchoolCalendar(hours, zone)
    today = paris(moment).date()
    due = today + timedelta(days=ahead)
    left = calendar.days_left(today, due)
    tomorrow = calendar.days_left(today + timedelta(days=1), due)
    assert calendar.days_left(due, due) == 0
    assert (left >= 0) == (due >= today) or left == 0
    if today < due:
        assert left - tomorrow == int(calendar.is_school_day(today + timedelta(days=1)))
    assert left == -calendar.days_left(due, today)


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), date(2027, 8, 31)),
        (date(2027, 8, 31), date(2026, 9, 1), date(2027, 8, 31)),
        (date(2027, 1, 5), date(2026, 9, 1), date(2027, 8, 31)),
        (date(2026, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
    ],
)
def test_a_school_year_begins_in_september(day: date, start: date, end: date) -> None:
    assert days_of_school_year(day) == (start, end)
    assert school_year(day) == start.year
