"""A pupil's browser, by the text of the protocol and apart from the module's own: each shows faults of the other."""

import json
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from hashlib import sha256, sha384
from uuid import UUID

import gmpy2
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SIZE = 384
"""Bytes of a modulus."""
PLAIN, SEALED = 4096, 4177
_SALT = _HASH = 48
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class Habits:
    """What a browser does; each that is switched off is a mistake that a strategy lives on."""

    at_opening: bool = True
    """Takes its token when the page opens, not when it sends."""
    blind: bool = True
    seal: bool = True
    pad: bool = True
    bind: bool = True
    """Binds the sealing to the token."""


@dataclass(frozen=True)
class Keys:
    """The published list of a campaign."""

    campaign: UUID
    cohort: UUID
    n: int
    seal: EllipticCurvePublicKey

    @classmethod
    def read(cls, document: bytes) -> "Keys":
        """The keys of the only cohort in the list."""
        told = json.loads(document)
        (cohort,) = told["cohorts"]
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(told["seal"]))
        return cls(UUID(told["campaign"]), UUID(cohort["id"]), int.from_bytes(_decoded(cohort["n"]), "big"), point)


@dataclass
class Voter:
    """Somebody with a token: first `blinded` is signed, then `body` is what is sent."""

    keys: Keys
    habits: Habits = field(default_factory=Habits)

    def __post_init__(self) -> None:
        place = b"ent-ballot/1" + self.keys.campaign.bytes + self.keys.cohort.bytes
        self.prepared = secrets.token_bytes(32) + place + secrets.token_bytes(32)
        self._mask = secrets.randbelow(self.keys.n - 2) + 2 if self.habits.blind else 1
        masked = _encoded(self.prepared) * gmpy2.powmod(self._mask, 65_537, self.keys.n) % self.keys.n
        self.blinded = int(masked).to_bytes(SIZE, "big")

    def finish(self, signed: bytes) -> None:
        """Takes the mask off what the server signed. Raises ValueError where it does not hold."""
        signature = int.from_bytes(signed, "big") * int(gmpy2.invert(self._mask, self.keys.n)) % self.keys.n
        if gmpy2.powmod(signature, 65_537, self.keys.n) != _encoded(self.prepared, signature, self.keys.n):
            raise ValueError("not the key's signature")
        self.signature = signature.to_bytes(SIZE, "big")

    def body(self, answers: object) -> bytes:
        """What is sent."""
        said = json.dumps(answers, separators=(",", ":")).encode()
        plain = len(said).to_bytes(2, "big") + said
        if not self.habits.seal:
            return self.with_sealed(plain + secrets.token_bytes(SEALED - len(plain)))
        bound = sha256(self.prepared).digest() if self.habits.bind else bytes(32)
        info = b"ent-seal/1" + self.keys.campaign.bytes + self.keys.cohort.bytes + bound
        padded = plain.ljust(PLAIN, b"\0") if self.habits.pad else plain
        return self.with_sealed(SUITE.encrypt(padded, self.keys.seal, info=info))

    def with_sealed(self, sealed: bytes) -> bytes:
        """What is sent with that in the place of one's own answers."""
        return self.prepared + self.signature + sealed


def message_of(signature: bytes, n: int) -> bytes:
    """The number that a signature signs: whoever has the signature has it."""
    return int(gmpy2.powmod(int.from_bytes(signature, "big"), 65_537, n)).to_bytes(SIZE, "big")


def _encoded(prepared: bytes, signature: int | None = None, n: int = 0) -> int:
    """EMSA-PSS (RFC 8017, 9.1.1) with SHA-384; with the salt that a signature has, where one is given."""
    salt = secrets.token_bytes(_SALT)
    if signature is not None:
        salt = _salt_of(int(gmpy2.powmod(signature, 65_537, n)).to_bytes(SIZE, "big"))
    digest = sha384(bytes(8) + sha384(prepared).digest() + salt).digest()
    block = b"\1".rjust(SIZE - _SALT - _HASH - 1, b"\0") + salt
    masked = bytes(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))
    return int.from_bytes(bytes([masked[0] & 0x7F]) + masked[1:] + digest + b"\xbc", "big")


def _salt_of(encoded: bytes) -> bytes:
    block, digest = encoded[: -_HASH - 1], encoded[-_HASH - 1 : -1]
    return bytes(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))[-_SALT:]


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017, B.2.1)."""
    rounds = range(-(-length // _HASH))
    return b"".join(sha384(seed + number.to_bytes(4, "big")).digest() for number in rounds)[:length]


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
