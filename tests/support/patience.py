"""Hands that wait: a test does nothing to a page before all of the page has come, with its scripts.

After a click leads to another page, Playwright's next act would come as soon as its target stands there, and before a
script that the page has asked for: a race that a busy machine loses. People are slower than that; what a page does
without its scripts has tests of its own.

What does not belong here: what a test expects, for which `expect` waits.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, expect
from playwright.sync_api import TimeoutError as LateError

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
_EVALUATE = Locator.evaluate
_STATE = "one => one.ownerDocument.readyState"


def await_scripts(page: Page) -> None:
    """Returns once the page and its frames have come, scripts and all. Raises AssertionError where one never does."""
    for frame in page.frames:
        _await(page, frame.is_detached, partial(frame.evaluate, "document.readyState"))


def _await(page: Page, gone: Callable[[], bool], state: Callable[[], Any]) -> None:
    """Asks a document itself: of a frame of another site, Playwright's own load states may be those of the page before.

    Modules are run before a document is complete.
    """

    def complete() -> bool:
        try:
            return gone() or state() == "complete"
        except LateError:
            raise
        except Error:  # another document has taken its place meanwhile
            return False

    becomes(page, complete, LOADS_WITHIN)


def becomes(page: Page, holds: Callable[[], bool], within: float = SHOWS_WITHIN) -> None:
    """Waits for what `expect` has no words for, while the page goes on. Raises AssertionError."""
    until = time.monotonic() + within / 1000
    while not holds():
        assert time.monotonic() < until, f"it never became true on {page.url}"
        page.wait_for_timeout(20)


def _on_element(act: Method) -> Method:
    @wraps(act)
    def patient(locator: Locator, *given: Any, **options: Any) -> Any:
        _await(locator.page, lambda: False, partial(_EVALUATE, locator.first, _STATE))
        return act(locator, *given, **options)

    return patient


def _by_selector(act: Method) -> Method:
    @wraps(act)
    def patient(page: Page, selector: str, *given: Any, **options: Any) -> Any:
        _await(page, lambda: False, partial(_EVALUATE, page.locator(selector).first, _STATE))
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
