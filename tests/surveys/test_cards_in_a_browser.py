"""A card's way in a real browser: from the sheet that a teacher prints to the last page, on a telephone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import axe
from tests.support.town import Town
from tests.surveys.campaign import ballots, started

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}
WORDS = {
    "fr": ("Le code de la carte", "Voir les questions", "Envoyer mes réponses", "Merci."),
    "ar": ("رمز البطاقة", "عرض الأسئلة", "إرسال إجاباتي", "شكرًا"),
}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def printed(teacher: Page) -> tuple[str, str]:
    """The teacher prints two cards. Returns what stands on the first: its code and its address."""
    teacher.goto("/ent/staff/surveys")
    teacher.get_by_text("Des cartes pour qui ne peut pas répondre ici").click()
    teacher.get_by_label("Combien de cartes").fill("2")
    teacher.get_by_role("button", name="Faire les cartes").click()
    card = teacher.locator(".card").first
    expect(card).to_be_visible()
    teacher.emulate_media(media="print")
    expect(teacher.get_by_text("Découpez, mélangez dans un sac")).to_be_hidden()
    expect(card.locator("svg")).to_be_visible()
    return card.locator(".card-code").inner_text(), card.locator("p").last.inner_text()


def fits(page: Page) -> None:
    """Nothing is wider than the telephone."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("language", "script"), [("ar", True), ("ar", False), ("fr", False)])
def test_from_the_printed_sheet_to_the_last_page(
    town: Town,
    open_as: Callable[..., BrowserContext],
    new_context: Callable[..., BrowserContext],
    language: str,
    script: bool,
) -> None:
    """Whoever has the card is signed in nowhere; without a script the code is typed from the paper."""
    started(town, "6e B")
    label, see, send, thanks = WORDS[language]
    code, address = printed(open_as("alba").new_page())
    page = new_context(viewport=PHONE, java_script_enabled=script).new_page()
    looks = (axe, fits) if script else ()  # a look needs a script
    page.goto(f"{address}#{code.replace(' ', '')}")
    page.wait_for_load_state()
    if language == "ar":
        page.get_by_role("link", name="العربية").click()
        page.wait_for_load_state()
    if script:
        expect(page.get_by_label(label)).to_have_value(code)
        assert "#" not in page.url
    else:
        page.get_by_label(label).fill(code.lower())
    for look in looks:
        look(page)
    page.get_by_role("button", name=see).click()
    expect(page.get_by_role("button", name=send)).to_be_visible()
    assert code.split()[0] not in page.url
    page.locator("fieldset.choices").first.get_by_role("radio").nth(1).check()
    for look in looks:
        look(page)
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", name=thanks)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    for look in looks:
        look(page)
    (sent,) = ballots(town)
    assert len(sent) == 1
    assert page.context.cookies() == []
    page.goto(address)
    page.get_by_label("Le code de la carte").fill(code)
    page.get_by_role("button", name="Voir les questions").click()
    expect(page.get_by_role("heading", name="Cette carte a déjà servi")).to_be_visible()
    assert ballots(town) == [sent]


def test_two_adults_each_print_their_half_for_a_whole_class(town: Town, open_as: Callable[..., BrowserContext]) -> None:
    started(town, "6e B")
    alba, clerk = (open_as(name, viewport=PHONE).new_page() for name in ("alba", "clerk"))
    alba.goto("/ent/staff/surveys")
    alba.get_by_text("Des cartes pour qui ne peut pas répondre ici").click()
    alba.get_by_label("Nombre d’élèves de la classe").fill("5")
    alba.get_by_role("button", name="Demander des cartes pour toute la classe").click()
    expect(alba.get_by_text("En attente")).to_be_visible()
    clerk.goto("/ent/")
    clerk.get_by_role("link", name="Cartes pour une classe").click()
    axe(clerk)
    fits(clerk)
    clerk.get_by_role("button", name="Confirmer").click()
    alba.reload()
    for page in (clerk, alba):
        page.get_by_role("button", name="Faire ma moitié des cartes").click()
        expect(page.locator(".card-code")).to_have_count(3)
        axe(page)
        fits(page)
    assert not set(alba.locator(".card-code").all_inner_texts()) & set(clerk.locator(".card-code").all_inner_texts())
