"""From a portal's frame to a new tab, which has none of the frame's cookies: a token that works once, for a minute.

The token holds a random id and a random key; the database keeps a digest of the id and the content encrypted under the
key. What does not belong here: what is handed over, and the proof that the page that sends a token is ours.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ent_module.database import utc
from ent_module.web.tables import HandOver

SECONDS = 60
_ID, _KEY, _NONCE = 16, 32, 12


def give(db: Session, content: dict[str, Any], now: datetime) -> str:
    """The token by which another tab takes the content. Does not commit."""
    secret, nonce = secrets.token_bytes(_ID + _KEY), secrets.token_bytes(_NONCE)
    digest = sha256(secret[:_ID]).digest()
    sealed = nonce + AESGCM(secret[_ID:]).encrypt(nonce, json.dumps(content).encode(), digest)
    db.add(HandOver(digest=digest, sealed=sealed, expires_at=now + timedelta(seconds=SECONDS)))
    return urlsafe_b64encode(secret).decode()


def take(db: Session, token: str, now: datetime) -> dict[str, Any] | None:
    """The content, once: of two that take it, one gets it. None for a token that is used, too old or not ours."""
    try:
        secret = urlsafe_b64decode(token)
    except ValueError:
        return None
    digest = sha256(secret[:_ID]).digest()
    gone = delete(HandOver).where(HandOver.digest == digest).returning(HandOver.sealed, HandOver.expires_at)
    found = db.execute(gone).first()
    if found is None or utc(found.expires_at) <= now:
        return None
    try:
        plain = AESGCM(secret[_ID:]).decrypt(found.sealed[:_NONCE], found.sealed[_NONCE:], digest)
    except (InvalidTag, ValueError):  # another key, or one of no possible length
        return None
    return cast(dict[str, Any], json.loads(plain))


def delete_expired(db: Session, now: datetime) -> None:
    """Deletes what nobody took in time (a job; may run twice)."""
    db.execute(delete(HandOver).where(HandOver.expires_at <= now))
