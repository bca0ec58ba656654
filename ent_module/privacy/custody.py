"""Custody in two shares: a key that only a phrase and a sheet of paper open together.

The phrase is seven words of the French list of BIP-39 (77 bits), the paper bears 32 random bytes. Argon2id makes each
guess of the phrase cost a quarter of a gibibyte, so that whoever holds the paper does not find it. Pure rules: what is
drawn here is kept nowhere, and neither share opens anything without the other.

What does not belong here: what the key opens, who holds the shares, and where the wrapped key lies.
"""

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic

from ent_module.privacy.ballot_seal import point
from ent_module.privacy.keys import framed
from ent_module.privacy.typed import ALPHABET, folded, grouped, typed_code, typed_words

WORDS, PAPER = 7, 32
"""Words of a phrase; bytes on the paper."""
GROUPS = PAPER // 2
"""Groups in which the paper is typed: two bytes each, and half a byte by which a mistake is found where it is."""
_SIGNS, _BITS = 4, 5
_POINT, _SALT, _NONCE, _KEY = 65, 16, 12, 32
SIZE = _POINT + _SALT + _NONCE + _KEY + 16
"""Bytes of a wrapped key: the public key, salt, nonce, sealed private key with its tag."""


@dataclass(frozen=True)
class Cost:
    """What one guess of a phrase takes."""

    kibibytes: int
    passes: int
    lanes: int = 4


COST = Cost(256 * 1024, 3)
"""RFC 9106 asks for less. No setting lowers it."""


class WrongSharesError(Exception):
    """The phrase, the paper or the key is another one. Which of them is not known."""


class UnreadPhraseError(ValueError):
    """It is no phrase: `unknown` words stand in no list, or there are not `WORDS` of them."""

    def __init__(self, unknown: Sequence[str], count: int) -> None:
        super().__init__("not a phrase")  # never the words
        self.unknown = tuple(unknown)
        self.count = count


class UnreadPaperError(ValueError):
    """It is not what a paper says: the numbers of `wrong` groups, from 1 on, or `count` signs instead of all."""

    def __init__(self, wrong: Sequence[int], count: int) -> None:
        super().__init__("not what a paper says")
        self.wrong = tuple(wrong)
        self.count = count


@dataclass(frozen=True, repr=False)
class Shares:
    """Both. Their representation shows neither."""

    phrase: tuple[str, ...]
    paper: bytes


def draw() -> Shares:
    """Two new shares."""
    return Shares(tuple(secrets.choice(_words()) for _word in range(WORDS)), secrets.token_bytes(PAPER))


def wrap(key: EllipticCurvePrivateKey, shares: Shares, campaign: UUID, cost: Cost) -> bytes:
    """The key as only these shares open it, for that campaign; SIZE bytes, the public key in front."""
    public, salt, nonce = point(key.public_key()), secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    plain = key.private_numbers().private_value.to_bytes(_KEY, "big")
    sealed = AESGCM(_key(shares, salt, campaign, cost)).encrypt(nonce, plain, _place(campaign, public))
    return public + salt + nonce + sealed


def unwrap(wrapped: bytes, shares: Shares, campaign: UUID, cost: Cost) -> EllipticCurvePrivateKey:
    """The key again. Raises WrongSharesError, and ValueError for what is no wrapped key."""
    if len(wrapped) != SIZE:
        raise ValueError("not a wrapped key")
    public, salt = public_of(wrapped), wrapped[_POINT : _POINT + _SALT]
    nonce, sealed = wrapped[_POINT + _SALT :][:_NONCE], wrapped[_POINT + _SALT + _NONCE :]
    try:
        plain = AESGCM(_key(shares, salt, campaign, cost)).decrypt(nonce, sealed, _place(campaign, public))
    except InvalidTag:
        raise WrongSharesError from None
    return derive_private_key(int.from_bytes(plain, "big"), SECP256R1())


def public_of(wrapped: bytes) -> bytes:
    """The public key of a wrapped one, as it is published."""
    return wrapped[:_POINT]


def _key(shares: Shares, salt: bytes, campaign: UUID, cost: Cost) -> bytes:
    stretched = Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.kibibytes
    ).derive(" ".join(map(folded, shares.phrase)).encode())
    info = framed(b"ent-custody/1", campaign.bytes)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(stretched + shares.paper)


def _place(campaign: UUID, public: bytes) -> bytes:
    return campaign.bytes + sha256(public).digest()


@cache
def _words() -> tuple[str, ...]:
    """The list, accents and letters in one sign, as browsers show them best."""
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic("french").wordlist)


@cache
def _by_reading() -> dict[str, str]:
    return {folded(word): word for word in _words()}


def read_phrase(typed: str) -> tuple[str, ...]:
    """The phrase, however it was typed. Raises UnreadPhraseError."""
    words, known = typed_words(typed), _by_reading()
    unknown = [word for word in words if word not in known]
    if unknown or len(words) != WORDS:
        raise UnreadPhraseError(unknown, len(words))
    return tuple(known[word] for word in words)


def written_paper(paper: bytes) -> str:
    """What stands on the paper: GROUPS groups of four signs."""
    return grouped("".join(_group(place, paper[2 * place : 2 * place + 2]) for place in range(GROUPS)))


def read_paper(typed: str) -> bytes:
    """The bytes of the paper, however they were typed. Raises UnreadPaperError."""
    code = typed_code(typed)
    if len(code) != GROUPS * _SIGNS:
        raise UnreadPaperError((), len(code))
    groups = [code[start : start + _SIGNS] for start in range(0, len(code), _SIGNS)]
    paper = b"".join((_number(group) >> 4).to_bytes(2, "big") for group in groups)
    wrong = [
        place + 1 for place, group in enumerate(groups) if _group(place, paper[2 * place : 2 * place + 2]) != group
    ]
    if wrong:
        raise UnreadPaperError(wrong, len(code))
    return paper


def _group(place: int, two: bytes) -> str:
    """Two bytes of the paper, with four bits that tell a mistake in them, or another place."""
    number = int.from_bytes(two, "big") << 4 | sha256(bytes((place,)) + two).digest()[0] >> 4
    return "".join(ALPHABET[number >> (_BITS * sign) & 31] for sign in reversed(range(_SIGNS)))


def _number(group: str) -> int:
    number = 0
    for sign in group:
        number = number << _BITS | ALPHABET.index(sign)
    return number
