"""A real browser before the served town, and a real mail server, for the tests of this room that need one."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.mailbox import Mailbox, mailbox
from tests.support.town import Town

Visit = Callable[..., Page]


@pytest.fixture
def visit(open_as: Callable[..., BrowserContext]) -> Visit:
    """A page of the served town, opened by somebody."""

    def open_page(name: str, path: str, **options: object) -> Page:
        page = open_as(name, **options).new_page()
        page.goto(f"/ent{path}")
        return page

    return open_page


@pytest.fixture
def box(town: Town) -> Iterator[Mailbox]:
    """A mail server, known to the installation."""
    with mailbox() as found:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": found.port, "smtp_security": "none"}
        settings = replace(town.house.settings, **mail, smtp_from="portail@ent.example", smtp_timeout=2)  # type: ignore[arg-type]
        town.house = replace(town.house, settings=settings)
        town.app.extensions["ent"] = town.house
        yield found
