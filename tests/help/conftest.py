"""A real browser before the served town, for the tests of this room that need one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

Visit = Callable[..., Page]


@pytest.fixture
def visit(open_as: Callable[..., BrowserContext]) -> Visit:
    """A page of the served town, opened by somebody."""

    def open_page(name: str, path: str, **options: object) -> Page:
        page = open_as(name, **options).new_page()
        page.goto(f"/ent{path}")
        return page

    return open_page
