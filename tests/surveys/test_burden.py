"""How often pupils are asked in a year, and that whoever asks them a third time says to know."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris, school_year
from ent_module.surveys.burden import asked_enough
from ent_module.surveys.content import questionnaires
from ent_module.surveys.plan import NOTICE
from ent_module.surveys.service import planning
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import DAY, climate, reread, shut, start, started
from tests.surveys.planned import announce, draft, plan

TODAY = paris(datetime.now(UTC)).date()
FORM = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes", "place": "shared"}


def enough(town: Town, db: Session, *classes: str, asked: str = "school-climate", year: int = 2026) -> list[str]:
    return asked_enough(db, town.schools[COLLEGE], questionnaires()[asked], classes, year)


def test_two_campaigns_a_year_are_enough_lessons_and_trips_aside(town: Town, db: Session) -> None:
    shelf = questionnaires()
    start(town, db, "6e B", "5e A", asked=shelf["school-climate"])
    for feedback in ("exit-ticket", "trip"):
        start(town, db, "6e B", asked=shelf[feedback])
    assert enough(town, db, "6e B", "5e A") == []
    start(town, db, "6e B", asked=shelf["boarding"])
    start(town, db, "5e A", uai=OTHER, asked=shelf["boarding"])
    start(town, db, "5e A", asked=shelf["boarding"], day=date(2025, 11, 13))
    assert enough(town, db, "6e B", "5e A", "4e C") == ["6e B"]
    assert enough(town, db, "6B", "6e B gr1", "6e C") == ["6B", "6e B gr1"]  # who may have pupils in common
    assert enough(town, db, "6e B", asked="trip") == []
    assert enough(town, db, "6e B", year=2025) == []


def test_a_draft_is_no_campaign_yet_and_what_is_announced_is_one(town: Town, db: Session) -> None:
    start(town, db, "6e B", asked=questionnaires()["boarding"])
    one = draft(town, db)
    assert enough(town, db, "6e B") == []
    announce(town, db, one)
    assert enough(town, db, "6e B", "4e C", "3e D") == ["6e B"]
    school = town.schools[COLLEGE]
    assert asked_enough(db, school, climate(), ["6e B"], 2026, one.id) == []  # itself does not count


@pytest.fixture
def twice(town: Town) -> Town:
    """6e B has been asked twice this year; the climate of this year may be asked once more by the head alone."""
    with town.house.database.writing() as db:
        year = school_year(TODAY)
        assert school_year(DAY) == year, "the days of these tests are of the present school year"
        start(town, db, "6e B", asked=questionnaires()["boarding"])
    shut(town, started(town, "6e B"))
    return town


def test_a_head_announces_a_third_one_knowingly(twice: Town) -> None:
    with twice.house.database.writing() as db:
        one = draft(twice, db, plan(opens_on=TODAY + NOTICE, closes_on=TODAY + timedelta(days=20)), TODAY)
    head, address = twice.browser("head"), f"/staff/surveys/campaigns/{one.id}/planned"
    assert "leçons et sorties mises à part\u202f: 6e B." in head.get(address).text
    refused = head.fill(address, {}, "told")
    assert refused.status_code == 422
    assert "Dire que vous savez" in refused.text
    assert reread(twice, one).state == "draft"
    assert head.fill(address, {"third": "yes"}, "told").status_code == 303
    assert reread(twice, one).state == "announced"


def test_a_teacher_starts_a_third_one_knowingly(twice: Town) -> None:
    with twice.house.database.writing() as db:
        drafted, told = plan(opens_on=TODAY, closes_on=TODAY + timedelta(days=9)), TODAY - NOTICE
        announce(twice, db, draft(twice, db, drafted, told), told)
    alba = twice.browser("alba")
    refused = alba.post("/staff/surveys/open", FORM)
    assert refused.status_code == 422
    assert "pour la troisième fois cette année" in refused.text
    assert 'name="third"' in refused.text
    assert 'name="third"' not in alba.get("/staff/surveys/open").text
    assert (
        alba.post("/staff/surveys/open", {**FORM, "class_code": "5e A"}).status_code == 303
    )  # asked for the first time
    assert alba.post("/staff/surveys/open", {**FORM, "third": "yes"}).status_code == 303


def test_an_exit_ticket_is_opened_again_once_the_last_has_ended(town: Town) -> None:
    ticket = questionnaires()["exit-ticket"]
    with town.house.database.writing() as db:
        first = start(town, db, "6e B", asked=ticket)
        assert start(town, db, "5e A", asked=ticket).id == first.id
    shut(town, first)
    with town.house.database.writing() as db:
        second = start(town, db, "6e B", asked=ticket)
        assert (second.id != first.id, first.number, second.number) == (True, 1, 2)
        with pytest.raises(planning.RunningError):
            announce(town, db, draft(town, db, plan(questionnaire=ticket)))


def test_a_day_is_enough_for_an_exit_ticket(town: Town) -> None:
    alba = town.browser("alba")
    page = alba.get("/staff/surveys/open").text
    assert 'name="days" value="1"' in page
    form = {**FORM, "questionnaire": "exit-ticket", "days": "1"}
    assert alba.post("/staff/surveys/open", {**form, "questionnaire": "school-climate"}).status_code == 422
    assert alba.post("/staff/surveys/open", form).status_code == 303
    assert "Fin annoncée" in alba.get("/staff/surveys").text
