"""Groups that cannot be read at all: nobody answers, nobody may be asked, or what would ask is missing."""

import builtins
from datetime import UTC, datetime
from typing import Any

import pytest

from ent_module.identity import following
from ent_module.privacy.sealing import UnsealError
from ent_module.sign_in.oidc import groups
from ent_module.sign_in.oidc.groups import GroupError
from ent_module.sign_in.oidc.portals import OidcPortal
from ent_module.sign_in.tables import OidcClient
from tests.oidc.conftest import plug
from tests.support.town import COLLEGE, OTHER, Town

PATH = f"/{COLLEGE}/personnels"
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_portal_that_does_not_answer_is_a_failure(town: Town) -> None:
    portal = plug(town, "http://127.0.0.1:1/realms/ent", name="Parti")
    with pytest.raises(GroupError, match="unreachable"):
        groups.members(portal, PATH, allow_local=True)


def test_a_portal_that_does_not_answer_is_asked_once_a_look(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    portal = plug(town, "http://127.0.0.1:1/realms/ent", name="Parti")
    asked: list[str] = []
    real = groups.members

    def counted(portal: OidcPortal, path: str, *, allow_local: bool) -> list[str]:
        asked.append(path)
        return real(portal, path, allow_local=allow_local)

    monkeypatch.setattr(groups, "members", counted)
    with town.house.database.writing() as db:
        for uai in (COLLEGE, OTHER):
            following.follow(db, town.schools[uai], portal.id, f"/{uai}")
    groups.follow_due(town.house, START)
    assert len(asked) == 1
    with town.house.database.reading() as db:
        for uai in (COLLEGE, OTHER):
            found = following.standing(db, town.schools[uai])
            assert found
            assert found.failed_at == START
    assert capsys.readouterr().err.count("group not read") == 2


def test_a_portal_whose_secret_is_damaged_keeps_no_other_waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = plug(town, "http://127.0.0.1:1/realms/ent", name="Abîmé")
    other = plug(town, "http://127.0.0.1:1/realms/autre", name="Autre")
    with town.house.database.writing() as db:
        db.get_one(OidcClient, damaged.id).sealed_secret = bytes(40)
        following.follow(db, town.schools[COLLEGE], damaged.id, PATH)
        following.follow(db, town.schools[OTHER], other.id, PATH)
        due = following.due(db, START)
    # The damaged one first, whatever the database says.
    due.sort(key=lambda one: one.portal_id != damaged.id)
    monkeypatch.setattr(following, "due", lambda *_asked: due)
    with pytest.raises(UnsealError):
        groups.follow_due(town.house, START)
    with town.house.database.reading() as db:
        found = following.standing(db, town.schools[OTHER])
        assert found
        assert found.failed_at == START


def test_a_private_address_is_not_asked(town: Town) -> None:
    with pytest.raises(GroupError, match="unreachable"):
        groups.members(plug(town, "http://127.0.0.1:1/realms/ent", name="Ici"), PATH, allow_local=False)


def test_an_issuer_that_is_no_keycloak_s(town: Town) -> None:
    portal = OidcPortal(town.portal_id, "https://portal.example", "c", "s")
    with pytest.raises(GroupError, match="issuer"):
        groups.members(portal, PATH, allow_local=False)


def test_without_the_extra_it_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any, **others: Any) -> Any:
        if name == "keycloak":
            raise ImportError
        return real(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(GroupError, match="library"):
        groups.members(OidcPortal(town.portal_id, "https://k.example/realms/ent", "c", "s"), PATH, allow_local=False)


def test_a_look_at_what_is_not_followed_any_more_changes_nothing(town: Town) -> None:
    """Between reading and applying, the operator may have changed what is followed."""
    portal = plug(town, "http://127.0.0.1:1/realms/ent", name="Parti")
    place = town.schools[COLLEGE]
    with town.house.database.writing() as db:
        following.follow(db, place, portal.id, PATH)
        (old,) = following.due(db, START)
        following.follow(db, place, portal.id, "/another")
        following.apply(db, town.house.keys, old, [], START)
        following.fail(db, old, "missing", START)
        found = following.standing(db, place)
        assert found
        assert (found.succeeded_at, found.failed_at) == (None, None)
        following.stop(db, place)
        assert following.due(db, START) == []
        assert following.standing(db, place) is None
