"""An appointment in a real browser: proposed at the desk, answered in one tap, printed, and in nobody's words."""

from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.help.conftest import Visit
from tests.help.steps import next_day, write
from tests.support.town import Town

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The pages have nothing to do with the database."""
    return str(request.param)


def proposes(page: Page, at: str) -> None:
    page.locator("[name=on_day]").fill(next_day().isoformat())
    page.locator("[name=at]").fill(at)
    page.get_by_role("button", name="Proposer").click()


@pytest.mark.parametrize("script", [True, False])
def test_an_appointment_from_the_desk_to_the_writer_and_back(town: Town, visit: Visit, script: bool) -> None:
    written = write(town, answer="here-named", what=("home",))
    desk = visit("petit", f"/staff/desk/{written.id}", java_script_enabled=script, viewport=PHONE)
    desk.get_by_role("link", name="Proposer un rendez-vous").click()
    proposes(desk, "05:00")
    expect(desk.get_by_role("alert")).to_contain_text("fermé à cette heure")
    proposes(desk, "10:30")
    pupil = visit("lina", "/words", java_script_enabled=script, viewport=PHONE)
    pupil.locator("[name=code]").fill(written.code)
    pupil.get_by_role("button", name="Ouvrir").click()
    expect(pupil.get_by_role("heading", name="Un rendez-vous est proposé")).to_be_visible()
    pupil.locator("[name=moment]").fill("Après la cantine")
    pupil.locator("[name=moment]").press("Enter")  # asks for another moment, and accepts nothing
    expect(pupil.get_by_text("Ta réponse est partie.")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("Demande un autre moment")).to_contain_text("Après la cantine")
    proposes(desk, "14:00")
    pupil.goto("/ent/words")
    pupil.locator("[name=code]").fill(written.code)
    pupil.get_by_role("button", name="Ouvrir").click()
    pupil.get_by_role("button", name="D’accord").click()
    expect(pupil.get_by_text("Rendez-vous accepté")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("Accepté", exact=True)).to_be_visible()
    with desk.expect_download() as kept:
        desk.get_by_role("button", name="Télécharger pour mon agenda").click()
    assert kept.value.suggested_filename == "rendez-vous.ics"
    (event,) = icalendar.Calendar.from_ical(Path(kept.value.path()).read_bytes()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Rendez-vous"
    desk.get_by_role("button", name="Convocation à imprimer").click()
    expect(desk.locator(".slip")).to_have_count(6)
    expect(desk.locator(".slip").first).to_contain_text("Lina Morel")
    desk.emulate_media(media="print")
    said = desk.locator("body").inner_text()
    for hidden in ("Petit", "Revenir", "maison", "écoute", str(written.id)):
        assert hidden not in said
