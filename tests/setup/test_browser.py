"""The pages in a real browser: axe finds nothing, nothing is wider than a small telephone, keyboard alone suffices."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.setup.pages import PAGES, add_card, send
from tests.support.browser import axe
from tests.support.town import Town

pytestmark = pytest.mark.browser

HOME = "/ent/staff/settings"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What a page looks like has nothing to do with the database."""
    return str(request.param)


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_axe_finds_nothing_on_a_small_screen(
    served: Town, open_as: Callable[..., BrowserContext], language: str
) -> None:
    admin = served.browser("admin", language)
    add_card(admin, name="Mme Petit", role="CPE", account_id=str(served.membership("petit").account_id))
    add_card(admin, role="Infirmerie")
    admin.post("/staff/settings/members/propose", {"account_id": str(served.membership("alba").account_id)})
    page = open_as("admin", language, viewport={"width": 320, "height": 700}).new_page()
    for path in (*PAGES, "/admins/leave"):
        page.goto(f"{HOME}{path}")
        check(page, path)
    page.goto(f"{HOME}/hours")
    page.locator('[name="mon-to"]').fill("07:00")
    page.locator("form[action$='/hours'] button[value=draft]").click()
    expect(page.locator("#errors")).to_be_visible()
    check(page, "hours with a mistake")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_link_of_the_overview_is_as_high_as_a_thumb(open_as: Callable[..., BrowserContext], width: int) -> None:
    page = open_as("admin", viewport={"width": width, "height": 900}).new_page()
    page.goto(HOME)
    links = page.locator("main li a").all()
    assert len(links) > 8
    for link in links:
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44, link.inner_text()


def check(page: Page, what: str) -> None:
    axe(page)
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wider), f"{what} is wider than the screen"


def test_a_card_is_added_and_published_by_keyboard_without_javascript(
    served: Town, open_as: Callable[..., BrowserContext]
) -> None:
    page = open_as("admin", java_script_enabled=False).new_page()
    page.goto(f"{HOME}/cards/new")
    page.locator("#name").focus()
    page.keyboard.type("Mme Petit")
    page.keyboard.press("Tab")
    page.keyboard.type("CPE")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/cards")
    expect(page.locator("main")).to_contain_text("Brouillon, pas encore publié")
    assert "Mme Petit" not in served.browser("lina").get("/write").text
    page.get_by_role("button", name="Publier").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Publié", exact=True)).to_be_visible()
    assert "Mme Petit, CPE" in served.browser("lina").get("/write").text


def test_of_two_admins_the_second_sees_both_versions(served: Town, open_as: Callable[..., BrowserContext]) -> None:
    page = open_as("admin").new_page()
    page.goto(f"{HOME}/words")
    send(served.browser("admin"), "words", **{"before-fr": "La version de l’autre"})
    page.locator("#before-fr").fill("Ma version")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_role("complementary", name="Aperçu")).to_contain_text("La version de l’autre")
    expect(page.locator("#before-fr")).to_have_value("Ma version")
    axe(page)
