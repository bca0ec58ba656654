"""The same way against the module itself: the pages, the issuer and the pool of a served town."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from ent_module.privacy.ballot_seal import open_ballot
from ent_module.surveys.protocol import parse
from ent_module.surveys.tables import Campaign, SealedBallot
from tests.support.browser import axe
from tests.support.town import ECOLE, Town
from tests.surveys.campaign import cohorts, started

pytestmark = pytest.mark.browser

OpenAs = Callable[..., BrowserContext]
SEND = "Envoyer mes réponses"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def opened(town: Town, campaign: Campaign) -> list[dict[str, list[str]]]:
    key = load_der_private_key(town.house.store.get(campaign.id, "sealing"), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    with town.house.database.reading() as db:
        rows = db.scalars(select(SealedBallot).execution_options(across=True)).all()
    bodies = [row.prepared + row.signature + row.sealed for row in rows]
    ballots = [parse(body, campaign.id, cohorts(campaign)) for body in bodies]
    return [json.loads(open_ballot(key, campaign.id, one.cohort_id, one.bound_to, one.sealed)) for one in ballots]


def requests_of(served: Town) -> list[str]:
    """What reaches the server from now on."""
    seen: list[str] = []
    answer = served.app.wsgi_app

    def noting(environ: dict[str, Any], start_response: Any) -> Any:
        seen.append(environ["PATH_INFO"])
        return answer(environ, start_response)

    served.app.__dict__["wsgi_app"] = noting
    return seen


def begin(page: Page, campaign: Campaign) -> None:
    page.goto(f"/ent/surveys/{campaign.id}/questions")
    page.get_by_role("button", name="Commencer").click()


def test_a_ballot_goes_all_the_way_and_a_second_one_does_not(served: Town, town: Town, open_as: OpenAs) -> None:
    campaign = started(town, "6e B")
    asked = requests_of(served)
    context = open_as("lina", viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"/ent/surveys/{campaign.id}/questions")
    axe(page)
    page.get_by_role("button", name="Commencer").click()
    axe(page)
    asked.clear()
    page.locator("input[type=radio][value=never]").first.check()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-state=sent]")).to_be_visible()
    axe(page)
    [answers] = opened(town, campaign)
    assert list(answers.values()) == [["never"]]
    assert asked == [f"/ent-ballots/pool/{campaign.establishment_id}/{campaign.id}"]
    assert page.evaluate("[{...sessionStorage}, {...localStorage}]") == [{}, {}]
    page.goto(f"/ent/surveys/{campaign.id}/questions")
    expect(page.locator("[data-state=already]")).to_be_visible()
    assert len(opened(town, campaign)) == 1


def test_a_blank_ballot_of_a_child_by_keyboard(town: Town, open_as: OpenAs) -> None:
    campaign = started(town, "CE2", uai=ECOLE)
    page = open_as("noe").new_page()
    begin(page, campaign)
    for number in range(1, 17):
        expect(page.get_by_text(f"Question {number} sur 16")).to_be_visible()
        page.keyboard.press("Tab") if number == 1 else None
        page.get_by_role("button", name="Suivant").press("Enter")
    page.locator("button[data-blank]").press("Enter")
    expect(page.locator("[data-state=sent]")).to_be_visible()
    assert opened(town, campaign) == [{}]


def test_a_page_that_was_closed_in_mid_questionnaire_goes_on_in_its_tab(town: Town, open_as: OpenAs) -> None:
    campaign = started(town, "6e B")
    page = open_as("lina").new_page()
    begin(page, campaign)
    page.reload()
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-state=sent]")).to_be_visible()
    assert opened(town, campaign) == [{}]


def test_whoever_signed_out_meanwhile_still_sends(town: Town, open_as: OpenAs) -> None:
    campaign = started(town, "6e B")
    context = open_as("lina")
    page = context.new_page()
    begin(page, campaign)
    context.clear_cookies()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-state=sent]")).to_be_visible()
    assert opened(town, campaign) == [{}]


def test_whoever_signed_out_before_is_told_to_come_again(town: Town, open_as: OpenAs) -> None:
    campaign = started(town, "6e B")
    context = open_as("lina")
    page = context.new_page()
    page.route("**/token", lambda route: (context.clear_cookies(), route.continue_()))  # type: ignore[func-returns-value]
    page.goto(f"/ent/surveys/{campaign.id}/questions")
    expect(page.locator("[data-state=refused]")).to_be_visible()
    expect(page.locator("form#questions")).to_be_hidden()
