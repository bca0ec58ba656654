"""The keys of one campaign: made at its opening, used while it is open and at its closing, then destroyed.

In the key store: for each cohort what signs its tokens (RSA, 3072 bits, signs nothing else), what the pseudonyms of
pupils and the names of cards' ballots are derived from, and in the simple mode of custody what opens ballots (P-256):
whoever copies the machine while a campaign is open has the database and the store, and could open its ballots. With two
shares that key is in no store (`service.shares`).
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from ent_module.privacy import ballot_seal, blind
from ent_module.privacy.key_store import LostKeyError
from ent_module.surveys.cohorts import Group
from ent_module.surveys.protocol import Cohort, PublishedKeys
from ent_module.web.house import KeyStore, Secrets

_TOKENS, _SEALING, _SEATS, _CARDS = "tokens", "sealing", "seats", "cards"


def make(
    store: KeyStore, campaign_id: UUID, questionnaire: str, cohorts: Sequence[Group], sealing: bytes = b""
) -> PublishedKeys:
    """New keys in the store, and the list of the public ones, in the order of the cohorts.

    In: the digest of the questionnaire; the public key that ballots are sealed to, where two shares open the private.
    """
    store.put(campaign_id, _SEATS, secrets.token_bytes(32))
    store.put(campaign_id, _CARDS, secrets.token_bytes(32))
    listed = tuple(_with_key(store, campaign_id, one) for one in cohorts)
    return PublishedKeys(campaign_id, questionnaire, sealing or _sealing(store, campaign_id), listed)


def _sealing(store: KeyStore, campaign_id: UUID) -> bytes:
    """The public part of a new key that opens ballots, in the store."""
    opener = ec.generate_private_key(ec.SECP256R1())
    store.put(campaign_id, _SEALING, _written(opener))
    return ballot_seal.point(opener.public_key())


def _written(opener: ec.EllipticCurvePrivateKey) -> bytes:
    return opener.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, repr=False)
class InHand:
    """As a store that holds what opens one campaign's ballots, in memory, and nothing else."""

    campaign_id: UUID
    key: ec.EllipticCurvePrivateKey

    def get(self, owner: UUID, name: str) -> bytes:
        """The key. Raises LostKeyError for any other."""
        if (owner, name) != (self.campaign_id, _SEALING):
            raise LostKeyError(name)
        return _written(self.key)

    def is_there(self) -> bool:
        """It is."""
        return True


def _with_key(store: KeyStore, campaign_id: UUID, group: Group) -> Cohort:
    signer = blind.generate()
    store.put(campaign_id, _tokens(group.id), blind.dump(signer))
    return Cohort(group.id, group.name, group.levels, group.enrolled, blind.modulus(signer.public_key()))


def token_key(store: KeyStore, campaign_id: UUID, cohort_id: UUID) -> RSAPrivateKey:
    """The key that signs tokens of a cohort. Raises LostKeyError."""
    return blind.load(store.get(campaign_id, _tokens(cohort_id)))


def _tokens(cohort_id: UUID) -> str:
    return f"{_TOKENS}-{cohort_id.hex}"


def opener(store: Secrets, campaign_id: UUID) -> ec.EllipticCurvePrivateKey:
    """What opens the ballots of a campaign. Raises LostKeyError."""
    key = load_der_private_key(store.get(campaign_id, _SEALING), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the sealing key is of another kind")
    return key


def seat(store: KeyStore, campaign_id: UUID, account_id: UUID) -> UUID:
    """What tells that an account took a token in this campaign; without the store it tells nobody who."""
    return UUID(bytes=hmac.digest(store.get(campaign_id, _SEATS), account_id.bytes, "sha256")[:16])


def card(store: KeyStore, campaign_id: UUID, code: str) -> bytes:
    """What the ballot of a card with that code is named by and bound to; without the store nobody tells which it is."""
    return hmac.digest(store.get(campaign_id, _CARDS), code.encode(), "sha256")
