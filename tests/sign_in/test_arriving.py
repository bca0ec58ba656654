"""The last step of every sign-in, on a small application of its own that signs in whoever is named."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.identity.model import ANYONE, Profile
from ent_module.identity.service import NoEstablishmentError
from ent_module.sign_in import service
from ent_module.sign_in.arriving import arrive, leave_earlier
from ent_module.web import parts, sessions
from ent_module.web.errors import Refused
from ent_module.web.tables import SessionRow
from ent_module.web.urls import Url, blueprint
from tests.support.town import COLLEGE, Town


@pytest.fixture
def arriving(app: Flask, town: Town) -> Town:
    """The town with one more address, `/arrive/<name>`, as a protocol's callback would be."""

    def callback(db: Session, _person: Any, name: str) -> str:
        arrival = replace(town.arrival("lina"), uais=()) if name == "nowhere" else town.arrival(name)
        if name != "petit":
            leave_earlier(db)
        try:
            return arrive(db, arrival).name
        except NoEstablishmentError:
            raise Refused("nowhere") from None

    table = (Url("/arrive/<name>", "arrive", callback, ANYONE, ("POST",), proof="a test"),)
    made = blueprint("ent_test", table, "web", town.house.declared)
    made.context_processor(parts.context)
    app.register_blueprint(made, url_prefix="/ent")
    return town


def _sessions(town: Town) -> int:
    with town.house.database.reading() as db:
        return db.scalar(select(func.count()).select_from(SessionRow)) or 0


def test_someone_arrives_in_a_fresh_session_and_the_one_before_is_gone(arriving: Town) -> None:
    browser = arriving.browser("eva")
    name = sessions.cookie_name(arriving.house.settings)
    before = browser.client.get_cookie(name, path="/ent")
    count = _sessions(arriving)
    assert browser.client.post("/ent/arrive/lina").status_code == 200
    after = browser.client.get_cookie(name, path="/ent")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert _sessions(arriving) == count
    assert "Compte\u202f: Lina Morel" in browser.get("/").text
    browser.client.set_cookie(name, before.value, path="/ent")
    assert browser.get("/me").status_code == 401


def test_nobody_arrives_where_somebody_still_is(arriving: Town) -> None:
    browser = arriving.browser("eva")
    assert browser.client.post("/ent/arrive/petit").status_code == 500
    assert browser.me()["profile"] == "pupil"


def test_whoever_comes_from_nowhere_leaves_no_session(arriving: Town) -> None:
    browser = arriving.browser()
    answer = browser.client.post("/ent/arrive/nowhere")
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/me").status_code == 401


def test_what_the_portal_says_is_what_the_session_knows(town: Town, db: Session) -> None:
    session = sessions.WebSession.fresh()
    person = service.enter(db, town.house.keys, session, replace(town.arrival("lina"), language="AR-ma"))
    assert (person.profile, person.here.uai, person.here.classes) == (Profile.PUPIL, COLLEGE, ("6e B",))
    assert session["language"] == "ar"
    assert session["person"]["name"] == "Lina Morel"
    assert "roles" not in session["person"]


@pytest.mark.parametrize("language", [None, "", "de", "x", "🙂"])
def test_a_language_that_we_do_not_speak_is_left_to_the_browser(town: Town, db: Session, language: str) -> None:
    session = sessions.WebSession.fresh()
    service.enter(db, town.house.keys, session, replace(town.arrival("lina"), language=language))
    assert "language" not in session
