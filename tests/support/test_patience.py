"""A test's hands wait for a page's scripts; Playwright's own come before them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from inspect import unwrap
from threading import Event, Timer

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.support.patience import BY_SELECTOR, ON_ELEMENTS, ON_PAGES
from tests.support.server import open_port

pytestmark = pytest.mark.browser

FIRST = '<!doctype html><title>First</title><a href="/second">On</a>'
SECOND = (
    '<!doctype html><title>Second</title><script type="module" src="/late.js"></script>'
    "<p>Seen:</p><button>Press</button>"
)
SCRIPT = """
  const tell = (what) => (document.querySelector("p").textContent += ` ${what}`);
  document.querySelector("button").addEventListener("click", () => tell("click"));
  addEventListener("keydown", () => tell("key"));
"""


@dataclass
class Late:
    """A page that leads to another, whose script comes when it is let; and a page that frames them."""

    address: str
    let: Event = field(default_factory=Event)

    def app(self) -> Flask:
        app = Flask("late")
        elsewhere = f"{self.address.replace('127.0.0.1', 'localhost')}/"
        framed = {"/around": "/", "/from-another-site": elsewhere}
        pages = {name: f'<!doctype html><iframe src="{to}"></iframe>' for name, to in framed.items()}
        for rule, html in {"/": FIRST, "/second": SECOND, **pages}.items():
            app.add_url_rule(rule, rule, lambda html=html: html)
        app.add_url_rule("/late.js", "late", self._script)
        return app

    def _script(self) -> ResponseReturnValue:
        self.let.wait(20)
        return SCRIPT, {"Content-Type": "text/javascript"}

    def follow(self, page: Page, start: str = "/", *, lets: bool = True) -> Page | FrameLocator:
        """To the second page, whose script comes half a second later if at all."""
        page.goto(f"{self.address}{start}")
        place = page if start == "/" else page.frame_locator("iframe")
        place.get_by_role("link", name="On").click()
        expect(place.locator("p")).to_have_text("Seen:")
        if lets:
            Timer(0.5, self.let.set).start()
        return place


@pytest.fixture
def late(serve: Callable[..., str]) -> Iterator[Late]:
    port, address = open_port()
    made = Late(address)
    serve(made.app(), port)
    yield made
    made.let.set()


@pytest.mark.parametrize("start", ["/", "/around", "/from-another-site"])
def test_a_click_waits_for_the_script(page: Page, late: Late, start: str) -> None:
    second = late.follow(page, start)
    second.get_by_role("button", name="Press").click()
    expect(second.locator("p")).to_have_text("Seen: click")


def test_playwrights_own_click_does_not(page: Page, late: Late) -> None:
    """Control."""
    second = late.follow(page, lets=False)
    unwrap(Locator.click)(second.get_by_role("button", name="Press"))
    late.let.set()
    second.get_by_role("button", name="Press").click()
    expect(second.locator("p")).to_have_text("Seen: click")  # one of the two


def test_keys_wait_too(page: Page, late: Late) -> None:
    late.follow(page)
    page.keyboard.press("a")
    expect(page.locator("p")).to_have_text("Seen: key")


def test_every_act_of_the_tests_is_patient() -> None:
    for owner, names in ((Locator, ON_ELEMENTS), (Page, (*BY_SELECTOR, *ON_PAGES))):
        for name in names:
            act = getattr(owner, name)
            assert unwrap(act) is not act, name
