"""`ent-module portal add-oidc`: registers an OpenID Connect portal and prints what to type into it."""

from importlib.util import find_spec
from pathlib import Path

import click

from ent_module.config import ConfigurationError
from ent_module.establishments import service as establishments
from ent_module.establishments.commands import keys, opened
from ent_module.establishments.service import UnknownEstablishmentError
from ent_module.identity import following
from ent_module.identity import service as identity
from ent_module.sign_in.addresses import tool_address
from ent_module.sign_in.commands import details, portal
from ent_module.sign_in.oidc import portals
from ent_module.sign_in.oidc.groups import EXTRA
from ent_module.sign_in.oidc.model import is_id


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


@portal.command("follow-group")
@click.option("--establishment", "uai", required=True, help="UAI of the school, or of the level above.")
@click.option("--name", help="The portal, as it was registered here.")
@click.option("--path", help="The group's path in Keycloak, such as /0951099D/personnels.")
@click.option("--stop", is_flag=True, help="Follow no group any more; its members stay.")
def follow_group(uai: str, name: str | None, path: str | None, *, stop: bool) -> None:
    """Let a school's listening group follow a group of Keycloak, or stop it."""
    with opened() as (db, _settings):
        try:
            place = establishments.by_uai(db, uai)
        except UnknownEstablishmentError:
            raise click.ClickException(f"no establishment has the UAI {uai}") from None
        if stop:
            following.stop(db, place.id)
            click.echo(f"{place.uai} follows no group; its members stay until two persons decide otherwise")
            return
        found = next((one for one in identity.portals(db) if one.name == name and one.kind == portals.KIND), None)
        if found is None:
            raise click.ClickException("--name names no OpenID Connect portal: see `portal list`")
        if not identity.speaks_for(db, found, place.id):
            raise click.ClickException(f"that portal does not speak for {place.uai}: add it with `portal add-oidc`")
        if not path or not path.startswith("/") or not is_id(path):
            raise click.ClickException("--path is the group's path in Keycloak, such as /0951099D/personnels")
        if find_spec("keycloak") is None:
            raise click.ClickException(EXTRA)
        following.follow(db, place.id, found.id, path)
        click.echo(f"{place.uai} follows {path} of {found.name}: `ent-module tick` looks at it each quarter of an hour")


details[portals.KIND] = portals.described
