"""A real browser before the served town, for the tests of this room that need one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from ent_module.web import sessions
from tests.conftest import SETTINGS, make_app
from tests.support.server import open_port
from tests.support.town import Town

Visit = Callable[..., Page]


@pytest.fixture
def visit(
    town: Town, database_url: str, work: Path, serve: Callable[..., str], new_context: Callable[..., BrowserContext]
) -> Iterator[Visit]:
    """A page of the served town, opened by somebody."""
    port, origin = open_port()
    app = make_app(database_url, work, replace(SETTINGS, public_url=origin))
    serve(app, port)
    served = replace(town, app=app, house=app.extensions["ent"])

    def open_as(name: str, path: str, **options: object) -> Page:
        context = new_context(base_url=origin, **options)
        session = served.browser(name).session
        assert session is not None
        cookie = {"name": sessions.cookie_name(served.house.settings), "value": session.cookie, "url": f"{origin}/ent"}
        context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary of its three fields
        page = context.new_page()
        page.goto(f"/ent{path}")
        return page

    yield open_as
    app.extensions["ent"].database.engine.dispose()
