"""The form with which a teacher starts a class."""

import pytest

from ent_module.surveys.content import questionnaires
from ent_module.surveys.joining import Running, overlap, read_opening

KNOWN = questionnaires()


def open_for(*classes: str) -> Running:
    return Running(announced=False, already=classes)


_GOOD = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes", "place": "home"}


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({}, ()),
        ({"pupils": "26"}, ()),
        ({"pupils": " "}, ()),
        ({"place": "street"}, ("place",)),
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
    opening = read_opening({**_GOOD, **changed}, ["6e B", "5e A"], KNOWN, open_for("5e A"))
    assert opening.problems == problems
    assert not opening.foreign_class


def test_a_class_of_someone_else_is_noticed() -> None:
    assert read_opening({**_GOOD, "class_code": "4e C"}, ["6e B"], KNOWN, None).foreign_class


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
    asked = read_opening(form, ["6e B gr1"], KNOWN, open_for("5e A", "6e B"))
    assert (asked.problems, asked.overlapping) == (("others",), ("6e B",))
    assert read_opening({**form, "others": "yes"}, ["6e B gr1"], KNOWN, open_for("6e B")).problems == ()
    assert read_opening(form, ["6e B gr1"], KNOWN, open_for("6e B", "6e B gr1")).problems == ()


@pytest.mark.parametrize(
    ("asked", "days", "problems"),
    [
        ("school-climate", "28", ()),
        ("school-climate", "7", ()),
        ("school-climate", "1", ("days",)),
        ("exit-ticket", "1", ()),
        ("trip", "1", ()),
        ("trip", "2", ("days",)),
        ("trip", "0", ("days",)),
        ("trip", "999", ("days",)),
        ("trip", "", ("days",)),
    ],
)
def test_one_day_is_enough_for_a_lesson_or_a_trip_only(asked: str, days: str, problems: tuple[str, ...]) -> None:
    form = {**_GOOD, "questionnaire": asked, "days": days}
    assert read_opening(form, ["6e B"], KNOWN, None).problems == problems
    assert read_opening(form, ["6e B"], KNOWN, open_for("5e A")).problems == ()  # its end is announced already


def test_what_the_head_has_announced_needs_no_word_of_the_teacher() -> None:
    form = {**_GOOD, "told": ""}
    assert read_opening(form, ["6e B"], KNOWN, Running(announced=True, already=())).problems == ()
    assert read_opening(form, ["6e B"], KNOWN, open_for("5e A")).problems == ("told",)
