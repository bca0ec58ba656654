"""What a database holds, all of it, to tell whether anything changed."""

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from ent_module.database import Database


def everything(database: Database) -> dict[str, list[str]]:
    """Each table's rows, sorted."""
    with database.reading() as db:
        tables = inspect(db.connection()).get_table_names()
        return {table: sorted(map(repr, db.execute(text(f'SELECT * FROM "{table}"')))) for table in sorted(tables)}  # noqa: S608  # names come from the database


def every_byte(db: Session) -> bytes:
    """The same in bytes, to look for a text in."""
    found = b""
    for table in inspect(db.connection()).get_table_names():
        for row in db.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608  # names come from the database
            for value in row:
                found += (bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()) + b"\0"
    return found
