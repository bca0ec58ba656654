"""A local admin composes a questionnaire in a real browser by the keyboard alone, and keeps it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import axe

pytestmark = pytest.mark.browser
SHELF = "/ent/staff/surveys/questionnaires"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def presses(page: Page, name: str, key: str = "Enter") -> None:
    """Goes to a link, a button or a box by the keyboard's own means, and presses it."""
    found = (
        page.locator("main").get_by_role("link", name=name).or_(page.locator("main").get_by_role("button", name=name))
    )
    one = found.or_(page.locator("main").get_by_role("checkbox", name=name))
    one = one.or_(page.locator("main").get_by_role("radio", name=name)).first
    one.focus()
    one.press(key)


def headed(page: Page, heading: str) -> None:
    """Waits for the page of that heading, whole."""
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()


def test_composed_by_the_keyboard_alone(open_as: Callable[..., BrowserContext]) -> None:
    page = open_as("admin", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(SHELF)
    page.wait_for_load_state()
    presses(page, "Composer un questionnaire")
    headed(page, "Composer un questionnaire")
    page.get_by_label("Titre, en français").focus()
    page.keyboard.type("La vie à la cantine")
    page.keyboard.press("Enter")
    headed(page, "La vie à la cantine")

    presses(page, "Ajouter des questions toutes prêtes")
    headed(page, "Questions toutes prêtes")
    presses(page, "Dans ma classe, les élèves s’aident entre eux.", "Space")
    presses(page, "Ici, les adultes écoutent les élèves.", "Space")
    presses(page, "Ajouter les questions cochées")
    headed(page, "La vie à la cantine")
    expect(page.locator(".question")).to_have_count(2)

    presses(page, "Écrire une question")
    headed(page, "Écrire une question")
    page.get_by_label("Question ou phrase, en français").focus()
    page.keyboard.type("Le repas est calme.")
    presses(page, "Non · Plutôt non · Plutôt oui · Oui", "Space")
    presses(page, "Enregistrer la question")
    headed(page, "La vie à la cantine")
    expect(page.locator(".question")).to_have_count(3)

    # The focus stays on the button, so that the same key moves the question on.
    presses(page, "Monter Le repas est calme.")
    expect(page.locator(".question strong").nth(1)).to_have_text("Le repas est calme.")
    expect(page.get_by_role("button", name="Monter Le repas est calme.")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".question strong").first).to_have_text("Le repas est calme.")
    expect(page.locator(".question").first).to_be_focused()
    axe(page)

    presses(page, "Lire comme un élève")
    headed(page, "Comme un élève le lit")
    box = page.locator(".telephone").bounding_box()
    assert box is not None
    assert box["width"] <= 360
    expect(page.locator(".telephone legend").filter(has_text="Le repas est calme.")).to_be_visible()
    page.get_by_label("Langue de qui répond").focus()
    page.keyboard.type("Arabe")
    presses(page, "Montrer")
    expect(page.locator("div[lang=ar] .telephone")).to_be_visible()
    axe(page)

    presses(page, "Revenir au brouillon")
    headed(page, "La vie à la cantine")
    presses(page, "Garder ce questionnaire")
    headed(page, "Questionnaires")
    expect(page.locator(".shelf").first).to_contain_text("La vie à la cantine")
    expect(page.locator(".shelf").first).to_contain_text("3 questions · version 1")
