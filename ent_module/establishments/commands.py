"""`ent-module establishment add` and `establishment list`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from ent_module.config import ConfigurationError, Settings, settings_from
from ent_module.database import Database, make_database
from ent_module.establishments import service
from ent_module.establishments.model import Kind
from ent_module.establishments.tables import Establishment
from ent_module.privacy.installation import open_keys
from ent_module.web.house import Keys, installed

KINDS = [str(kind) for kind in Kind]
ZONES = ("A", "B", "C", "other")
"""`other`: Corsica and overseas, whose schools enter their holidays as closed days."""


def installation() -> tuple[Settings, Database]:
    """Those of the host under `flask ent …`, else what the environment says. Raises click's own errors."""
    if (ours := installed()) is not None:
        return ours.settings, ours.database
    try:
        settings = settings_from()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings, make_database(settings.resolved_database_url)


def keys() -> Keys:
    """Those of the installation, held against its database. Raises click's own errors."""
    if (ours := installed()) is not None:
        return ours.keys
    settings, database = installation()
    try:
        return open_keys(settings.resolved_key_file, database.engine, embedded=not settings.database_url)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def opened() -> Iterator[tuple[Session, Settings]]:
    """A writing session on the installation's database. Raises click's own errors, which name what to do."""
    settings, database = installation()
    try:
        if not inspect(database.engine).has_table(Establishment.__tablename__):
            raise click.ClickException("the database has no tables yet: run `ent-module upgrade` first")
        with database.writing() as db:
            yield db, settings
    finally:
        database.engine.dispose()


@contextmanager
def opened_for_reading() -> Iterator[Session]:
    """A reading session on the installation's database. Raises click's own errors."""
    _settings, database = installation()
    try:
        if not inspect(database.engine).has_table(Establishment.__tablename__):
            raise click.ClickException("the database has no tables yet: run `ent-module upgrade` first")
        with database.reading() as db:
            yield db
    finally:
        database.engine.dispose()


@click.group()
def establishment() -> None:
    """Schools and the levels above them."""


@establishment.command("add")
@click.argument("uai")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), help="What it is; college where it is new and nothing is said.")
@click.option("--parent", help="Code of the level above: a circonscription, a département …")
@click.option("--zone", type=click.Choice(ZONES), help="Its school holidays; B where it is new and nothing is said.")
def add(uai: str, name: str, kind: str | None, parent: str | None, zone: str | None) -> None:
    """Add an establishment, or change the one of that code; what is not said stays as it was."""
    if not 0 < len(name.strip()) <= 200:
        raise click.ClickException("a name has 1 to 200 characters")
    with opened() as (db, settings):
        known = next((one for one in service.by_uais(db, [uai])), None)
        what = Kind(kind or (known.kind if known else Kind.COLLEGE))
        try:
            made = service.add(
                db,
                uai,
                name.strip(),
                what,
                parent=service.by_uai(db, parent) if parent else _parent(db, known),
                zone=zone or (known.zone if known else "B"),
                check=settings.check_uai,
            )
        except service.BadUaiError:
            raise click.ClickException(
                f"{uai} is not a school code: seven digits and their check letter, like 0951099D"
            ) from None
        except service.UnknownEstablishmentError:
            raise click.ClickException(f"{parent} is not known: add the level above first") from None
        except service.BadParentError:
            raise click.ClickException(f"{parent or 'the level above'} cannot be above a {what}") from None
        click.echo(f"{made.uai} {made.name}: {'changed' if known else 'added'}")


def _parent(db: Session, known: Establishment | None) -> Establishment | None:
    return service.get(db, known.parent_id) if known is not None and known.parent_id is not None else None


@establishment.command("list")
def list_all() -> None:
    """List the establishments: code, kind, zone, code of the level above, name."""
    with opened() as (db, _settings):
        found = service.every(db)
        codes = {one.id: one.uai for one in found}
        for one in found:
            above = codes[one.parent_id] if one.parent_id else "-"
            click.echo(f"{one.uai}  {one.kind:15}  {one.zone:5}  {above:8}  {one.name}")
