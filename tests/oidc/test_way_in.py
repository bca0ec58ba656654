"""The door for those who come without a portal's menu."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

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


@pytest.fixture
def public_side(plugged: Town, database_url: str, work: Path) -> Iterator[Town]:
    app = make_app(database_url, work, replace(SETTINGS, surface="public"))
    yield replace(plugged, app=app, house=app.extensions["ent"])
    app.extensions["ent"].database.engine.dispose()


def test_the_pupils_side_shows_the_way_in_which_the_staff_s_side_serves(public_side: Town) -> None:
    browser = public_side.browser()
    assert browser.get("/").text.count('href="/ent/sign-in/') == 2
    assert browser.client.get("/ent/sign-in/00000000-0000-0000-0000-000000000000").status_code == 404
