"""The second half of each conversation's key, in a store apart from the database, so that erasing can be meant.

What was written opens with HKDF(conversation key ‖ ek) alone. The conversation's key stands in the database, in slots,
and in each of its backups; `ek`, 32 random bytes, is a file of the folder `ENT_CONTENT_STORE` (`privacy.key_store`).
Erasing a conversation deletes both: a backup of the database then brings back what nobody opens, with the master key
and with the return code too. The folder is copied as well, since a lost ek is a lost conversation, but no copy of it is
kept for more than 14 days: so "within 14 days" is what is promised.
"""

import secrets
from datetime import timedelta
from typing import cast
from uuid import UUID

from ent_module.privacy.key_store import LostKeyError
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import ContentKeys, Keys, KeyStore

COPIES_LIVE = timedelta(days=14)
"""No copy of the store is kept for longer."""
_NAME = "content"


class LostContentError(UnsealError):
    """Its ek is not in the store: erased, or the store is not the one of this database."""


def store(keys: Keys) -> KeyStore:
    """Where they are. Only an installation's keys have it (`privacy.installation`)."""
    return cast(ContentKeys, keys).contents


def fresh(keys: Keys, conversation_id: UUID) -> bytes:
    """A new ek, on disk when this returns. Where the transaction is undone, it stays and opens nothing."""
    return store(keys).put(conversation_id, _NAME, secrets.token_bytes(32))


def read(keys: Keys, conversation_id: UUID) -> bytes:
    """The ek. Raises LostContentError."""
    try:
        return store(keys).get(conversation_id, _NAME)
    except LostKeyError:
        raise LostContentError from None


def is_lost(keys: Keys, conversation_id: UUID) -> bool:
    """Whether the ek is gone for good: the store is there, and holds nothing of that conversation."""
    return store(keys).is_there() and not store(keys).holds(conversation_id)
