"""Results in a real browser: on paper there is no place and nothing to click, and the report fits on two pages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.browser import axe
from tests.support.town import Town
from tests.surveys.campaign import climate
from tests.surveys.released import Tallies, released
from tests.surveys.test_head_pages import address
from tests.surveys.test_results_pages import BEFORE

pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What a page looks like has nothing to do with the database."""
    return str(request.param)


def everything(often: int) -> Tallies:
    """Every question that the collège is asked, each answer given often enough to be shown."""
    return {
        item.id: {choice.id: often + place for place, choice in enumerate(item.choices)}
        for item in climate().items("college")
    }


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_what_is_printed(town: Town, open_as: Callable[..., BrowserContext], language: str) -> None:
    released(town, everything(20), 200, BEFORE)
    campaign = released(town, everything(30), 300)
    page = open_as("head", language).new_page()
    page.goto(f"/ent{address(campaign)}")
    places, buttons = page.locator("section.places"), page.locator(".buttons").first
    expect(places).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    for hidden in (places, buttons, page.locator("header.top"), page.locator("footer.bottom")):
        expect(hidden).to_be_hidden()
    page.goto(f"/ent{address(campaign, '/report')}")
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(pages) <= 2


def test_the_details_of_a_comparison_open_without_a_script(town: Town, open_as: Callable[..., BrowserContext]) -> None:
    released(town, everything(20), 200, BEFORE)
    campaign = released(town, everything(30), 300)
    page = open_as("head", java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"/ent{address(campaign)}")
    table = page.get_by_role("table", name="Toutes les questions comparées")
    expect(table).to_be_hidden()
    page.locator("summary", has_text="Toutes les questions comparées").click()
    expect(table).to_be_visible()


def test_a_class_reads_three_numbers(town: Town, open_as: Callable[..., BrowserContext]) -> None:
    campaign = released(town, everything(30), 300)
    page = open_as("alba", viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/ent/staff/surveys")
    page.get_by_role("link", name="À lire avec une classe").first.click()
    expect(page.locator(".tenths > li")).to_have_count(3)
    expect(page.get_by_text("Ce sont les nombres de tout l’établissement")).to_be_hidden()
    axe(page)
    assert str(campaign.id) in page.url
