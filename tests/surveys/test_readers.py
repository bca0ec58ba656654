"""Who reads results: the head, or all who work at the school where the head has decided so before it was announced."""

from datetime import date

import pytest
from sqlalchemy import update

from ent_module.surveys.plan import Readers
from ent_module.surveys.tables import Campaign
from tests.support.town import Town
from tests.surveys.campaign import OPENED, started
from tests.surveys.released import released

CALM = {"bullied": {"never": 50, "weekly": 12}, "climate_help": {"agree": 40, "disagree": 22}}
WORK_HERE = ("alba", "roux", "petit", "ines", "nurse", "clerk", "admin")


def opened_to_all(town: Town, campaign: Campaign) -> None:
    with town.house.database.writing() as db:
        mine = (Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
        db.execute(update(Campaign).where(*mine).values(readers=Readers.ADULTS))


def results(town: Town, day: date = OPENED) -> Campaign:
    return released(town, CALM, 62, day)


@pytest.mark.parametrize("who", WORK_HERE)
def test_all_who_work_at_the_school_read_what_was_opened_to_them(town: Town, who: str) -> None:
    campaign, browser = results(town), town.browser(who)
    pages = (f"/staff/surveys/campaigns/{campaign.id}", f"/staff/surveys/campaigns/{campaign.id}/report")
    assert {browser.get(page).status_code for page in pages} == {404}
    assert "Résultats des enquêtes" not in browser.get("/").text
    opened_to_all(town, campaign)
    browser = town.browser(who)
    assert "Résultats des enquêtes" in browser.get("/").text
    assert str(campaign.id) in browser.get("/staff/surveys/results").text
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200
        text = answer.text
        assert "Depuis" not in text.replace("Depuis le début", "")
        assert "/numbers.zip" not in text
        assert '/staff/surveys/campaigns"' not in text  # the head's list
    assert browser.get(f"/staff/surveys/campaigns/{campaign.id}/numbers.zip").status_code == 403


@pytest.mark.parametrize("who", ["lina", "karim", "referent", "other_head", "paul"])
def test_nobody_else_does(town: Town, who: str) -> None:
    campaign = results(town)
    opened_to_all(town, campaign)
    assert town.browser(who).get(f"/staff/surveys/campaigns/{campaign.id}").status_code in {403, 404}


def test_an_earlier_wave_that_only_the_head_reads_is_no_comparison_for_others(town: Town) -> None:
    results(town, date(2025, 11, 13))
    campaign = results(town)
    opened_to_all(town, campaign)
    address = f"/staff/surveys/campaigns/{campaign.id}"
    assert "Depuis l’enquête précédente" in town.browser("head").get(address).text
    page = town.browser("alba").get(address).text
    assert "Depuis l’enquête précédente" not in page
    assert "novembre 2025" not in page


def test_what_is_open_or_ended_is_the_heads_alone(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    opened_to_all(town, campaign)
    assert town.browser("alba").get(f"/staff/surveys/campaigns/{campaign.id}").status_code == 404
    assert str(campaign.id) not in town.browser("alba").get("/staff/surveys/results").text
