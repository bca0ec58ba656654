"""The beginning of a login, and the addresses that only machines read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ent_module.jobs.service import tick
from ent_module.lti import service
from ent_module.lti.tables import Login
from tests.lti.conftest import Plugged
from tests.lti.platform import ABSENT, CLIENT_ID, ISSUER, query
from tests.support.town import COLLEGE, Town


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": ABSENT},
        {"iss": "https://unknown.example"},
        {"iss": "a\x00b"},
        {"iss": "x" * 5000},
        {"client_id": "unknown"},
        {"client_id": "\x00"},
        {"client_id": ""},
        {"login_hint": ABSENT},
        {"login_hint": ""},
        {"login_hint": "x" * 5000},
        {"lti_message_hint": "x" * 5000},
        {"target_link_uri": ABSENT},
        {"target_link_uri": "https://evil.example/"},
        {"target_link_uri": "https://ent.example/\x00"},
    ],
)
def test_what_nobody_registered_begins_nothing(plugged: Plugged, changed: dict[str, Any]) -> None:
    answer = plugged.visit().begin(**changed)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_platform_with_one_client_here_need_not_name_it(plugged: Plugged) -> None:
    visit = plugged.visit()
    assert visit.begin(client_id=ABSENT, lti_message_hint=ABSENT).status_code == 303
    assert query(visit.redirect)["client_id"] == CLIENT_ID
    assert "lti_message_hint" not in query(visit.redirect)


def _second_client(plugged: Plugged) -> None:
    settings = replace(plugged.town.house.settings, allow_local_portals=True)
    with plugged.town.house.database.writing() as db:
        service.register(
            db,
            settings,
            name="Autre portail",
            issuer=ISSUER,
            client_id="client-2",
            auth_url="https://moodle.example/auth.php",
            token_url="https://moodle.example/token.php",
            jwks_url=plugged.platform.jwks_url,
            deployment="7",
            establishment=COLLEGE,
        )


def test_a_platform_with_two_clients_here_must_name_it(plugged: Plugged) -> None:
    _second_client(plugged)
    assert plugged.visit().begin(client_id=ABSENT).status_code == 400
    visit = plugged.visit()
    assert visit.begin(client_id="client-2").status_code == 303
    assert query(visit.redirect)["client_id"] == "client-2"


def test_a_message_for_one_client_does_not_end_the_login_of_another(plugged: Plugged) -> None:
    _second_client(plugged)
    visit = plugged.visit()
    visit.begin(client_id="client-2")
    assert visit.end(plugged.platform.form(visit.redirect)).status_code == 400
    visit.begin(client_id="client-2")
    assert visit.end(plugged.platform.form(visit.redirect, aud="client-2")).status_code == 303


def test_the_same_person_of_two_clients_is_two(plugged: Plugged) -> None:
    """A second registration never reaches the accounts of the first, whatever it says of itself."""
    _second_client(plugged)
    visit = plugged.visit()
    visit.begin(client_id="client-2")
    changed = {"aud": "client-2", "sub": "subject-petit", "roles": ["Instructor"], "custom": {"profile": "personnel"}}
    visit.end(plugged.platform.form(visit.redirect, **changed))
    assert visit.browser.me()["profile"] == "staff"
    assert visit.browser.me()["roles"] == []


def test_a_login_ends_after_ten_minutes(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    database = plugged.town.house.database
    with database.writing() as db:
        (ends,) = db.scalars(select(Login.expires_at))
        left = ends.replace(tzinfo=UTC) - datetime.now(UTC)
        assert timedelta(minutes=9) < left <= timedelta(minutes=10)
        db.execute(update(Login).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    answer = visit.end(plugged.platform.form(visit.redirect))
    assert answer.status_code == 400
    assert "trop ancienne" in answer.text


def test_the_tick_clears_logins_that_nobody_ended(plugged: Plugged) -> None:
    plugged.visit().begin()
    house = plugged.town.house
    for later, left in ((timedelta(minutes=9), 1), (timedelta(minutes=11), 0)):
        assert tick(house, datetime.now(UTC) + later)["lti.expired_logins"] == "done"
        with house.database.reading() as db:
            assert db.scalar(select(func.count()).select_from(Login)) == left


def test_the_database_holds_neither_the_state_nor_the_cookie(plugged: Plugged) -> None:
    visit = plugged.visit()
    cookie = visit.begin().headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    with plugged.town.house.database.reading() as db:
        (row,) = db.scalars(select(Login))
        kept = repr([vars(row)[name] for name in ("state_digest", "nonce", "binding_digest")])
    assert query(visit.redirect)["state"] not in kept
    assert len(cookie) > 40
    assert cookie not in kept


def test_our_configuration_says_what_to_type_in_and_nothing_secret(town: Town) -> None:
    answer = town.browser().get("/lti/config.json")
    config = answer.get_json()
    assert config["oidc_initiation_url"] == "https://ent.example/ent/lti/login"
    assert config["redirect_uris"] == ["https://ent.example/ent/lti/launch"]
    assert config["target_link_uri"] == "https://ent.example/ent/"
    assert town.browser().get("/lti/jwks.json").get_json() == {"keys": []}
    assert config["public_jwk_url"] == "https://ent.example/ent/lti/jwks.json"
    assert set(config["custom_fields"]) == {"uai", "classes", "profile"}
    assert config["title"] == "Ressources"
    for secret in ("moodle", "client", "0590001B", "harcèlement"):
        assert secret not in answer.text


def test_no_address_is_made_from_the_host_header(plugged: Plugged) -> None:
    visit = plugged.visit()
    answer = visit.browser.client.get(
        "/ent/lti/login", query_string=plugged.platform.login(), headers={"Host": "evil.example"}
    )
    assert "evil.example" not in answer.headers["Location"]
    config = visit.browser.client.get("/ent/lti/config.json", headers={"Host": "evil.example"})
    assert "evil.example" not in config.text
