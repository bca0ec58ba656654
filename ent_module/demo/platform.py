"""The LTI 1.3 platform of the demo portal: who launches what, and the signed message (1EdTech LTI 1.3, OpenID Connect).

Written apart from the tool in `lti/` and by hand on `cryptography`, so that the two check one another.
"""

import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ent_module.demo.people import Resident

_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def load_key(path: Path) -> RSAPrivateKey:
    """The portal's signing key, made at the first start."""
    if path.exists():
        key = load_pem_private_key(path.read_bytes(), None)
        if isinstance(key, RSAPrivateKey):
            return key
    key = generate_private_key(65537, 2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return key


@dataclass(frozen=True)
class Platform:
    """The portal as an LTI platform with one tool: ours."""

    issuer: str
    key: RSAPrivateKey
    redirect_uri: str
    target: str
    client_id: str = "ressources"
    key_id: str = "portal-1"
    deployment: str = "valbelle"

    @staticmethod
    def subject(person: Resident) -> str:
        """Under which name the portal knows a person towards tools."""
        return f"valbelle-{person.id}"

    def jwks(self) -> dict[str, Any]:
        """The public key, as tools fetch it (RFC 7517)."""
        numbers = self.key.public_key().public_numbers()
        modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "alg": "RS256",
                    "use": "sig",
                    "kid": self.key_id,
                    "n": _b64(modulus),
                    "e": _b64(numbers.e.to_bytes(3, "big")),
                }
            ]
        }

    def accepts(self, query: dict[str, str], person: Resident) -> bool:
        """Whether a tool's authentication request is one that this portal answers, for the person signed in here."""
        return (
            query.get("scope") == "openid"
            and query.get("response_type") == "id_token"
            and query.get("response_mode") == "form_post"
            and query.get("prompt") == "none"
            and query.get("client_id") == self.client_id
            and query.get("redirect_uri") == self.redirect_uri
            and query.get("login_hint") == person.id
            and bool(query.get("state"))
            and bool(query.get("nonce"))
        )

    def message(self, person: Resident, nonce: str, language: str) -> str:
        """The signed resource-link launch (RS256) for a person; it lives five minutes."""
        now = int(time.time())
        given, _space, family = person.name.partition(" ")
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": self.subject(person),
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "name": person.name,
            "given_name": given,
            "family_name": family,
            f"{_CLAIM}message_type": "LtiResourceLinkRequest",
            f"{_CLAIM}version": "1.3.0",
            f"{_CLAIM}deployment_id": self.deployment,
            f"{_CLAIM}target_link_uri": self.target,
            f"{_CLAIM}resource_link": {"id": "menu"},
            f"{_CLAIM}roles": [_ROLE + person.lti_role],
            f"{_CLAIM}launch_presentation": {"locale": language, "document_target": "window"},
            f"{_CLAIM}custom": {
                "profile": person.profile,
                "uai": ";".join(person.schools),
                "classes": ";".join(person.classes),
            },
        }
        header = {"typ": "JWT", "alg": "RS256", "kid": self.key_id}
        signed = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
        return f"{signed}.{_b64(self.key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def new_hint() -> str:
    """A message hint: the tool gives it back unread."""
    return secrets.token_urlsafe(8)
