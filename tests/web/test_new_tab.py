"""From a portal's frame to a new tab: once, within a minute, by a page of ours, with the session of whoever asked."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from ent_module.web import hand_over
from ent_module.web.elsewhere import sent_by_us
from tests.conftest import SETTINGS
from tests.support.town import Browser, Town

FRAMED = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}
OUR_PAGE = {"Origin": "https://ent.example", "Sec-Fetch-Site": "same-origin"}
OTHERS: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://www.ent.example", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
)
PAST = "trop ancienne, ou elle a déjà servi"


def asked(browser: Browser, back: str = "/ent/using") -> str:
    """The token on the page that offers the tab."""
    page = browser.post("/tab", {"back": back}, headers=FRAMED)
    assert page.status_code == 200
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def opened(tab: Browser, token: str, headers: dict[str, str] | None = None) -> TestResponse:
    return tab.post("/tab/open", {"token": token}, headers=OUR_PAGE if headers is None else headers)


def tokens_left(town: Town) -> int:
    with town.house.database.reading() as db:
        return int(db.execute(text("SELECT count(*) FROM ent_hand_over")).scalar_one())


def test_the_tab_has_the_frames_session_and_page(town: Town) -> None:
    frame, tab = town.browser("lina"), town.browser()
    answer = opened(tab, asked(frame))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ent/using")
    assert "Compte\u202f: Lina Morel" in tab.get("/").text
    assert "Compte\u202f: Lina Morel" in frame.get("/").text
    assert tokens_left(town) == 0


def test_quick_exit_in_the_tab_ends_the_frames_session_too(town: Town) -> None:
    frame, tab = town.browser("lina"), town.browser()
    opened(tab, asked(frame))
    tab.get("/leave")
    assert frame.get("/me").status_code == 401


def test_a_token_works_once(town: Town) -> None:
    token = asked(town.browser("lina"))
    assert opened(town.browser(), token).status_code == 303
    late = town.browser()
    refused = opened(late, token)
    assert (refused.status_code, PAST in refused.text) == (400, True)
    assert late.get("/me").status_code == 401


def test_of_many_at_once_one_gets_it(town: Town) -> None:
    now, start = datetime.now(UTC), Barrier(6)
    with town.house.database.writing() as db:
        token = hand_over.give(db, {"what": "this"}, now)

    def take(_number: int) -> bool:
        start.wait()
        with town.house.database.writing() as db:
            return hand_over.take(db, token, now) is not None

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(take, range(6))) == 1


def test_a_token_lives_for_a_minute_and_is_cleared_away(town: Town) -> None:
    now = datetime.now(UTC)
    with town.house.database.writing() as db:
        early, late, never = (hand_over.give(db, {}, now) for _ in range(3))
        assert hand_over.take(db, early, now + timedelta(seconds=59)) == {}
        assert hand_over.take(db, late, now + timedelta(seconds=60)) is None
        hand_over.delete_expired(db, now + timedelta(seconds=59))
        assert hand_over.take(db, never, now) == {}
        hand_over.give(db, {}, now)
        hand_over.delete_expired(db, now + timedelta(seconds=60))
    assert tokens_left(town) == 0


@pytest.mark.parametrize("headers", OTHERS)
def test_what_another_site_sends_signs_nobody_in(town: Town, headers: dict[str, str]) -> None:
    """Someone makes a token of their own and lets another's browser send it: that child would write in their name."""
    token = asked(town.browser("sami"))
    for victim in (town.browser(), town.browser("lina")):
        before = victim.get("/me").status_code, "Lina Morel" in victim.get("/").text
        assert opened(victim, token, headers).status_code == 400
        assert (victim.get("/me").status_code, "Lina Morel" in victim.get("/").text) == before
    assert opened(town.browser(), token).status_code == 303  # control: it was worth something


def test_an_older_browser_says_by_the_origin_alone_that_the_page_is_ours(town: Town) -> None:
    assert opened(town.browser(), asked(town.browser("lina")), {"Origin": "https://ent.example"}).status_code == 303


def test_to_say_nothing_is_no_proof(town: Town) -> None:
    with town.app.test_request_context("/ent/tab/open", method="POST", base_url="https://ent.example") as context:
        assert not sent_by_us(context.request, SETTINGS)


def test_another_childs_session_in_the_tab_ends(town: Town) -> None:
    tab = town.browser("eva")
    left_open = town.browser()
    assert tab.session is not None
    left_open.client.set_cookie("__Secure-ent", tab.session.cookie, path="/ent")
    opened(tab, asked(town.browser("lina")))
    assert "Lina Morel" in tab.get("/").text
    assert left_open.get("/me").status_code == 401


def test_a_session_that_ended_meanwhile_is_not_handed_over(town: Town) -> None:
    frame, tab = town.browser("lina"), town.browser()
    token = asked(frame)
    frame.get("/leave")
    assert opened(tab, token).status_code == 400
    assert tab.get("/me").status_code == 401


def test_nobody_and_a_page_without_its_token_get_none(town: Town) -> None:
    assert town.browser().post("/tab", {"back": "/ent/"}, headers=FRAMED).status_code in {400, 401}
    assert town.browser("lina").post("/tab", {"csrf_token": "forged"}, headers=FRAMED).status_code == 400
    assert tokens_left(town) == 0


@pytest.mark.parametrize("token", ["", "é", "A" * 64, "A" * 21, "=" * 64, "A" * 3000])
def test_what_is_no_token_is_refused(town: Town, token: str) -> None:
    asked(town.browser("lina"))
    refused = opened(town.browser(), token)
    assert (refused.status_code, PAST in refused.text) == (400, True)


def test_a_token_for_something_else_opens_no_session(town: Town) -> None:
    """Logins that begin again in a tab are handed over by the same means."""
    with town.house.database.writing() as db:
        token = hand_over.give(db, {"iss": "https://portal.example"}, datetime.now(UTC))
    refused = opened(town.browser(), token)
    assert (refused.status_code, PAST in refused.text) == (400, True)


def test_a_token_with_another_key_opens_nothing_and_is_used_up(town: Town) -> None:
    token = asked(town.browser("lina"))
    assert opened(town.browser(), token[:-1] + ("A" if token[-1] != "A" else "B")).status_code == 400


def test_the_way_back_stays_ours(town: Town) -> None:
    for elsewhere in ("//evil.example", "https://evil.example/ent/", "/ent/../x", "/other"):
        assert opened(town.browser(), asked(town.browser("lina"), elsewhere)).headers["Location"] == "/ent/"


def test_the_database_holds_neither_the_token_nor_the_session(town: Town) -> None:
    lina = town.browser("lina")
    token = asked(lina)
    assert lina.session is not None
    with town.house.database.reading() as db:
        row = db.execute(text("SELECT digest, sealed FROM ent_hand_over")).one()
    for held in map(bytes, row):
        for told in (lina.session.secret[:16], lina.session.cookie.encode(), b"/ent/using", token.encode()):
            assert told not in held


def test_the_button_is_there_in_frames_only(town: Town) -> None:
    lina, button = town.browser("lina"), "Ouvrir dans un nouvel onglet"
    for kind in ("iframe", "frame", "object", "embed"):
        assert button in lina.get("/", headers={"Sec-Fetch-Dest": kind}).text
    assert button not in lina.get("/").text
    assert button not in lina.get("/", headers={"Sec-Fetch-Dest": "document"}).text
    assert button not in town.browser().get("/", headers=FRAMED).text
