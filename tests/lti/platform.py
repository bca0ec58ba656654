"""A platform for the tests, written by hand from the specifications; it shares no code with the tool.

It answers a tool's authentication request with a message that a test may spoil in any way, and serves its keys over
http on this machine, as many times as it is asked.
"""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.server import Handler, handling

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
CONTEXT_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ISSUER, CLIENT_ID, DEPLOYMENT = "https://moodle.example", "client-1", "7"
ABSENT: Any = object()
"""Instead of a claim's value: the claim is not sent."""


@dataclass(frozen=True)
class FromNow:
    """Instead of a claim's value: so many seconds after the message is made."""

    seconds: float
    as_text: bool = False


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


_KEYS: dict[tuple[str, int], rsa.RSAPrivateKey] = {}


def private_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key for each name, made once."""
    if (name, bits) not in _KEYS:
        _KEYS[name, bits] = rsa.generate_private_key(65537, bits)
    return _KEYS[name, bits]


def public_jwk(kid: str, /, *, bits: int = 2048, **changed: Any) -> dict[str, Any]:
    numbers = private_key(kid, bits).public_key().public_numbers()
    key = {
        "kty": "RSA",
        "kid": kid,
        "alg": "RS256",
        "use": "sig",
        "n": b64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
        "e": b64(numbers.e.to_bytes(3, "big")),
    }
    return {name: value for name, value in {**key, **changed}.items() if value is not ABSENT}


def signed(claims: Any, kid: str = "key-1", *, header: dict[str, Any] | None = None, key: str | None = None) -> str:
    """A token. `header` changes the header, `key` signs with another key than the one that is named."""
    head = {"typ": "JWT", "alg": "RS256", "kid": kid} | (header or {})
    head = {name: value for name, value in head.items() if value is not ABSENT}
    message = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
    digest = {"RS512": hashes.SHA512()}.get(str(head.get("alg")), hashes.SHA256())
    signature = private_key(key or kid).sign(message.encode(), padding.PKCS1v15(), digest)
    return f"{message}.{b64(signature)}"


def _moment(value: Any, now: int) -> Any:
    if not isinstance(value, FromNow):
        return value
    return str(now + value.seconds) if value.as_text else now + value.seconds


class Platform:
    """Where people come from. Each test has one of its own."""

    def __init__(self) -> None:
        self.kid = "key-1"
        self.published = ["key-1"]
        self.fetches = 0
        self.jwks_url = ""

    def login(self, **changed: Any) -> dict[str, str]:
        """What the platform sends to the tool's login address."""
        asked = {
            "iss": ISSUER,
            "client_id": CLIENT_ID,
            "login_hint": "user 12&x=1",
            "lti_message_hint": '{"cmid": 3}',
            "target_link_uri": "https://ent.example/ent/",
            "lti_deployment_id": DEPLOYMENT,
        } | changed
        return {name: value for name, value in asked.items() if value is not ABSENT}

    def claims(self, nonce: str, /, **changed: Any) -> dict[str, Any]:
        """A faultless message of Lina's. `changed` are claims by their last word, spoilt by the test."""
        now = int(time.time())
        plain = {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "sub": "subject-lina",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "name": "Lina Morel",
            "given_name": "Lina",
            "family_name": "Morel",
            "email": "lina@example.org",
            "azp": ABSENT,
            "nbf": ABSENT,
        }
        ours = {
            "message_type": "LtiResourceLinkRequest",
            "version": "1.3.0",
            "deployment_id": DEPLOYMENT,
            "target_link_uri": "https://ent.example/ent/",
            "resource_link": {"id": "menu"},
            "roles": [f"{CONTEXT_ROLE}Learner"],
            "context": {"id": "6b", "type": ["CourseSection"], "title": "6e B"},
            "launch_presentation": {"locale": "fr", "document_target": "iframe"},
            "custom": {"uai": "0590001B", "classes": "6e B"},
        }
        if unknown := changed.keys() - plain.keys() - ours.keys():
            raise ValueError(unknown)
        merged = {name: changed.get(name, value) for name, value in plain.items()}
        merged |= {f"{CLAIM}{name}": changed.get(name, value) for name, value in ours.items()}
        return {name: _moment(value, now) for name, value in merged.items() if value is not ABSENT}

    def form(self, redirect: str, **changed: Any) -> dict[str, str]:
        """What the browser posts to the tool, in answer to the tool's redirect."""
        asked = dict(parse_qsl(urlsplit(redirect).query))
        return {"id_token": signed(self.claims(asked["nonce"], **changed), self.kid), "state": asked["state"]}

    def rotate(self) -> None:
        """Signs with another key, and publishes that one only."""
        self.kid = "key-2"
        self.published = ["key-2"]

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{"kty": "EC", "kid": "other", "crv": "P-256"}, *map(public_jwk, self.published)]}


class _Handler(Handler):
    platform: Platform

    def hear(self, form: dict[str, str] | None) -> None:
        assert form is None, "keys are asked for"
        self.platform.fetches += 1
        self.answer(200, json.dumps(self.platform.jwks()).encode())


@contextmanager
def running() -> Iterator[Platform]:
    """A platform that serves its keys inside the block."""
    platform = Platform()
    with handling(type("Handler", (_Handler,), {"platform": platform})) as address:
        platform.jwks_url = f"{address}/keys?set=1"
        yield platform


def query(address: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(address).query))


def with_query(path: str, values: dict[str, str]) -> str:
    return f"{path}?{urlencode(values)}"
