"""Our own session, in our own cookie.

The cookie holds a random id and a random key; the database keeps a digest of the id and the content encrypted under
the key (AES-256-GCM, bound to the digest). So neither the cookie nor the database alone tells anything.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Request
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ent_module.config import Settings
from ent_module.database import utc
from ent_module.web.tables import SessionRow

_ID, _KEY, _NONCE = 16, 32, 12
_ROW = select(SessionRow.payload, SessionRow.expires_at).where(SessionRow.digest == bindparam("digest"))


class WebSession:
    """The content of one browser's session: a dictionary that knows whether it was changed."""

    def __init__(self, secret: bytes, values: dict[str, Any]) -> None:
        self.secret = secret
        self.values = values
        self.changed = False
        self.ended = False
        self.is_new = False
        """Has no row yet."""

    @classmethod
    def fresh(cls) -> "WebSession":
        """A new session with its own CSRF secret; nothing of an older one is carried over."""
        session = cls(secrets.token_bytes(_ID + _KEY), {"csrf": secrets.token_hex(32)})
        session.changed = session.is_new = True
        return session

    def get(self, name: str, default: Any = None) -> Any:
        """A value, or the default."""
        return self.values.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.changed = True

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def end(self) -> None:
        """Ends it: the row goes when it is saved, the cookie with the answer."""
        self.ended = True

    @property
    def digest(self) -> bytes:
        """The key of its row: a digest of the id."""
        return sha256(self.secret[:_ID]).digest()

    @property
    def cookie(self) -> str:
        """What the browser keeps."""
        return urlsafe_b64encode(self.secret).decode()


def cookie_name(settings: Settings) -> str:
    """`__Secure-` binds the cookie to https; on the demo's http origin browsers refuse it, so it goes without."""
    return "__Secure-ent" if settings.secure else "ent"


def load(db: Session, request: Request, settings: Settings) -> WebSession | None:
    """The session that the request's cookie opens, or None where there is none, or an ended or altered one."""
    return opened(db, request.cookies.get(cookie_name(settings), ""))


def opened(db: Session, cookie: str) -> WebSession | None:
    """The session that a cookie of that value opens, or None."""
    try:
        secret = urlsafe_b64decode(cookie)
    except ValueError:
        return None
    if len(secret) != _ID + _KEY:
        return None
    session = WebSession(secret, {})
    row = db.execute(_ROW, {"digest": session.digest}).first()
    if row is None or utc(row.expires_at) <= datetime.now(UTC):
        return None
    try:
        plain = AESGCM(secret[_ID:]).decrypt(row.payload[:_NONCE], row.payload[_NONCE:], session.digest)
    except InvalidTag:
        return None
    session.values = json.loads(plain)
    return session


def save(db: Session, session: WebSession, settings: Settings) -> None:
    """Writes the session where it was changed, deletes it where it was ended. Does not commit.

    One that was ended meanwhile, by quick exit or by the portal, does not come back.
    """
    if session.ended:
        db.execute(delete(SessionRow).where(SessionRow.digest == session.digest))
        return
    if not session.changed:
        return
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(session.secret[_ID:]).encrypt(nonce, json.dumps(session.values).encode(), session.digest)
    if session.is_new:
        db.add(SessionRow(digest=session.digest, payload=sealed, expires_at=_expiry(settings)))
        db.flush()
        session.is_new = False
        return
    mine = update(SessionRow).where(SessionRow.digest == session.digest)
    if db.execute(mine.values(payload=sealed).returning(SessionRow.digest)).first() is None:
        session.end()


def set_cookie(response: Response, session: WebSession, settings: Settings) -> None:
    """Gives the browser the session's cookie, or takes it away where the session was ended.

    SameSite=None with Partitioned keeps the session inside a portal's frame; Lax is for the demo's http origin.
    """
    response.set_cookie(
        cookie_name(settings),
        "" if session.ended else session.cookie,
        max_age=0 if session.ended else None,
        path=settings.home_path,
        secure=settings.secure,
        httponly=True,
        samesite="None" if settings.secure else "Lax",
        partitioned=settings.secure,
    )


def take_cookie(response: Response, settings: Settings) -> None:
    """Takes the cookie of a session that is no longer there."""
    gone = WebSession.fresh()
    gone.end()
    set_cookie(response, gone, settings)


def delete_these(db: Session, digests: Sequence[bytes]) -> None:
    """Ends sessions from outside their browsers: whoever held one is signed out from now on."""
    db.execute(delete(SessionRow).where(SessionRow.digest.in_(digests)))


def delete_expired(db: Session, now: datetime) -> None:
    """Deletes the sessions that ended before that time (a job; may run twice)."""
    db.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


def _expiry(settings: Settings) -> datetime:
    end = datetime.now(UTC) + timedelta(hours=settings.session_hours)
    return end.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
