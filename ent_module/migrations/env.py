"""Alembic's environment: our tables only, in our own version table, on the engine that `run` hands in."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from ent_module.database import VERSION_TABLE

config = context.config
engine = config.attributes["engine"].execution_options(rw=True)


@contextmanager
def committed(connection: Connection) -> Iterator[None]:
    """Commits what is done in between.

    On SQLite a table is changed by making it anew: while it is away, what refers to it refers to nothing. References
    are checked at the end instead, before the commit (https://sqlite.org/lang_altertable.html, section 7).
    """
    if connection.dialect.name != "sqlite":
        yield
        connection.commit()
        return
    raw = connection.connection  # the switch does nothing within a transaction
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise RuntimeError(f"rows of {broken[0][0]} would refer to nothing")
        connection.commit()
    finally:
        connection.rollback()
        raw.cursor().execute("PRAGMA foreign_keys=ON")


with engine.connect() as connection, committed(connection):
    context.configure(
        connection=connection,
        target_metadata=config.attributes["metadata"],
        version_table=VERSION_TABLE,
        render_as_batch=True,
        include_name=lambda name, kind, _parents: kind != "table" or (name or "").startswith("ent_"),
    )
    with context.begin_transaction():
        context.run_migrations()
