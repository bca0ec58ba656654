"""The browser's Back and Reload buttons: no form is sent twice, and no code or thread comes back."""

import pytest
from playwright.sync_api import Page, expect

from ent_module.help.tables import Conversation
from tests.conftest import SETTINGS
from tests.help.conftest import Visit
from tests.help.steps import MESSAGE, count, write
from tests.support.browser import Outside
from tests.support.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def test_the_eight_words_do_not_come_back(town: Town, visit: Visit) -> None:
    page = visit("lina", "/write")
    page.get_by_label("Ton message").fill(MESSAGE)
    page.check('[name="answer"][value="here-unnamed"]')
    page.get_by_role("button", name="Envoyer mon message").click()
    words = page.locator("ol.code")
    expect(words).to_be_visible()
    page.get_by_role("link", name="Revenir à l’accueil").click()
    expect(page.get_by_role("heading", name="Bonjour")).to_be_visible()
    for move in (page.go_back, page.reload, page.go_forward, page.reload):
        move()
        expect(words).to_have_count(0)
        expect(page.get_by_role("heading", name="est arrivé")).to_have_count(0)
    assert count(town, Conversation) == 1


def test_an_opened_thread_does_not_come_back(town: Town, visit: Visit) -> None:
    written = write(town)
    page = visit("lina", "/words")
    page.get_by_label("Les huit mots").fill(written.code)
    page.get_by_role("button", name="Ouvrir").click()
    bubble = page.get_by_role("article")
    expect(bubble).to_contain_text(MESSAGE)
    page.wait_for_load_state()
    for move in (page.reload, page.go_back, page.go_forward):
        move()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(bubble).to_have_count(0)


def test_a_mistake_shown_again_is_not_sent_again(visit: Visit) -> None:
    page = visit("lina", "/write")
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.wait_for_load_state()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.reload()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "POST" not in asked


def first_steps(visit: Visit) -> Page:
    """A child who has come to the third question, by the page before the form."""
    page = visit("noe", "/write")
    page.get_by_role("link", name="J’écris ce qui se passe").click()
    page.get_by_role("button", name="Pour moi").click()
    page.get_by_role("checkbox", name="On m’embête").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Ton message")).to_be_visible()
    return page


def test_the_devices_back_button_goes_one_question_back_and_loses_nothing(visit: Visit) -> None:
    page = first_steps(visit)
    page.get_by_label("Ton message").fill(MESSAGE)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Question 4 sur 8")).to_be_visible()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.go_back()
    expect(page.get_by_label("Ton message")).to_have_value(MESSAGE)
    page.go_back()
    expect(page.get_by_role("checkbox", name="On m’embête")).to_be_checked()
    page.go_forward()  # what lies ahead is not kept in the history
    expect(page.get_by_role("checkbox", name="On m’embête")).to_be_checked()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Ton message")).to_have_value(MESSAGE)
    for place in (2, 1):
        page.get_by_role("button", name="Revenir").click()
        expect(page.get_by_text(f"Question {place} sur 8")).to_be_visible()
    expect(page.get_by_role("button", name="Pour moi")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("link", name="J’écris ce qui se passe")).to_be_visible()


def test_nothing_typed_is_kept_by_the_browser(visit: Visit) -> None:
    page = first_steps(visit)
    page.get_by_label("Ton message").fill(MESSAGE)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Question 4 sur 8")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("[history.state, {...localStorage}, {...sessionStorage}]") == [{"step": 3}, {}, {}]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.reload()
    expect(page.get_by_text("Question 1 sur 8")).to_be_visible()
    assert "POST" not in asked
    page.go_back()
    expect(page.get_by_role("link", name="J’écris ce qui se passe")).to_be_visible()


def test_after_quick_exit_a_childs_words_are_nowhere(visit: Visit, outside: Outside) -> None:
    outside.expect(SETTINGS.exit_url)
    page = first_steps(visit)
    page.get_by_label("Ton message").fill(MESSAGE)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Question 4 sur 8")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("banner").get_by_role("link", name="Quitter vite").click()
    expect(page).to_have_url("chrome-error://chromewebdata/")
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="La session est finie")).to_be_visible()
    assert MESSAGE not in page.content()


def test_a_childs_eight_words_do_not_come_back(town: Town, visit: Visit) -> None:
    page = first_steps(visit)
    page.get_by_label("Ton message").fill(MESSAGE)
    for place, button in enumerate(
        ("Continuer", "Passer", "Passer", "Continuer", "Je ne donne pas mon nom", "Passer"), start=3
    ):
        expect(page.get_by_text(f"Question {place} sur 8")).to_be_visible()
        page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Envoyer mon message").click()
    words = page.locator("ol.code li")
    expect(words).to_have_count(8)
    page.go_back()
    expect(page.get_by_role("link", name="J’écris ce qui se passe")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("Question 1 sur 8")).to_be_visible()
    expect(words).to_have_count(0)
    assert count(town, Conversation) == 1


def test_without_a_script_each_question_is_a_page(visit: Visit) -> None:
    page = visit("noe", "/write/steps", java_script_enabled=False)
    page.get_by_role("button", name="Pour moi").click()
    page.get_by_role("button", name="Revenir").click()
    expect(page.get_by_role("button", name="Pour moi")).to_have_attribute("aria-pressed", "true")
