"""The pages in a real browser: axe finds nothing, nothing is wider than a small telephone, keyboard alone suffices."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from ent_module.web import sessions
from tests.conftest import SETTINGS, make_app, make_schema
from tests.setup.pages import add_card, send
from tests.support import town as towns
from tests.support.browser import axe
from tests.support.server import open_port
from tests.support.town import Browser, Town

pytestmark = pytest.mark.browser

PAGES = ("", "/cards", "/cards/new", "/hours", "/words", "/delay", "/members", "/admins", "/channel", "/numbers")


@pytest.fixture
def served(tmp_path: Path, serve: Callable[..., str]) -> Iterator[tuple[Town, str]]:
    """The town behind plain http on this machine, where a browser keeps our cookie."""
    port, address = open_port()
    url = f"sqlite:///{tmp_path / 'ent.sqlite'}"
    make_schema(url)
    app = make_app(url, tmp_path, replace(SETTINGS, public_url=address))
    town = towns.build(app)
    serve(app, port)
    yield town, f"{address}/ent/staff/settings"
    town.house.database.engine.dispose()


def enter(context: BrowserContext, browser: Browser, address: str) -> None:
    """Gives a real browser the session of a test's."""
    assert browser.session is not None
    name = sessions.cookie_name(browser.town.house.settings)
    context.add_cookies([{"name": name, "value": browser.session.cookie, "url": address}])


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_axe_finds_nothing_on_a_small_screen(
    served: tuple[Town, str], new_context: Callable[..., BrowserContext], language: str
) -> None:
    town, address = served
    admin = town.browser("admin", language)
    add_card(admin, name="Mme Petit", role="CPE", account_id=str(town.membership("petit").account_id))
    add_card(admin, role="Infirmerie")
    admin.post("/staff/settings/members/propose", {"account_id": str(town.membership("alba").account_id)})
    context = new_context(viewport={"width": 320, "height": 700})
    enter(context, admin, address)
    page = context.new_page()
    for path in (*PAGES, "/admins/leave"):
        page.goto(address + path)
        check(page, path)
    page.goto(f"{address}/hours")
    page.locator('[name="mon-to"]').fill("07:00")
    page.locator("form[action$='/hours'] button[value=draft]").click()
    assert page.locator("#errors").is_visible()
    check(page, "hours with a mistake")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_link_of_the_overview_is_as_high_as_a_thumb(
    served: tuple[Town, str], new_context: Callable[..., BrowserContext], width: int
) -> None:
    town, address = served
    context = new_context(viewport={"width": width, "height": 900})
    enter(context, town.browser("admin"), address)
    page = context.new_page()
    page.goto(address)
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
    served: tuple[Town, str], new_context: Callable[..., BrowserContext]
) -> None:
    town, address = served
    context = new_context(java_script_enabled=False)
    enter(context, town.browser("admin"), address)
    page = context.new_page()
    page.goto(f"{address}/cards/new")
    page.locator("#name").focus()
    page.keyboard.type("Mme Petit")
    page.keyboard.press("Tab")
    page.keyboard.type("CPE")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/cards")
    assert "Brouillon, pas encore publié" in page.locator("main").inner_text()
    assert "Mme Petit" not in town.browser("lina").get("/write").text
    page.get_by_role("button", name="Publier").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Publié", exact=True).wait_for()
    assert "Mme Petit, CPE" in town.browser("lina").get("/write").text


def test_of_two_admins_the_second_sees_both_versions(
    served: tuple[Town, str], new_context: Callable[..., BrowserContext]
) -> None:
    town, address = served
    context = new_context()
    enter(context, town.browser("admin"), address)
    page = context.new_page()
    page.goto(f"{address}/words")
    send(town.browser("admin"), "words", **{"before-fr": "La version de l’autre"})
    page.locator("#before-fr").fill("Ma version")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    assert page.locator("#before-fr").input_value() == "Ma version"
    assert "La version de l’autre" in page.get_by_role("complementary", name="Aperçu").inner_text()
    axe(page)
