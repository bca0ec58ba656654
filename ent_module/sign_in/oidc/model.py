"""From the claims of an ID token to one person. Whoever maps a portal's claims reads this file.

    sub          who it is, for ever; with the portal it makes the account. Never an e-mail address.
    ent_profile  one word of the national vocabulary (National_ELV, National_DIR …) or a short one (pupil, teacher …)
    uai          the codes of the schools, several or one; those that the portal may not speak for are left out
    classes      names of classes, or `uai$name` as directories write them
    name         else given_name and family_name; kept of the school's adults only
    locale       the language, where it is one of ours

No claim is guessed: whoever has no profile that we know is a visitor, for whom the numbers alone are open.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from ent_module.identity.model import Arrival, Profile, profile_named
from ent_module.sign_in.model import Refusal, is_id

_MOST = 100
_UAI = re.compile(r"[0-9]{7}[A-Z]")
_LEAST_FIRST = (
    Profile.PUPIL,
    Profile.PARENT,
    Profile.EXTERNAL,
    Profile.TEACHER,
    Profile.STAFF,
    Profile.MANAGEMENT,
)
_HEADS = frozenset({"national_dir", "management"})
"""Words for whoever heads a school. An `administrator` may be a technician."""


class Reason(StrEnum):
    """Why a sign-in or a logout is refused: the one word that the log gets."""

    STATE = "state"
    COOKIE = "cookie"
    DENIED = "denied"
    UNREACHABLE = "unreachable"
    TOKEN = "token"  # noqa: S105  # a word for the log
    KEY = "key"
    CLAIM = "claim"
    TIME = "time"
    AUDIENCE = "audience"
    ISSUER = "issuer"
    EVENT = "event"
    REPLAY = "replay"
    SUBJECT = "subject"
    ESTABLISHMENT = "establishment"


class RefusedSignIn(Refusal[Reason]):
    """A sign-in or a logout that is refused."""


def arrival_of(portal_id: UUID, claims: Mapping[str, Any]) -> Arrival:
    """Who arrives with these claims. Raises RefusedSignIn."""
    subject = claims.get("sub")
    if not is_id(subject):
        raise RefusedSignIn(Reason.SUBJECT)
    said = _words(claims.get("ent_profile"))
    profile = _profile(said)
    return Arrival(
        portal_id=portal_id,
        subject=str(subject),
        profile=profile,
        # Someone of an unknown profile may be a child, whose name is never kept.
        name="" if profile is Profile.VISITOR else _name(claims),
        uais=tuple(word.upper() for word in _words(claims.get("uai")) if _UAI.fullmatch(word.upper())),
        classes=tuple(_words(claims.get("classes"))),
        language=next(iter(_words(claims.get("locale"))), None),
        head=profile is Profile.MANAGEMENT and any(word.lower() in _HEADS for word in said),
    )


def _words(value: Any) -> list[str]:
    """The texts of a claim that holds one or several; anything else is none."""
    listed = value if isinstance(value, list) else [value]
    return [word.strip() for word in listed[:_MOST] if is_id(word) and word.strip()]


def _profile(said: Iterable[str]) -> Profile:
    """The profile; among several the one with the least rights."""
    known = [profile for word in said if (profile := profile_named(word)) is not None]
    return min(known, key=_LEAST_FIRST.index, default=Profile.VISITOR)


def _name(claims: Mapping[str, Any]) -> str:
    whole = _words(claims.get("name"))
    parts = whole or [*_words(claims.get("given_name")), *_words(claims.get("family_name"))]
    return " ".join(parts)[:200]
