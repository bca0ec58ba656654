"""`ent-module local-admin UAI NAME`: the first local admin of an establishment, whom nobody there could confirm yet.

A name is what a portal says of an account; two may bear one, by chance or on purpose. So the operator sees whose
account it is, and says so.
"""

from datetime import UTC, datetime

import click

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.establishments.commands import opened
from ent_module.identity import service as identity
from ent_module.identity.model import KnownAdult, Role


@click.command("local-admin")
@click.argument("uai")
@click.argument("name")
@click.option("--number", type=click.IntRange(min=1), help="Which of several of that name: its number in the list.")
@click.option("--yes", is_flag=True, help="Do not ask, where only one account bears that name.")
def local_admin(uai: str, name: str, number: int | None, *, yes: bool) -> None:
    """Make an adult who has signed in once a local admin. Later ones are named by the head and confirmed."""
    with opened() as (db, _settings):
        try:
            place = establishments.by_uai(db, uai)
        except establishments.UnknownEstablishmentError:
            raise click.ClickException(f"{uai} is not known: see `ent-module establishment list`") from None
        found = identity.called(db, place.id, name)
        if not found:
            known = ", ".join(one.name for one in identity.adults(db, place.id)) or "nobody has signed in yet"
            raise click.ClickException(f"no adult of {place.uai} is called {name!r}. Known there: {known}")
        for index, one in enumerate(found, 1):
            click.echo(f"{index}. {one}")
        chosen = _chosen(found, number, yes=yes)
        identity.grant(db, place.id, chosen.account_id, Role.LOCAL_ADMIN, paris(datetime.now(UTC)).date())
        click.echo(f"{chosen.name} is a local admin of {place.uai} {place.name}")


def _chosen(found: list[KnownAdult], number: int | None, *, yes: bool) -> KnownAdult:
    """The account that the operator means. Raises ClickException, and Abort for a no."""
    if len(found) > 1 and number is None:
        if yes:
            raise click.ClickException("several accounts bear that name: say which by --number")
        number = click.prompt("Which number is the local admin?", type=click.IntRange(1, len(found)))
    if number is not None:
        if number > len(found):
            raise click.ClickException(f"there is no number {number}")
        return found[number - 1]
    if not yes:
        click.confirm("Make this person a local admin?", abort=True)
    return found[0]
