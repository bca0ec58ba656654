"""Hands that wait: a test does nothing to a page before all of the page has come, with its scripts.

After a click leads to another page, Playwright's next act would come as soon as its target stands there, and before a
script that the page has asked for: a race that a busy machine loses. People are slower than that; what a page does
without its scripts has tests of its own.

What does not belong here: what a test expects, for which `expect` waits.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, expect

LOADS_WITHIN = 60_000
"""How long a browser may take to load a page or to do what a test asks, in milliseconds."""
SHOWS_WITHIN = 20_000
"""How long a page may take to show what a test expects. A machine that is busy with other tests is slow, not wrong."""
ON_ELEMENTS = (
    "check",
    "click",
    "evaluate",
    "fill",
    "focus",
    "hover",
    "press",
    "press_sequentially",
    "select_option",
    "set_input_files",
    "uncheck",
)
BY_SELECTOR = ("check", "click", "fill", "press", "select_option", "uncheck")
ON_PAGES = ("content", "evaluate", "go_back", "go_forward", "reload")
Method = Callable[..., Any]


def await_scripts(page: Page) -> None:
    """Returns once the page and its frames are loaded; modules are run before that. Raises TimeoutError."""
    for frame in page.frames:
        try:
            frame.wait_for_load_state()
        except Error:
            if not frame.is_detached():
                raise


def becomes(page: Page, holds: Callable[[], bool]) -> None:
    """Waits for what `expect` has no words for, while the page goes on. Raises AssertionError."""
    until = time.monotonic() + SHOWS_WITHIN / 1000
    while not holds():
        assert time.monotonic() < until, "it never became true"
        page.wait_for_timeout(50)


def _on_element(act: Method) -> Method:
    @wraps(act)
    def patient(locator: Locator, *given: Any, **options: Any) -> Any:
        locator.first.wait_for(state="attached")  # only then is its page the one that is there
        await_scripts(locator.page)
        return act(locator, *given, **options)

    return patient


def _by_selector(act: Method) -> Method:
    @wraps(act)
    def patient(page: Page, selector: str, *given: Any, **options: Any) -> Any:
        page.locator(selector).first.wait_for(state="attached")
        await_scripts(page)
        return act(page, selector, *given, **options)

    return patient


def _on_page(act: Method) -> Method:
    @wraps(act)
    def patient(page: Page, *given: Any, **options: Any) -> Any:
        await_scripts(page)
        return act(page, *given, **options)

    return patient


@contextmanager
def patient_hands() -> Iterator[None]:
    """Inside the block every page's hands wait, and `expect` waits longer than it does by itself."""
    keyboard = Page.keyboard.fget  # type: ignore[attr-defined]  # a property
    expect.set_options(timeout=SHOWS_WITHIN)
    with pytest.MonkeyPatch.context() as patch:
        for names, owner, wrapped in (
            (ON_ELEMENTS, Locator, _on_element),
            (BY_SELECTOR, Page, _by_selector),
            (ON_PAGES, Page, _on_page),
        ):
            for name in names:
                patch.setattr(owner, name, wrapped(getattr(owner, name)))
        patch.setattr(Page, "keyboard", property(_on_page(keyboard)))
        yield
