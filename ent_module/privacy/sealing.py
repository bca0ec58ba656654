"""Sealing: AES-256-GCM bound to where the sealed text stands, and HPKE (RFC 9180) to whoever may open it.

The key design of the channel is written in `help/sealing.py`; here are its two tools.
"""

import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from ent_module.privacy.keys import framed

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NONCE = 12
SIZES = (2_048, 8_192, 32_768)
"""Padded sizes in bytes, so that a length tells little."""


class UnsealError(Exception):
    """What was sealed is not for this key or was moved from its place. Says nothing more."""


def pad(plain: bytes) -> bytes:
    """The bytes with their length in front, filled up to one of SIZES. Raises ValueError beyond the largest."""
    size = next((size for size in SIZES if len(plain) + 4 <= size), None)
    if size is None:
        raise ValueError("too long to seal")
    return (len(plain).to_bytes(4, "big") + plain).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The bytes again without the filling."""
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def seal(key: bytes, value: Any, *place: bytes) -> bytes:
    """A JSON value sealed under a 32-byte key, bound to its place (row, school …). Raises ValueError if too long."""
    nonce = secrets.token_bytes(_NONCE)
    plain = pad(json.dumps(value, ensure_ascii=False).encode())
    return nonce + AESGCM(key).encrypt(nonce, plain, framed(*place))


def unseal(key: bytes, sealed: bytes, *place: bytes) -> Any:
    """The value again. Raises UnsealError for another key or place, and for what was cut short or is no value."""
    try:
        return json.loads(unpad(AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], framed(*place))))
    except (InvalidTag, ValueError):  # a nonce cut short and bytes that are no JSON are ValueErrors
        raise UnsealError from None


def wrap(key: bytes, to: X25519PublicKey, *place: bytes) -> bytes:
    """A key that only the holder of the private key of `to` can open, and only for this place."""
    return _SUITE.encrypt(key, to, info=framed(*place))


def unwrap(wrapped: bytes, private: X25519PrivateKey, *place: bytes) -> bytes:
    """The key again. Raises UnsealError for another private key or place, and for what was cut short."""
    try:
        return _SUITE.decrypt(wrapped, private, info=framed(*place))
    except (InvalidTag, ValueError):
        raise UnsealError from None


def private_key(seed: bytes) -> X25519PrivateKey:
    """The X25519 key made of 32 derived bytes (RFC 7748: any 32 bytes serve)."""
    return X25519PrivateKey.from_private_bytes(seed)
