"""Which questions ask who answers, and when they tell too much together."""

from typing import Any

import pytest

from ent_module.surveys.background import is_background, too_narrow
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Questionnaire
from tests.surveys.own import asked_with, item


def asked(*items: dict[str, Any]) -> Questionnaire:
    return Questionnaire.from_data(asked_with(*items))


SEX = item("q1", "Es-tu une fille ou un garçon ?", 2)
LEVEL = item("q2", "En quelle classe es-tu ?", 4)
MONTH = item("mois_naissance", "?", 12)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sexe", "?"),
        ("gender", "?"),
        ("q", "Sexe :"),
        ("q", "Quel âge as-tu ?"),
        ("q", "How old are you?"),
        ("q", "En quel mois es-tu né ?"),
        ("q", "كم عمرك؟"),
        ("q", "Je suis une fille"),
    ],
)
def test_what_asks_who_answers(name: str, text: str) -> None:
    [one] = asked(item(name, text, 2)).items("college")
    assert is_background(one)


@pytest.mark.parametrize(
    "text",
    [
        "Dans ma classe, les élèves s’aident.",
        "On se moque de ma religion.",
        "Des remarques à caractère sexuel",
        "À mon âge, on ne dit rien.",
    ],
)
def test_what_does_not(text: str) -> None:
    [one] = asked(item("q", text, 4)).items("college")
    assert not is_background(one)


def test_answers_tell_it_too() -> None:
    [one] = asked(item("q", "?", 2, labels=["Fille", "Garçon"])).items("college")
    assert is_background(one)


def test_sex_level_and_month_of_birth_are_refused_where_the_school_is_not_known() -> None:
    found = too_narrow(asked(SEX, LEVEL, MONTH), "college", None)
    assert found is not None
    assert (found.groups, found.pupils, found.each) == (96, None, None)
    assert [one.id for one in found.items] == ["q1", "q2", "mois_naissance"]
    assert too_narrow(asked(SEX, LEVEL), "college", None) is None
    assert too_narrow(asked(MONTH), "college", None) is None


@pytest.mark.parametrize(("pupils", "refused"), [(960, False), (959, True), (400, True)])
def test_numbers_of_the_school_decide_where_they_are_known(pupils: int, refused: bool) -> None:
    found = too_narrow(asked(SEX, LEVEL, MONTH), "college", pupils)
    assert (found is not None) is refused
    if found is not None:
        assert found.each == pupils // 96


def test_a_few_pupils_are_some_classes_and_not_the_school() -> None:
    assert too_narrow(asked(SEX, LEVEL), "college", 26) is None


def test_a_level_that_is_not_asked_does_not_count() -> None:
    assert too_narrow(asked({**MONTH, "levels": ["lycee"]}, SEX, LEVEL), "college", None) is None


@pytest.mark.parametrize("name", sorted(questionnaires()))
def test_the_shelf_tells_nobody(name: str) -> None:
    for level in ("ecole", "college", "lycee"):
        assert too_narrow(questionnaires()[name], level, None) is None
