"""The module in a portal's frame, on another site, in a browser that lets no third-party cookie through."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from ent_module.web import hand_over
from tests.frames.conftest import Stage
from tests.support.patience import becomes

pytestmark = pytest.mark.browser
BUTTON, OPEN = "Ouvrir dans un nouvel onglet", "Ouvrir l’onglet"


def shows(page: Page, name: str) -> None:
    expect(page.get_by_text(f"Compte\u202f: {name}")).to_be_visible()


def is_signed_in(stage: Stage) -> bool:
    """Whether a tab of its own has a session."""
    tab = stage.context.new_page()
    answer = tab.goto(stage.at("ent", "/ent/me"))
    tab.close()
    return answer is not None and answer.status == 200


def sessions_kept(stage: Stage) -> int:
    with stage.town.house.database.reading() as db:
        return int(db.execute(text("SELECT count(*) FROM ent_session")).scalar_one())


def test_a_launch_in_the_frame_signs_in_and_holds(stage: Stage) -> None:
    page = stage.enter("lina")
    frame = stage.frame(page)
    expect(frame.get_by_text("Compte\u202f: Lina")).to_be_visible()
    frame.get_by_role("link", name="Aide", exact=True).click()
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    frame.locator("a.home").click()
    expect(frame.get_by_text("Compte\u202f: Lina")).to_be_visible()
    [cookie] = [one for one in stage.context.cookies() if one["name"] == "__Secure-ent"]
    assert "portal.test" in str(cookie.get("partitionKey")), cookie
    assert not is_signed_in(stage)  # a tab has none of the frame's cookies


def test_without_partitioned_cookies_the_page_offers_a_tab_and_the_login_works_there(stage: Stage) -> None:
    stage.without_partitions()
    page = stage.enter("lina")
    frame = stage.frame(page)
    expect(frame.get_by_role("heading", level=1)).to_have_text(BUTTON)
    expect(frame.get_by_text("Lina")).to_have_count(0)  # control: third-party cookies are blocked
    with page.expect_popup() as popup:
        frame.get_by_role("link", name=OPEN).click()
    shows(popup.value, "Lina")
    assert popup.value.url == stage.at("ent", "/ent/")
    with page.expect_popup() as again:
        frame.get_by_role("link", name=OPEN).click()
    expect(again.value.get_by_text("a déjà servi")).to_be_visible()


def test_the_frame_hands_over_to_a_tab_once(stage: Stage) -> None:
    page = stage.enter("lina")
    frame = stage.frame(page)
    frame.get_by_role("link", name="Aide", exact=True).click()
    frame.get_by_role("button", name=BUTTON).click()
    with page.expect_popup() as popup:
        frame.get_by_role("button", name=OPEN).click()
    tab = popup.value
    shows(tab, "Lina")
    assert tab.url == stage.at("ent", "/ent/using")
    expect(tab.get_by_role("button", name=BUTTON)).to_have_count(0)
    tab.reload()
    shows(tab, "Lina")
    with page.expect_popup() as again:
        frame.get_by_role("button", name=OPEN).click()
    expect(again.value.get_by_text("a déjà servi")).to_be_visible()


def test_quick_exit_in_the_frame_takes_the_whole_window_away_and_leaves_the_portals_own(stage: Stage) -> None:
    page = stage.enter("lina")
    frame = stage.frame(page)
    expect(frame.get_by_text("Compte\u202f: Lina")).to_be_visible()
    frame.locator("header a.leave").click()
    page.wait_for_url(stage.at("away", "/"))
    expect(page.get_by_role("heading", name="Météo")).to_be_visible()
    assert [one["value"] for one in stage.context.cookies() if one["name"] == "who"] == ["lina"]
    becomes(page, lambda: "__Secure-ent" not in {one["name"] for one in stage.context.cookies()})
    kept = stage.context.new_page()
    kept.goto(stage.at("portal", "/auth"))
    assert kept.evaluate("localStorage.getItem('portal')") == "kept"


def test_quick_exit_in_the_frame_ends_its_session_without_our_script(stage: Stage) -> None:
    """The link alone takes the window away: by then the browser no longer sends the frame's cookie."""
    stage.context.route("**/leave.js", lambda route: route.abort())
    page = stage.enter("lina")
    frame = stage.frame(page)
    expect(frame.get_by_text("Compte\u202f: Lina")).to_be_visible()
    assert sessions_kept(stage) == 1
    frame.locator("header a.leave").click()
    page.wait_for_url(stage.at("away", "/"))
    assert sessions_kept(stage) == 0


def test_quick_exit_in_the_tab_ends_the_frames_session(stage: Stage) -> None:
    page = stage.enter("lina")
    frame = stage.frame(page)
    frame.get_by_role("button", name=BUTTON).click()
    with page.expect_popup() as popup:
        frame.get_by_role("button", name=OPEN).click()
    shows(popup.value, "Lina")
    popup.value.locator("header a.leave").click()
    popup.value.wait_for_url(stage.at("away", "/"))
    frame.locator("a.home").click()
    expect(frame.get_by_text("Compte\u202f:")).to_have_count(0)
    expect(frame.get_by_role("heading", level=1)).to_be_visible()


def test_another_site_neither_frames_us_nor_signs_its_visitors_in(stage: Stage) -> None:
    page = stage.context.new_page()
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):  # the browser's own refusal
        page.goto(stage.at("evil", "/frame"))
    expect(stage.frame(page).get_by_text("Quitter vite")).to_have_count(0)
    attackers = stage.town.browser("sami").session
    assert attackers
    with stage.town.house.database.writing() as db:
        token = hand_over.give(db, {"session": attackers.cookie, "path": "/ent/"}, datetime.now(UTC))
    page.goto(stage.at("evil", f"/send?token={quote(token)}"))
    expect(page.get_by_text("a déjà servi")).to_be_visible()
    assert not is_signed_in(stage)


def test_the_portal_may_frame_what_another_site_may_not(stage: Stage) -> None:
    """Control for the test above: the same page is shown in the portal's frame."""
    page = stage.enter("lina")
    stage.frame(page).get_by_role("link", name="Aide", exact=True).click()
    expect(stage.frame(page).get_by_text("Quitter vite").first).to_be_visible()
