import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ent_module.helplines import service
from ent_module.helplines.model import helpline, mistakes
from ent_module.languages import LANGUAGES

ALL = frozenset(LANGUAGES)

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
    "reviewer": "Content editor",
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


SPAN = {"days": ["mon"], "from": "09:00", "to": "17:00"}


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"dial": "0 800"}, "dial", "digits"),
        ({"dial": 119}, "dial", "digits"),
        ({"name": {"fr": "a"}}, "name", "must be a text in each of ar, en, fr"),
        ({"who": {"fr": "a", "en": "", "ar": "a"}}, "who", "must be a text in each"),
        ({"who": "a"}, "who", "must be a text in each"),
        ({"group": "x"}, "group", "must be one of"),
        ({"channels": ["fax"]}, "channels", "must be a list among"),
        ({"channels": []}, "channels", "must be a list among"),
        ({"channels": ["call", "chat"]}, "chat_url", "must be given"),
        ({"number": "3020"}, "number", "3018"),
        ({"number": 3018}, "number", "must be a text"),
        ({"expires": None}, "expires", "must be a date"),
        ({"expires": date(2026, 1, 1)}, "expires", "after checked"),
        ({"checked": "hier"}, "checked", "must be a date"),
        ({"free": "oui"}, "free", "true or false"),
        ({"source": "vu à la télé"}, "source", "address"),
        ({"discreet": {"fr": "a"}}, "discreet", "must be a text in each"),
        ({"hours": None}, "hours", "must be always"),
        ({"hours": []}, "hours", "must be always"),
        ({"hours": "toujours"}, "hours", "must be always"),
        ({"hours": [{**SPAN, "days": ["lundi"]}]}, "hours", "mon, tue"),
        ({"hours": [{**SPAN, "days": []}]}, "hours", "mon, tue"),
        ({"hours": [{**SPAN, "days": [{}]}]}, "hours", "mon, tue"),
        ({"hours": [{**SPAN, "from": "9h"}]}, "hours", "must be a time"),
        ({"hours": [{**SPAN, "to": 540}]}, "hours", "must be a time"),
        ({"hours": [{**SPAN, "to": "25:00"}]}, "hours", "must be a time"),
        ({"hours": [{**SPAN, "to": "08:00"}]}, "hours", "before to"),
        ({"hours": [{"days": ["mon"]}]}, "hours", "days, from, to"),
        ({"woh": {"fr": "a"}}, "woh", "not a known key"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], key: str, said: str) -> None:
    assert mistakes(ENTRY, ALL) == []
    [(at, message)] = mistakes({**ENTRY, **change}, ALL)
    assert at == key
    assert said in message


@pytest.mark.parametrize("key", sorted(ENTRY))
def test_every_key_is_needed(key: str) -> None:
    less = {name: value for name, value in ENTRY.items() if name != key}
    assert mistakes(less, ALL) == [("", f"{key} is missing")]


@pytest.mark.parametrize("entry", [None, "119", ["119"], 119])
def test_an_entry_that_is_no_mapping_is_a_mistake(entry: Any) -> None:
    assert mistakes(entry, ALL) == [("", "a helpline must be keys and values")]


def test_nothing_said_of_a_helpline_is_for_a_child_or_an_adult_alone() -> None:
    """Children and parents read the same lines: neither « tu » nor « vous »."""
    for line in service.all_lines():
        for text in (line.who, line.discreet or {}):
            assert not re.search(
                r"\b(tu|te|toi|ton|ta|tes|t’|vous|votre|vos)\b|\bt’", text.get("fr", ""), re.IGNORECASE
            ), line.id
            assert not re.search(r"\byour?\b", text.get("en", ""), re.IGNORECASE), line.id
            for sentence in re.split(r"[.:]", text.get("fr", "")):
                assert len(sentence.split()) <= 12, sentence
