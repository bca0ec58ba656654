"""`ent-module surveys …`: what whoever runs an installation may ask of its surveys."""

from uuid import UUID

import click
from sqlalchemy import select

from ent_module.establishments.commands import keys, opened
from ent_module.surveys.service import record
from ent_module.surveys.tables import Campaign


@click.group()
def surveys() -> None:
    """Surveys: check what was counted."""


@surveys.command()
@click.argument("campaign", type=click.UUID)
def verify(campaign: UUID) -> None:
    """Check a counted campaign: tokens, figures and published numbers against its signed closing record."""
    with opened() as (db, _settings):
        school = db.scalar(
            select(Campaign.establishment_id).where(Campaign.id == campaign), execution_options={"across": True}
        )
        if school is None:
            raise click.ClickException("no campaign has that id")
        try:
            found = record.faults(db, keys(), school, campaign)
        except LookupError:
            raise click.ClickException("the campaign has not been counted yet") from None
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise click.ClickException(f"{len(found)} check(s) failed")
    click.echo("tokens, figures and published numbers fit the signed closing record")
    click.echo("not proven: that nobody who runs this installation signed tokens for pupils who do not exist")
