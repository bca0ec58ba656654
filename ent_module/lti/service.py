"""Registering platforms and their deployments, and telling of them. Logins and launches are in `logins`."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.establishments import service as establishments
from ent_module.identity import service as identity
from ent_module.lti.tables import Deployment, Registration
from ent_module.sign_in import addresses
from ent_module.sign_in.model import is_id
from ent_module.web.headers import is_origin

KIND = "lti"


class RegistrationError(ValueError):
    """A platform cannot be registered like that; the message says why."""


@dataclass(frozen=True)
class Portal:
    """A registered portal."""

    id: UUID
    name: str
    origin: str


def register(  # noqa: PLR0913  # a registration is what a platform's form asks for, each by its name
    db: Session,
    settings: Settings,
    *,
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployment: str,
    establishment: str,
    origin: str | None = None,
) -> Portal:
    """Registers a platform with one deployment for an establishment (its UAI); known ones get the new addresses.

    `origin` is where the platform's pages live, which may frame ours: by default where they were, or that of a new
    `auth_url`.
    Raises RegistrationError, and UnknownEstablishmentError where nobody has that UAI.
    """
    urls = {"auth_url": auth_url, "token_url": token_url, "jwks_url": jwks_url}
    _check(settings, name, issuer, client_id, urls.values())
    if origin is not None and not is_origin(origin):
        raise RegistrationError(f"not an origin: {origin!r} (wanted: https://platform.example)")
    found = _registration(db, issuer, client_id)
    _refuse_other_name(db, name, found)
    portal = identity.add_portal(db, KIND, name, origin or _origin(db, found, auth_url))
    if found is None:
        db.add(Registration(portal_id=portal.id, issuer=issuer, client_id=client_id, **urls))
    else:
        found.auth_url, found.token_url, found.jwks_url = auth_url, token_url, jwks_url
    db.flush()
    return add_deployment(db, issuer=issuer, client_id=client_id, deployment=deployment, establishment=establishment)


def add_deployment(db: Session, *, issuer: str, client_id: str, deployment: str, establishment: str) -> Portal:
    """Lets a deployment of a registered platform stand for an establishment (its UAI); twice is once.

    Raises RegistrationError for an unknown platform, UnknownEstablishmentError for an unknown UAI.
    """
    found = _registration(db, issuer, client_id)
    if found is None:
        raise RegistrationError("no platform is registered with that issuer and client id")
    if not is_id(deployment):
        raise RegistrationError("a deployment id has 1 to 255 printable characters")
    place = establishments.by_uai(db, establishment)
    portal = next(one for one in identity.portals(db) if one.id == found.portal_id)
    identity.attach(db, portal, place.id)
    if db.get(Deployment, (found.portal_id, deployment, place.id)) is None:
        db.add(Deployment(portal_id=found.portal_id, deployment_id=deployment, establishment_id=place.id))
        db.flush()
    return Portal(portal.id, portal.name, portal.origin)


def _check(settings: Settings, name: str, issuer: str, client_id: str, urls: Iterable[str]) -> None:
    for label, text in (("name", name), ("issuer", issuer), ("client id", client_id)):
        if not is_id(text) or len(name) > 200:
            raise RegistrationError(f"a platform's {label} has 1 to 255 printable characters (a name: 200)")
    try:
        for url in (issuer, *urls):
            addresses.check_platform_address(url, allow_local=settings.allow_local_portals)
    except addresses.AddressError as error:
        raise RegistrationError(str(error)) from None


def _registration(db: Session, issuer: str, client_id: str) -> Registration | None:
    return db.scalar(select(Registration).where(Registration.issuer == issuer, Registration.client_id == client_id))


def _origin(db: Session, found: Registration | None, auth_url: str) -> str:
    """Where the pages are of a platform of which nobody says it now."""
    if found is not None and found.auth_url == auth_url:
        return identity.portal_origins(db)[found.portal_id]
    return addresses.origin_of(auth_url)


def _refuse_other_name(db: Session, name: str, found: Registration | None) -> None:
    """A portal's people hang on its id: neither a rename nor a second registration may take it over."""
    for portal in identity.portals(db):
        if found is not None and portal.id == found.portal_id and portal.name != name:
            raise RegistrationError(f"this issuer and client id are registered under the name {portal.name!r}")
        if portal.name != name or (found is not None and portal.id == found.portal_id):
            continue
        if portal.kind != KIND or db.get(Registration, portal.id) is not None:
            raise RegistrationError(f"another portal is registered under the name {name!r}")


def described(db: Session, portal_id: UUID) -> list[str]:
    """A registered platform in lines for `portal list`: who it says it is, its deployments and their establishments."""
    row = db.get(Registration, portal_id)
    if row is None:
        return []
    codes = {one.id: one.uai for one in establishments.every(db)}
    found: dict[str, list[str]] = {}
    for one in db.scalars(select(Deployment).where(Deployment.portal_id == portal_id)):
        found.setdefault(one.deployment_id, []).append(codes[one.establishment_id])
    return [
        f"issuer {row.issuer}, client id {row.client_id}",
        *(f"deployment {name}: {', '.join(sorted(found[name]))}" for name in sorted(found)),
    ]
