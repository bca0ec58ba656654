"""The door for those who come without a portal's menu."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ent_module.rooms import WayIn
from ent_module.web.house import House
from tests.conftest import SETTINGS, make_app
from tests.oidc.conftest import plug
from tests.support.town import Town


@pytest.fixture
def plugged(town: Town) -> Town:
    plug(town, "https://kc.example/realms/a", name="ENT <b>du Nord</b>")
    plug(town, "https://kc.example/realms/b", name="Autre ENT")
    return town


def test_each_portal_that_can_be_asked_is_a_way_in(plugged: Town) -> None:
    page = plugged.browser().get("/").text
    assert page.count("Se connecter par") == 2
    assert "Se connecter par Autre ENT" in page
    assert "Se connecter par ENT &lt;b&gt;du Nord&lt;/b&gt;" in page
    assert "Se connecter par Portail" not in page, "an LTI platform begins by itself"
    assert "Se connecter" not in plugged.browser("lina").get("/").text


def test_whose_session_is_over_is_offered_the_same_ways_back_to_the_page(plugged: Town) -> None:
    over = plugged.browser().get("/staff/desk?show=closed")
    assert over.status_code == 401
    links = re.findall(
        r'<a class="button" href="/ent/sign-in/[0-9a-f-]{36}\?to=/ent/staff/desk">([^<]+)</a>', over.text
    )
    assert links == ["Se connecter par Autre ENT", "Se connecter par ENT &lt;b&gt;du Nord&lt;/b&gt;"]
    assert "Se connecter ici, ou ouvrir à nouveau cette page" in over.text
    framed = plugged.browser().get("/staff/desk", headers={"Sec-Fetch-Dest": "iframe"}).text
    assert framed.count('target="_blank" rel="noopener">Se connecter par') == 2


def test_whose_form_was_not_sent_is_led_to_the_page_on_which_it_stood(plugged: Town) -> None:
    lina = plugged.browser("lina")
    with plugged.house.database.writing() as db:
        db.execute(text("DELETE FROM ent_session"))
    over = lina.post("/write", {"message": "Ce que je voulais dire."})
    assert over.status_code == 401
    assert over.text.count("?to=/ent/write") == 2
    assert "Rien n’a été envoyé. Pour recommencer, se connecter ici" in over.text
    assert over.text.index("Ce que je voulais dire.") < over.text.index("Se connecter par"), (
        "first what is to be copied"
    )


def test_where_no_portal_can_be_asked_the_page_says_so_and_no_other_page_offers_any(plugged: Town, town: Town) -> None:
    assert "Se connecter" not in plugged.browser("lina").get("/staff/desk").text  # 403
    assert "Se connecter" not in plugged.browser().get("/nothing-here").text
    with plugged.house.database.writing() as db:
        for table in ("ent_oidc_client", "ent_portal_establishment"):
            db.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # our own names
        db.execute(text("UPDATE ent_portal SET kind = 'lti'"))
    over = town.browser().get("/staff/desk").text
    assert "Ouvrir à nouveau cette page depuis le menu du portail." in over
    assert "Se connecter" not in over


def test_the_page_comes_without_the_database_too(plugged: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_house: object, _db: object) -> list[WayIn]:
        raise OperationalError("select", {}, Exception())

    monkeypatch.setattr(House, "ways_in", down)
    over = plugged.browser().get("/staff/desk")
    assert over.status_code == 401
    assert "Ouvrir à nouveau cette page depuis le menu du portail." in over.text


@pytest.fixture
def public_side(plugged: Town, database_url: str, work: Path) -> Iterator[Town]:
    app = make_app(database_url, work, replace(SETTINGS, surface="public"))
    yield replace(plugged, app=app, house=app.extensions["ent"])
    app.extensions["ent"].database.engine.dispose()


def test_the_pupils_side_shows_the_way_in_which_the_staff_s_side_serves(public_side: Town) -> None:
    browser = public_side.browser()
    assert browser.get("/").text.count('href="/ent/sign-in/') == 2
    assert browser.client.get("/ent/sign-in/00000000-0000-0000-0000-000000000000").status_code == 404
