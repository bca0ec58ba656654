"""A portal that says what a test wants it to: an attacker's, or a broken one.

Its tokens are made by joserfc, apart from the code that reads them.
"""

import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from joserfc import jws
from joserfc.jwk import RSAKey

from ent_module.sign_in.oidc.logouts import EVENT
from tests.lti.platform import ABSENT, b64
from tests.support.keycloak import CLIENT_ID
from tests.support.server import Handler, handling

_ALL = jws.JWSRegistry(algorithms=["RS256", "RS512", "PS256"], strict_check_header=False)
_KEYS: dict[str, RSAKey] = {}


def key(name: str) -> RSAKey:
    """A key for each name, made once."""
    if name not in _KEYS:
        _KEYS[name] = RSAKey.generate_key(2048)
    return _KEYS[name]


def signed(claims: dict[str, Any], alg: str = "RS256", by: str = "true", kid: Any = "true") -> str:
    """A token; `kid` is the name of the key that it gives, `by` the one that made its signature."""
    header = {"typ": "JWT", "alg": alg, "kid": kid}
    header = {name: value for name, value in header.items() if value is not ABSENT}
    message = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    if alg == "none":
        return f"{message}."
    if alg == "HS256":  # the public key as a secret that everybody knows; joserfc would refuse to do it
        return f"{message}.{b64(hmac.digest(key(by).as_pem(private=False), message.encode(), 'sha256'))}"
    return jws.serialize_compact(header, json.dumps(claims).encode(), key(by), registry=_ALL)


def called(spoilt: dict[str, Any]) -> str:
    """What a test with these values is called, the same in every worker."""
    return ", ".join(f"{name} {'absent' if value is ABSENT else value}" for name, value in spoilt.items())


class Liar:
    """The portal. What it answers is set by the test."""

    def __init__(self) -> None:
        self.address = ""
        self.document: dict[str, Any] = {}
        self.spoilt: dict[str, Any] = {}
        """Claims instead of the faultless ones."""
        self.made: dict[str, Any] = {}
        """How the token is made (`signed`)."""
        self.nonce = ""
        self.answer: tuple[int, bytes] | None = None
        """Instead of a token."""
        self.asked: list[dict[str, str]] = []

    def claims(self, **spoilt: Any) -> dict[str, Any]:
        now = int(time.time())
        plain = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "azp": CLIENT_ID,
            "sub": "subject-lina",
            "sid": "session-1",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
            "name": "Lina Morel",
            "ent_profile": "National_ELV",
            "uai": ["0590001B"],
            "classes": ["0590001B$6e B"],
        }
        return {name: value for name, value in {**plain, **spoilt}.items() if value is not ABSENT}

    def logout_claims(self, **spoilt: Any) -> dict[str, Any]:
        """What a faultless logout token says."""
        now = int(time.time())
        plain = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
            "events": {EVENT: {}},
            "sub": "subject-lina",
            "sid": "session-1",
        }
        return {name: value for name, value in {**plain, **spoilt}.items() if value is not ABSENT}

    def described(self) -> dict[str, Any]:
        names = {"authorization": "auth", "token": "token", "end_session": "end"}
        found = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in names.items()}
        found |= {"issuer": self.address, "jwks_uri": f"{self.address}/keys"}
        return found | {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]} | self.document

    def answers(self, path: str, form: dict[str, str] | None) -> tuple[int, bytes]:
        if path == "/token" and form is not None:
            self.asked.append(form)
            if self.answer is not None:
                return self.answer
            token = signed(self.claims(**self.spoilt), **self.made)
            return 200, json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": token}).encode()
        if path == "/keys":
            return 200, json.dumps(
                {"keys": [key("true").as_dict(private=False) | {"kid": "true", "use": "sig"}]}
            ).encode()
        return 200, json.dumps(self.described()).encode()


class _Handler(Handler):
    liar: Liar

    def hear(self, form: dict[str, str] | None) -> None:
        sender = {"authorization": self.headers.get("Authorization", "")}
        self.answer(*self.liar.answers(self.path, None if form is None else form | sender))


@contextmanager
def running() -> Iterator[Liar]:
    """A portal that answers inside the block."""
    liar = Liar()
    with handling(type("Handler", (_Handler,), {"liar": liar})) as address:
        liar.address = address
        yield liar
