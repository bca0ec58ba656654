"""The portals that speak OpenID Connect: registering one, and finding it with its secret."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.establishments import service as establishments
from ent_module.identity import service as identity
from ent_module.privacy.sealing import seal, unseal
from ent_module.sign_in import addresses
from ent_module.sign_in.model import is_id
from ent_module.sign_in.tables import OidcClient
from ent_module.web.house import Keys

KIND = "oidc"


class RegistrationError(ValueError):
    """A portal cannot be registered like that; the message says why."""


@dataclass(frozen=True)
class OidcPortal:
    """A portal and who we are there."""

    id: UUID
    issuer: str
    client_id: str
    secret: str = field(repr=False)


def register(  # noqa: PLR0913  # a registration is what a portal's form asks for, each by its name
    db: Session,
    keys: Keys,
    settings: Settings,
    *,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    uais: Sequence[str],
    origin: str | None = None,
) -> OidcPortal:
    """Registers a portal for these establishments; a known one gets the new secret and the further establishments.

    Raises RegistrationError, and UnknownEstablishmentError where nobody has such a UAI.
    """
    for label, text in (("name", name), ("issuer", issuer), ("client id", client_id), ("client secret", secret)):
        if not is_id(text) or len(name) > 200:
            raise RegistrationError(f"a portal's {label} has 1 to 255 printable characters (a name: 200)")
    try:
        addresses.check_platform_address(issuer, allow_local=settings.allow_local_portals)
        given = addresses.origin_of(origin) if origin else None
        usual = addresses.origin_of(issuer)
    except addresses.AddressError as error:
        raise RegistrationError(str(error)) from None
    found = db.scalar(select(OidcClient).where(OidcClient.issuer == issuer, OidcClient.client_id == client_id))
    _refuse_other_name(db, name, found)
    before = identity.portal_origins(db)[found.portal_id] if found is not None else usual
    portal = identity.add_portal(db, KIND, name, given or before)
    if found is None:
        found = OidcClient(portal_id=portal.id, issuer=issuer, client_id=client_id)
        db.add(found)
    found.sealed_secret = seal(_key(keys, portal.id), secret, portal.id.bytes)
    for uai in uais:
        identity.attach(db, portal, establishments.by_uai(db, uai).id)
    db.flush()
    return OidcPortal(portal.id, issuer, client_id, secret)


def _refuse_other_name(db: Session, name: str, found: OidcClient | None) -> None:
    """A portal's people hang on its id: neither a rename nor a second registration may take it over."""
    for portal in identity.portals(db):
        mine = found is not None and portal.id == found.portal_id
        if mine and portal.name != name:
            raise RegistrationError(f"this issuer and client id are registered under the name {portal.name!r}")
        if not mine and portal.name == name:
            raise RegistrationError(f"another portal is registered under the name {name!r}")


def _key(keys: Keys, portal_id: UUID) -> bytes:
    return keys.derive("oidc client secret", portal_id.bytes)


def portal(db: Session, keys: Keys, portal_id: UUID) -> OidcPortal | None:
    """The portal of that id, where it speaks OpenID Connect."""
    row = db.get(OidcClient, portal_id)
    if row is None:
        return None
    secret = unseal(_key(keys, portal_id), row.sealed_secret, portal_id.bytes)
    return OidcPortal(portal_id, row.issuer, row.client_id, secret)


def named(db: Session, keys: Keys, name: str) -> OidcPortal | None:
    """The portal of that name, where it speaks OpenID Connect."""
    found = next((one for one in identity.portals(db) if one.name == name), None)
    return portal(db, keys, found.id) if found is not None else None


def described(db: Session, portal_id: UUID) -> list[str]:
    """A registered portal in lines for `portal list`."""
    row = db.get(OidcClient, portal_id)
    if row is None:
        return []
    codes = sorted(one.uai for one in establishments.every(db) if identity.speaks_for(db, portal_id, one.id))
    return [f"issuer {row.issuer}, client id {row.client_id}", ", ".join(codes)]


def sign_in_path(settings: Settings, portal_id: UUID, rest: str = "") -> str:
    """Where one signs in by a portal; with `rest`, what the portal itself calls."""
    return f"{settings.home_path}/sign-in/{portal_id}{rest}"


def address(settings: Settings, portal_id: UUID, rest: str) -> str:
    """The same as the portal knows it: from the settings, never from a Host header."""
    return addresses.tool_address(settings, f"/sign-in/{portal_id}{rest}")
