import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.web import sessions
from ent_module.web.sessions import cookie_name
from tests.conftest import SETTINGS, make_app
from tests.support.town import Town


def _rows(town: Town) -> list[tuple[bytes, bytes]]:
    with town.house.database.reading() as db:
        return [(bytes(a), bytes(b)) for a, b in db.execute(text("SELECT digest, payload FROM ent_session"))]


def test_neither_cookie_nor_database_tells_who_it_is(town: Town) -> None:
    browser = town.browser("lina")
    assert browser.session is not None
    cookie = browser.session.cookie
    account = town.membership("lina").account_id
    for held in (urlsafe_b64decode(cookie), *(part for row in _rows(town) for part in row)):
        for told in (b"Lina", b"Morel", b"6e B", str(account).encode(), account.bytes, b"pupil"):
            assert told not in held
    # Control: the same content, merely encoded, is found.
    assert b"Lina" in json.dumps(browser.session.values).encode()


def test_a_cookie_with_another_key_opens_nothing(town: Town) -> None:
    browser = town.browser("lina")
    assert browser.session is not None
    secret = bytearray(browser.session.secret)
    secret[-1] ^= 1
    name = cookie_name(town.house.settings)
    browser.client.set_cookie(name, urlsafe_b64encode(bytes(secret)).decode(), path="/ent")
    assert browser.get("/me").status_code == 401


def test_garbage_in_the_cookie_is_nobody(town: Town) -> None:
    for value in ("", "é", "AAAA", "=" * 64, "%00", "A" * 3000):
        browser = town.browser()
        browser.client.set_cookie(cookie_name(town.house.settings), value, path="/ent")
        assert browser.get("/").status_code == 200
        assert browser.get("/me").status_code == 401


def test_quick_exit_ends_the_session_and_goes_to_a_neutral_page(town: Town) -> None:
    browser = town.browser("lina")
    answer = browser.get("/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"] == town.house.settings.exit_url
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Clear-Site-Data" not in answer.headers
    assert browser.get("/me").status_code == 401
    assert _rows(town) == []
    assert browser.get("/leave").status_code == 303


def test_quick_exit_clears_storage_only_where_the_origin_is_ours_alone(
    town: Town, work: Path, database_url: str
) -> None:
    """A portal's storage on the same origin is not ours to clear, and its cookies never are."""
    app = make_app(database_url, work, replace(SETTINGS, own_origin=True))
    alone = replace(town, app=app, house=app.extensions["ent"])
    assert alone.browser("lina").get("/leave").headers["Clear-Site-Data"] == '"storage"'
    app.extensions["ent"].database.engine.dispose()


def test_a_visit_does_not_touch_the_session(town: Town) -> None:
    browser = town.browser("lina")
    before = _rows(town)
    for path in ("/", "/me", "/legal", "/site-map"):
        browser.get(path)
    assert _rows(town) == before


def test_cookie_is_partitioned_on_https_and_plain_on_the_demo() -> None:
    assert cookie_name(Settings(public_url="https://ent.example")) == "__Secure-ent"
    assert cookie_name(Settings()) == "ent"


def test_cookie_attributes(town: Town) -> None:
    cookie = town.browser("lina").post("/language", {"language": "en"}).headers["Set-Cookie"]
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/ent"):
        assert attribute in cookie


def test_a_session_that_ends_during_a_request_does_not_come_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick exit, or the portal's word that somebody has signed out, while a form of theirs is being answered."""
    browser = town.browser("lina")
    assert browser.session is not None
    digest, real = browser.session.digest, sessions.save

    def overtaken(db: Session, session: sessions.WebSession, settings: Settings) -> None:
        sessions.delete_these(db, [digest])
        real(db, session, settings)

    monkeypatch.setattr(sessions, "save", overtaken)
    answer = browser.post("/language", {"language": "en"})
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert _rows(town) == []
