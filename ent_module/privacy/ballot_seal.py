"""Sealing a ballot to the campaign's key, so that it opens only for the campaign, cohort and token it was made for.

HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; the browser's side is
`surveys/static/seal.js`. All ballots have one length. Without the token's digest in the seal, a copy of somebody's
ballot would pass under another token, and be counted twice.

What does not belong here: what a ballot says, and who holds the key that opens it.
"""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ent_module.privacy.sealing import UnsealError

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
PLAIN_SIZE = 4_096
SEALED_SIZE = 65 + PLAIN_SIZE + 16
"""The key's share, the ballot, the tag."""
LONGEST = PLAIN_SIZE - 2
"""The most bytes that a ballot's answers may take."""


def seal(public: EllipticCurvePublicKey, campaign: UUID, cohort: UUID, digest: bytes, answers: bytes) -> bytes:
    """A sealed ballot of SEALED_SIZE. `digest` is SHA-256 of what makes the ballot valid: a token or a card's code.

    Raises ValueError where the answers take more than LONGEST bytes.
    """
    if len(answers) > LONGEST:
        raise ValueError("too long for a ballot")
    plain = (len(answers).to_bytes(2, "big") + answers).ljust(PLAIN_SIZE, b"\0")
    return _SUITE.encrypt(plain, public, info=_place(campaign, cohort, digest))


def open_ballot(private: EllipticCurvePrivateKey, campaign: UUID, cohort: UUID, digest: bytes, sealed: bytes) -> bytes:
    """The answers as they were sealed. Raises UnsealError for another key or place, and for what is no ballot."""
    if len(sealed) != SEALED_SIZE:
        raise UnsealError
    place = _place(campaign, cohort, digest)
    try:
        plain = _SUITE.decrypt(sealed, private, info=place)
    except (InvalidTag, ValueError):
        raise UnsealError from None
    end = 2 + int.from_bytes(plain[:2], "big")
    if end > PLAIN_SIZE or any(plain[end:]):
        raise UnsealError
    return plain[2:end]


def point(public: EllipticCurvePublicKey) -> bytes:
    """The public key as it is published: 65 bytes."""
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(published: bytes) -> EllipticCurvePublicKey:
    """The public key again. Raises ValueError for what is no point of the curve."""
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), published)


def _place(campaign: UUID, cohort: UUID, digest: bytes) -> bytes:
    if len(digest) != 32:
        raise ValueError("a digest has 32 bytes")
    return b"ent-seal/1" + campaign.bytes + cohort.bytes + digest
