"""A poor line and hasty hands: little to load, nothing lost, nothing doubled."""

import gzip
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from ent_module.help.tables import Conversation, Message
from ent_module.web import sessions
from tests.help.conftest import Visit
from tests.help.steps import ARRIVED, MESSAGE, code_on, count, token_on, write
from tests.support.town import Browser, Town

MOST = 60_000


def test_two_taps_at_the_same_moment_make_one_message(town: Town) -> None:
    browser = town.browser("lina")
    values = {"token": token_on(browser.get("/write").text), "message": MESSAGE, "answer": "here-unnamed"}
    start = Barrier(2)
    other = Browser(town)
    other.session = browser.session
    settings = town.house.settings
    assert browser.session is not None
    other.client.set_cookie(sessions.cookie_name(settings), browser.session.cookie, path=settings.url_prefix)

    def tap(one: Browser) -> str:
        start.wait()
        return one.post("/write", values).text

    with ThreadPoolExecutor(2) as hands:
        pages = list(hands.map(tap, (browser, other)))
    assert all(ARRIVED in page for page in pages)
    assert code_on(pages[0]) == code_on(pages[1])
    assert (count(town, Conversation), count(town, Message)) == (1, 1)


def test_nothing_that_a_pupil_writes_in_is_sent_to_a_spelling_service(town: Town) -> None:
    lina, noe, written = town.browser("lina"), town.browser("noe"), write(town)
    pages = [lina.get("/write").text, lina.post("/words", {"code": written.code}).text, lina.get("/words").text]
    pages += [noe.get("/write/steps").text, noe.get("/write/visit").text]
    fields = [tag for page in pages for tag in re.findall(r"<textarea[^>]*>|<input[^>]*type=\"text\"[^>]*>", page)]
    assert len(fields) > 3
    assert all('spellcheck="false"' in tag for tag in fields)


# --- In a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("who", "path"), [("lina", "/write"), ("noe", "/write"), ("karim", "/write"), ("lina", "/")])
def test_a_first_page_and_all_that_it_loads_are_light(
    open_as: Callable[..., BrowserContext], who: str, path: str
) -> None:
    page, weights = open_as(who).new_page(), dict[str, int]()
    page.on("requestfinished", lambda request: weights.update({request.url: len(gzip.compress(_body(request)))}))
    page.goto(f"/ent{path}", wait_until="networkidle")
    kinds = {url.rpartition(".")[2] for url in weights}
    assert {"css", "js", "woff2"} <= kinds  # control: what the page loads was counted
    assert sum(weights.values()) < MOST, weights


def _body(request: Request) -> bytes:
    response = request.response()
    return response.body() if response else b""


def _typed(visit: Visit, **options: object) -> Page:
    page = visit("lina", "/write", **options)
    page.get_by_label("Ton message").fill(MESSAGE)
    page.check('[name="answer"][value="here-unnamed"]')
    return page


@pytest.mark.browser
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_the_line_loses_stays_on_the_page_and_arrives_once(town: Town, visit: Visit) -> None:
    page = _typed(visit)
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The first is lost on its way; of the second the answer is."""
        if route.request.method != "POST" or len(lost) == 2:
            route.fallback()
            return
        lost.append(route.request.post_data or "")
        if len(lost) == 2:
            route.fetch()
        route.abort("internetdisconnected")

    page.route("**/write", lose)
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.get_by_text("Pas de réseau. Ton texte reste sur cette page")).to_be_visible()
    expect(page.get_by_label("Ton message")).to_have_value(MESSAGE)
    expect(page.get_by_role("heading", name="Ton message est arrivé")).to_be_visible(timeout=20_000)
    expect(page.locator("ol.code li")).to_have_count(8)
    assert lost[0] == lost[1]  # the same form, with its own token
    assert count(town, Conversation) == 1
    kept = page.evaluate("[localStorage.length, sessionStorage.length, indexedDB.databases && 0, caches && 0]")
    assert kept[:2] == [0, 0]


@pytest.mark.browser
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_double_click_makes_one_message(town: Town, visit: Visit) -> None:
    page = _typed(visit)
    page.get_by_role("button", name="Envoyer mon message").dblclick()
    expect(page.get_by_role("heading", name="Ton message est arrivé")).to_be_visible()
    assert count(town, Conversation) == 1
