"""Runs the migrations without an alembic.ini."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from ent_module.database import VERSION_TABLE, Base
from ent_module.rooms import installed_rooms


def load_tables() -> None:
    """Imports every room's tables, so that Base knows them all."""
    rooms = {room.name for room in installed_rooms()} | {
        "web",
        "privacy",
        "establishments",
        "identity",
        "jobs",
        "lti",
    }
    for name in sorted(rooms):
        if find_spec(f"ent_module.{name}") and find_spec(f"ent_module.{name}.tables"):
            import_module(f"ent_module.{name}.tables")


def configuration(engine: Engine) -> Config:
    """Alembic's configuration for that engine."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = engine
    config.attributes["metadata"] = Base.metadata
    load_tables()
    return config


def upgrade_to_head(engine: Engine) -> None:
    """Brings the schema to the newest revision; nothing happens where it is there already."""
    command.upgrade(configuration(engine), "head")


def is_at_head(engine: Engine) -> bool:
    """Whether the schema is at the newest revision."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision() == _head()


@cache
def _head() -> str | None:
    return ScriptDirectory(str(Path(__file__).parent)).get_current_head()
