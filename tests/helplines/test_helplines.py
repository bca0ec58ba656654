from datetime import UTC, date, datetime
from typing import Any

import pytest

from ent_module.helplines import service
from ent_module.helplines.model import helpline, mistakes

ENTRY: dict[str, Any] = {
    "id": "1",
    "number": "0 800 1",
    "dial": "08001",
    "name": {"fr": "a", "en": "a", "ar": "a"},
    "who": {"fr": "a", "en": "a", "ar": "a"},
    "hours": [{"days": ["mon", "sat"], "from": "09:00", "to": "23:00"}],
    "channels": ["call"],
    "chat_url": None,
    "free": True,
    "discreet": None,
    "group": "children",
    "source": "https://a.example",
    "checked": date(2026, 11, 1),
    "expires": date(2027, 5, 1),
}


def test_the_data_file_has_no_mistake() -> None:
    assert list(service.check_content()) == []


def test_a_number_that_has_closed_is_listed_nowhere() -> None:
    assert "3020" not in {line.number for line in service.all_lines()}


def test_lines_of_every_page_are_there_and_day_and_night_ones_come_first() -> None:
    lines = service.lines(service.FOR_PUPILS)
    assert {line.id for line in lines} == {"119", "3018", "3114"}
    assert [line.always for line in lines] == sorted((line.always for line in lines), reverse=True)
    assert [line.always for line in service.all_lines()] == sorted(
        (line.always for line in service.all_lines()), reverse=True
    )


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), False),  # Monday 8:59 in Paris
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),  # Monday 9:00 in Paris
        (datetime(2026, 11, 23, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), False),  # Tuesday
        (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), True),  # summer time: 9:00 in Paris
    ],
)
def test_open_now_is_told_in_paris_time(moment: datetime, *, is_open: bool) -> None:
    assert helpline(ENTRY).is_open(moment) is is_open


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dial": "0 800"}, "dial"),
        ({"name": {"fr": "a"}}, "name"),
        ({"group": "x"}, "group"),
        ({"channels": ["fax"]}, "channels"),
        ({"number": "3020"}, "3018"),
        ({"expires": None}, "expires"),
        ({"discreet": {"fr": "a"}}, "discreet"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], said: str) -> None:
    assert mistakes(ENTRY, service.LANGUAGES) == []
    assert any(said in one for one in mistakes({**ENTRY, **change}, service.LANGUAGES))
