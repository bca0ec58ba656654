"""`ent-module portal add-lti`: registers an LTI 1.3 platform and prints what to type into it."""

import click

from ent_module.establishments.commands import opened
from ent_module.establishments.service import UnknownEstablishmentError
from ent_module.lti import service
from ent_module.sign_in.addresses import tool_address
from ent_module.sign_in.commands import details, portal


@portal.command("add-lti")
@click.option("--name", required=True, help="How the portal is called here.")
@click.option("--issuer", required=True, help="Platform ID (iss).")
@click.option("--client-id", required=True)
@click.option("--auth-url", required=True, help="Authentication request URL.")
@click.option("--token-url", required=True, help="Access token URL.")
@click.option("--jwks-url", required=True, help="Public keyset URL.")
@click.option("--deployment", required=True, help="Deployment ID.")
@click.option(
    "--establishment",
    "places",
    required=True,
    multiple=True,
    help="UAI of the establishment that the deployment stands for; again for each further one.",
)
@click.option("--origin", help="Where the portal's pages live, if not at the authentication request URL's host.")
def add_lti(places: tuple[str, ...], **options: str) -> None:
    """Register an LTI 1.3 platform, or one more deployment of it."""
    with opened() as (db, settings):
        try:
            for place in places:
                service.register(db, settings, establishment=place, **options)
        except service.RegistrationError as error:
            raise click.ClickException(str(error)) from None
        except UnknownEstablishmentError as error:
            raise click.ClickException(f"no establishment has the UAI {error}") from None
        click.echo("The portal is registered. Type these addresses into it:")
        for label, path in (
            ("Tool URL (target link URI)", "/"),
            ("Login URL (OIDC initiation)", "/lti/login"),
            ("Redirection URI", "/lti/launch"),
            ("Public keyset URL", "/lti/jwks.json"),
        ):
            click.echo(f"  {label:<30}{tool_address(settings, path)}")


details[service.KIND] = service.described
COMMANDS = (portal,)
