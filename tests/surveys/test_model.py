from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.surveys.model import (
    LEVELS,
    Problem,
    Questionnaire,
    announced_end,
    overlap,
    read_answers,
    read_opening,
)
from tests.surveys.campaign import climate


def test_each_level_has_its_own_questions_and_words() -> None:
    asked = climate()
    numbers = [len(list(asked.items(level))) for level in LEVELS]
    assert numbers == [16, 30, 30]
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
def test_whatever_is_sent_only_questions_and_choices_come_out(form: dict[str, list[str]]) -> None:
    reading = read_answers(climate(), "lycee", form)
    items = {item.id: {choice.id for choice in item.choices} for item in climate().items("lycee")}
    for name, chosen in reading.answers.items():
        assert chosen
        assert set(chosen) <= items[name]
    assert read_answers(climate(), "lycee", reading.answers).answers == reading.answers


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


_GOOD = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes"}


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({}, ()),
        ({"pupils": "26"}, ()),
        ({"pupils": " "}, ()),
        ({"pupils": "0"}, ("pupils",)),
        ({"pupils": "61"}, ("pupils",)),
        ({"pupils": "²"}, ("pupils",)),
        ({"pupils": "-4"}, ("pupils",)),
        ({"told": ""}, ("told",)),
        ({"class_code": ""}, ("class_code",)),
        ({"questionnaire": "other"}, ("questionnaire",)),
    ],
)
def test_a_teachers_form_is_read(changed: dict[str, str], problems: tuple[str, ...]) -> None:
    opening = read_opening({**_GOOD, **changed}, ["6e B", "5e A"], ["school-climate"], ["5e A"])
    assert opening.problems == problems
    assert not opening.foreign_class


def test_a_class_of_someone_else_is_noticed() -> None:
    assert read_opening({**_GOOD, "class_code": "4e C"}, ["6e B"], ["school-climate"], []).foreign_class


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("6e B", "6e B", False),  # joining twice is joining once
        ("6e B", "6e b groupe 1", True),
        ("6e B gr1", "6e B gr2", True),
        ("6B_G1", "6B", True),
        ("6e B demi 1", "6e B demi 2", True),
        ("6e", "6e B", True),
        ("6e B", "6e C", False),
        ("2de 1", "2de 10", False),
        ("2de 4", "2de 5", False),
        ("3e G", "3e H", False),
    ],
)
def test_groups_that_may_have_the_same_pupils_are_known_by_their_names(one: str, other: str, same: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is same


def test_a_second_opening_for_the_same_pupils_is_asked_about() -> None:
    form = {**_GOOD, "class_code": "6e B gr1"}
    asked = read_opening(form, ["6e B gr1"], ["school-climate"], ["5e A", "6e B"])
    assert (asked.problems, asked.overlapping) == (("others",), ("6e B",))
    assert read_opening({**form, "others": "yes"}, ["6e B gr1"], ["school-climate"], ["6e B"]).problems == ()
    assert read_opening(form, ["6e B gr1"], ["school-climate"], ["6e B", "6e B gr1"]).problems == ()
