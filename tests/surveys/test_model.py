from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.surveys.model import (
    LEVELS,
    Answers,
    Problem,
    Questionnaire,
    announced_end,
    read_answers,
)
from tests.surveys.campaign import climate


def test_each_level_has_its_own_questions_and_words() -> None:
    asked = climate()
    numbers = [len(list(asked.items(level))) for level in LEVELS]
    assert numbers == [16, 32, 32]
    young = {item.id: item for item in asked.items("ecole")}
    assert young["safety_school"].wording("ecole")["fr"] == "Je me sens en sécurité à l’école."
    assert young["safety_school"].wording("college")["fr"] == "Je me sens en sécurité ici."
    assert "form_sexual" not in young
    assert "place" not in young
    assert all(section.items for section in asked.for_level("ecole"))
    assert [section.id for section in asked.for_level("ecole")] != [section.id for section in asked.sections]


def test_answers_are_read_in_the_questionnaires_order() -> None:
    reading = read_answers(
        climate(), "college", {"told": ["family", "friend"], "bullied": ["never"], "csrf_token": ["x"]}
    )
    assert reading.problems == {}
    assert list(reading.answers.items()) == [("bullied", ["never"]), ("told", ["friend", "family"])]


@pytest.mark.parametrize("form", [{}, {"bullied": [""]}, {"bullied": [], "told": ["", ""]}])
def test_everything_may_be_skipped(form: Mapping[str, list[str]]) -> None:
    reading = read_answers(climate(), "college", form)
    assert (reading.answers, reading.problems) == ({}, {})


@pytest.mark.parametrize(
    ("form", "problems"),
    [
        ({"bullied": ["often"]}, {"bullied": Problem.NO_SUCH_CHOICE}),
        ({"bullied": ["agree"]}, {"bullied": Problem.NO_SUCH_CHOICE}),
        ({"bullied": ["never", "weekly"]}, {"bullied": Problem.ONE_ONLY}),
        ({"told": ["friend", "<script>"]}, {"told": Problem.NO_SUCH_CHOICE}),
        ({"nothing": ["never"]}, {"nothing": Problem.NO_SUCH_QUESTION}),
        ({"place_ecole": ["yard"]}, {"place_ecole": Problem.NO_SUCH_QUESTION}),
        ({"bullied": ["never"], "class_code": ["6e B"]}, {"class_code": Problem.NO_SUCH_QUESTION}),
    ],
)
def test_what_the_questionnaire_does_not_have_is_told_by_question(
    form: Mapping[str, list[str]], problems: dict[str, Problem]
) -> None:
    assert read_answers(climate(), "college", form).problems == problems


def test_what_was_answered_well_is_kept_beside_a_problem() -> None:
    reading = read_answers(climate(), "college", {"safety_school": ["agree"], "bullied": ["often"]})
    assert reading.answers == {"safety_school": ["agree"]}


_names = st.sampled_from([*(item.id for item in climate().items("lycee")), "place_ecole", "csrf_token"]) | st.text()
_values = st.sampled_from(["", "never", "agree", "friend", "yard"]) | st.text()


@given(st.dictionaries(_names, st.lists(_values, max_size=4), max_size=8))
def test_whatever_is_sent_only_questions_choices_and_short_texts_come_out(form: dict[str, list[str]]) -> None:
    reading = read_answers(climate(), "lycee", form)
    items = {item.id: {choice.id for choice in item.choices} for item in climate().items("lycee")}
    for name, chosen in reading.answers.items():
        assert chosen
        assert set(chosen) <= items[name] or (name == "idea" and max(map(len, chosen)) <= 200)
    assert read_answers(climate(), "lycee", reading.answers).answers == reading.answers


# --- Numbers, and questions that concern some only -------------------------------------------------------------------


def asks(*items: dict[str, Any]) -> Questionnaire:
    """A questionnaire of these questions; what is not said is ordinary."""
    label = {"fr": "x", "en": "x", "ar": "x"}
    usual = {"levels": ["college"], "text": label, "kind": "one", "scale": "abc", "reverse": False, "cutoff": None}
    bands = [{"id": name, "label": label, "from": start} for name, start in (("low", 2), ("mid", 5), ("high", 9))]
    scales = {
        "abc": {"choices": [{"id": name, "label": label} for name in "abc"]},
        "bands": {"to": 12, "choices": bands},
    }
    made = [{**usual, "licence": "x", **item} for item in items]
    sections = [{"id": "all", "title": label, "items": made}]
    return Questionnaire.from_data({"id": "x", "version": 1, "title": label, "scales": scales, "sections": sections})


def when(how: str, **conditions: list[str]) -> dict[str, Any]:
    return {"relevant": {how: [{"item": item, "is": choices} for item, choices in conditions.items()]}}


AGE = {"id": "age", "kind": "number", "scale": "bands"}


@pytest.mark.parametrize(
    ("typed", "band"),
    [
        (["2"], "low"),
        (["4"], "low"),
        (["5"], "mid"),
        ([" 8 "], "mid"),
        (["9"], "high"),
        (["12"], "high"),
        (["0012"], "high"),
        (["5.0"], "mid"),
        (["5e0"], "mid"),
        (["1E1"], "high"),
        (["٣"], "low"),
        (["mid"], "mid"),  # a ballot that is read again
        (["5", ""], "mid"),
    ],
)
def test_a_number_becomes_its_band_and_is_kept_nowhere_else(typed: list[str], band: str) -> None:
    reading = read_answers(asks(AGE), "college", {"age": typed})
    assert (reading.answers, reading.problems) == ({"age": [band]}, {})


@pytest.mark.parametrize(
    "typed", ["1", "13", "-5", "5.5", "5e", "9e9", "²", "999999999999", "nan", "inf", "five", "low high", "+6", "0x5"]
)
def test_what_is_no_number_of_these_is_told_and_shown_again(typed: str) -> None:
    reading = read_answers(asks(AGE), "college", {"age": [typed]})
    assert (reading.answers, reading.problems) == ({}, {"age": Problem.NO_SUCH_NUMBER})
    assert reading.typed == {"age": [typed]}
    assert typed not in repr(reading)


def test_two_numbers_are_one_too_many() -> None:
    assert read_answers(asks(AGE), "college", {"age": ["3", "9"]}).problems == {"age": Problem.ONE_ONLY}


RULE = when("any", one=["b", "c"])
CHAIN = ({"id": "one"}, {"id": "two", **RULE}, {"id": "three", **when("any", two=["a"])})


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"one": ["b"], "two": ["a"], "three": ["c"]}, ["one", "two", "three"]),
        ({"one": ["a"], "two": ["a"], "three": ["c"]}, ["one"]),  # what is left out holds nothing for the next
        ({"one": ["b"], "two": ["b"], "three": ["c"]}, ["one", "two"]),
        ({"two": ["a"], "three": ["c"]}, []),  # a question that was passed holds nothing
        ({"one": ["a"], "two": ["z"]}, ["one"]),  # nor is it an error
        ({"one": ["a"], "two": ["a", "b"]}, ["one"]),
    ],
)
def test_an_answer_to_a_question_that_does_not_concern_them_is_left_out(form: Answers, kept: list[str]) -> None:
    reading = read_answers(asks(*CHAIN), "college", form)
    assert (list(reading.answers), reading.problems) == (kept, {})


def test_all_wants_every_condition_and_any_wants_one() -> None:
    first, second = {"id": "one", "kind": "several"}, AGE
    for how, forms in (
        ("all", {("b", "6"): True, ("b", ""): False, ("a", "6"): False, ("a", ""): False}),
        ("any", {("b", "6"): True, ("b", ""): True, ("a", "6"): True, ("a", ""): False}),
    ):
        asked = asks(first, second, {"id": "last", **when(how, one=["b"], age=["mid"])})
        for (one, age), concerned in forms.items():
            form = {"one": [one], "age": [age], "last": ["a"]}
            assert ("last" in read_answers(asked, "college", form).answers) is concerned, (how, one, age)


_three = st.lists(st.sampled_from("abcz"), max_size=2)


@given(st.fixed_dictionaries({"one": _three, "two": _three, "three": _three}))
def test_a_form_reads_as_one_without_the_questions_that_were_left_out(form: Answers) -> None:
    asked = asks(*CHAIN)
    reading = read_answers(asked, "college", form)
    left = {name: values for name, values in form.items() if name in reading.answers or name in reading.problems}
    assert read_answers(asked, "college", left) == reading


def test_a_questionnaire_is_named_down_to_its_last_word() -> None:
    asked = climate()
    same = Questionnaire.from_data(dict(asked.data))
    assert (same, same.digest) == (asked, asked.digest)
    other = Questionnaire.from_data({**asked.data, "title": {**asked.data["title"], "ar": "عنوان"}})
    assert other.digest != asked.digest


def test_the_announced_end_is_a_school_day() -> None:
    opened = date(2026, 11, 23)
    assert announced_end(opened, lambda _day: True) == date(2026, 12, 21)
    assert announced_end(opened, lambda day: day < date(2026, 12, 19)) == date(2026, 12, 18)
    assert announced_end(opened, lambda _day: False) == date(2026, 12, 21)
    # where no school day is left among them, it is the first one after them
    assert announced_end(date(2026, 11, 27), lambda day: day.weekday() < 5, 1) == date(2026, 11, 30)
    assert announced_end(opened, lambda _day: True, 1) == date(2026, 11, 24)
