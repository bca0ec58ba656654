"""What a platform's message says, read strictly: no claim is guessed, none of the wrong type is repaired.

Sources: LTI 1.3 core specification sections 5.3 and 5.4, 1EdTech Security Framework 1.0 section 5.1.3.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from typing import Any

from ent_module.sign_in.model import Refusal, is_id

LEEWAY = 60
"""Seconds by which a platform's clock may differ from ours."""
_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
_UAI = re.compile(r"[0-9]{7}[A-Z]")


class Reason(StrEnum):
    """Why a login or a launch is refused: the one word that the log gets."""

    LOGIN = "login"
    PLATFORM = "platform"
    TARGET = "target"
    STATE = "state"
    COOKIE = "cookie"
    DENIED = "denied"
    TOKEN = "token"  # noqa: S105  # a word for the log
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    SUBJECT = "subject"
    VERSION = "version"
    MESSAGE = "message"
    DEPLOYMENT = "deployment"
    RESOURCE = "resource"
    ROLES = "roles"
    CLAIM = "claim"
    ESTABLISHMENT = "establishment"


class RefusedLaunch(Refusal[Reason]):
    """A login or a launch that is refused."""


@dataclass(frozen=True)
class Launch:
    """A message whose every claim has been checked but for what only the database knows."""

    subject: str
    deployment: str
    target: str
    roles: tuple[str, ...]
    name: str
    language: str | None
    profile: str
    uais: tuple[str, ...] | None
    """Codes of the schools that the launch names; None where it leaves them to its deployment."""
    classes: tuple[str, ...]


def launch_of(claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: float) -> Launch:
    """The launch that a verified token describes. Raises RefusedLaunch at the first claim that is not as it must be."""
    _check_parties(claims, issuer, client_id)
    _check_times(claims, now)
    sent = claims.get("nonce")
    _require(is_id(sent) and compare_digest(str(sent).encode(), nonce.encode()), Reason.NONCE)
    _require(is_id(claims.get("sub")), Reason.SUBJECT)
    _require(_lti(claims, "version") == "1.3.0", Reason.VERSION)
    _require(_lti(claims, "message_type") == "LtiResourceLinkRequest", Reason.MESSAGE)
    _require(is_id(_lti(claims, "deployment_id")), Reason.DEPLOYMENT)
    _require(is_id(_part(_lti(claims, "resource_link"), Reason.RESOURCE).get("id")), Reason.RESOURCE)
    target = _lti(claims, "target_link_uri")
    _require(isinstance(target, str), Reason.TARGET)
    context = _optional(claims, "context").get("id")  # null from Open edX, outside of a course
    _require(context is None or is_id(context), Reason.CLAIM)
    custom = _optional(claims, "custom")
    return Launch(
        subject=claims["sub"],
        deployment=_lti(claims, "deployment_id"),
        target=target,
        roles=_roles(claims),
        name=_name(claims),
        language=_text(_optional(claims, "launch_presentation"), "locale") or None,
        profile=_parameter(custom, "profile"),
        uais=_uais(_parameter(custom, "uai")),
        classes=_classes(_parameter(custom, "classes")),
    )


def _require(holds: bool, reason: Reason) -> None:  # noqa: FBT001  # reads as a sentence
    if not holds:
        raise RefusedLaunch(reason)


def _lti(claims: Mapping[str, Any], name: str) -> Any:
    return claims.get(_CLAIM + name)


def _part(value: Any, reason: Reason) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RefusedLaunch(reason)
    return value


def _optional(claims: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = _lti(claims, name)
    return {} if value is None else _part(value, Reason.CLAIM)


def _text(claims: Mapping[str, Any], name: str) -> str:
    """An optional claim; empty where it is missing or null. What is not text is refused."""
    value = claims.get(name)
    _require(value is None or isinstance(value, str), Reason.CLAIM)
    return value or ""


def _check_parties(claims: Mapping[str, Any], issuer: str, client_id: str) -> None:
    """From the platform of this login, for us: of several audiences one must be named as the party (azp), and be us."""
    _require(claims.get("iss") == issuer, Reason.ISSUER)
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    _require(client_id in several and all(isinstance(one, str) for one in several), Reason.AUDIENCE)
    party = claims.get("azp", None if len(several) > 1 else client_id)
    _require(party == client_id, Reason.AUDIENCE)


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    _require(_moment(claims.get("exp")) > now - LEEWAY, Reason.TIME)
    _require(_moment(claims.get("iat")) <= now + LEEWAY, Reason.TIME)
    _require(_moment(claims.get("nbf", 0)) <= now + LEEWAY, Reason.TIME)


def _moment(value: Any) -> float:
    """Seconds since 1970. JSON as Python reads it also has true, NaN and infinity, which are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise RefusedLaunch(Reason.TIME)
    return value


def _roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    value = _lti(claims, "roles")
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RefusedLaunch(Reason.ROLES)
    return tuple(value)


def _name(claims: Mapping[str, Any]) -> str:
    """The name, else first and family name, else nothing. Invisible characters are dropped."""
    whole, given, family = (_text(claims, name) for name in ("name", "given_name", "family_name"))
    shown = whole.strip() or f"{given} {family}"
    return " ".join("".join(char if char.isprintable() else " " for char in shown).split())[:200]


def _parameter(custom: Mapping[str, Any], name: str) -> str:
    """A custom parameter; one that the platform left as a variable (`$Context.title`) says nothing."""
    value = _text(custom, name).strip()
    return "" if value.startswith("$") else value


def _uais(value: str) -> tuple[str, ...] | None:
    """School codes between semicolons or commas; what is none is left out. None where nothing is said."""
    found = ("".join(part.split()).upper() for part in re.split(r"[;,]", value[:1000]))
    return tuple(dict.fromkeys(code for code in found if _UAI.fullmatch(code))) if value else None


def _classes(value: str) -> tuple[str, ...]:
    """Names of classes between semicolons."""
    found = (" ".join(part.split())[:60] for part in value[:2000].split(";"))
    return tuple(dict.fromkeys(name for name in found if name and name.isprintable()))[:30]
