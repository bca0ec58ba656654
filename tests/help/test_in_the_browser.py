"""What only a real browser shows: keys at the desk, and numbers that appear as soon as the answer calls for them."""

import pytest
from playwright.sync_api import expect

from tests.help.conftest import Visit
from tests.help.steps import write
from tests.support.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Keys and styles have nothing to do with the database."""
    return str(request.param)


def test_the_desk_by_keyboard(town: Town, visit: Visit) -> None:
    first, second = write(town, danger="yes"), write(town)
    page = visit("petit", "/staff/desk")
    links = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/desk/{first.id}")
    page.keyboard.press("r")
    answer = page.locator("#message")
    expect(answer).to_be_focused()
    page.keyboard.type("jr")  # in a text, these are letters
    expect(answer).to_have_value("jr")
    assert str(second.id) not in page.url


def test_single_keys_can_be_switched_off(town: Town, visit: Visit) -> None:
    write(town)
    page = visit("petit", "/staff/desk")
    page.get_by_role("button", name="Désactiver les raccourcis").click()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).not_to_be_focused()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).not_to_be_focused()
    page.get_by_role("button", name="Activer les raccourcis").click()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_numbers_appear_at_once_where_somebody_is_in_danger(visit: Visit, script: bool) -> None:
    page = visit("lina", "/write", java_script_enabled=script)
    numbers = page.locator(".if-danger")
    expect(numbers).to_be_hidden()
    page.check('[name="danger"][value="yes"]')
    expect(numbers.locator('[href="tel:119"]')).to_be_visible()
    page.check('[name="danger"][value="no"]')
    expect(numbers).to_be_hidden()
    page.get_by_text("En dire plus").click()
    page.check('[name="what"][value="home"]')
    expect(page.locator(".if-home")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_header_never_covers_what_has_the_focus(visit: Visit, width: int) -> None:
    page = visit("lina", "/write", viewport={"width": width, "height": 640})
    for more in page.locator("details.more > summary").all():
        more.click()
    page.get_by_role("navigation", name="Pied de page").get_by_role("link").first.focus()
    seen = []
    for _press in range(80):
        page.keyboard.press("Shift+Tab")
        name, covered = page.evaluate(
            """() => {
              const here = document.activeElement, shown = here.closest("label") ?? here;
              const below = document.querySelector("header.top").getBoundingClientRect().bottom;
              const name = here.closest("main") ? here.name || here.textContent.trim() : "";
              return [name, below - shown.getBoundingClientRect().top];
            }"""
        )
        if name:
            assert covered <= 0, f"{name} is {covered} px under the header"
            seen.append(name)
        elif "message" in seen:
            break
    assert {"parents", "answer", "danger", "message", "what", "about"} <= set(seen)


def test_after_a_mistake_the_summary_has_the_focus(visit: Visit) -> None:
    page = visit("lina", "/write")
    page.get_by_role("button", name="Envoyer mon message").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    expect(summary.get_by_role("link").first).to_be_focused()
