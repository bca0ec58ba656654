"""At home, in a real browser: a closed page goes on, a line that breaks loses nothing, and nothing is left behind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.surveys.model import Joining, Where
from ent_module.surveys.service import opening
from ent_module.surveys.tables import Campaign, Issuance
from tests.support.browser import axe
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import OPENED, ballots, climate, rows

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}
THANKS = "Merci. Ton questionnaire est arrivé."
SEND = "Envoyer mes réponses"
KEPT = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of opened.objectStoreNames) {
      const all = opened.transaction(store).objectStore(store).getAll();
      found.push(...await new Promise((done) => { all.onsuccess = () => done(all.result); }));
    }
    opened.close();
  }
  return [found.length, Object.keys(localStorage).length, Object.keys(sessionStorage).length];
}"""
"""How much this browser keeps: in its database, for good, and for the tab."""


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


@pytest.fixture
def campaign(town: Town) -> Campaign:
    """One that the class answers at home."""
    alba, joining = town.membership("alba").account_id, Joining("6e B", where=Where.HOME)
    with town.house.database.writing() as db:
        return opening.open_class(db, town.house.store, town.schools[COLLEGE], climate(), joining, alba, OPENED)


@pytest.fixture
def browser_at_home(open_as: Callable[..., BrowserContext]) -> BrowserContext:
    return open_as("lina", viewport=PHONE)


def begun(browser: BrowserContext, campaign: Campaign) -> Page:
    page = browser.new_page()
    page.goto(f"/ent/surveys/{campaign.id}/questions")
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("button", name=SEND)).to_be_visible()
    return page


def tick(page: Page) -> None:
    page.locator("input[name=bullied][value=never]").check()


def test_whoever_closes_the_page_goes_on_with_the_same_token(
    town: Town, campaign: Campaign, browser_at_home: BrowserContext
) -> None:
    first = begun(browser_at_home, campaign)
    tick(first)
    assert first.evaluate(KEPT) == [1, 0, 0]  # the token, and no answer
    first.close()
    again = begun(browser_at_home, campaign)
    expect(again.locator("input[name=bullied]:checked")).to_have_count(0)
    tick(again)
    axe(again)
    again.get_by_role("button", name=SEND).click()
    expect(again.get_by_role("heading", name=THANKS)).to_be_visible()
    assert ballots(town) == [{"bullied": ["never"]}]
    assert again.evaluate(KEPT) == [0, 0, 0]
    with town.house.database.reading() as db:
        assert rows(db, Issuance) == 1


def test_without_a_line_the_answers_wait_in_the_page_and_leave_by_themselves(
    town: Town, campaign: Campaign, browser_at_home: BrowserContext
) -> None:
    page = begun(browser_at_home, campaign)
    tick(page)
    browser_at_home.set_offline(True)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Pas de réseau en ce moment.")).to_be_visible()
    assert ballots(town) == []
    browser_at_home.set_offline(False)
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    assert ballots(town) == [{"bullied": ["never"]}]


def test_no_language_is_offered_where_choosing_it_would_lose_answers(
    campaign: Campaign, browser_at_home: BrowserContext
) -> None:
    page = browser_at_home.new_page()
    page.goto(f"/ent/surveys/{campaign.id}")
    expect(page.get_by_role("button", name="العربية")).to_be_visible()
    page.get_by_role("link", name="Voir les questions").click()
    expect(page.get_by_role("button", name="Commencer")).to_be_visible()
    expect(page.get_by_role("button", name="العربية")).to_have_count(0)
