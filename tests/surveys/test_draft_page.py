"""What the page of a draft says before it is announced: whom results tell apart, days of school, what is in the way."""

from datetime import date, timedelta
from typing import Any

from ent_module.surveys.model import Where
from tests.support.town import Town
from tests.surveys.campaign import DAY, started
from tests.surveys.planned import END, FIRST, draft, plan
from tests.surveys.test_planning_pages import words

CHRISTMAS = (date(2026, 12, 19), date(2027, 1, 2))
IN_THE_WAY = "Une autre enquête avec ce questionnaire n’est pas finie"


def page_of(town: Town, **changes: Any) -> str:
    with town.house.database.writing() as db:
        campaign = draft(town, db, plan(**changes))
    return words(town.browser("head").get(f"/staff/surveys/campaigns/{campaign.id}/planned").text)


def test_it_says_whom_results_will_tell_apart(town: Town) -> None:
    classes = (("6e A", 26), ("6e B", 25), ("5e A", 24), ("4e C", 25))
    said = page_of(town, classes=classes)
    assert "les résultats distinguent, si assez d’élèves répondent : Niveau 6e (51), Niveaux 5e et 4e (49)." in said
    assert "répondent : Tout l’établissement (26)." in page_of(town, classes=classes[:1])


def test_it_counts_days_of_school_where_pupils_answer_at_school(town: Town) -> None:
    assert "Ces dates comptent 9 jours d’école." in page_of(town)  # two weeks and a Thursday without Wednesdays
    assert "1 jour d’école." in page_of(town, closes_on=FIRST + timedelta(days=2), opens_on=FIRST + timedelta(days=1))
    first, last = CHRISTMAS
    assert "Ces dates ne comptent aucun jour d’école." in page_of(town, opens_on=first, closes_on=last)
    assert "jour d’école" not in page_of(town, opens_on=first, closes_on=last, place=Where.HOME)


def test_another_survey_that_runs_is_named_before_announcing(town: Town) -> None:
    assert IN_THE_WAY not in page_of(town)
    started(town, "6e B")
    assert f"{IN_THE_WAY} Fin annoncée : lundi {DAY.day} octobre" in page_of(
        town, opens_on=END, closes_on=END + timedelta(2)
    )
