"""`ent-module portal …`: the command group to which each protocol adds its own way to register a portal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from sqlalchemy.orm import Session

from ent_module.config import ConfigurationError, Settings, settings_from
from ent_module.database import make_database
from ent_module.identity import service as identity

details: dict[str, Callable[[Session, UUID], list[str]]] = {}
"""For each protocol, what `portal list` says of one of its portals, in lines."""


@click.group()
def portal() -> None:
    """The portals from which people arrive."""


@contextmanager
def opened() -> Iterator[tuple[Settings, Session]]:
    """The settings of the environment and a writing session on their database, for a command."""
    try:
        settings = settings_from()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    database = make_database(settings.resolved_database_url)
    try:
        with database.writing() as db:
            yield settings, db
    finally:
        database.engine.dispose()


@portal.command("list")
def list_portals() -> None:
    """Name every portal, how it speaks, where its pages live, and for which establishments."""
    with opened() as (_settings, db):
        for one in identity.portals(db):
            click.echo(f"{one.name} ({one.kind}, {one.origin})")
            describe = details.get(one.kind)
            for line in describe(db, one.id) if describe else ():
                click.echo(f"  {line}")
