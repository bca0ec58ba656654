"""Key slots: the conversation's key for each who may read, so that what stands there tells nobody who that is.

Each conversation has the same number of slots (`ROOM`; groups that are larger have twice as many, whomever the writer
leaves out). A slot is a tag and a sealed key:

    tag    HMAC(route of the reader, conversation, salt)     by which a reader finds their own
    key    AES-256-GCM(lock of the reader, conversation's key), bound to the conversation and the salt

Route and lock are derived from the host's master key, school, account and a version, for whoever asks, and are stored
nowhere. Slots that nobody has hold chance. One slot is the host's own: with it the clocks open what nobody else can, so
that a message never goes with the adult who had it; who holds the master key opens everything anyway.

They are all written anew, with another salt and in another order, whenever somebody is given the key or loses it: so
neither their number nor their order nor two copies of them tell how many read, who was added or who was left out.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ent_module.help.sealing import KEY_VERSION, ConversationKey, Place
from ent_module.privacy.keys import framed
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

ROOM = 16
_SALT, _TAG, _NONCE, _KEY = 16, 16, 12, 32
SLOT = _TAG + _NONCE + _KEY + 16
"""Bytes of a slot."""


@dataclass(frozen=True)
class SlotKey:
    """What one reader finds and opens slots with."""

    route: bytes = field(repr=False)
    lock: bytes = field(repr=False)

    @classmethod
    def of(cls, keys: Keys, establishment_id: UUID, account_id: UUID, version: int = KEY_VERSION) -> "SlotKey":
        """A listener's."""
        return cls._derived(keys, "help.slot", establishment_id.bytes, account_id.bytes, version.to_bytes(2, "big"))

    @classmethod
    def of_the_host(cls, keys: Keys, establishment_id: UUID) -> "SlotKey":
        """The one that the clocks use."""
        return cls._derived(keys, "help.slot.host", establishment_id.bytes)

    @classmethod
    def _derived(cls, keys: Keys, purpose: str, *parts: bytes) -> "SlotKey":
        both = keys.derive(purpose, *parts, length=64)
        return cls(both[:32], both[32:])

    def tag(self, place: Place, salt: bytes) -> bytes:
        """How the reader recognises a slot; without the key it is as good as random."""
        return hmac.digest(self.route, framed(*place.parts, salt), sha256)[:_TAG]

    def _slot(self, slots: bytes, place: Place) -> bytes | None:
        salt, tag = slots[:_SALT], self.tag(place, slots[:_SALT])
        for start in range(len(salt), len(slots), SLOT):
            if slots[start : start + _TAG] == tag:
                return slots[start : start + SLOT]
        return None

    def is_in(self, slots: bytes | None, place: Place) -> bool:
        """Whether one of these slots is the reader's."""
        return slots is not None and self._slot(slots, place) is not None

    def opened(self, slots: bytes, place: Place, ek: Callable[[], bytes]) -> ConversationKey:
        """The conversation's key, with its ek, asked for once a slot has opened. Raises UnsealError where none of the
        slots is the reader's, or it was altered, and what `ek` raises.
        """
        found = self.found(slots, place)
        if found is None:
            raise UnsealError
        return found(ek)

    def found(self, slots: bytes | None, place: Place) -> Callable[[Callable[[], bytes]], ConversationKey] | None:
        """What opens the reader's slot with an ek, where there is one (`opened`)."""
        slot = None if slots is None else self._slot(slots, place)
        return None if slot is None or slots is None else partial(self._opened, slot, slots[:_SALT], place)

    def _opened(self, slot: bytes, salt: bytes, place: Place, ek: Callable[[], bytes]) -> ConversationKey:
        try:
            secret = AESGCM(self.lock).decrypt(
                slot[_TAG : _TAG + _NONCE], slot[_TAG + _NONCE :], framed(*place.parts, salt)
            )
        except (InvalidTag, ValueError):
            raise UnsealError from None
        return ConversationKey(place, secret, ek())

    def slot(self, key: ConversationKey, salt: bytes) -> bytes:
        """A slot that this reader finds and opens, and nobody else."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.lock).encrypt(nonce, key.secret, framed(*key.place.parts, salt))
        return self.tag(key.place, salt) + nonce + sealed


def without_keys(slots: bytes) -> bytes:
    """The same tags with chance in the place of each key: they still tell a reader's own, and open nothing."""
    starts = range(_SALT, len(slots), SLOT)
    kept = (slots[start : start + _TAG] + secrets.token_bytes(SLOT - _TAG) for start in starts)
    return slots[:_SALT] + b"".join(kept)


def room_for(readers: int) -> int:
    """How many slots there are for so many readers and the host."""
    return ROOM * (readers // ROOM + 1)


def size_of(slots: bytes) -> int:
    """How many slots these are."""
    return (len(slots) - _SALT) // SLOT


def filled(key: ConversationKey, owners: Iterable[SlotKey], room: int) -> bytes:
    """Slots for these owners among so many, in random order; chance in the others."""
    salt = secrets.token_bytes(_SALT)
    slots = [one.slot(key, salt) for one in owners]
    slots += [secrets.token_bytes(SLOT) for _free in range(room - len(slots))]
    secrets.SystemRandom().shuffle(slots)
    return salt + b"".join(slots)
