"""`ent-module local-admin UAI NAME`: the first local admin of an establishment, whom nobody there could confirm yet."""

from datetime import UTC, datetime

import click

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.establishments.commands import opened
from ent_module.identity import service as identity
from ent_module.identity.model import Role


@click.command("local-admin")
@click.argument("uai")
@click.argument("name")
def local_admin(uai: str, name: str) -> None:
    """Make an adult who has signed in once a local admin. Later ones are named by the head and confirmed."""
    with opened() as (db, _settings):
        try:
            place = establishments.by_uai(db, uai)
        except establishments.UnknownEstablishmentError:
            raise click.ClickException(f"{uai} is not known: see `ent-module establishment list`") from None
        found = [one for one in identity.adults(db, place.id) if one.name == name]
        if len(found) != 1:
            known = ", ".join(one.name for one in identity.adults(db, place.id)) or "nobody has signed in yet"
            raise click.ClickException(f"{len(found)} adults of {place.uai} are called {name!r}. Known there: {known}")
        identity.grant(db, place.id, found[0].id, Role.LOCAL_ADMIN, paris(datetime.now(UTC)).date())
        click.echo(f"{found[0].name} is a local admin of {place.uai} {place.name}")
