"""A listening group that follows a group of a real Keycloak, by its service account."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ent_module.identity import following, grants
from ent_module.identity import service as identity
from ent_module.identity.following import Standing
from ent_module.identity.model import Role
from ent_module.jobs.service import tick
from ent_module.privacy.tables import AuditLine
from tests.oidc.conftest import Plugged, plug
from tests.support.keycloak import Keycloak, Realm
from tests.support.town import COLLEGE, OTHER, Town

PATH = f"/{COLLEGE}/personnels"
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class Own(Plugged):
    """The town, whose collège follows a group of its own with Jeanne Petit and Inès in it."""

    path: str = ""


def _follows(town: Town, realm: Realm) -> Own:
    """Nobody is in the listening group who was there before."""
    path = realm.makes_group(f"/{COLLEGE}", f"groupe-{secrets.token_hex(4)}")
    for name in ("petit", "ines"):
        realm.joins(name, path)
    portal = plug(town, realm.issuer)
    with town.house.database.writing() as db:
        for account in identity.holders(db, town.schools[COLLEGE], Role.LISTENER):
            identity.revoke(db, town.schools[COLLEGE], account.id, Role.LISTENER)
        following.follow(db, town.schools[COLLEGE], portal.id, path)
    return Own(town, realm, portal, path)


@pytest.fixture
def own(town: Town, realm: Realm) -> Own:
    return _follows(town, realm)


@pytest.fixture
def doomed(town: Town, keycloak_server: Keycloak) -> Own:
    """The same in a realm that the test may ruin."""
    return _follows(town, keycloak_server.realm("https://ent.example"))


def look(plugged: Own, minutes: float = 0) -> Standing:
    """The tick, so many minutes after the start; returns how following goes then."""
    settings = replace(plugged.town.house.settings, public_url="http://127.0.0.1", allow_local_portals=True)
    house = replace(plugged.town.house, settings=settings)
    assert tick(house, START + timedelta(minutes=minutes))["sign_in.followed_groups"] == "done"
    with house.database.reading() as db:
        found = following.standing(db, plugged.town.schools[COLLEGE])
    assert found
    return found


def listeners(plugged: Own, uai: str = COLLEGE) -> list[str]:
    with plugged.town.house.database.reading() as db:
        return [one.name for one in identity.holders(db, plugged.town.schools[uai], Role.LISTENER)]


def audit(plugged: Own) -> list[str]:
    with plugged.town.house.database.reading() as db:
        wanted = select(AuditLine.action).where(
            AuditLine.establishment_id == plugged.town.schools[COLLEGE], AuditLine.action.like("listener.%")
        )
        return sorted(db.scalars(wanted))


@pytest.mark.keycloak
def test_members_become_listeners_once_they_have_come(own: Own) -> None:
    first = look(own)
    assert (listeners(own), first.awaited) == ([], 2)
    petit = own.visit()
    petit.sign_in("petit")
    assert petit.browser.me()["roles"] == []
    assert look(own, 5).awaited == 2, "a quarter of an hour is not over"
    second = look(own, 15)
    assert (listeners(own), second.awaited) == (["Jeanne Petit"], 1)
    assert petit.browser.me()["roles"] == ["listener"], "in the session that is open"
    assert audit(own) == ["listener.followed"]
    assert second.succeeded_at == START + timedelta(minutes=15)
    look(own, 30)
    assert audit(own) == ["listener.followed"], "nothing changes twice"
    assert listeners(own, OTHER) == ["Inès Vidal", "Paul Henry"], "the other school's group follows nothing"


@pytest.mark.keycloak
def test_whoever_leaves_the_group_loses_the_key_at_the_next_look(own: Own) -> None:
    ines, petit = own.visit(), own.visit()
    ines.sign_in("ines")
    petit.sign_in("petit")
    look(own)
    assert listeners(own) == ["Inès Vidal", "Jeanne Petit"]
    own.realm.leaves("petit", own.path)
    look(own, 15)
    assert listeners(own) == ["Inès Vidal"]
    assert petit.browser.me()["roles"] == []
    assert petit.browser.get("/staff/desk").status_code == 403
    assert audit(own) == ["listener.followed", "listener.followed", "listener.unfollowed"]


@pytest.mark.keycloak
def test_whoever_is_in_the_group_but_no_adult_of_the_school_gets_nothing(own: Own) -> None:
    for name in ("lina", "karim", "stranger", "zoe"):
        own.realm.joins(name, own.path)
        own.visit().sign_in(name)
    look(own)
    assert listeners(own) == []


@pytest.mark.keycloak
def test_whoever_s_account_is_disabled_there_is_no_member(own: Own) -> None:
    own.realm.joins("clerk", own.path)
    own.visit().sign_in("clerk")
    look(own)
    assert listeners(own) == ["Luc Martin"]
    own.realm.admin("PUT", f"/users/{own.realm.user_id('clerk')}", {"enabled": False})
    look(own, 15)
    assert listeners(own) == []
    own.realm.admin("PUT", f"/users/{own.realm.user_id('clerk')}", {"enabled": True})


@pytest.mark.keycloak
def test_somebody_of_another_portal_with_the_same_subject_is_somebody_else(own: Own) -> None:
    subject = own.realm.user_id("petit")
    town = own.town
    with town.house.database.writing() as db:
        identity.welcome(db, town.house.keys, replace(town.arrival("clerk"), subject=subject, name="Faux Petit"))
    assert look(own).awaited == 2
    assert listeners(own) == []


@pytest.mark.keycloak
def test_an_empty_group_after_a_full_one_waits_for_a_word(own: Own) -> None:
    petit, ines = own.visit(), own.visit()
    petit.sign_in("petit")
    ines.sign_in("ines")
    look(own)
    for name in ("petit", "ines"):
        own.realm.leaves(name, own.path)
    waits = look(own, 15)
    assert waits.waits_to_empty
    assert waits.succeeded_at == START
    assert listeners(own) == ["Inès Vidal", "Jeanne Petit"]
    admin = own.town.browser("admin")
    page = admin.get("/staff/settings/members").text
    assert "Le groupe du portail est vide" in page
    assert own.town.browser("head").post("/staff/settings/members/emptying").status_code == 403
    assert look(own, 30).waits_to_empty
    assert admin.post("/staff/settings/members/emptying").status_code == 303
    done = look(own, 31)
    assert not done.waits_to_empty
    assert listeners(own) == []
    assert audit(own).count("listener.unfollowed") == 2
    assert audit(own).count("listener.emptying_confirmed") == 1
    page = admin.get("/staff/settings/members").text
    assert "Jeanne Petit n’est plus membre du groupe d’écoute" in page


@pytest.mark.keycloak
def test_an_empty_group_from_the_start_is_no_failure(own: Own) -> None:
    for name in ("petit", "ines"):
        own.realm.leaves(name, own.path)
    found = look(own)
    assert not found.waits_to_empty
    assert found.succeeded_at == START
    admin = own.town.browser("admin")
    admin.post("/staff/settings/members/emptying")
    assert audit(own) == [], "nothing waited for that word"


def _gone(own: Own) -> None:
    own.realm.admin("DELETE", f"/groups/{own.realm.group_id(own.path)}")


def _without_rights(own: Own) -> None:
    service = own.realm.user_id("service-account-ent-module")
    for client in own.realm.admin("GET", "/clients?clientId=realm-management"):
        roles = own.realm.admin("GET", f"/users/{service}/role-mappings/clients/{client['id']}")
        own.realm.admin("DELETE", f"/users/{service}/role-mappings/clients/{client['id']}", roles)


def _another_secret(own: Own) -> None:
    client = own.realm.admin("GET", "/clients?clientId=ent-module")[0]
    own.realm.admin("PUT", f"/clients/{client['id']}", {**client, "secret": "another"})


def _realm_gone(own: Own) -> None:
    own.realm.admin("DELETE", "")


@pytest.mark.keycloak
@pytest.mark.parametrize(
    ("happens", "word", "said"),
    [
        (_gone, "missing", "ne connaît pas ce groupe"),
        (_without_rights, "denied", "ne laisse pas lire"),
        (_another_secret, "denied", "ne laisse pas lire"),
        (_realm_gone, "missing", "ne connaît pas ce groupe"),
    ],
)
def test_a_look_that_fails_empties_nothing_and_is_said(
    doomed: Own, happens: Callable[[Own], None], word: str, said: str
) -> None:
    doomed.visit().sign_in("petit")
    look(doomed)
    happens(doomed)
    failed = look(doomed, 15)
    assert (failed.failure, failed.failed_at) == (word, START + timedelta(minutes=15))
    assert failed.succeeded_at == START
    assert listeners(doomed) == ["Jeanne Petit"]
    assert "Rien n’a été changé ici." in doomed.town.browser("admin").get("/staff/settings").text
    page = doomed.town.browser("admin").get("/staff/settings/members").text
    assert said in page
    assert "Dernière lecture réussie\u202f: 23 novembre 2026, 9\u202fh" in page
    assert "Dernier échec\u202f: 23 novembre 2026, 9\u202fh\u202f15" in page
    assert doomed.path in page


@pytest.mark.keycloak
def test_what_two_persons_decide_counts_more(own: Own) -> None:
    town = own.town
    for name in ("petit", "ines"):
        own.visit().sign_in(name)
    with town.house.database.writing() as db:
        roux = town.membership("roux", COLLEGE)
        identity.grant(db, roux.establishment_id, roux.account_id, Role.LISTENER, START.date())
    look(own)
    assert listeners(own) == ["Inès Vidal", "Jeanne Petit", "Marc Roux"], "whom people took in stays"
    with town.house.database.writing() as db:
        seat = next(one for one in grants.seats(db, town.schools[COLLEGE], Role.LISTENER) if one.name == "Jeanne Petit")
        day = START.date()
        grants.propose_end(db, town.membership("admin"), Role.LISTENER, seat.id, day)
        grants.confirm_end(db, town.membership("head"), Role.LISTENER, seat.id, day)
    look(own, 15)
    assert listeners(own) == ["Inès Vidal", "Marc Roux"], "whom people took out does not come back by itself"
    own.realm.leaves("petit", own.path)
    look(own, 30)
    own.realm.joins("petit", own.path)
    look(own, 45)
    assert listeners(own) == ["Inès Vidal", "Jeanne Petit", "Marc Roux"], "but by being put in anew"
