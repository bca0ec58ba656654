"""Tokens that were not signed as they must be, or are none."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from ent_module.lti.model import RefusedLaunch
from ent_module.lti.tokens import verified_claims
from ent_module.sign_in.keysets import usable_keys
from tests.lti.conftest import Plugged
from tests.lti.platform import ABSENT, b64, private_key, public_jwk, query, signed

QUOTED = b'"alg"'
NUL = "a\x00b"


def _unsigned(claims: dict[str, Any]) -> str:
    return f"{b64(json.dumps({'alg': 'none', 'kid': 'key-1'}).encode())}.{b64(json.dumps(claims).encode())}."


def _by_public_key_as_secret(claims: dict[str, Any]) -> str:
    pem = (
        private_key("key-1")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    head = {"alg": "HS256", "kid": "key-1"}
    text = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
    mac = hmac.HMAC(pem, hashes.SHA256())
    mac.update(text.encode())
    return f"{text}.{b64(mac.finalize())}"


TOKENS: dict[str, Callable[[dict[str, Any]], str]] = {
    "no kid": lambda claims: signed(claims, header={"kid": ABSENT}),
    "unknown kid": lambda claims: signed(claims, "key-9"),
    "kid as number": lambda claims: signed(claims, header={"kid": 1}),
    "kid with NUL": lambda claims: signed(claims, header={"kid": NUL}),
    "somebody else's key": lambda claims: signed(claims, key="key-9"),
    "its own key along": lambda claims: signed(claims, key="key-9", header={"jwk": public_jwk("key-9")}),
    "unsigned": _unsigned,
    "public key as secret": _by_public_key_as_secret,
    "RS512": lambda claims: signed(claims, header={"alg": "RS512"}),
    "no alg": lambda claims: signed(claims, header={"alg": ABSENT}),
    "alg as object": lambda claims: signed(claims, header={"alg": {}}),
    "critical extension": lambda claims: signed(claims, header={"crit": ["x"], "x": 1}),
    "certification's bad body": lambda _claims: signed({"name": "badltilaunch"}),
    "body as list": lambda claims: signed([claims]),
    "body nested without end": lambda _claims: signed("x").replace(b64(b'"x"'), b64(b"[" * 50000)),
    "cut": lambda claims: signed(claims)[:-8],
    "three dots": lambda _claims: "..",
    "four parts": lambda claims: signed(claims) + ".x",
    "header as list": lambda _claims: f"{b64(b'[]')}.{b64(b'{}')}.x",
    "header as text": lambda _claims: f"{b64(QUOTED)}.{b64(b'{}')}.x",
    "not ascii": lambda _claims: "é.é.é",
    "nothing": lambda _claims: "",
    "very long": lambda claims: signed(claims | {"email": "x" * 150_000}),
}


def test_bad_tokens_are_refused(plugged: Plugged, subtests: pytest.Subtests) -> None:
    for name, make in TOKENS.items():
        with subtests.test(name):
            visit = plugged.visit()
            visit.begin()
            asked = query(visit.redirect)
            token = make(plugged.platform.claims(asked["nonce"]))
            assert visit.end({"id_token": token, "state": asked["state"]}).status_code == 400
            assert visit.browser.get("/me").status_code == 401


def test_a_nested_body_that_the_platform_signed_is_refused(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    text = f"{b64(json.dumps({'alg': 'RS256', 'kid': 'key-1'}).encode())}.{b64(b'[' * 50000)}"
    signature = private_key("key-1").sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    form = {"id_token": f"{text}.{b64(signature)}", "state": query(visit.redirect)["state"]}
    assert visit.end(form).status_code == 400


def test_of_two_keys_with_one_name_either_may_have_signed() -> None:
    keys = usable_keys({"keys": [public_jwk("key-1"), public_jwk("key-2", kid="key-1")]})["key-1"]
    for key in ("key-1", "key-2"):
        assert verified_claims(signed({"sub": key}, "key-1", key=key), keys) == {"sub": key}
    with pytest.raises(RefusedLaunch, match="signature"):
        verified_claims(signed({}, "key-1", key="key-9"), keys)
