"""The questionnaire in a real browser: one question a screen at the école, or without a script; the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import axe
from tests.support.town import ECOLE, Town
from tests.surveys.campaign import CALM, HURT, ballots, card, fill, shut, started

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


@pytest.fixture
def visit(open_as: Callable[..., BrowserContext]) -> Visit:
    """A page of someone's own browser."""
    return lambda name, language="fr", **options: open_as(name, language, **options).new_page()


def test_a_child_sees_one_question_at_a_time_and_goes_back(town: Town, visit: Visit) -> None:
    started(town, "CE2", uai=ECOLE)
    page = visit("noe", viewport={"width": 320, "height": 700})
    page.goto("/ent/surveys")
    page.get_by_role("link", name="Voir les questions").click()
    page.get_by_role("button", name="Commencer").click()
    shown = page.locator("fieldset.choices:visible")
    expect(shown).to_have_count(1)
    expect(page.get_by_text("Question 1 sur 16")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer mes réponses")).to_be_hidden()
    page.get_by_role("radio", name="Oui", exact=True).check()
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_text("Question 2 sur 16")).to_be_visible()
    page.get_by_role("button", name="Retour").click()
    expect(page.get_by_role("radio", name="Oui", exact=True)).to_be_checked()
    axe(page)
    for _question in range(16):
        page.get_by_role("button", name="Suivant").click()
    expect(shown).to_have_count(0)
    axe(page)
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci. Ton questionnaire est arrivé.")).to_be_visible()
    assert ballots(town) == [{"climate_help": ["agree"]}]


def test_the_devices_back_button_goes_one_question_back_and_loses_nothing(town: Town, visit: Visit) -> None:
    started(town, "CE2", uai=ECOLE)
    page = visit("noe")
    page.goto("/ent/surveys")
    page.get_by_role("link", name="Voir les questions").click()
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("radio", name="Oui", exact=True).check()
    for _question in range(3):
        page.get_by_role("button", name="Suivant").click()
    page.get_by_role("button", name="Retour").click()
    expect(page.get_by_text("Question 3 sur 16")).to_be_visible()
    for place in (2, 1):
        page.go_back()
        expect(page.get_by_text(f"Question {place} sur 16")).to_be_visible()
    expect(page.get_by_role("radio", name="Oui", exact=True)).to_be_checked()
    history, local, tab = page.evaluate("[history.state, {...localStorage}, {...sessionStorage}]")
    assert (history, local, len(tab)) == ({"step": 0, "behind": 0}, {}, 1)  # the tab keeps its token, and no answer
    assert "agree" not in repr(tab)
    page.go_forward()
    expect(page.get_by_text("Question 2 sur 16")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("link", name="Voir les questions")).to_be_visible()


def test_enter_goes_on_and_never_sends_half_a_questionnaire(town: Town, visit: Visit) -> None:
    started(town, "CE2", uai=ECOLE)
    page = visit("noe")
    page.goto("/ent/surveys")
    page.get_by_role("link", name="Voir les questions").press("Enter")
    page.get_by_role("button", name="Commencer").press("Enter")
    for number in range(1, 17):
        expect(page.get_by_text(f"Question {number} sur 16")).to_be_visible()
        if number == 1:
            page.get_by_role("radio").first.focus()
            page.keyboard.press("Space")
        else:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert ballots(town) == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer mes réponses")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert ballots(town) == [{"climate_help": ["disagree"]}]


def test_without_a_script_a_card_opens_all_questions_on_one_page(town: Town, visit: Visit) -> None:
    code = card(town, started(town, "CE2", uai=ECOLE), "CE2")
    page = visit("noe", java_script_enabled=False)
    page.goto("/ent/surveys")
    page.get_by_role("link", name="Voir les questions").click()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    page.get_by_role("link", name="J’ai une carte").click()
    page.get_by_label("Le code de la carte").fill(code.lower())
    page.get_by_role("button", name="Voir les questions").click()
    expect(page.locator("fieldset.choices")).to_have_count(16)
    page.get_by_role("group", name="Dans ma classe, on s’aide.").get_by_label("Je passe").check()
    page.get_by_role("group", name="À l’école, les adultes écoutent les enfants.").get_by_label(
        "Oui", exact=True
    ).check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert ballots(town) == [{"climate_listen": ["agree"]}]


def test_the_drawing_of_a_card_brings_its_code_and_leaves_no_trace_of_it(town: Town, visit: Visit) -> None:
    code = card(town, started(town, "6e B"), "6e B")
    page = visit("lina")
    page.goto(f"/ent-ballots/card#{code.replace(' ', '')}")
    expect(page.get_by_label("Le code de la carte")).to_have_value(code)
    assert "#" not in page.url
    page.get_by_role("button", name="Voir les questions").click()
    page.get_by_role("button", name="Envoyer un questionnaire vide").click()
    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert ballots(town) == [{}]


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_axe_finds_nothing_on_any_page_of_the_room(town: Town, visit: Visit, language: str) -> None:
    campaign = started(town, "6e B", "5e A")
    lina, alba, head = (
        visit(name, language, viewport={"width": 320, "height": 700}) for name in ("lina", "alba", "head")
    )
    for page, paths in (
        (lina, ["/surveys", f"/surveys/{campaign.id}/questions"]),
        (alba, ["/staff/surveys", "/staff/surveys/open"]),
        (head, ["/staff/surveys/campaigns", "", "/closing"]),
    ):
        for path in paths:
            look(page, path if path.startswith("/s") else f"/staff/surveys/campaigns/{campaign.id}{path}")
    lina.locator("[data-begin]").click()
    axe(lina)
    look(lina, f"/surveys/{campaign.id}/after")
    look(lina, f"-ballots/card?lang={language}")
    lina.get_by_role("textbox").fill(card(town, campaign, "6e B"))
    for _page in ("the questions", "thanks"):
        with lina.expect_navigation():
            lina.get_by_role("main").get_by_role("button").last.click()
        fits(lina)
    fill(town, campaign, {"6e B": [CALM] * 11, "5e A": [CALM] * 6 + [HURT] * 6})
    shut(town, campaign)
    look(head, f"/staff/surveys/campaigns/{campaign.id}")
    for summary in head.locator("summary").all():
        summary.click()
    axe(head)
    look(lina, f"/surveys/{campaign.id}")


def look(page: Page, path: str) -> None:
    """Opens a page: nothing for axe, and nothing wider than the screen."""
    page.goto(f"/ent{path}")
    fits(page)


def fits(page: Page) -> None:
    """Nothing for axe, and nothing wider than the screen."""
    axe(page)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), page.url
