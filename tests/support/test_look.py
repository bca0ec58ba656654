"""The looks themselves: each finds what it looks for, and nothing on a good page."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.support.look import NARROW, Messages, look, look_enlarged, look_without_colours
from tests.support.visitor import places

pytestmark = pytest.mark.browser

POLICY = "default-src 'self'; style-src 'self' 'nonce-ours'; script-src 'self' 'nonce-ours'"
STYLE = "main { font-size: 112.5% } button { min-height: 44px; min-width: 44px; border: 2px solid }"
GOOD = "<h1>Bonjour</h1><h2>Suite</h2><button>Envoyer</button><p>Un texte.</p>"
FAULTS = {
    "wider": f"{GOOD}<p style='width: 400px'>Un texte</p>",
    "2 h1": f"{GOOD}<h1>Encore</h1>",
    "0 h1": "<h2>Suite</h2>",
    "from h1 to <h3> « Loin »": "<h1>Bonjour</h1><h3>Loin</h3>",
    "empty heading": "<h1>Bonjour</h1><h2></h2>",
    "target of": "<h1>Bonjour</h1><button class='small'>a</button>",
    "two #a": f"{GOOD}<i id='a'></i><i id='a'></i>",
    'for="b" leads nowhere': f"{GOOD}<label for='b'>Nom</label>",
    "#c leads nowhere": f"{GOOD}<a href='#c'>Aller</a>",
    "2 main parts": f"{GOOD}<main></main>",
}


@pytest.fixture
def show(new_context: Callable[..., BrowserContext], serve: Callable[..., str]) -> Callable[..., Page]:
    """Shows a page of its own making."""
    app, content = Flask("shown"), {"html": ""}
    app.add_url_rule("/", "page", lambda: (content["html"], {"Content-Security-Policy": POLICY}))
    address = serve(app)

    def make(body: str, style: str = STYLE, attributes: str = 'lang="fr" dir="ltr"', **options: object) -> Page:
        content["html"] = (
            f'<!doctype html><html {attributes}><title>Page</title><link rel="icon" href="/">'
            f'<style nonce="ours">{style} .small {{ min-width: 0; width: 20px; padding: 0 }}</style><main>{body}</main>'
        )
        page = new_context(viewport=NARROW, bypass_csp="style=" in body, **options).new_page()
        page.goto(address)
        return page

    return make


def test_a_good_page_passes(show: Callable[..., Page]) -> None:
    assert look(show(GOOD), "fr") == []


@pytest.mark.parametrize("told", FAULTS)
def test_a_fault_is_told(show: Callable[..., Page], told: str) -> None:
    assert any(told in one for one in look(show(FAULTS[told]), "fr"))


@pytest.mark.parametrize(
    ("attributes", "language", "told"),
    [
        ('lang="en" dir="ltr"', "fr", ["is said to be in en, not fr"]),
        ('lang="ar" dir="ltr"', "ar", ["in ar does not run rtl"]),
        ('lang="ar" dir="rtl"', "ar", []),
        ('lang="fr"', "fr", ["in fr does not run ltr"]),
    ],
)
def test_language_and_direction(show: Callable[..., Page], attributes: str, language: str, told: list[str]) -> None:
    assert look(show(GOOD, attributes=attributes), language) == told


def test_text_that_does_not_grow_or_is_cut_off(show: Callable[..., Page]) -> None:
    assert look_enlarged(show(GOOD)) == []
    assert "where the reader asks for twice" in look_enlarged(show(GOOD, STYLE.replace("112.5%", "18px")))[0]
    low = f"{STYLE} p {{ height: 1.5rem; overflow: hidden; line-height: 1.2; font-size: 16px }}"
    assert look_enlarged(show(GOOD, low)) == []
    fixed = f"{STYLE} p {{ height: 30px; overflow: hidden; line-height: 1.2 }}"
    assert look_enlarged(show(GOOD, fixed)) == ["cuts off <p> « Un texte. »"]


def test_what_only_its_ground_shows(show: Callable[..., Page]) -> None:
    assert look_without_colours(show(GOOD, forced_colors="active")) == []
    bare = STYLE.replace("border: 2px solid", "border: 0")
    assert "« Envoyer »" in look_without_colours(show(GOOD, bare, forced_colors="active"))[0]


def test_what_the_browser_says(show: Callable[..., Page]) -> None:
    page = show(GOOD)
    messages = Messages(page)
    page.set_content(GOOD)
    assert messages.taken() == []
    with page.expect_event("pageerror"):
        page.set_content(f"{GOOD}<script nonce='ours'>throw Error('stopped')</script>")
    assert "stopped" in messages.taken()[0]


def test_what_the_policy_refuses_is_told(show: Callable[..., Page]) -> None:
    page = show(GOOD)
    messages = Messages(page)
    with page.expect_console_message():
        page.evaluate("document.querySelector('p').setAttribute('style', 'color: red')")
    assert "Content Security Policy" in messages.taken()[0]


def test_an_element_in_a_new_place_is_noticed() -> None:
    known = places(f"<main>{GOOD}</main>")
    assert places(f"<main>{GOOD}<p>Encore du texte</p></main>") <= known
    for new in ("<ul></ul>", "<p class='notice'></p>", "<p aria-hidden='true'></p>", "<button role='tab'></button>"):
        assert not places(f"<main>{GOOD}{new}</main>") <= known
    assert not places(f"<main><div>{GOOD}</div></main>") <= known
    assert places(f"<main><p><br>{GOOD}</p></main>") != known
