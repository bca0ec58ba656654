"""A client of blind signatures in Python (RFC 9474, sections 4.1, 4.2 and 4.4), for tests that need no browser.

Written apart from `surveys/static/blind.js`, and checked against the same vectors.
"""

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


@dataclass(frozen=True)
class Blinded:
    """A prepared message on its way: what is sent, and what is kept to take the mask off the answer."""

    prepared: bytes
    sent: bytes
    inverse: int


def prepare(message: bytes) -> bytes:
    """A message behind 32 random bytes."""
    return secrets.token_bytes(32) + message


def blind(
    public: RSAPublicKey, prepared: bytes, *, salt: bytes | None = None, inverse: int | None = None, salt_size: int = 48
) -> Blinded:
    """Masks a prepared message; `salt` and `inverse` are given by vectors alone."""
    numbers = public.public_numbers()
    salt = secrets.token_bytes(salt_size) if salt is None else salt
    encoded = encode(prepared, numbers.n.bit_length() - 1, salt)
    mask = secrets.randbelow(numbers.n) if inverse is None else pow(inverse, -1, numbers.n)
    sent = int.from_bytes(encoded, "big") * pow(mask, numbers.e, numbers.n) % numbers.n
    return Blinded(prepared, sent.to_bytes(public.key_size // 8, "big"), pow(mask, -1, numbers.n))


def finish(public: RSAPublicKey, blinded: Blinded, answer: bytes) -> bytes:
    """The signature, unmasked."""
    n = public.public_numbers().n
    return (int.from_bytes(answer, "big") * blinded.inverse % n).to_bytes(public.key_size // 8, "big")


def encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS (RFC 8017, 9.1.1) with SHA-384."""
    size = (bits + 7) // 8
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = (b"\1" + salt).rjust(size - 49, b"\0")
    stream = b"".join(hashlib.sha384(digest + count.to_bytes(4, "big")).digest() for count in range(size // 48 + 1))
    masked = bytes(left ^ right for left, right in zip(block, stream, strict=False))
    return bytes([masked[0] & 0xFF >> 8 * size - bits]) + masked[1:] + digest + b"\xbc"
