"""Hearing that a portal's session has ended (OpenID Connect Back-Channel Logout 1.0), and ending ours at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.sign_in.model import is_id
from ent_module.sign_in.oidc.model import Reason, RefusedSignIn
from ent_module.sign_in.oidc.portals import OidcPortal
from ent_module.sign_in.tables import OidcLogout, OidcSession
from ent_module.web import sessions
from ent_module.web.house import Keys

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LEEWAY, OLDEST = 60, 600
"""In seconds: by how much a clock may differ, and how old a token may be whatever it says."""


@dataclass(frozen=True)
class Ended:
    """What a logout token says has ended: one session, or every one of somebody's."""

    token_id: str
    until: float
    """When the token itself is too old, in seconds since 1970."""
    subject: str | None
    sid: str | None


def ended_by(claims: Mapping[str, Any], portal: OidcPortal, now: datetime) -> Ended:
    """What a verified logout token says (section 2.6 of the specification). Raises RefusedSignIn."""
    seconds: float = now.timestamp()
    audience = claims.get("aud")
    issued, expires = (_time(claims.get(name)) for name in ("iat", "exp"))
    events = claims.get("events")
    subject, sid, token_id = claims.get("sub"), claims.get("sid"), claims.get("jti")
    _require(claims.get("iss") == portal.issuer, Reason.ISSUER)
    _require(portal.client_id in (audience if isinstance(audience, list) else [audience]), Reason.AUDIENCE)
    _require(seconds - OLDEST - LEEWAY < issued < seconds + LEEWAY, Reason.TIME)
    _require(expires > seconds - LEEWAY, Reason.TIME)
    _require(isinstance(events, Mapping) and isinstance(events.get(EVENT), Mapping), Reason.EVENT)
    _require("nonce" not in claims, Reason.CLAIM)  # else an ID token would do
    _require(is_id(token_id), Reason.CLAIM)
    _require(all(one is None or is_id(one) for one in (subject, sid)) and (subject or sid), Reason.SUBJECT)
    return Ended(str(token_id), issued + OLDEST + 2 * LEEWAY, subject, sid)


def _require(holds: Any, reason: Reason) -> None:
    if not holds:
        raise RefusedSignIn(reason)


def _time(value: Any) -> float:
    """A moment in seconds; one long ago for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value < 1e11 else 0.0


def follow(db: Session, keys: Keys, session: sessions.WebSession, portal_id: UUID, claims: Mapping[str, Any]) -> None:
    """Lets a saved session end with the portal's, which the claims of its ID token name."""
    sid = claims.get("sid")
    db.flush()  # the session's own row first
    db.add(
        OidcSession(
            session_digest=session.digest,
            portal_id=portal_id,
            subject_digest=_digest(keys, portal_id, "subject", str(claims["sub"])),
            sid_digest=_digest(keys, portal_id, "sid", str(sid)) if is_id(sid) else None,
        )
    )
    db.flush()


def end(db: Session, keys: Keys, portal_id: UUID, ended: Ended) -> None:
    """Ends our sessions that follow what has ended. Raises RefusedSignIn for a token that was obeyed before."""
    digest = _digest(keys, portal_id, "token", ended.token_id)
    try:
        with db.begin_nested():
            until = datetime.fromtimestamp(ended.until, UTC)
            db.add(OidcLogout(portal_id=portal_id, token_digest=digest, expires_at=until))
    except IntegrityError:
        raise RefusedSignIn(Reason.REPLAY) from None
    wanted = select(OidcSession.session_digest).where(OidcSession.portal_id == portal_id)
    if ended.sid is not None:
        wanted = wanted.where(OidcSession.sid_digest == _digest(keys, portal_id, "sid", ended.sid))
    if ended.subject is not None:
        wanted = wanted.where(OidcSession.subject_digest == _digest(keys, portal_id, "subject", ended.subject))
    sessions.delete_these(db, db.scalars(wanted).all())


def _digest(keys: Keys, portal_id: UUID, what: str, value: str) -> bytes:
    return keys.derive(f"oidc {what}", portal_id.bytes, value.encode())


def delete_expired(db: Session, now: datetime) -> None:
    """Forgets logout tokens that are too old to be obeyed again (a job; may run twice)."""
    db.execute(delete(OidcLogout).where(OidcLogout.expires_at <= now - timedelta(seconds=LEEWAY)))
