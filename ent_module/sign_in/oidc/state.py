"""What Authlib must remember between the way out and the way back, kept without the host's `flask.session`.

One record for each sign-in, popped in one statement: of two callbacks with the same state, one finds it.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from authlib.integrations.flask_client import FlaskIntegration
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ent_module.database import utc
from ent_module.privacy.sealing import UnsealError, seal, unseal
from ent_module.sign_in.binding import MINUTES, digest
from ent_module.sign_in.oidc.model import Reason, RefusedSignIn
from ent_module.sign_in.tables import OidcLogin


class OurState(FlaskIntegration):  # type: ignore[misc]  # Authlib has no types
    """Authlib's integration with its three state methods; the session that they are handed is the host's, unused."""

    def __init__(self, name: str, known: dict[str, dict[str, Any]] | None = None) -> None:
        super().__init__(name)
        self.known = known or {}

    def set_state_data(self, session: Any, state: str, data: dict[str, Any]) -> None:  # noqa: ARG002
        """Notes what must be kept (`keep`)."""
        self.known[state] = data

    def get_state_data(self, session: Any, state: str) -> dict[str, Any] | None:  # noqa: ARG002
        """What was kept, as `pop` has found it."""
        return self.known.get(state)

    def clear_state_data(self, session: Any, state: str) -> None:  # noqa: ARG002
        """Forgets it; in the database it is gone already."""
        self.known.pop(state, None)


def keep(db: Session, portal_id: UUID, state: str, data: dict[str, Any], now: datetime) -> str:
    """Keeps what ends a sign-in. Returns the secret for the cookie of the browser that began it."""
    secret = secrets.token_urlsafe(32)
    sealed = seal(_key(secret), data, digest(state), portal_id.bytes)
    expires = now + timedelta(minutes=MINUTES)
    db.add(OidcLogin(state_digest=digest(state), portal_id=portal_id, sealed=sealed, expires_at=expires))
    return secret


def pop(db: Session, portal_id: UUID, state: str, secret: str | None, now: datetime) -> dict[str, Any]:
    """Ends the sign-in of that state; it cannot be found again. Raises RefusedSignIn, after which to commit too.

    `secret` is what the browser's cookie holds: a callback in another browser than the beginning is refused.
    """
    ended = db.execute(
        delete(OidcLogin)
        .where(OidcLogin.state_digest == digest(state), OidcLogin.portal_id == portal_id)
        .returning(OidcLogin.sealed, OidcLogin.expires_at)
    ).first()
    if ended is None or utc(ended.expires_at) <= now:
        raise RefusedSignIn(Reason.STATE)
    try:
        data: dict[str, Any] = unseal(_key(secret or ""), ended.sealed, digest(state), portal_id.bytes)
    except UnsealError:
        raise RefusedSignIn(Reason.COOKIE) from None
    return data


def delete_expired(db: Session, now: datetime) -> None:
    """Deletes the sign-ins that nobody ended in time (a job; may run twice)."""
    db.execute(delete(OidcLogin).where(OidcLogin.expires_at <= now))


def _key(secret: str) -> bytes:
    return sha256(b"ent oidc login" + secret.encode("utf-8", "surrogatepass")).digest()
