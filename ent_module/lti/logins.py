"""A login from its beginning at the platform to the message that ends it.

One record for each login, popped by the launch in one statement: of two launches with the same state, one finds it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.database import utc
from ent_module.establishments import service as establishments
from ent_module.identity.model import Arrival, Profile, profile_named
from ent_module.lti.addresses import own_target
from ent_module.lti.model import Launch, Reason, RefusedLaunch, launch_of
from ent_module.lti.roles import profile_of
from ent_module.lti.tables import Deployment, Login, Registration
from ent_module.lti.tokens import key_name, verified_claims
from ent_module.privacy.sealing import seal, unseal
from ent_module.sign_in.addresses import tool_address
from ent_module.sign_in.binding import MINUTES, digest
from ent_module.sign_in.keysets import KeySets
from ent_module.sign_in.model import is_id

_LONGEST_HINT = 4000
_RANDOM = 32
_ASKED = ("iss", "client_id", "login_hint", "lti_message_hint", "target_link_uri")


@dataclass(frozen=True)
class Begun:
    """A login that has begun: where the browser goes, and what it keeps until the launch."""

    redirect: str
    state: str
    secret: str


class CookieLostError(RefusedLaunch):
    """The browser did not keep the login's cookie, as in a frame: in a tab the same login may begin again."""

    def __init__(self, asked: dict[str, str]) -> None:
        super().__init__(Reason.COOKIE)
        self.asked = asked


@dataclass(frozen=True)
class Pending:
    """A login whose launch has come, from the browser that began it."""

    platform: Registration
    nonce: str


def begin(db: Session, settings: Settings, asked: Mapping[str, str], now: datetime) -> Begun:
    """Begins a login as the platform asks for it (third-party initiated login). Raises RefusedLaunch."""
    platform = _asking(db, asked.get("iss", ""), asked.get("client_id"))
    hint, message_hint = asked.get("login_hint", ""), asked.get("lti_message_hint")
    if not 0 < len(hint) <= _LONGEST_HINT or len(message_hint or "") > _LONGEST_HINT:
        raise RefusedLaunch(Reason.LOGIN)
    if own_target(settings, asked.get("target_link_uri", "")) is None:
        raise RefusedLaunch(Reason.TARGET)
    state, nonce, secret = (secrets.token_urlsafe(_RANDOM) for _ in range(3))
    db.add(
        Login(
            state_digest=digest(state),
            portal_id=platform.portal_id,
            nonce=nonce,
            binding_digest=digest(secret),
            asked=_sealed(state, asked),
            expires_at=now + timedelta(minutes=MINUTES),
        )
    )
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": tool_address(settings, "/lti/launch"),
        "login_hint": hint,
        "state": state,
        "nonce": nonce,
    }
    if message_hint is not None:
        query["lti_message_hint"] = message_hint
    joint = "&" if "?" in platform.auth_url else "?"
    return Begun(f"{platform.auth_url}{joint}{urlencode(query)}", state, secret)


def _sealed(state: str, asked: Mapping[str, str]) -> bytes:
    try:
        return seal(_key(state), {name: asked[name] for name in _ASKED if name in asked})
    except ValueError:  # longer than any platform's question, or no text at all
        raise RefusedLaunch(Reason.LOGIN) from None


def _key(state: str) -> bytes:
    """The key under which a login's row keeps what was asked: the row itself has only another digest of the state."""
    return digest(f"asked {state}")


def _asking(db: Session, issuer: str, client_id: str | None) -> Registration:
    """The platform that asks. It may leave out its client id where it has only one here."""
    if not is_id(issuer) or (client_id is not None and not is_id(client_id)):
        raise RefusedLaunch(Reason.PLATFORM)
    wanted = select(Registration).where(Registration.issuer == issuer)
    if client_id is not None:
        wanted = wanted.where(Registration.client_id == client_id)
    found = db.scalars(wanted.limit(2)).all()
    if len(found) != 1:
        raise RefusedLaunch(Reason.PLATFORM)
    return found[0]


def keys_address(db: Session, state: str) -> str | None:
    """Where the keys are of the platform at which the login of that state began; None where there is no such login."""
    return db.scalar(
        select(Registration.jwks_url)
        .join(Login, Login.portal_id == Registration.portal_id)
        .where(Login.state_digest == digest(state))
    )


def pop(db: Session, state: str, secret: str | None, now: datetime) -> Pending:
    """Ends the login of that state; it cannot be found again. Raises RefusedLaunch.

    `secret` is what the browser's cookie holds: a launch in another browser than the login is refused.
    """
    ended = db.execute(
        delete(Login)
        .where(Login.state_digest == digest(state))
        .returning(Login.portal_id, Login.nonce, Login.binding_digest, Login.asked, Login.expires_at)
    ).first()
    if ended is None or utc(ended.expires_at) <= now:
        raise RefusedLaunch(Reason.STATE)
    if not compare_digest(digest(secret or ""), ended.binding_digest):
        raise CookieLostError(unseal(_key(state), ended.asked))
    return Pending(db.get_one(Registration, ended.portal_id), ended.nonce)


def arrival(
    db: Session, settings: Settings, pending: Pending, token: str, keys: KeySets, now: datetime
) -> tuple[Arrival, str]:
    """Who arrives by that message, and at which path of ours. Raises RefusedLaunch."""
    platform = pending.platform
    known = keys.known(platform.jwks_url, key_name(token))
    if not known:
        raise RefusedLaunch(Reason.KEY)
    launch = launch_of(
        verified_claims(token, known),
        issuer=platform.issuer,
        client_id=platform.client_id,
        nonce=pending.nonce,
        now=now.timestamp(),
    )
    path = own_target(settings, launch.target)
    if path is None:
        raise RefusedLaunch(Reason.TARGET)
    return _arrival(platform.portal_id, launch, _schools(db, platform.portal_id, launch)), path


def _schools(db: Session, portal_id: UUID, launch: Launch) -> tuple[str, ...]:
    """The schools for which the message counts: of those that its deployment stands for, the ones that it names.

    Whoever administers one deployment names no school of another one. Only a deployment of one school may name none.
    """
    places = db.scalars(
        select(Deployment.establishment_id).where(
            Deployment.portal_id == portal_id, Deployment.deployment_id == launch.deployment
        )
    ).all()
    if not places:
        raise RefusedLaunch(Reason.DEPLOYMENT)
    spoken_for = {place.uai for place in establishments.by_ids(db, places).values()}
    if launch.uais is None and len(spoken_for) > 1:
        raise RefusedLaunch(Reason.ESTABLISHMENT)
    found = tuple(spoken_for) if launch.uais is None else tuple(uai for uai in launch.uais if uai in spoken_for)
    if not found:
        raise RefusedLaunch(Reason.ESTABLISHMENT)
    return found


def _arrival(portal_id: UUID, launch: Launch, uais: tuple[str, ...]) -> Arrival:
    profile = profile_of(launch.roles, launch.profile)
    return Arrival(
        portal_id=portal_id,
        subject=launch.subject,
        profile=profile or Profile.VISITOR,
        # Someone of an unknown role may be a child, whose name is never kept.
        name=launch.name if profile else "",
        uais=uais,
        classes=tuple(name for name in launch.classes if "$" in name or len(launch.uais or uais) == 1),
        language=launch.language,
        # A platform's Administrator may be a technician: only the portal's own word makes a head.
        head=profile is Profile.MANAGEMENT and profile_named(launch.profile) is Profile.MANAGEMENT,
    )


def delete_expired(db: Session, now: datetime) -> None:
    """Deletes the logins that nobody ended in time (a job; may run twice)."""
    db.execute(delete(Login).where(Login.expires_at <= now))
