"""Blind RSA signatures: the signer signs a token that it cannot recognise when it comes back.

RSABSSA-SHA384-PSS-Randomized of RFC 9474; the other side of the protocol is `surveys/static/blind.js`. `cryptography`
verifies and keeps the keys, but offers no raw RSA (section 4.3, BlindSign): that is here, and nothing else.

What does not belong here: who may have a signature, and how many. A key that signs blindly must sign nothing else.
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from math import gcd
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

_integer: Callable[[int], Any] = int
_power: Callable[[Any, Any, Any], Any] = pow
_public_power: Callable[[Any, Any, Any], Any] = pow
"""The same where the exponent is known to everyone."""
_beside: Callable[[], AbstractContextManager[Any]] = nullcontext
"""Within it other threads go on while one reckons."""
try:
    import gmpy2
except ModuleNotFoundError:  # the extra `fast`: seven times as many signatures a second
    pass
else:
    _integer, _power = gmpy2.mpz, gmpy2.powmod_sec  # its time does not depend on the exponent
    _public_power = gmpy2.powmod
    _beside = partial(gmpy2.context, allow_release_gil=True)

EXPONENT = 65537
BITS = 3072
_PADDING = PSS(MGF1(SHA384()), salt_length=48)


class BadBlindedMessageError(ValueError):
    """What was sent to be signed is no number that this key signs."""


class SigningFaultError(Exception):
    """The machine did not reckon rightly. Nothing of what it reckoned is told: it would give the key away."""


class BlindSigner:
    """A private key that signs blindly."""

    def __init__(self, private: RSAPrivateKey) -> None:
        # Never the numbers: an error reporter that unfolds objects would show them.
        self._private = private

    def read(self, blinded: bytes) -> int:
        """The number that is to be signed.

        Raises BadBlindedMessageError for another length than the modulus has, a number beyond it or one that shares a
        factor with it.
        """
        n = self._private.public_key().public_numbers().n
        message = int.from_bytes(blinded, "big")
        if len(blinded) != _size(n) or message >= n or gcd(message, n) != 1:
            raise BadBlindedMessageError("not a blinded message for this key")
        return message

    def sign(self, blinded: bytes) -> bytes:
        """The blind signature of a blinded message; both are as long as the modulus.

        Raises BadBlindedMessageError as `read` does, and SigningFaultError where the signature does not verify.
        """
        message = self.read(blinded)
        try:
            with _beside():
                signature = _signature(self._private, message)
        except Exception:  # noqa: BLE001 - whatever it is, its traceback holds the key
            signature = None
        if signature is None:
            raise SigningFaultError("the signature does not verify")
        return signature.to_bytes(len(blinded), "big")


def _signature(private: RSAPrivateKey, message: int) -> int | None:
    """message^d mod n (RSASP1); None where it came out wrong: one faulty half would factor the key (Lenstra 1996).

    The message is blinded once more, by a number that its sender does not know, so that the time taken says nothing
    about the key (Kocher 1996).
    """
    key = private.private_numbers()
    n = _integer(key.public_numbers.n)
    mask = _integer(secrets.randbelow(key.public_numbers.n - 2) + 2)
    masked = message * _public_power(mask, EXPONENT, n) % n
    first = _power(masked % key.p, key.dmp1, _integer(key.p))
    second = _power(masked % key.q, key.dmq1, _integer(key.q))
    both = second + key.q * (key.iqmp * (first - second) % key.p)
    signature = both * pow(mask, -1, n) % n
    return int(signature) if _public_power(signature, EXPONENT, n) == message else None


def verify(public: RSAPublicKey, prepared: bytes, signature: bytes) -> bool:
    """Whether this is the key's signature of a prepared message (finished by the client, no longer blind)."""
    try:
        public.verify(signature, prepared, _PADDING, SHA384())
    except InvalidSignature:
        return False
    return True


def generate(bits: int = BITS) -> RSAPrivateKey:
    """A new private key; the client takes one of BITS only."""
    return generate_private_key(EXPONENT, bits)


def dump(private: RSAPrivateKey) -> bytes:
    """A private key as it is kept (PKCS #8, DER, not encrypted)."""
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def load(kept: bytes) -> RSAPrivateKey:
    """The private key again, as `dump` gave it. Raises ValueError for anything else.

    It is not searched for weak primes, which takes thirty times as long as a signature: we made it ourselves, and what
    it signs is checked each time.
    """
    private = load_der_private_key(kept, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(private, RSAPrivateKey) or private.public_key().public_numbers().e != EXPONENT:
        raise ValueError("not a key that signs blindly")
    return private


def modulus(public: RSAPublicKey) -> bytes:
    """A public key as it is published: its modulus; the exponent is always EXPONENT."""
    n = public.public_numbers().n
    return n.to_bytes(_size(n), "big")


def public_key(published: bytes) -> RSAPublicKey:
    """The public key of a published modulus. Raises ValueError unless it is odd and has BITS, as clients demand."""
    n = int.from_bytes(published, "big")
    if n.bit_length() != BITS or n % 2 == 0 or len(published) != _size(n):
        raise ValueError("not a key that signs blindly")
    return RSAPublicNumbers(EXPONENT, n).public_key()


def _size(n: int) -> int:
    return (n.bit_length() + 7) // 8
