"""`ent-module portal add-oidc`, `check-oidc` and `follow-group`: what an operator does with such a portal."""

from importlib.util import find_spec
from pathlib import Path

import click
from sqlalchemy.orm import Session

from ent_module.config import ConfigurationError
from ent_module.establishments import service as establishments
from ent_module.establishments.commands import keys, opened
from ent_module.establishments.service import UnknownEstablishmentError
from ent_module.identity import following
from ent_module.identity import service as identity
from ent_module.sign_in.addresses import tool_address
from ent_module.sign_in.commands import details, portal
from ent_module.sign_in.fetching import FetchError, fetch_json
from ent_module.sign_in.keysets import usable_keys
from ent_module.sign_in.model import is_id
from ent_module.sign_in.oidc import portals
from ent_module.sign_in.oidc.groups import EXTRA, GroupError, members
from ent_module.sign_in.oidc.portals import OidcPortal
from ent_module.sign_in.oidc.provider import Providers
from ent_module.web.house import Keys


@portal.command("add-oidc")
@click.option("--name", required=True, help="How the portal is called here, as people read it.")
@click.option("--issuer", required=True, help="Its issuer (Keycloak: https://keycloak.example/realms/ent).")
@click.option("--client-id", required=True)
@click.option(
    "--client-secret-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the client's secret; it is kept sealed and the file is no longer needed.",
)
@click.option(
    "--establishment", "uais", required=True, multiple=True, help="UAI that it may speak for; may be repeated."
)
@click.option("--origin", help="Where the portal's pages live, if not at the issuer's host.")
def add_oidc(  # the options of a command
    name: str, issuer: str, client_id: str, client_secret_file: Path, uais: tuple[str, ...], origin: str | None
) -> None:
    """Register an OpenID Connect portal (Keycloak and others), or give a known one more establishments."""
    ours = keys()
    with opened() as (db, settings):
        try:
            secret = client_secret_file.read_text(encoding="utf-8").strip()
            made = portals.register(
                db,
                ours,
                settings,
                name=name,
                issuer=issuer,
                client_id=client_id,
                secret=secret,
                uais=uais,
                origin=origin,
            )
        except (portals.RegistrationError, ConfigurationError, UnicodeDecodeError) as error:
            raise click.ClickException(str(error)) from None
        except UnknownEstablishmentError as unknown:
            raise click.ClickException(f"no establishment has one of the codes {', '.join(uais)}") from unknown
        click.echo("The portal is registered. Type these addresses into it:")
        for label, address in (
            ("Redirect URI", portals.address(settings, made.id, "/callback")),
            ("Post logout redirect URI", tool_address(settings, "/")),
            ("Back-channel logout URL", portals.address(settings, made.id, "/back-channel")),
            ("Link of the portal's menu", portals.address(settings, made.id, "")),
        ):
            click.echo(f"  {label:<28}{address}")


@portal.command("check-oidc")
@click.option("--name", required=True, help="The portal, as it was registered here.")
@click.option("--group", "path", help="A group of Keycloak that its service account should be able to read.")
def check_oidc(name: str, path: str | None) -> None:
    """Ask an OpenID Connect portal what a sign-in will ask it, and say what is wrong."""
    ours = keys()
    with opened() as (db, settings):
        found = _registered(db, ours, name)
    allow_local = settings.allow_local_portals
    try:
        described = Providers(allow_local=allow_local).described(found.issuer)
        click.echo(f"issuer {found.issuer}: answers, and names itself so")
        count = len(usable_keys(fetch_json(described["jwks_uri"], allow_local=allow_local)))
        click.echo(f"signature keys: {count} for RS256")
        if path:
            click.echo(f"group {path}: {len(members(found, path, allow_local=allow_local))} members")
    except (FetchError, GroupError) as error:
        raise click.ClickException(f"{found.issuer}: {_WHY.get(str(error), error)}") from None
    if not count:
        raise click.ClickException("the portal has no RSA key of 2048 bits or more for RS256")


_WHY = {
    "unreachable": "does not answer",
    "address": "gives an address that is not https, or is of this machine: see ENT_ALLOW_LOCAL_PORTALS",
    "private": "its name leads to a private address: see ENT_ALLOW_LOCAL_PORTALS",
    "issuer": "names itself otherwise, or is no Keycloak's; the issuer must be typed exactly as it names itself",
    "status": "answers with an error or a redirect",
    "content": "answers with something else than what OpenID Connect Discovery says",
    "denied": "does not let the client's service account read groups (roles view-users and query-groups)",
    "missing": "knows no group of that path",
    "library": EXTRA,
}


def _registered(db: Session, ours: Keys, name: str | None) -> OidcPortal:
    found = portals.named(db, ours, name or "")
    if found is None:
        raise click.ClickException("--name names no OpenID Connect portal: see `portal list`")
    return found


@portal.command("follow-group")
@click.option("--establishment", "uai", required=True, help="UAI of the school, or of the level above.")
@click.option("--name", help="The portal, as it was registered here.")
@click.option("--path", help="The group's path in Keycloak, such as /0951099D/personnels.")
@click.option("--stop", is_flag=True, help="Follow no group any more; its members stay.")
def follow_group(uai: str, name: str | None, path: str | None, *, stop: bool) -> None:
    """Let a school's listening group follow a group of Keycloak, or stop it."""
    ours = keys()
    with opened() as (db, _settings):
        try:
            place = establishments.by_uai(db, uai)
        except UnknownEstablishmentError:
            raise click.ClickException(f"no establishment has the UAI {uai}") from None
        if stop:
            following.stop(db, place.id)
            click.echo(f"{place.uai} follows no group; its members stay until two persons decide otherwise")
            return
        found = _registered(db, ours, name)
        if not identity.speaks_for(db, found.id, place.id):
            raise click.ClickException(f"that portal does not speak for {place.uai}: add it with `portal add-oidc`")
        if not path or not path.startswith("/") or not is_id(path):
            raise click.ClickException("--path is the group's path in Keycloak, such as /0951099D/personnels")
        if find_spec("keycloak") is None:
            raise click.ClickException(EXTRA)
        following.follow(db, place.id, found.id, path)
        click.echo(f"{place.uai} follows {path} of {name}: `ent-module tick` looks at it each quarter of an hour")


details[portals.KIND] = portals.described
