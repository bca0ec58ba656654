"""What someone had before their eyes when they changed it: a hidden field that nobody can write but we.

It carries a keyed digest of the value that was shown. Of two admins who change the same thing, the second is told.
"""

import hmac
import json
from typing import Any
from uuid import UUID

from ent_module.web.house import Keys


class TamperedError(ValueError):
    """The field is not one that we gave out for this thing of this school."""


def token(keys: Keys, establishment_id: UUID, what: str, value: Any) -> str:
    """The field for a value of `what` that is shown."""
    digest = _digest(keys, establishment_id, what, value)
    return digest.hex() + _seal(keys, establishment_id, what, digest).hex()


def unchanged(keys: Keys, establishment_id: UUID, what: str, value: Any, given: str) -> bool:
    """Whether the value is still the one that was shown. Raises TamperedError."""
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        raise TamperedError from None
    digest, seal = raw[:16], raw[16:]
    if not hmac.compare_digest(seal, _seal(keys, establishment_id, what, digest)):
        raise TamperedError
    return hmac.compare_digest(digest, _digest(keys, establishment_id, what, value))


def _digest(keys: Keys, establishment_id: UUID, what: str, value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keys.derive("setup.shown", establishment_id.bytes, what.encode(), text.encode(), length=16)


def _seal(keys: Keys, establishment_id: UUID, what: str, digest: bytes) -> bytes:
    return keys.derive("setup.shown.seal", establishment_id.bytes, what.encode(), digest, length=16)
