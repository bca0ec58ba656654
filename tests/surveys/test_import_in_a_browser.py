"""A local admin brings a form of KoboToolbox in a real browser: choose a file, read what it lost, keep it, read it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.browser import axe
from tests.surveys.interchange.files import kobo

pytestmark = pytest.mark.browser
AT = "/ent/staff/surveys/questionnaires"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("ar", 360)])
def test_from_the_file_to_the_preview(open_as: Callable[..., BrowserContext], language: str, width: int) -> None:
    page = open_as("admin", language, viewport={"width": width, "height": 800}).new_page()
    page.goto(AT)
    axe(page)
    page.locator("#file").set_input_files({"name": "vie.xlsx", "mimeType": XLSX, "buffer": kobo()})
    page.locator("form[enctype] button").click()
    expect(page.locator("table.findings")).to_have_count(3)
    expect(page.locator(".telephone fieldset.choices")).to_have_count(8)
    axe(page)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    page.locator("form[action$='/keep'] button").first.click()
    expect(page.locator(".shelf").first).to_contain_text("Vie au collège")
    with page.expect_navigation():
        page.locator(".shelf a").first.click()
    assert page.locator(".telephone").bounding_box()["width"] <= 360  # type: ignore[index]  # it is on the page
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    axe(page)
