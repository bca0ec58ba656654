"""A whole conversation in a real browser, without JavaScript at the desk: from the inbox to its end."""

import pytest
from playwright.sync_api import expect

from tests.help.conftest import Visit
from tests.help.steps import account, row_of, write
from tests.support.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The pages have nothing to do with the database."""
    return str(request.param)


@pytest.mark.parametrize("script", [True, False])
def test_a_conversation_from_the_inbox_to_its_end(town: Town, visit: Visit, script: bool) -> None:
    town.browser("petit").fill(
        "/staff/desk/answers", {"name-0": "Merci", "text-0": "Merci de m’avoir écrit."}, "name-0"
    )
    written = write(town, message="Monsieur Roux crie.", answer="here-named", what=("rejected",))
    page = visit("petit", "/staff/desk", java_script_enabled=script, viewport={"width": 360, "height": 740})
    page.get_by_role("link", name="Rejet ou discrimination").click()
    page.get_by_role("button", name="Je m’en charge").click()
    page.get_by_text("Un autre adulte est cité dans ce message").click()
    page.get_by_label("Adulte cité").select_option(str(account(town, "roux")))
    page.get_by_role("button", name="Écarter cet adulte").click()
    expect(page.get_by_text("Ne pas en parler à")).to_be_visible()
    page.get_by_label("Modèle de réponse").select_option("Merci")
    page.get_by_role("button", name="Insérer le modèle").click()
    expect(page.get_by_label("Répondre")).to_have_value("Merci de m’avoir écrit.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    page.get_by_label("J’ai transmis").select_option("crip")
    page.get_by_role("button", name="Noter la transmission").click()
    page.get_by_role("button", name="Imprimer l’échange mot pour mot").click()
    expect(page.get_by_role("heading", name="Copie mot pour mot d’un échange")).to_be_visible()
    page.get_by_role("link", name="Revenir à l’échange").click()
    page.locator("summary", has_text="Clore").click()
    page.get_by_label("Issue").select_option("facts")
    page.get_by_role("button", name="Clore").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez la référence")
    page.get_by_label("Référence").fill("FE-2026-0417")
    page.get_by_role("button", name="Clore").click()
    expect(page.get_by_text("FE-2026-0417")).to_be_visible()
    assert row_of(town, written).outcome == "facts"
    other = visit("roux", "/staff/desk", java_script_enabled=script)
    expect(other.get_by_text("Rien à lire ni à suivre")).to_be_visible()
