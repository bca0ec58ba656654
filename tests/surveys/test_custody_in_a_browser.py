"""A key in two shares, from paper to results, in a browser without a script: what is typed is all that is needed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.surveys.plan import NOTICE
from ent_module.surveys.service.closing import finish
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, end, fill, start
from tests.surveys.planned import announce, draft, plan

pytestmark = pytest.mark.browser
_LISTS = (".phrase li", ".share:nth-of-type(2) .groups li", ".share:nth-of-type(3) .groups li")


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def type_both(page: Page, phrase: str, paper: str) -> None:
    page.get_by_label("La phrase").fill(phrase)
    page.get_by_label("La feuille").fill(paper)


def test_two_adults_keep_the_key_open_the_ballots_and_tear_up_their_paper(
    town: Town, open_as: Callable[..., BrowserContext]
) -> None:
    now = datetime.now(UTC)
    last, classes = (now - timedelta(days=1)).date(), ("6e B", "5e A")
    first = last - timedelta(days=14)
    with town.house.database.writing() as db:
        drafted = plan(opens_on=first, closes_on=last, classes=[(name, 26) for name in classes])
        campaign = draft(town, db, drafted, first - NOTICE)
    page = open_as("head", java_script_enabled=False).new_page()
    here = f"/ent/staff/surveys/campaigns/{campaign.id}"

    page.goto(f"{here}/planned")
    page.get_by_role("link", name="Confier la clé à deux adultes").click()
    page.get_by_role("button", name="Garder ce choix").click()
    expect(page.get_by_role("heading", name="Deux parts, à donner maintenant")).to_be_visible()
    phrase, paper, copy = (" ".join(one.all_inner_texts()) for one in map(page.locator, _LISTS))
    assert (len(phrase.split()), len(paper.split()), copy) == (7, 16, paper)
    page.get_by_role("link", name="Déverrouiller pour essayer").click()
    type_both(page, "abielle", paper)
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_role("alert")).to_contain_text("abielle")
    type_both(page, phrase.upper(), paper.lower().replace(" ", ""))
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_text("Essayées")).to_be_visible()

    with town.house.database.writing() as db:
        announce(town, db, campaign, first - NOTICE)
        campaign = start(town, db, *classes, day=first)
    fill(town, campaign, {"6e B": [HURT] * 3 + [CALM] * 20, "5e A": [HURT] * 4 + [CALM] * 19})
    end(town, campaign, now - timedelta(hours=1))

    page.goto(here)
    page.get_by_role("link", name="Ouvrir les réponses").click()
    type_both(page, phrase, paper)
    page.get_by_role("button", name="Ouvrir et compter").click()
    expect(page.get_by_text("Il reste à déchirer la phrase et les feuilles")).to_be_visible()
    finish(town.house, now)
    page.get_by_label("Elles sont déchirées").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("la phrase et les feuilles déchirées")).to_be_visible()
    finish(town.house, now)
    page.goto(here)
    expect(page.locator(".figures")).to_be_visible()
