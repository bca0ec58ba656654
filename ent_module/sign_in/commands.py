"""`ent-module portal …`: the command group to which each protocol adds its own way to register a portal."""

from collections.abc import Callable
from uuid import UUID

import click
from sqlalchemy.orm import Session

from ent_module.establishments.commands import opened
from ent_module.identity import service as identity

details: dict[str, Callable[[Session, UUID], list[str]]] = {}
"""For each protocol, what `portal list` says of one of its portals, in lines."""


@click.group()
def portal() -> None:
    """The portals from which people arrive."""


@portal.command("list")
def list_portals() -> None:
    """Name every portal, how it speaks, where its pages live, and for which establishments."""
    with opened() as (db, _settings):
        for one in identity.portals(db):
            click.echo(f"{one.name} ({one.kind}, {one.origin})")
            describe = details.get(one.kind)
            for line in describe(db, one.id) if describe else ():
                click.echo(f"  {line}")
