"""Which portals may frame our pages: each person's own only; without a restart, and none that is no origin."""

import re
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import text

from ent_module.identity import service as identity
from ent_module.identity.origins import PortalOrigins
from tests.lti.conftest import Clock
from tests.support.town import Town


def test_a_new_portal_is_known_after_a_minute(town: Town) -> None:
    clock = Clock()
    origins = PortalOrigins(town.house.database, clock)
    assert origins() == ("https://portal.example",)
    with town.house.database.writing() as db:
        identity.add_portal(db, "lti", "Nouveau portail", "https://new.example")
    assert origins() == ("https://portal.example",)
    clock.now += 61
    assert origins() == ("https://new.example", "https://portal.example")


def ancestors(page: str) -> list[str]:
    found = re.search(r"frame-ancestors ([^;]*)", page)
    assert found
    return found[1].split()


def test_a_persons_page_is_framed_by_their_own_portal_only(town: Town) -> None:
    with town.house.database.writing() as db:
        identity.add_portal(db, "lti", "Autre portail", "https://other.example")
    policy = "Content-Security-Policy"
    assert ancestors(town.browser("lina").get("/").headers[policy]) == ["'self'", "https://portal.example"]
    assert ancestors(town.browser("lina").get("/nothing").headers[policy]) == ["'self'", "https://portal.example"]
    everybody = ["'self'", "https://other.example", "https://portal.example"]
    assert ancestors(town.browser().get("/").headers[policy]) == everybody


def test_the_portal_of_whoever_arrives_is_known_at_once(town: Town) -> None:
    origins = PortalOrigins(town.house.database, Clock())
    origins()
    with town.house.database.writing() as db:
        new = identity.add_portal(db, "lti", "Nouveau portail", "https://new.example")
    assert origins(replace(town.lina, portal_id=new.id)) == ("https://new.example",)


def test_whoever_has_no_portal_any_more_is_framed_by_none(town: Town) -> None:
    assert PortalOrigins(town.house.database)(replace(town.lina, portal_id=uuid4())) == ()


def test_an_origin_with_delimiters_neither_reaches_a_page_nor_breaks_it(town: Town) -> None:
    """However it came into the table: the commands refuse it (test_commands, test_headers)."""
    with town.house.database.writing() as db:
        bad = {"id": uuid4().hex, "origin": "https://a;script-src *"}
        db.execute(text("INSERT INTO ent_portal (id, kind, name, origin) VALUES (:id, 'lti', 'Mauvais', :origin)"), bad)
    answer = town.browser().get("/")
    assert answer.status_code == 200
    assert "script-src *" not in answer.headers["Content-Security-Policy"]
    assert ancestors(answer.headers["Content-Security-Policy"]) == ["'self'", "https://portal.example"]
