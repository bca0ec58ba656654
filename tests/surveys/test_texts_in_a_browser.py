"""A text in a real browser: it arrives in one line, cut at its length, sealed with the other answers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.browser import axe
from tests.support.town import Town
from tests.surveys.campaign import ballots, started

pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def test_what_is_written_arrives_with_the_answers(town: Town, open_as: Callable[..., BrowserContext]) -> None:
    campaign = started(town, "6e B")
    page = open_as("lina", viewport={"width": 360, "height": 700}).new_page()
    page.goto(f"/ent/surveys/{campaign.id}/questions")
    page.wait_for_load_state()
    page.get_by_role("button", name="Commencer").click()
    field = page.get_by_label("Ta réponse, 200 signes au plus, ou rien")
    expect(field).to_be_visible()
    axe(page)
    field.press_sequentially('Des "bancs"\net\tde l’ombre ')
    field.press_sequentially("👍" * 120, delay=0)
    expect(field).not_to_have_value("")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci. Ton questionnaire est arrivé.")).to_be_visible()
    [ballot] = ballots(town)
    (said,) = ballot["idea"]
    assert said.startswith('Des "bancs" et')
    assert len(said.encode("utf-16-le")) // 2 <= 200
    assert "👍" * 60 in said
