"""Quick exit out of a portal's frame: the address ends one session without its cookie, and is worth nothing else."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from html import unescape

from sqlalchemy import text

from ent_module.privacy.keys import MasterKey
from ent_module.web import leaving
from tests.support.database import everything
from tests.support.town import Browser, Town

FRAMED = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}
ALONE = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin"}


def exits(browser: Browser, path: str = "/", headers: dict[str, str] = FRAMED) -> set[str]:
    """Where the quick exits of a page lead, without the prefix."""
    page = browser.get(path, headers=headers).text
    links = [link for link in re.findall(r"<a [^>]*>", page) if "data-leave" in link]
    assert len(links) >= 2
    return {unescape(re.findall(r'href="/ent([^"]+)"', link)[0]) for link in links}


def way_out(browser: Browser, path: str = "/") -> str:
    [address] = exits(browser, path)
    assert address.startswith("/leave/")
    return address


def is_in(browser: Browser) -> bool:
    return browser.get("/me").status_code == 200


def test_the_address_ends_that_session_without_its_cookie_and_no_other(town: Town) -> None:
    frame, own_tab, other = town.browser("lina"), town.browser("lina"), town.browser("sami")
    answer = town.browser().get(way_out(frame))
    assert (answer.status_code, answer.headers["Location"]) == (303, town.house.settings.exit_url)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not is_in(frame)
    assert is_in(own_tab)
    assert is_in(other)


def test_a_session_of_the_tab_itself_ends_as_well(town: Town) -> None:
    frame, tab = town.browser("lina"), town.browser("sami")
    tab.get(way_out(frame))
    assert not is_in(frame)
    assert not is_in(tab)


def test_the_frames_own_request_loses_its_cookie_though_the_other_one_came_first(town: Town) -> None:
    frame = town.browser("lina")
    way = way_out(frame)
    town.browser().get(way)  # the page that takes the frame's place
    assert "Max-Age=0" in frame.get(way).headers["Set-Cookie"]
    assert "Set-Cookie" not in town.browser().get(way).headers


def test_a_page_that_fills_its_tab_needs_no_such_address(town: Town) -> None:
    lina = town.browser("lina")
    assert exits(lina, headers=ALONE) == {"/leave"}
    assert exits(town.browser()) == {"/leave"}
    said = [{"Sec-Fetch-Dest": kind} for kind in ("frame", "object", "embed", "empty")]
    for headers in ({}, *said):
        assert exits(lina, headers=headers) == exits(lina), "it may be framed"


def test_the_address_is_the_same_on_every_page_of_a_session_and_of_no_other(town: Town) -> None:
    lina = town.browser("lina")
    assert {way_out(lina, path) for path in ("/", "/using", "/write", "/nothing-here")} == {way_out(lina)}
    assert way_out(town.browser("lina")) != way_out(lina)


def test_the_address_tells_nothing(town: Town) -> None:
    lina = town.browser("lina")
    assert lina.session is not None
    held = urlsafe_b64decode(way_out(lina).removeprefix("/leave/"))
    for told in (lina.session.digest, lina.session.secret[:16], lina.session.secret[16:], b"lina", b"pupil"):
        assert told[:8] not in held
    assert len({len(way_out(town.browser(who))) for who in ("lina", "karim", "head")}) == 1


def test_what_is_not_ours_ends_nothing(town: Town) -> None:
    lina = town.browser("lina")
    assert lina.session is not None
    token = way_out(lina).removeprefix("/leave/")
    raw = urlsafe_b64decode(token)
    altered = [raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in range(len(raw))]
    digest = lina.session.digest
    others = leaving.token(MasterKey(bytes(32)), digest)
    ready_made = (digest, b"", b"x", bytes(16), bytes(48), raw[:-1], raw + b"x", digest + raw, *altered)
    before = everything(town.house.database)
    made = (urlsafe_b64encode(one).decode() for one in ready_made)
    for forged in (others, lina.session.cookie, "é", "A" * 3000, *made):
        assert town.browser().get(f"/leave/{forged}").status_code in {303, 404}
    assert everything(town.house.database) == before
    town.browser().get(f"/leave/{token}")  # control: the right one does
    assert everything(town.house.database) != before


def test_the_address_opens_nothing(town: Town) -> None:
    lina = town.browser("lina")
    token = way_out(lina).removeprefix("/leave/")
    thief = town.browser()
    thief.client.set_cookie("__Secure-ent", token, path="/ent")
    assert not is_in(thief)
    refused = thief.post("/tab/open", {"token": token}, headers={"Origin": "https://ent.example"})
    assert refused.status_code == 400
    assert is_in(lina)


def test_the_address_of_a_session_that_ended_does_nothing_to_the_next(town: Town) -> None:
    lina = town.browser("lina")
    address = way_out(lina)
    lina.get(address)
    again = town.browser("lina")
    assert town.browser().get(address).status_code == 303
    assert is_in(again)


def test_a_token_for_a_new_tab_ends_nothing(town: Town) -> None:
    lina = town.browser("lina")
    page = lina.post("/tab", {"back": "/ent/"}, headers=FRAMED).text
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    town.browser().get(f"/leave/{found[1]}")
    with town.house.database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM ent_hand_over")).scalar_one() == 1
    assert is_in(lina)
