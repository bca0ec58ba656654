"""The lock of the desk as an adult meets it: a narrow screen, three languages, no script needed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ent_module.languages import LANGUAGES
from tests.help.conftest import Visit
from tests.help.devices import DESK, NEW, Device, a_minute_passes, allow, ask_for_another, enrol
from tests.help.steps import write
from tests.support.browser import axe
from tests.support.look import NARROW, look, look_enlarged
from tests.support.town import Town

pytestmark = pytest.mark.browser
NOTE = "Vue à 10 h.\n\n« Elle va mieux », dit-elle."


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What a page looks like has nothing to do with the database."""
    return str(request.param)


@pytest.fixture
def served(serve_town: Callable[..., Town]) -> Town:
    """The town on this machine, where the desk asks for a code."""
    return serve_town(desk_second_factor=True)


def _looks_right(page: Page, language: str) -> bool:
    axe(page)
    assert [*look(page, language), *look_enlarged(page)] == []
    return True


def _type(page: Page, device: Device) -> None:
    page.locator("#desk_code").fill(device.code())
    page.locator("#desk_code").press("Enter")


@pytest.mark.parametrize("script", [True, False])
def test_a_day_with_a_device(served: Town, visit: Visit, script: bool) -> None:
    written = write(served)
    page = visit("petit", DESK, java_script_enabled=script)
    device = Device.from_page(page.content())
    _type(page, device)
    expect(page.locator(f'a[href$="{written.id}"]').first).to_be_visible()
    a_minute_passes(served)
    page.goto(f"/ent{DESK}/{written.id}")
    page.locator("#note").fill(NOTE)
    page.context.clear_cookies(name="ent-lately")  # half an hour goes by
    page.locator("#note").locator("xpath=ancestor::form").locator('button[formaction$="/note"]').click()
    expect(page.get_by_text("ce que vous avez écrit part avec le code")).to_be_visible()
    _type(page, device)
    expect(page.get_by_text("« Elle va mieux », dit-elle.")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_its_pages(served: Town, visit: Visit, language: str) -> None:
    petit, roux = served.browser("petit"), served.browser("roux")
    page = visit("petit", DESK, language=language, viewport=NARROW)
    assert _looks_right(page, language)
    page.locator("#desk_code").fill("000000")
    page.locator("#desk_code").press("Enter")
    assert _looks_right(page, language)
    enrol(petit)
    page.goto(f"/ent{DESK}")
    assert _looks_right(page, language)
    ask_for_another(petit)
    enrol(roux)
    assert allow(roux, "petit") == 303
    for path in (DESK, NEW, "/staff/settings/members"):
        page.goto(f"/ent{path}")
        assert _looks_right(page, language), path
