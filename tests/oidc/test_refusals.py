"""What a sign-in must refuse. The portal is one that lies; Keycloak's own answers are in test_keycloak.py."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ent_module.sign_in.tables import OidcLogin
from tests.lti.platform import ABSENT
from tests.oidc.conftest import Visit, plug
from tests.oidc.liar import Liar, called, running
from tests.support.database import every_byte
from tests.support.keycloak import SECRET
from tests.support.town import OTHER, Town


@pytest.fixture
def visit(town: Town, liar: Liar) -> Visit:
    return Visit(town.browser(), plug(town, liar.address))


def query(answer: TestResponse) -> dict[str, str]:
    """The query of the address to which we send a browser."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def begin(visit: Visit, liar: Liar, wanted: str = "") -> dict[str, str]:
    asked = query(visit.begin(wanted))
    liar.nonce = asked["nonce"]
    return asked


def end(visit: Visit, state: str, **more: str) -> TestResponse:
    return visit.browser.get(visit.path("/callback"), query_string={"state": state, "code": "c-1", **more})


def test_the_faultless_one_is_accepted(visit: Visit, liar: Liar) -> None:
    """Control of everything below; and what is asked of the portal is what should be."""
    asked = begin(visit, liar)
    answer = end(visit, asked["state"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ent/")
    assert visit.browser.me()["profile"] == "pupil"
    (exchange,) = liar.asked
    assert asked["scope"] == "openid profile"
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == exchange["redirect_uri"] == f"https://ent.example/ent{visit.path('/callback')}"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(exchange["code_verifier"].encode()).digest()).rstrip(b"=")
    assert (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", challenge.decode())
    assert base64.b64decode(exchange["authorization"].split()[1]).decode() == f"ent-module:{SECRET}"


SPOILT: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": ABSENT},
    {"nonce": ""},
    {"exp": 1_700_000_000},
    {"exp": ABSENT},
    {"exp": "soon"},
    {"iat": ABSENT},
    {"iat": 4_000_000_000},
    {"nbf": 4_000_000_000},
    {"aud": "another"},
    {"aud": ["another"]},
    {"aud": ABSENT},
    {"aud": ["another", "ent-module"], "azp": "another"},
    {"aud": ["another", "ent-module"], "azp": ABSENT},
    {"azp": "another"},
    {"iss": "https://evil.example"},
    {"iss": ABSENT},
    {"sub": ABSENT},
    {"sub": ""},
    {"sub": 7},
    {"sub": "x" * 256},
    {"uai": []},
    {"uai": "0590004E"},
    {"uai": {"0590001B": 1}},
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=called)
def test_a_spoilt_token_signs_nobody_in(visit: Visit, liar: Liar, spoilt: dict[str, Any]) -> None:
    asked = begin(visit, liar)
    liar.spoilt = spoilt
    answer = end(visit, asked["state"])
    assert answer.status_code == 400
    assert visit.browser.get("/me").status_code == 401
    assert "Lina" not in answer.text


@pytest.mark.parametrize(
    "made",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"by": "attacker"},
        {"by": "attacker", "kid": "attacker"},
        {"kid": "unknown"},
        {"kid": ABSENT},
        {"kid": ""},
    ],
    ids=called,
)
def test_a_token_that_the_portal_has_not_signed_as_agreed(visit: Visit, liar: Liar, made: dict[str, Any]) -> None:
    asked = begin(visit, liar)
    liar.made = made
    assert end(visit, asked["state"]).status_code == 400
    assert visit.browser.get("/me").status_code == 401


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((400, b'{"error": "invalid_grant"}'), 400),
        ((200, b"<html>"), 400),
        ((200, b"{}"), 400),
        ((200, b"[]"), 400),
        ((200, b'{"access_token": "x", "token_type": "Bearer"}'), 400),
        ((200, b'{"access_token": "x", "token_type": "Bearer", "id_token": "a.b"}'), 400),
        ((200, b'{"access_token": "x", "token_type": "Bearer", "id_token": {}}'), 400),
        ((200, b"x" * 200_000), 503),
        ((302, b""), 400),
        ((500, b""), 503),
    ],
)
def test_an_answer_that_is_none(visit: Visit, liar: Liar, answer: tuple[int, bytes], status: int) -> None:
    asked = begin(visit, liar)
    liar.answer = answer
    assert end(visit, asked["state"]).status_code == status
    assert visit.browser.get("/me").status_code == 401


def test_a_callback_serves_once(visit: Visit, liar: Liar) -> None:
    asked = begin(visit, liar)
    assert end(visit, asked["state"]).status_code == 303
    replayed = end(visit, asked["state"])
    assert replayed.status_code == 400
    assert "déjà servi" in replayed.text
    assert len(liar.asked) == 1, "the code is not even tried"
    assert visit.browser.me()["profile"] == "pupil", "who is signed in stays so"


def test_a_refused_callback_serves_once_too(visit: Visit, liar: Liar) -> None:
    asked = begin(visit, liar)
    liar.spoilt = {"nonce": "another"}
    assert end(visit, asked["state"]).status_code == 400
    liar.spoilt = {}
    assert end(visit, asked["state"]).status_code == 400


def test_another_browser_s_sign_in_cannot_be_ended(town: Town, visit: Visit, liar: Liar) -> None:
    """An attacker sends somebody a link that would sign them in as the attacker."""
    asked = begin(visit, liar)
    other = Visit(town.browser("eva"), visit.portal)
    answer = end(other, asked["state"])
    assert answer.status_code == 400
    assert "n’a pas gardé la connexion" in answer.text
    assert other.browser.me()["profile"] == "pupil", "who was signed in there stays so"
    assert end(visit, asked["state"]).status_code == 400, "and the state is used up"
    assert liar.asked == []


def test_a_cookie_of_another_sign_in_does_not_do(visit: Visit, liar: Liar) -> None:
    first, second = begin(visit, liar), begin(visit, liar)
    jar = visit.browser.client
    names = [f"__Host-ent-oidc-{hashlib.sha256(asked['state'].encode()).hexdigest()[:16]}" for asked in (first, second)]
    cookies = [jar.get_cookie(name) for name in names]
    assert cookies[0]
    assert cookies[1]
    jar.set_cookie(names[0], cookies[1].value)
    assert end(visit, first["state"]).status_code == 400
    assert end(visit, second["state"]).status_code == 303, "two tabs do not touch each other"


def test_a_state_of_another_portal_does_not_do(town: Town, visit: Visit, liar: Liar) -> None:
    asked = begin(visit, liar)
    with running() as second:
        elsewhere = Visit(visit.browser, plug(town, second.address, name="Autre", uais=(OTHER,)))
        assert end(elsewhere, asked["state"]).status_code == 400


@pytest.mark.parametrize("state", ["", "x", "x" * 5000, "\x00", "é"])
def test_a_state_that_nobody_began(visit: Visit, liar: Liar, state: str) -> None:
    assert end(visit, state).status_code == 400
    assert liar.asked == []


@pytest.mark.parametrize("error", ["access_denied", "login_required", "<script>"])
def test_the_portal_s_no_is_said_and_ends_the_sign_in(visit: Visit, liar: Liar, error: str) -> None:
    asked = begin(visit, liar)
    answer = visit.browser.get(
        visit.path("/callback"),
        query_string={"state": asked["state"], "error": error, "error_description": "<b>Lina</b>"},
    )
    assert answer.status_code == 400
    assert "n’a pas donné la connexion" in answer.text
    assert error not in answer.text
    assert "Lina" not in answer.text
    assert end(visit, asked["state"]).status_code == 400
    assert liar.asked == []


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("/ent/read", "/ent/read"),
        ("https://evil.example/", "/ent/"),
        ("//evil.example/", "/ent/"),
        ("/\\evil.example/", "/ent/"),
        ("/ent/../../evil", "/ent/"),
        ("/ent/\r\nX: y", "/ent/"),
        ("/elsewhere", "/ent/"),
        ("/ent/" + "x" * 100_000, "/ent/" + "x" * 995),
    ],
)
def test_one_comes_back_to_a_page_of_ours_only(visit: Visit, liar: Liar, wanted: str, there: str) -> None:
    asked = query(visit.browser.get(visit.path(), query_string={"to": wanted}))
    liar.nonce = asked["nonce"]
    assert end(visit, asked["state"]).headers["Location"] == there


def test_the_redirect_uri_is_from_the_settings(visit: Visit) -> None:
    asked = query(visit.browser.get(visit.path(), headers={"Host": "evil.example"}))
    assert asked["redirect_uri"].startswith("https://ent.example/ent/sign-in/")


def test_the_database_alone_ends_no_sign_in(town: Town, visit: Visit, liar: Liar) -> None:
    """Neither the state, nor the nonce, nor the PKCE verifier can be read there."""
    asked = begin(visit, liar)
    with town.house.database.reading() as db:
        (row,) = db.scalars(select(OidcLogin))
        kept = repr([row.state_digest, row.sealed])
    end(visit, asked["state"])
    for secret in (asked["state"], asked["nonce"], liar.asked[0]["code_verifier"]):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    with town.house.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(OidcLogin)) == 0


def test_the_secret_is_sealed(town: Town, visit: Visit) -> None:
    assert visit.portal.secret == SECRET
    assert SECRET not in repr(visit.portal)
    with town.house.database.reading() as db:
        assert SECRET.encode() not in every_byte(db)
