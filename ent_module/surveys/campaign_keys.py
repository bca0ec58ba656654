"""The keys of one campaign: made at its opening, used while it is open and at its closing, then destroyed.

Three secrets in the key store: what signs tokens (RSA, 3072 bits, signs nothing else), what opens ballots (P-256), and
what the pseudonyms of pupils are derived from. This is the simple mode of custody: whoever copies the
machine while a campaign is open has the database and the store, and could open its ballots.
"""

import hmac
import secrets
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
from ent_module.surveys.protocol import Cohort, PublishedKeys
from ent_module.web.house import KeyStore

_TOKENS, _SEALING, _SEATS = "tokens", "sealing", "seats"


def make(store: KeyStore, campaign_id: UUID, cohort_id: UUID, questionnaire: str, name: str) -> PublishedKeys:
    """New keys in the store, and the list of the public ones."""
    signer, opener = blind.generate(), ec.generate_private_key(ec.SECP256R1())
    store.put(campaign_id, _TOKENS, blind.dump(signer))
    store.put(campaign_id, _SEALING, opener.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    store.put(campaign_id, _SEATS, secrets.token_bytes(32))
    cohort = Cohort(cohort_id, name, blind.modulus(signer.public_key()))
    return PublishedKeys(campaign_id, questionnaire, ballot_seal.point(opener.public_key()), (cohort,))


def token_key(store: KeyStore, campaign_id: UUID) -> RSAPrivateKey:
    """The key that signs tokens of a campaign. Raises LostKeyError."""
    return blind.load(store.get(campaign_id, _TOKENS))


def opener(store: KeyStore, campaign_id: UUID) -> ec.EllipticCurvePrivateKey:
    """What opens the ballots of a campaign. Raises LostKeyError."""
    key = load_der_private_key(store.get(campaign_id, _SEALING), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the sealing key is of another kind")
    return key


def seat(store: KeyStore, campaign_id: UUID, account_id: UUID) -> UUID:
    """What tells that an account took a token in this campaign; without the store it tells nobody who."""
    return UUID(bytes=hmac.digest(store.get(campaign_id, _SEATS), account_id.bytes, "sha256")[:16])
