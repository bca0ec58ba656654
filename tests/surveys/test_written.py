"""Texts that somebody writes: how they are read, that three always fit a ballot, and what of them is kept."""

import json
import unicodedata
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ent_module.surveys import written
from ent_module.surveys.background import too_narrow
from ent_module.surveys.content import faults
from ent_module.surveys.model import LONGEST_BALLOT, Problem, Questionnaire, read_answers
from ent_module.surveys.parts import without_texts
from tests.surveys.test_content import GOOD

ASKED = {"id": "say", "levels": ["college"], "kind": "text", "source": "own", "licence": "CC BY 4.0"}


def words(text: str = "Quoi ?") -> dict[str, str]:
    return dict.fromkeys(("fr", "en", "ar"), text)


def made(*texts: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire of one question with choices, and these."""
    found: dict[str, Any] = yaml.safe_load(GOOD)
    found["sections"].append({"id": "words", "title": words(), "items": list(texts)})
    return found


def text(**more: Any) -> dict[str, Any]:
    return {**ASKED, "text": words(), **more}


def told(given: dict[str, Any]) -> list[str]:
    return [fault.message for fault in faults(yaml.safe_dump(given, allow_unicode=True), "short")]


def test_a_text_has_neither_scale_nor_cutoff_nor_conditions() -> None:
    assert told(made(text())) == []
    assert told(made(text(hint=words()))) == []
    for key, value in (
        ("scale", "yes_no"),
        ("cutoff", None),
        ("reverse", False),
        ("look", "places"),
        ("sensitive", "home"),
        ("relevant", {"any": [{"item": "calm", "is": ["yes_"]}]}),
    ):
        assert f"unknown key {key}" in told(made(text(**{key: value})))


def test_nothing_rests_on_a_text() -> None:
    other = made()["sections"][0]["items"][0] | {"id": "then", "levels": ["college"]}
    del other["text_ecole"]
    for choices in ([], ["x"]):
        resting = other | {"relevant": {"any": [{"item": "say", "is": choices}]}}
        assert [one for one in told(made(text(), resting)) if one.startswith("is must be a list")]


def test_three_at_most_and_none_for_pupils_at_ecole() -> None:
    several = [text(id=f"say{number}") for number in range(4)]
    assert told(made(*several[:3])) == []
    assert told(made(*several)) == ["a questionnaire has 3 questions of kind text at most"]
    assert told(made(text(levels=["ecole"]))) == ["at ecole no pupil is asked to write"]
    adults = made(text(levels=["ecole"])) | {"audience": "parents"}
    assert "at ecole no pupil is asked to write" not in told(adults)


def test_without_them_the_questionnaire_is_another_one_without_a_mistake() -> None:
    whole = Questionnaire.from_data(made(text()))
    assert told(without_texts(whole.data)) == []
    assert whole.without_texts.digest != whole.digest
    assert [item.id for item in whole.without_texts.items("college")] == ["calm"]
    assert len({one.digest for one in whole.variants}) == 2
    assert not whole.as_told.texts
    assert whole.told_of({"calm": ["yes_"], "say": ["Ici"]}) == {"calm": ["yes_"]}


def test_a_text_that_asks_who_answers_is_too_narrow() -> None:
    asked = Questionnaire.from_data(made(text(text=words("Quelle est ta classe ? En quelle classe es-tu ?"))))
    assert too_narrow(asked, "college", 4000)
    assert too_narrow(Questionnaire.from_data(made(text())), "college", None) is None


# --- Reading ---------------------------------------------------------------------------------------------------------


def asked_of(*ids: str) -> Questionnaire:
    return Questionnaire.from_data(made(*(text(id=one) for one in ids)))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Plus\tde  bancs\r\n s'il vous plaît ", "Plus de bancs s'il vous plaît"),
        ("\u202e\u2066abc\u2069\u200e\u0000\u0007\x7f", "abc"),
        ("\ud800moitié\udfff", "moitié"),
        ("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"),
        ("a\u2028b\u00a0c\u202fd", "a b c d"),
        ("<b>\"'\\", "<b>\"'\\"),
    ],
)
def test_what_nobody_sees_is_left_out(typed: str, read: str) -> None:
    assert read_answers(asked_of("say"), "college", {"say": [typed]}).answers == {"say": [read]}


@pytest.mark.parametrize("typed", ["", "  \n", "\u202e", "\u200d \u200c", "\u0000"])
def test_what_says_nothing_is_no_answer(typed: str) -> None:
    reading = read_answers(asked_of("say"), "college", {"say": [typed]})
    assert (reading.answers, reading.problems) == ({}, {})


def test_a_text_too_long_is_told_and_shown_again() -> None:
    longest = "é" * 200
    assert read_answers(asked_of("say"), "college", {"say": [f" {longest} "]}).answers == {"say": [longest]}
    for typed in (longest + "é", "👍" * 101):  # a browser counts an emoji as two
        reading = read_answers(asked_of("say"), "college", {"say": [typed], "calm": ["yes_"]})
        assert reading.problems == {"say": Problem.TOO_LONG}
        assert (reading.answers, reading.typed) == ({"calm": ["yes_"]}, {"say": [typed]})
    assert read_answers(asked_of("say"), "college", {"say": ["un", "deux"]}).problems == {"say": Problem.ONE_ONLY}


@given(st.lists(st.text(st.characters(codec=None), max_size=210), min_size=3, max_size=3))
def test_whatever_is_written_the_longest_ballot_holds_it(texts: list[str]) -> None:
    asked = asked_of("a", "b", "c")
    answers = read_answers(asked, "college", dict(zip("abc", ([one] for one in texts), strict=True))).answers
    sealed = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(sealed) <= asked.longest_ballot("college")


@pytest.mark.parametrize("sign", ['"', "\\", "م", "€", "👍", "\uffff", "\u200d"])
def test_two_hundred_of_any_sign_fit(sign: str) -> None:
    asked = asked_of("a", "b", "c")
    units = len(sign.encode("utf-16-le")) // 2
    full = "x" + sign * ((written.LONGEST - 2) // units) + "x"
    answers = read_answers(asked, "college", {name: [full] for name in "abc"} | {"calm": ["yes_"]}).answers
    assert len(json.dumps(answers, ensure_ascii=False).encode()) <= asked.longest_ballot("college") < LONGEST_BALLOT


# --- What is kept ----------------------------------------------------------------------------------------------------


def test_fewer_than_ten_are_not_kept_whoever_wrote_them() -> None:
    nine, ten = ([f"Texte {number}" for number in range(count)] for count in (9, 10))
    assert list(written.kept({"say": nine}, {"say": 9})) == []
    assert len(list(written.kept({"say": ten}, {"say": 10}))) == 10
    assert list(written.kept({"say": ten}, {"say": 9})) == []  # one of them may be an adult's
    both = list(written.kept({"say": ten, "more": nine}, {"say": 10, "more": 9}))
    assert {item for item, _text in both} == {"say"}


def test_letters_are_composed_so_that_devices_look_alike() -> None:
    texts = [unicodedata.normalize("NFD", f"Été {number}") for number in range(10)]
    assert [one for _item, one in written.kept({"say": texts}, {"say": 10})] == [f"Été {n}" for n in range(10)]


@given(
    st.lists(st.text(max_size=5), min_size=10, max_size=20).flatmap(
        lambda one: st.tuples(st.just(one), st.permutations(one))
    )
)
def test_the_order_is_of_the_texts_alone(both: tuple[list[str], list[str]]) -> None:
    texts, shuffled = both
    known = {"say": len(texts)}
    assert list(written.kept({"say": texts}, known)) == list(written.kept({"say": shuffled}, known))
