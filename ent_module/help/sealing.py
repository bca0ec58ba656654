"""The keys of a conversation: who can open what, and why nobody else can.

Each conversation has its own random key `k`, never stored as it is, and a random `ek` in a store apart from the
database, which goes when the conversation is erased (`help.content_keys`). Three keys are derived from both
(HKDF-SHA256), so that they cannot open each other's texts:

    thread key   what the writer and the group say to each other
    desk key     the group's notes
    header key   what the writer chose: themes, whom to leave out, the name if it was given

Texts are sealed with AES-256-GCM and padded to 2, 8 or 32 KB. Each is bound to its place (school, conversation, row,
direction, number): a ciphertext that somebody moves to another row no longer opens.

`k` stands in slots (`help.slots`), one for each listener who may read and chance in the others; a listener's key is
derived from the host's master key when it is needed and stored nowhere, so nobody gains a reading by putting a key of
their own into the database, and whoever reads the database alone sees neither who may read nor who is left out.

The writer's return code is eight words (80 bits, `model.codes`). HKDF(code, school) gives an id to look up and an
X25519 key to which the thread's part of `k` is wrapped: neither `k` nor ek. So
whoever finds a code reads the thread, never a note;
`ThreadKey` and `DeskKey` are types of their own to keep it so. The code is derived from the form's own token under a
key of the host: the same form sent twice shows the same code, and nothing of it is stored.

What this does not do: whoever holds the master key and the database reads everything (the host's administrator). The
keys of this issue live in the process that serves the pupils too; the two sides are parted later.
"""

import hmac
import json
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ent_module.help.model import codes
from ent_module.help.model.moves import Direction
from ent_module.privacy import sealing
from ent_module.privacy.keys import framed
from ent_module.web.house import Keys

KEY_VERSION = 1
"""Raised for all listeners, one day."""
_NONCE = 16


def _derived(secret: bytes, length: int, *info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=framed(b"ent/help/1", *info)).derive(secret)


@dataclass(frozen=True)
class Place:
    """The conversation of a school that keys and texts are bound to."""

    establishment_id: UUID
    conversation_id: UUID

    @property
    def parts(self) -> tuple[bytes, bytes]:
        """As sealing wants it."""
        return self.establishment_id.bytes, self.conversation_id.bytes


@dataclass(frozen=True)
class ThreadKey:
    """Opens what writer and group say to each other, and nothing else.

    `secret` alone, as a code has it, opens nothing.
    """

    place: Place
    secret: bytes = field(repr=False)
    ek: bytes = field(repr=False)

    @cached_property
    def _content(self) -> bytes:
        return _derived(self.secret + self.ek, 32, b"thread-content", *self.place.parts)

    def _bound(self, row_id: UUID, direction: Direction, number: int) -> tuple[bytes, ...]:
        return *self.place.parts, b"message", row_id.bytes, direction.encode(), number.to_bytes(4, "big")

    def seal(self, value: Any, row_id: UUID, direction: Direction, number: int) -> bytes:
        """A message, bound to its row, its direction and its number."""
        return sealing.seal(self._content, value, *self._bound(row_id, direction, number))

    def unseal(self, sealed: bytes, row_id: UUID, direction: Direction, number: int) -> Any:
        """The message again. Raises UnsealError where it is not the one of that place."""
        return sealing.unseal(self._content, sealed, *self._bound(row_id, direction, number))


@dataclass(frozen=True)
class DeskKey:
    """Opens the group's notes. Only `ConversationKey` has one; a return code does not lead to it."""

    place: Place
    secret: bytes = field(repr=False)

    def seal(self, value: Any, row_id: UUID, number: int) -> bytes:
        """A note, bound to its row and number."""
        return sealing.seal(self.secret, value, *self.place.parts, b"note", row_id.bytes, number.to_bytes(4, "big"))

    def unseal(self, sealed: bytes, row_id: UUID, number: int) -> Any:
        """The note again. Raises UnsealError."""
        return sealing.unseal(self.secret, sealed, *self.place.parts, b"note", row_id.bytes, number.to_bytes(4, "big"))


@dataclass(frozen=True)
class ConversationKey:
    """The key `k` of one conversation, as its readers hold it, and its ek."""

    place: Place
    secret: bytes = field(repr=False)
    ek: bytes = field(repr=False)

    @classmethod
    def fresh(cls, place: Place, ek: bytes) -> "ConversationKey":
        """A new random key, with the ek that was kept for it."""
        return cls(place, secrets.token_bytes(32), ek)

    @cached_property
    def thread(self) -> ThreadKey:
        """For what is said between writer and group."""
        return ThreadKey(self.place, _derived(self.secret, 32, b"thread", *self.place.parts), self.ek)

    @cached_property
    def desk(self) -> DeskKey:
        """For the group's notes."""
        return DeskKey(self.place, _derived(self.secret + self.ek, 32, b"desk", *self.place.parts))

    @cached_property
    def _header(self) -> bytes:
        return _derived(self.secret + self.ek, 32, b"header", *self.place.parts)

    def seal_header(self, value: Any) -> bytes:
        """What the writer chose, bound to the conversation."""
        return sealing.seal(self._header, value, *self.place.parts, b"header")

    def unseal_header(self, sealed: bytes) -> Any:
        """The header again. Raises UnsealError."""
        return sealing.unseal(self._header, sealed, *self.place.parts, b"header")


@dataclass(frozen=True)
class ReturnKey:
    """What a return code opens in one school: an id to look up, and a private key."""

    lookup: bytes
    private: X25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, seed: bytes, establishment_id: UUID) -> "ReturnKey":
        """From the ten bytes of a code."""
        material = _derived(seed, 48, b"code", establishment_id.bytes)
        return cls(material[:16], sealing.private_key(material[16:]))

    def wrap(self, thread: ThreadKey) -> bytes:
        """The thread key but for its ek, for whoever has the code."""
        return sealing.wrap(thread.secret, self.private.public_key(), *thread.place.parts, b"code")

    def unwrap(self, wrapped: bytes, place: Place, ek: bytes) -> ThreadKey:
        """The thread key again, with the ek. Raises UnsealError."""
        return ThreadKey(place, sealing.unwrap(wrapped, self.private, *place.parts, b"code"), ek)


def told_marker(keys: Keys, establishment_id: UUID, account_id: UUID, conversation_id: UUID) -> bytes:
    """The sign that this account may be told that something waits. Without the master key it is as good as random."""
    key = keys.derive("help.told", establishment_id.bytes, account_id.bytes)
    return hmac.digest(key, conversation_id.bytes, sha256)[:16]


def office_marker(keys: Keys, establishment_id: UUID, conversation_id: UUID) -> bytes:
    """The same for whoever is head of that school, also one who has not come here yet."""
    key = keys.derive("help.told.office", establishment_id.bytes)
    return hmac.digest(key, conversation_id.bytes, sha256)[:16]


# --- Forms ------------------------------------------------------------------------------------------------------------


def new_form(keys: Keys, session: bytes, purpose: str) -> str:
    """A form's own token: chance, and a proof that it was given to this session for this purpose."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce.hex() + _proof(keys, session, purpose, nonce).hex()


def form_nonce(keys: Keys, session: bytes, purpose: str, token: str) -> bytes | None:
    """The chance in a token of ours; None where it was altered, made for another session or another purpose."""
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        return None
    nonce, proof = raw[:_NONCE], raw[_NONCE:]
    return nonce if hmac.compare_digest(proof, _proof(keys, session, purpose, nonce)) else None


def _proof(keys: Keys, session: bytes, purpose: str, nonce: bytes) -> bytes:
    return hmac.digest(keys.derive("help.form"), framed(session, purpose.encode(), nonce), sha256)


def request_digest(keys: Keys, establishment_id: UUID, nonce: bytes, content: Any) -> bytes:
    """What makes a form sent twice one message: a keyed digest of its token and of all that it holds.

    The content is part of it so that someone who goes back, changes the text and sends again loses nothing. The token
    is 128 random bits that are stored nowhere, so that even with the host's key no text can be guessed at.
    """
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return hmac.digest(keys.derive("help.request", establishment_id.bytes), framed(nonce, plain), sha256)


def code_seed(keys: Keys, establishment_id: UUID, nonce: bytes, content: Any) -> bytes:
    """The ten bytes of the code that belongs to a form: the same again for the same form."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    key = keys.derive("help.code", establishment_id.bytes)
    return hmac.digest(key, framed(nonce, plain), sha256)[: codes.SEED]


def attempt_pseudonym(keys: Keys, establishment_id: UUID, account_id: UUID, hour: str) -> bytes:
    """Under what name an account's wrong codes of one hour are counted: another one each hour."""
    return keys.derive("help.attempts", establishment_id.bytes, account_id.bytes, hour.encode())
