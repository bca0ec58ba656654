"""Conditions: what our form can say is read as it is meant, and nothing else passes for it."""

import pytest

from ent_module.surveys.interchange.expressions import (
    Known,
    UnsayableError,
    parse_limesurvey,
    parse_xpath,
    structured,
)

KNOWN = {
    "a": Known("a", "one", {"x": "x", "y": "y", "1": "c1"}),
    "b": Known("b", "one", {"x": "x", "z": "z"}),
    "m": Known("m", "several", {"x": "x", "y": "y"}),
    "n": Known("n", "number", {}, ((0, "none"), (1, "some"), (4, "many")), 20),
}


def read(text: str, *more: str) -> object:
    nodes = [node for one in (text, *more) if (node := parse_xpath(one)) is not None]
    return structured(nodes, KNOWN.get)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", None),
        ("true()", None),
        ("${a} = 'x'", {"any": [{"item": "a", "is": ["x"]}]}),
        ("'x' = ${a}", {"any": [{"item": "a", "is": ["x"]}]}),
        ("${a}=1", {"any": [{"item": "a", "is": ["c1"]}]}),
        ('( ${ a } = "x" )', {"any": [{"item": "a", "is": ["x"]}]}),
        ("${a} = 'x' or ${a} = 'y'", {"any": [{"item": "a", "is": ["x", "y"]}]}),
        ("selected(${m}, 'x')", {"any": [{"item": "m", "is": ["x"]}]}),
        ("selected(${a}, 'x')", {"any": [{"item": "a", "is": ["x"]}]}),
        (
            "selected(${m}, 'x') and selected(${m}, 'y')",
            {"all": [{"item": "m", "is": ["x"]}, {"item": "m", "is": ["y"]}]},
        ),
        (
            "(${a} = 'x' or ${a} = 'y') and ${b} = 'z'",
            {"all": [{"item": "a", "is": ["x", "y"]}, {"item": "b", "is": ["z"]}]},
        ),
        ("${a} = 'x' or ${b} = 'z'", {"any": [{"item": "a", "is": ["x"]}, {"item": "b", "is": ["z"]}]}),
        ("${n} >= 1", {"any": [{"item": "n", "is": ["some", "many"]}]}),
        ("${n} > 0 and ${n} < 4", {"any": [{"item": "n", "is": ["some"]}]}),
        (
            "${n} >= 4 and ${n} <= 20 and ${a} = 'x'",
            {"all": [{"item": "n", "is": ["many"]}, {"item": "a", "is": ["x"]}]},
        ),
        ("(${n} >= 0 and ${n} <= 0) or (${n} >= 4)", {"any": [{"item": "n", "is": ["none", "many"]}]}),
    ],
)
def test_what_can_be_said_is_read(text: str, meant: object) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "${a} != 'x'",  # true of whoever passed the question: ours is not
        "not(${a} = 'x')",
        "${unknown} = 'x'",
        "${a} = 'unknown'",
        "${m} = 'x'",  # nothing but x
        "${a} > 'x'",
        "${n} >= 2",  # within a band
        "${n} = 1",
        "${n} > 20",
        "count-selected(${m}) > 1",
        "${a} = ${b}",
        "${a} = 'x' and (${b} = 'z' or ${m} = 'x')",
        "(${a} = 'x' and ${b} = 'z') or selected(${m}, 'x')",
        "${a} = 'x' or",
        "${a} = 'x' )",
        "${a} 'x'",
        "pulldata('file', 'a', 'b', ${a})",
        "${n} >= 99999999999999999999",
        "${a} = 1.5",
        "(" * 500 + "${a} = 'x'" + ")" * 500,
        "${a} = 'x' or " * 300 + "${a} = 'x'",
        "'",
        "${",
        "; drop table",
    ],
)
def test_what_cannot_be_said_is_not_guessed(text: str) -> None:
    with pytest.raises(UnsayableError):
        read(text)


def test_conditions_of_groups_and_question_must_all_hold() -> None:
    assert read("${a} = 'x'", "", "${b} = 'z'") == {"all": [{"item": "a", "is": ["x"]}, {"item": "b", "is": ["z"]}]}


@pytest.mark.parametrize("text", ['((a.NAOK == "x"))', "{a == 'x'}", 'a.NAOK eq "x"', '"x" == a', "a=='x'"])
def test_limesurveys_language_is_read(text: str) -> None:
    node = parse_limesurvey(text)
    assert node is not None
    assert structured([node], KNOWN.get) == {"any": [{"item": "a", "is": ["x"]}]}


def test_limesurveys_signs_for_and_and_or() -> None:
    joined = parse_limesurvey('a == "x" && b == "z"')
    either = parse_limesurvey('a == "x" || b == "z"')
    assert joined is not None
    assert either is not None
    assert list(structured([joined], KNOWN.get) or {}) == ["all"]
    assert list(structured([either], KNOWN.get) or {}) == ["any"]
    assert parse_limesurvey("1") is None


@pytest.mark.parametrize("text", ["!is_empty(a)", 'a != "x"', "TOKEN:FIRSTNAME == 'x'", "a == b", "a.valueNAOK == 1"])
def test_limesurveys_other_expressions_are_not_guessed(text: str) -> None:
    with pytest.raises(UnsayableError):
        structured([node for node in [parse_limesurvey(text)] if node is not None], KNOWN.get)
