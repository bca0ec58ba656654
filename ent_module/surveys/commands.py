"""`ent-module surveys …`: what whoever runs an installation may ask of its surveys."""

from uuid import UUID

import click
from sqlalchemy import select

from ent_module.establishments.commands import installation, keys, opened
from ent_module.privacy.key_store import KeyStore
from ent_module.surveys.questionnaire_commands import allow_packs, export, import_
from ent_module.surveys.service import record, restoring
from ent_module.surveys.tables import Campaign


@click.group()
def surveys() -> None:
    """Surveys: questionnaires to and from other programs; check what was counted; begin anew after a restore."""


@surveys.command()
@click.argument("campaign", type=click.UUID)
def verify(campaign: UUID) -> None:
    """Check a counted campaign: tokens, figures, rules and published numbers against its signed closing record."""
    with opened() as (db, _settings):
        school = db.scalar(
            select(Campaign.establishment_id).where(Campaign.id == campaign), execution_options={"across": True}
        )
        if school is None:
            raise click.ClickException("no campaign has that id")
        try:
            found = record.faults(db, keys(), school, campaign)
            remarks = record.remarks(db, school, campaign)
        except LookupError as error:
            raise click.ClickException(str(error)) from None
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise click.ClickException(f"{len(found)} check(s) failed")
    click.echo("tokens, figures and published numbers fit the signed closing record")
    for remark in remarks:
        click.echo(remark)
    click.echo("not proven: that nobody who runs this installation signed tokens for pupils who do not exist")


@surveys.command("begin-anew")
def begin_anew() -> None:
    """After a restore: forget surveys that were not counted when the backup was made, and destroy all survey keys."""
    store = KeyStore(installation()[0].resolved_key_store, keys())
    with opened() as (db, _settings):
        try:
            forgotten = restoring.begin_anew(db, store)
        except restoring.NotRestoredError:
            raise click.ClickException(
                "surveys are running in this database: it was not restored from a backup made as documented"
            ) from None
    store.mark(())
    for owner in store.owners():
        store.destroy(owner)
    for one in forgotten:
        click.echo(f"to be opened anew: {one.questionnaire}, {one.school}")
    click.echo(f"{len(forgotten)} survey(s) forgotten, no survey key left")


surveys.add_command(allow_packs)
surveys.add_command(export)
surveys.add_command(import_)
