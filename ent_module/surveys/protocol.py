"""How a sealed ballot is laid out, byte by byte, and the list of keys that everyone is given. Pure rules.

A ballot is a token, the signature that was given for it blindly (RFC 9474, RSABSSA-SHA384-PSS-Randomized), and the
answers sealed to the campaign's key (RFC 9180, P-256). All ballots of all questionnaires have one length.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from ent_module.surveys.release import level_name

_RANDOM, _NONCE, _ID = 32, 32, 16
MARK = b"ent-ballot/1"
PREPARED = _RANDOM + len(MARK) + 2 * _ID + _NONCE
SIGNATURE = 384
"""Bytes of a signature, of a modulus and of a blinded token: RSA with 3072 bits."""
SEALED = 65 + 4_096 + 16
"""An encapsulated P-256 key, the padded answers, the tag."""
BODY = PREPARED + SIGNATURE + SEALED
VERSION = 2
"""Of the list of keys: from this one on it says how many are enrolled in each cohort."""


class MalformedBallotError(ValueError):
    """What was sent is no ballot of this campaign."""


@dataclass(frozen=True)
class SentBallot:
    """What a browser sends: `prepared` is the token with what it is for. With a card, it is a keyed digest of
    the card's code, and there is no signature."""

    cohort_id: UUID
    prepared: bytes
    signature: bytes
    sealed: bytes

    @property
    def id(self) -> UUID:
        """The ballot's place in the pool: half of the digest that its sealing is bound to."""
        return named_by(self.bound_to)

    @property
    def bound_to(self) -> bytes:
        """What the sealing is bound to, so that a copied ciphertext does not pass under another token."""
        return sha256(self.prepared).digest() if self.signature else self.prepared


def named_by(digest: bytes) -> UUID:
    """The place in the pool of the ballot whose sealing is bound to that digest."""
    return UUID(bytes=digest[:_ID])


def parse(body: bytes, campaign_id: UUID, cohorts: Collection[UUID]) -> SentBallot:
    """The ballot in a request's body. Raises MalformedBallotError for another length or campaign, or none of these
    cohorts."""
    if len(body) != BODY:
        raise MalformedBallotError
    prepared, rest = body[:PREPARED], body[PREPARED:]
    cohort_id = cohort_of(prepared, campaign_id)
    if cohort_id not in cohorts:
        raise MalformedBallotError
    return SentBallot(cohort_id, prepared, rest[:SIGNATURE], rest[SIGNATURE:])


def cohort_of(prepared: bytes, campaign_id: UUID) -> UUID:
    """The cohort that a token is for. Raises MalformedBallotError for what is no token of that campaign."""
    place = prepared[_RANDOM:-_NONCE]
    if len(prepared) != PREPARED or place[:-_ID] != MARK + campaign_id.bytes:
        raise MalformedBallotError
    return UUID(bytes=place[-_ID:])


@dataclass(frozen=True)
class Cohort:
    """Whom results are about, with the key that signs their tokens (`cohorts.Group` before it has one)."""

    id: UUID
    name: str
    levels: tuple[str, ...]
    """The levels that it is made of; none: the whole school."""
    enrolled: int | None
    modulus: bytes

    @property
    def level(self) -> str:
        """What its numbers are kept under."""
        return level_name(self.levels)


@dataclass(frozen=True)
class PublishedKeys:
    """The keys of a campaign, the same for everyone: a key of one's own would tag a pupil."""

    campaign_id: UUID
    questionnaire: str
    sealing: bytes
    cohorts: tuple[Cohort, ...]

    @property
    def document(self) -> bytes:
        """The list as it is fetched, without a credential, at an address that names its digest."""
        cohorts = [
            {
                "id": str(one.id),
                "name": one.name,
                "levels": one.levels,
                "enrolled": one.enrolled,
                "n": encoded(one.modulus),
                "e": 65_537,
            }
            for one in self.cohorts
        ]
        told = {
            "v": VERSION,
            "campaign": str(self.campaign_id),
            "questionnaire": self.questionnaire,
            "seal": encoded(self.sealing),
            "cohorts": cohorts,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    def cohort(self, cohort_id: UUID | None) -> Cohort:
        """The cohort of that id. Raises LookupError."""
        found: dict[UUID | None, Cohort] = {one.id: one for one in self.cohorts}
        return found[cohort_id]

    @classmethod
    def read(cls, document: bytes) -> "PublishedKeys":
        """The keys that `document` gave. Lists of version 1 had one cohort, and did not say of whom."""
        told = json.loads(document)
        cohorts = (
            Cohort(UUID(one["id"]), one["name"], tuple(one.get("levels", ())), one.get("enrolled"), _decoded(one["n"]))
            for one in told["cohorts"]
        )
        return cls(UUID(told["campaign"]), told["questionnaire"], _decoded(told["seal"]), tuple(cohorts))


def fingerprint(document: bytes) -> str:
    """The digest of the list of keys, in hexadecimal: what the address names and the projector shows."""
    return sha256(document).hexdigest()


def of_keys(document: bytes) -> UUID:
    """The 128 bits of it that are shown, as the audit trail names the list."""
    return UUID(bytes=sha256(document).digest()[:16])


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(value: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()
