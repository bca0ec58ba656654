"""The browser's Back and Reload buttons: no form is sent twice, and no code or thread comes back."""

import pytest
from playwright.sync_api import expect

from ent_module.help.tables import Conversation
from tests.help.conftest import Visit
from tests.help.steps import MESSAGE, count, write
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
    for move in (page.reload, page.go_back, page.go_forward):
        move()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(bubble).to_have_count(0)


def test_a_mistake_shown_again_is_not_sent_again(visit: Visit) -> None:
    page = visit("lina", "/write")
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.get_by_role("alert")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.reload()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "POST" not in asked
