"""The browser of the stories itself: it stays on this machine, and axe sees what is wrong."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Error, Page

from tests.support.browser import Outside, axe
from tests.support.server import open_port

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; style-src 'self'; img-src 'self' https:; connect-src https:"
GOOD = '<!doctype html><html lang="fr"><title>Page</title><main><h1>Bonjour</h1><a href="/">Accueil</a></main>'
UNNAMED = '<!doctype html><html lang="fr"><title>Page</title><main><h1>Bonjour</h1><img src="/x.png"></main>'
SMALL = (
    '<!doctype html><html lang="fr"><title>Page</title><link rel="stylesheet" href="/small.css">'
    "<main><h1>Bonjour</h1><button>a</button><button>b</button></main>"
)
OUTWARD = GOOD.replace("<h1>", '<img alt="" src="https://outside.example/x.png"><h1>')
SMALL_CSS = "button { inline-size: 10px; block-size: 10px; padding: 0; margin: 0; border: 0; font-size: 8px }"


@pytest.fixture
def site() -> Flask:
    app = Flask("site")
    for name, html in {"good": GOOD, "unnamed": UNNAMED, "small": SMALL, "outward": OUTWARD}.items():
        policy = {"Content-Security-Policy": STRICT}
        app.add_url_rule(f"/{name}", name, lambda html=html, policy=policy: (html, policy))
    app.add_url_rule("/small.css", "css", lambda: (SMALL_CSS, {"Content-Type": "text/css"}))
    return app


@pytest.fixture
def address(site: Flask, serve: Callable[..., str]) -> str:
    return serve(site)


def test_a_good_page_passes_under_a_strict_policy(page: Page, address: str) -> None:
    page.goto(f"{address}/good")
    axe(page)


def test_a_violation_names_rule_place_and_remedy(page: Page, address: str) -> None:
    page.goto(f"{address}/unnamed")
    with pytest.raises(AssertionError, match=r"(?s)image-alt \(critical\).*<img src=.*alt attribute"):
        axe(page)
    axe(page, without=["image-alt"])


def test_small_targets_are_seen(page: Page, address: str) -> None:
    page.goto(f"{address}/small")
    with pytest.raises(AssertionError, match="target-size"):
        axe(page)


def test_what_a_page_wants_from_outside_is_refused_and_told(page: Page, address: str, outside: Outside) -> None:
    with page.expect_event("requestfailed"):
        page.goto(f"{address}/outward")
    assert outside.surprises() == ["https://outside.example/x.png"]
    outside.expect("https://outside.example/")
    assert outside.surprises() == []


@pytest.mark.parametrize("host", ["outside.example", "192.0.2.1"])
def test_no_page_outside_is_reached_by_name_or_number(page: Page, outside: Outside, host: str) -> None:
    outside.expect(f"http://{host}/")
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(f"http://{host}/")


def test_two_browsers_share_nothing(new_context: Callable[..., BrowserContext], address: str) -> None:
    first, second = new_context(), new_context()
    first.add_cookies([{"name": "a", "value": "1", "url": address}])
    assert [len(context.cookies()) for context in (first, second)] == [1, 0]


def test_an_application_can_know_its_address_before_it_is_served(page: Page, serve: Callable[..., str]) -> None:
    port, known = open_port()
    app = Flask("knows")
    app.add_url_rule("/", "home", lambda: known)
    assert serve(app, port) == known
    page.goto(known)
    assert page.inner_text("body") == known


def test_the_reader_is_french(page: Page, serve: Callable[..., str]) -> None:
    app = Flask("hears")

    @app.route("/")
    def heard() -> str:
        from flask import request

        return str(request.accept_languages)

    page.goto(serve(app))
    assert page.inner_text("body").startswith("fr-FR")
