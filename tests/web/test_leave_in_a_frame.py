"""Quick exit inside a portal's frame, on another site than ours: the whole page goes, and the session ends."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from ent_module.identity import service as identity
from tests.conftest import SETTINGS, make_app
from tests.support.server import open_port

pytestmark = pytest.mark.browser
NEUTRAL = "La météo de demain"


@pytest.fixture
def portal() -> Flask:
    """A portal's menu around the module, and a neutral page."""
    app = Flask("portal")
    app.add_url_rule("/menu/<sandbox>", "menu", lambda sandbox: _menu(app, sandbox))
    app.add_url_rule("/neutral", "neutral", lambda: f"<h1>{NEUTRAL}</h1>")
    return app


def _menu(app: Flask, sandbox: str) -> str:
    shut_in = ' sandbox="allow-scripts allow-same-origin"' if sandbox == "yes" else ""
    return f'<h1>Portail</h1><iframe{shut_in} src="{app.config["MODULE"]}"></iframe>'


@pytest.fixture
def menu(portal: Flask, database_url: str, tmp_path: Path, serve: Callable[..., str]) -> Iterator[str]:
    """The address of the menu: `localhost` frames `127.0.0.1`, which are two sites."""
    around = serve(portal).replace("127.0.0.1", "localhost")
    listening, address = open_port()
    made = make_app(database_url, tmp_path, replace(SETTINGS, public_url=address, exit_url=f"{around}/neutral"))
    with made.extensions["ent"].database.writing() as db:
        identity.add_portal(db, "lti", "Portail qui encadre", around)
    portal.config["MODULE"] = f"{serve(made, listening)}/ent/"
    yield f"{around}/menu"
    made.extensions["ent"].database.engine.dispose()


def by_button(page: Page) -> None:
    page.frame_locator("iframe").get_by_role("link", name="Quitter vite").last.click()


def by_keys(page: Page) -> None:
    page.frame_locator("iframe").locator("h1").click()
    for _press in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [by_button, by_keys])
def test_the_whole_page_goes_and_the_frame_ends_its_session_itself(
    page: Page, menu: str, leave: Callable[[Page], None]
) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.url, request.resource_type)))
    page.goto(f"{menu}/no")
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Bonjour")
    leave(page)
    expect(page.locator("h1")).to_have_text(NEUTRAL)
    assert page.url.endswith("/neutral")
    assert "fetch" in {kind for url, kind in asked if "/ent/leave" in url}


def test_a_portal_that_shuts_its_frames_in_keeps_its_own_page_only(page: Page, menu: str) -> None:
    page.goto(f"{menu}/yes")
    by_button(page)
    expect(page.frame_locator("iframe").locator("h1")).to_have_text(NEUTRAL)
    assert page.url.endswith("/menu/yes")


def test_without_script_the_link_itself_leaves_the_frame(new_context: Callable[..., object], menu: str) -> None:
    page: Page = new_context(java_script_enabled=False).new_page()  # type: ignore[attr-defined]  # a browser context
    page.goto(f"{menu}/no")
    by_button(page)
    page.wait_for_url(re.compile("/neutral$"))
