"""Both logouts with a real Keycloak, and what a logout token must not be."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ent_module.jobs.service import tick
from ent_module.sign_in.tables import OidcLogout, OidcSession
from ent_module.web import sessions
from ent_module.web.tables import SessionRow
from tests.lti.platform import ABSENT
from tests.oidc.conftest import Plugged, Visit, plug
from tests.oidc.liar import Liar, called, running, signed
from tests.support import forms
from tests.support.town import Town

# --- By Keycloak ------------------------------------------------------------------------------------------------------


@pytest.mark.keycloak
def test_signing_out_here_signs_out_of_keycloak(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.sign_in("lina")
    home = visit.browser.get("/").text
    assert 'action="/ent/sign-out"' in home
    answer = _sign_out(visit)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert visit.browser.get("/me").status_code == 401
    there = answer.headers["Refresh"].partition("url=")[2]
    assert there.startswith(f"{plugged.realm.issuer}/protocol/openid-connect/logout?")
    assert _leads_on(answer) == there
    back = visit.at_keycloak(there, "lina")
    assert back.startswith("https://ent.example/ent/?state=")
    page = visit.back(back)
    assert "Se connecter par ENT du Nord" in page.text
    assert "Lina" not in page.text
    # Keycloak asks for the password again: its session is over too.
    begun = visit.begin().headers["Location"]
    assert visit.there.get(begun, allow_redirects=False, timeout=60).status_code == 200


def _sign_out(visit: Visit) -> TestResponse:
    """Presses the button, which stands on every page."""
    found = forms.form(visit.browser.get("/").text, "/sign-out")
    return visit.browser.client.post("/ent/sign-out", data=found.values)


def _leads_on(answer: TestResponse) -> str:
    found = re.search(r'class="button" href="([^"]+)"', answer.text)
    assert found
    return html.unescape(found[1])


def test_whoever_came_otherwise_signs_out_of_nothing_else(town: Town) -> None:
    browser = town.browser("lina")
    assert "/ent/sign-out" not in browser.get("/").text
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ent/")
    assert browser.get("/me").status_code == 401


def test_signing_out_wants_the_token_of_its_form(town: Town) -> None:
    browser = town.browser("lina")
    assert browser.client.post("/ent/sign-out").status_code == 400
    assert browser.get("/me").status_code == 200


@pytest.mark.keycloak
def test_keycloak_s_own_logout_ends_our_session_at_once(reached: Callable[..., Plugged]) -> None:
    plugged = reached()
    lina, alba = plugged.visit(), plugged.visit()
    lina.sign_in("lina")
    alba.sign_in("alba")
    plugged.realm.signs_out("lina")
    assert lina.browser.get("/me").status_code == 401
    assert alba.browser.get("/me").status_code == 200
    assert lina.begin().status_code == 302


@pytest.mark.keycloak
def test_signing_out_in_one_browser_leaves_the_other(reached: Callable[..., Plugged]) -> None:
    """The portal's session that ended is named by sid: a telephone stays signed in when the computer signs out."""
    plugged = reached()
    computer, telephone = plugged.visit(), plugged.visit()
    computer.sign_in("lina")
    telephone.sign_in("lina")
    there = _sign_out(computer).headers["Refresh"].partition("url=")[2]
    computer.at_keycloak(there, "lina")
    assert telephone.browser.get("/me").status_code == 200


# --- By a portal that lies --------------------------------------------------------------------------------------------


@pytest.fixture
def visit(town: Town, liar: Liar) -> Visit:
    """Lina, signed in by session-1 of the portal."""
    made = Visit(town.browser(), plug(town, liar.address))
    _signs_in(made, liar)
    return made


def _signs_in(visit: Visit, liar: Liar, **spoilt: Any) -> None:
    asked = {name: one[0] for name, one in parse_qs(urlsplit(visit.begin().headers["Location"]).query).items()}
    liar.nonce, liar.spoilt = asked["nonce"], spoilt
    back = {"state": asked["state"], "code": "c"}
    assert visit.browser.get(visit.path("/callback"), query_string=back).status_code == 303


def told(visit: Visit, token: str) -> TestResponse:
    """The portal posts a logout token, without any cookie."""
    return visit.browser.town.app.test_client().post(f"/ent{visit.path('/back-channel')}", data={"logout_token": token})


def is_here(visit: Visit) -> bool:
    return visit.browser.get("/me").status_code == 200


@pytest.mark.parametrize("spoilt", [{}, {"sid": ABSENT}, {"sub": ABSENT}, {"aud": ["x", "ent-module"]}], ids=called)
def test_a_faultless_logout_token_is_obeyed(visit: Visit, liar: Liar, spoilt: dict[str, Any]) -> None:
    answer = told(visit, signed(liar.logout_claims(**spoilt)))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert not is_here(visit)


TAMPERED: list[dict[str, Any]] = [
    {"iss": "https://evil.example"},
    {"iss": ABSENT},
    {"aud": "another"},
    {"aud": ["another"]},
    {"aud": ABSENT},
    {"iat": ABSENT},
    {"iat": 1_700_000_000},
    {"iat": 4_000_000_000},
    {"iat": "now"},
    {"iat": True},
    {"exp": ABSENT},
    {"exp": 1_700_000_000},
    {"jti": ABSENT},
    {"jti": ""},
    {"jti": 7},
    {"events": ABSENT},
    {"events": {}},
    {"events": []},
    {"events": {"http://schemas.openid.net/event/backchannel-logout": True}},
    {"events": {"http://schemas.openid.net/event/another": {}}},
    {"nonce": "n-1"},
    {"nonce": None},
    {"sub": ABSENT, "sid": ABSENT},
    {"sub": "", "sid": ""},
    {"sid": 7},
    {"sub": ["subject-lina"]},
]


@pytest.mark.parametrize("spoilt", TAMPERED, ids=called)
def test_a_tampered_logout_token_ends_nothing(visit: Visit, liar: Liar, spoilt: dict[str, Any]) -> None:
    answer = told(visit, signed(liar.logout_claims(**spoilt)))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
    assert is_here(visit)


@pytest.mark.parametrize(
    "made",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"by": "attacker"},
        {"by": "attacker", "kid": "attacker"},
        {"kid": "unknown"},
        {"kid": ABSENT},
    ],
    ids=called,
)
def test_a_logout_token_that_the_portal_has_not_signed(visit: Visit, liar: Liar, made: dict[str, Any]) -> None:
    assert told(visit, signed(liar.logout_claims(), **made)).status_code == 400
    assert is_here(visit)


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 10_000, "\x00", "é.é.é"])
def test_what_is_no_token(visit: Visit, token: str) -> None:
    assert told(visit, token).status_code == 400
    assert is_here(visit)


def test_an_id_token_is_no_logout_token(visit: Visit, liar: Liar) -> None:
    assert told(visit, signed(liar.claims())).status_code == 400
    assert is_here(visit)


def test_a_logout_token_is_obeyed_once(visit: Visit, liar: Liar) -> None:
    """Kept by an attacker, it would sign somebody out whenever they come back."""
    token = signed(liar.logout_claims(sid=ABSENT))
    assert told(visit, token).status_code == 200
    _signs_in(visit, liar)
    assert told(visit, token).status_code == 400
    assert is_here(visit)


def test_only_what_it_names_ends(visit: Visit, town: Town, liar: Liar) -> None:
    telephone, other = (Visit(town.browser(), visit.portal) for _ in range(2))
    _signs_in(telephone, liar, sid="session-2")
    _signs_in(other, liar, sub="subject-eva", sid="session-3", name="Eva")
    told(visit, signed(liar.logout_claims(sub=ABSENT)))
    assert (is_here(visit), is_here(telephone), is_here(other)) == (False, True, True)
    told(visit, signed(liar.logout_claims(sid="session-3")))
    assert is_here(other), "a session of one and somebody else's subject are neither's"
    _signs_in(visit, liar)
    told(visit, signed(liar.logout_claims(sid=ABSENT)))
    assert (is_here(visit), is_here(telephone), is_here(other)) == (False, False, True)


def test_another_portal_ends_nothing_here(visit: Visit, town: Town, liar: Liar) -> None:
    with running() as second:
        elsewhere = Visit(town.browser(), plug(town, second.address, name="Autre"))
        assert told(elsewhere, signed(second.logout_claims())).status_code == 200
        assert told(elsewhere, signed(liar.logout_claims())).status_code == 400
    assert is_here(visit)


def test_the_link_goes_with_the_session_and_holds_no_name(visit: Visit, town: Town) -> None:
    with town.house.database.reading() as db:
        (row,) = db.scalars(select(OidcSession))
        assert "subject-lina" not in repr(vars(row))
        assert row.subject_digest != row.sid_digest
    visit.browser.get("/leave")
    with town.house.database.writing() as db:
        assert db.scalar(select(func.count()).select_from(OidcSession)) == 0


def test_the_tick_forgets_what_is_over(visit: Visit, town: Town, liar: Liar) -> None:
    told(visit, signed(liar.logout_claims(sub="nobody", sid=ABSENT)))
    later = datetime.now(UTC) + timedelta(hours=6)
    for moment, left in ((datetime.now(UTC) + timedelta(minutes=9), 1), (later, 0)):
        assert tick(town.house, moment)["sign_in.expired"] == "done"
        with town.house.database.reading() as db:
            assert db.scalar(select(func.count()).select_from(OidcLogout)) == left
    with town.house.database.writing() as db:
        sessions.delete_expired(db, later)
        assert db.scalar(select(func.count()).select_from(SessionRow)) == 0
        assert db.scalar(select(func.count()).select_from(OidcSession)) == 0
