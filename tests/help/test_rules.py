"""What a form may say, how a conversation moves, and clocks in school days."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from ent_module.establishments.calendar import Hours, SchoolCalendar
from ent_module.help.model.clock import Wait, due_day, slot, waiting
from ent_module.help.model.draft import (
    CHOICES,
    FIELDS,
    Answer,
    Audience,
    Draft,
    Problem,
    TamperedError,
    problems,
    problems_until,
    read,
    step_of,
)
from ent_module.help.model.moves import MOVES, WAITING, Refusal, State, refusal, state_after

CALENDAR = SchoolCalendar(Hours())
MOMENTS = st.integers(0, 300 * 24 * 60).map(
    lambda minutes: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
# The first look at a year's holidays reads them from their packages.
SLOW_AT_FIRST = settings(deadline=None)


def sent(**values: Any) -> MultiDict[str, str]:
    return MultiDict(
        [(name, one) for name, many in values.items() for one in ([many] if isinstance(many, str) else many)]
    )


# --- Drafts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", Audience)
def test_a_draft_comes_back_from_the_fields_of_its_page(audience: Audience) -> None:
    offered = {name: choices[audience] for name, choices in CHOICES.items() if choices[audience]}
    form = sent(**{name: values[0] for name, values in offered.items()}, message="Bonjour\r\ntoi", to="card")
    draft = read(audience, form)
    assert draft.message == "Bonjour\ntoi"
    again = MultiDict([(name, value) for name in FIELDS for value in draft.values(name)])
    assert read(audience, again) == draft


@pytest.mark.parametrize(
    "form",
    [
        {"answer": "by-mail"},
        {"what": ["home", "elsewhere"]},
        {"danger": "maybe"},
        {"without": "not-an-id"},
        {"often": "<script>"},
        {"parents": "yes", "audience": "parent"},
    ],
)
def test_values_that_no_page_offers_are_tampering(form: dict[str, Any]) -> None:
    audience = Audience(form.pop("audience", "pupil"))
    with pytest.raises(TamperedError):
        read(audience, sent(message="x", **form))


def test_what_an_audience_is_not_offered_is_tampering() -> None:
    with pytest.raises(TamperedError):
        read(Audience.YOUNG, sent(answer="later"))
    with pytest.raises(TamperedError):
        read(Audience.PARENT, sent(what="did"))


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ({"message": "", "answer": "here-named"}, {"message": Problem.EMPTY}),
        ({"message": "x" * 2001, "answer": "here-named"}, {"message": Problem.TOO_LONG}),
        ({"message": "x" * 2000, "answer": "here-named"}, {}),
        ({"message": "x"}, {"answer": Problem.CHOOSE}),
        ({"message": "x", "what": ("home",)}, {"answer": Problem.CHOOSE_HOME}),
        ({"message": "x", "answer": "visit", "to": ("gone",)}, {"to": Problem.GONE}),
        ({"message": "", "answer": "visit"}, {"message": Problem.EMPTY}),
        ({"message": "", "answer": "visit", "audience": Audience.YOUNG}, {}),
        ({"message": "", "answer": "here-named", "audience": Audience.YOUNG}, {"message": Problem.EMPTY}),
    ],
)
def test_what_is_missing(given_: dict[str, Any], found: dict[str, Problem]) -> None:
    assert problems(Draft(**{"audience": Audience.PUPIL, **given_}), ["card"]) == found


def test_no_visit_without_a_name() -> None:
    assert [one for one in Answer if not one.named] == [Answer.HERE_UNNAMED]
    assert [one for one in Answer if not one.has_code] == [Answer.VISIT]


def test_screens_ask_for_a_text_only_once_it_is_known_to_be_needed() -> None:
    draft = Draft(Audience.YOUNG)
    assert problems_until(draft, [], "message") == {}
    assert problems_until(draft, [], "answer") == {"answer": Problem.CHOOSE}
    named = Draft(Audience.YOUNG, answer="here-named")
    assert step_of(problems_until(named, [], "answer")) == "message"
    assert problems_until(Draft(Audience.YOUNG, answer="visit"), [], "send") == {}


# --- Moves ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", State)
def test_every_move_leaves_only_from_its_states(name: str, state: State) -> None:
    move = MOVES[name]
    assert (refusal(move, state, held_by_other=False) is None) == (state in move.since)
    assert state_after(move, state) in State


@pytest.mark.parametrize("name", ["take", "answer", "close"])
def test_two_adults_never_act_at_once(name: str) -> None:
    for state in MOVES[name].since:
        assert refusal(MOVES[name], state, held_by_other=True) is Refusal.TAKEN


def test_a_closed_conversation_only_takes_notes_new_messages_a_reopening_and_what_protects_at_any_time() -> None:
    """Whom to leave out, and that the law's own way was taken, may become known late."""
    late = {"concerned", "transmitted"}
    taken = {name for name, move in MOVES.items() if State.CLOSED in move.since}
    assert taken == {"written_again", "note", "reopen"} | late


def test_a_new_message_always_makes_a_conversation_wait_again() -> None:
    assert {state_after(MOVES["written_again"], state) for state in State} == {State.NEW}
    assert State.NEW in WAITING


# --- Clocks -----------------------------------------------------------------------------------------------------------


@given(MOMENTS)
def test_arrivals_are_known_to_the_half_hour_only(moment: datetime) -> None:
    kept = slot(moment)
    assert kept <= moment < kept + timedelta(minutes=30)
    assert (kept.minute % 30, kept.second, kept.microsecond) == (0, 0, 0)
    assert slot(kept) == kept


@SLOW_AT_FIRST
@given(MOMENTS, st.integers(1, 5))
def test_a_wait_is_told_in_school_days(received: datetime, school_days: int) -> None:
    due = due_day(CALENDAR, received, school_days)
    left = waiting(CALENDAR, received, due)
    assert CALENDAR.is_school_day(due)
    assert left.kind is Wait.LEFT
    assert left.days == school_days


@SLOW_AT_FIRST
@given(MOMENTS, st.integers(-20, 20))
def test_a_wait_is_never_shown_as_none_left_or_none_late(now: datetime, days: int) -> None:
    today = now.astimezone(UTC).date()
    found = waiting(CALENDAR, now, today + timedelta(days=days))
    assert found.kind is Wait.TODAY or found.days >= 1


def test_late_and_today() -> None:
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert waiting(CALENDAR, monday, date(2026, 11, 16)).kind is Wait.TODAY
    late = waiting(CALENDAR, monday, date(2026, 11, 12))
    assert (late.kind, late.days) == (Wait.LATE, 2)


def test_a_school_that_is_never_open_still_promises_a_day() -> None:
    never = SchoolCalendar(Hours({}))
    assert due_day(never, datetime(2026, 11, 12, 9, tzinfo=UTC), 1) == date(2026, 11, 13)
    always = SchoolCalendar(Hours({day: (time(0), time(23)) for day in ("sat",)}))
    assert due_day(always, datetime(2026, 11, 12, 9, tzinfo=UTC), 1) == date(2026, 11, 14)
