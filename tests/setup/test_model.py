"""What a school may enter, and what is told when it is wrong. No database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.establishments.calendar import WEEKDAYS, Hours
from ent_module.setup import model
from ent_module.setup.model import Problem, read_card, read_delay, read_hours, read_words

ACCOUNT = "0f8fad5b-d9cb-469f-a165-70867728950e"
MONDAY = {"mon-open": "1", "mon-from": "08:00", "mon-to": "17:30"}


def test_hours_of_a_week_and_closed_days() -> None:
    read = read_hours(
        MONDAY
        | {"wed-open": "1", "wed-from": "08:15", "wed-to": "12:00", "thu-from": "08:00"}
        | {"closed-0-from": "2026-12-17", "closed-0-to": "2026-12-18", "closed-4-from": "2027-05-07"}
    )
    assert not read.problems
    assert read.value == {
        "days": {"mon": ["08:00", "17:30"], "wed": ["08:15", "12:00"]},
        "closed": ["2026-12-17", "2026-12-18", "2027-05-07"],
    }


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        ({}, "days", Problem.NO_DAY),
        ({"mon-from": "08:00", "mon-to": "17:00"}, "days", Problem.NO_DAY),
        ({"mon-open": "1"}, "mon-from", Problem.TIME_MISSING),
        ({"mon-open": "1", "mon-from": "08:00"}, "mon-to", Problem.TIME_MISSING),
        (MONDAY | {"mon-from": "8 h"}, "mon-from", Problem.TIME_MISSING),
        (MONDAY | {"mon-from": "25:00"}, "mon-from", Problem.TIME_MISSING),
        (MONDAY | {"mon-from": "08:00+05:00"}, "mon-from", Problem.TIME_MISSING),
        (MONDAY | {"mon-to": "08:00"}, "mon-to", Problem.ENDS_BEFORE_IT_BEGINS),
        (MONDAY | {"mon-to": "07:00"}, "mon-to", Problem.ENDS_BEFORE_IT_BEGINS),
        (MONDAY | {"closed-0-from": "2026-02-30"}, "closed-0-from", Problem.NOT_A_DAY),
        (MONDAY | {"closed-0-from": "18/12/2026"}, "closed-0-from", Problem.NOT_A_DAY),
        (MONDAY | {"closed-0-from": "9999-12-31"}, "closed-0-from", Problem.NOT_A_DAY),
        (MONDAY | {"closed-0-to": "2026-12-18"}, "closed-0-from", Problem.NOT_A_DAY),
        (MONDAY | {"closed-0-from": "2026-12-18", "closed-0-to": "soon"}, "closed-0-to", Problem.NOT_A_DAY),
        (
            MONDAY | {"closed-2-from": "2026-12-18", "closed-2-to": "2026-12-17"},
            "closed-2-to",
            Problem.DAYS_BACKWARDS,
        ),
        (MONDAY | {"closed-0-from": "2026-01-01", "closed-0-to": "2099-01-01"}, "closed-0-to", Problem.TOO_MANY_DAYS),
        (
            MONDAY
            | {"closed-0-from": "2026-09-01", "closed-0-to": "2027-02-28"}
            | {"closed-1-from": "2027-03-02", "closed-1-to": "2027-08-31"},
            "closed-0-from",
            Problem.TOO_MANY_DAYS,
        ),
    ],
)
def test_hours_that_cannot_be(form: dict[str, str], field: str, problem: Problem) -> None:
    assert read_hours(form).problems == {field: [problem]}


def test_several_mistakes_are_told_at_once() -> None:
    form = {"mon-open": "1", "tue-open": "1", "tue-from": "12:00", "tue-to": "08:00", "closed-0-from": "x"}
    assert set(read_hours(form).problems) == {"mon-from", "tue-to", "closed-0-from"}


def test_there_is_always_room_for_another_closed_day() -> None:
    assert list(model.closed_rows({})) == [0, 1, 2]
    assert list(model.closed_rows({"closed-5-to": "2026-12-18", "closed-9-from": " "})) == list(range(9))
    assert list(model.closed_rows({"closed-99999-from": "x", "closed-x-from": "x"})) == [0, 1, 2]


def test_days_that_follow_each_other_are_one_span() -> None:
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)]
    assert model.spans(days) == [(date(2026, 12, 31), date(2027, 1, 1)), (date(2027, 1, 3), date(2027, 1, 3))]
    assert model.spans([]) == []


@given(
    st.dictionaries(
        st.sampled_from(WEEKDAYS),
        st.tuples(st.times(), st.times()).filter(lambda span: span[0].replace(second=0) < span[1].replace(second=0)),
        min_size=1,
    ),
    st.sets(st.dates(date(2026, 9, 1), date(2027, 8, 31)), max_size=60),
)
def test_what_the_form_shows_is_what_it_gives_back(days: dict[str, tuple[object, object]], closed: set[date]) -> None:
    minutes = {
        day: [start.strftime("%H:%M"), end.strftime("%H:%M")]  # type: ignore[attr-defined]  # times
        for day, (start, end) in days.items()
        if start.strftime("%H:%M") < end.strftime("%H:%M")  # type: ignore[attr-defined]  # times
    }
    if not minutes:
        return
    setting = Hours.from_setting({"days": minutes, "closed": [day.isoformat() for day in closed]}).as_setting()
    read = read_hours(model.hours_form(setting))
    assert not read.problems
    assert read.value == setting


def test_a_card_needs_a_name_or_a_function() -> None:
    assert read_card({"name": " ", "role": "", "place": "Bâtiment B"}, []).problems == {
        "name": [Problem.CARD_WITHOUT_NAME]
    }
    assert not read_card({"role": "Infirmerie"}, []).problems


def test_a_card_is_tidied() -> None:
    form = {"name": "  Mme\n Petit ", "role": "CPE", "place": "", "hours": "", "account_id": ACCOUNT}
    assert read_card(form, [ACCOUNT]).value == {
        "name": "Mme Petit",
        "role": "CPE",
        "place": "",
        "hours": "",
        "account_id": ACCOUNT,
    }


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        ({"name": "x" * 81}, "name", Problem.TOO_LONG),
        ({"name": "A", "hours": "x" * 121}, "hours", Problem.TOO_LONG),
        ({"name": "A\x00B"}, "name", Problem.NOT_TEXT),
        ({"name": "A", "place": "abc\u202edcba"}, "place", Problem.NOT_TEXT),
        ({"name": "A", "account_id": "somebody"}, "account_id", Problem.UNKNOWN_ADULT),
        ({"name": "A", "account_id": ACCOUNT.upper()}, "account_id", Problem.UNKNOWN_ADULT),
    ],
)
def test_cards_that_cannot_be(form: dict[str, str], field: str, problem: Problem) -> None:
    assert read_card(form, [ACCOUNT]).problems == {field: [problem]}


CARDS = [{"id": "a"}, {"id": "b"}, {"id": "c"}]


@pytest.mark.parametrize(
    ("card_id", "steps", "order"),
    [
        ("b", -1, "bac"),
        ("b", 1, "acb"),
        ("a", -1, "abc"),
        ("c", 1, "abc"),
        ("a", 9, "bca"),
        ("x", 1, "abc"),
    ],
)
def test_moving_a_card(card_id: str, steps: int, order: str) -> None:
    assert "".join(card["id"] for card in model.moved(CARDS, card_id, steps)) == order


def test_changing_a_card_keeps_its_place() -> None:
    assert model.with_card(CARDS, {"id": "b", "name": "B"}) == [{"id": "a"}, {"id": "b", "name": "B"}, {"id": "c"}]
    assert model.with_card(CARDS, {"id": "d"})[-1] == {"id": "d"}
    assert model.without_card(CARDS, "b") == [{"id": "a"}, {"id": "c"}]
    assert CARDS == [{"id": "a"}, {"id": "b"}, {"id": "c"}]


def test_words_are_plain_text_with_plain_line_ends() -> None:
    read = read_words({"before-fr": " Un.\r\nDeux. ", "before-en": "", "before-ar": "مرحبا"})
    assert not read.problems
    assert read.value == {"before": {"fr": "Un.\nDeux.", "ar": "مرحبا"}}


def test_six_hundred_characters_and_no_more() -> None:
    assert not read_words({"before-fr": "é" * 600}).problems
    assert read_words({"before-fr": "é" * 601}).problems == {"before-fr": [Problem.TOO_LONG]}


def test_a_line_end_counts_once() -> None:
    assert not read_words({"before-fr": "a\r\n" * 299 + "a"}).problems


def test_french_comes_first() -> None:
    assert read_words({"before-ar": "مرحبا"}).problems == {"before-fr": [Problem.FRENCH_MISSING]}
    assert read_words({}).value == {"before": {}}


def test_words_keep_markup_as_text() -> None:
    assert read_words({"before-fr": "<b>Bonjour</b> & {{ x }}"}).value["before"]["fr"] == "<b>Bonjour</b> & {{ x }}"


@pytest.mark.parametrize("typed", ["", "0", "4", "-1", "1.5", "x", "١"])
def test_the_delay_is_one_of_three(typed: str) -> None:
    assert read_delay({"days": typed}).problems == {"days": [Problem.NOT_OFFERED]}
    assert read_delay({"days": "2"}).value == 2


@pytest.mark.parametrize(
    ("checked", "today", "months"),
    [
        ("2026-05-23", "2026-11-22", 5),
        ("2026-05-23", "2026-11-23", 6),
        ("2026-08-31", "2027-02-28", 5),
        ("2026-11-23", "2026-11-23", 0),
    ],
)
def test_months_since_a_number_was_checked(checked: str, today: str, months: int) -> None:
    assert model.months_since(date.fromisoformat(checked), date.fromisoformat(today)) == months
