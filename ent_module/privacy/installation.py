"""Whether the master key is the one under which this database is filled.

A check value derived from the key stands in the database, never the key. Another key would open nothing of what is
sealed there, take everybody for somebody new, and seal what comes next so that the right key no longer opens it all.
"""

import hmac
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from ent_module.config import ConfigurationError
from ent_module.privacy.key_store import KeyStore
from ent_module.privacy.keys import MasterKey, load_master_key
from ent_module.privacy.tables import KeyCheck

_INSERTS: dict[str, Callable[[type[KeyCheck]], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_MASTER = "master"


class InstallationKeys:
    """The master key, of which nothing is derived before the database has been asked whether it is the right one."""

    def __init__(self, master: MasterKey, engine: Engine) -> None:
        self._master = master
        self._engine = engine
        self._fits = False
        self.contents: KeyStore | None = None
        """Where the keys of conversations are, set by whoever opens an application."""

    def derive(self, purpose: str, *parts: bytes, length: int = 32) -> bytes:
        """As `MasterKey.derive`. Raises ConfigurationError for the key of another database."""
        if not self._fits:
            self.check()
        return self._master.derive(purpose, *parts, length=length)

    def check(self) -> None:
        """Raises ConfigurationError where the database is filled under another key."""
        kept = _kept(self._engine)
        if kept is not None and not hmac.compare_digest(kept, self._check_value()):
            raise ConfigurationError(
                "the key file does not hold the key under which this database is filled: put that key back, "
                "from the backup made with the database's"
            )
        self._fits = kept is not None  # tables that are made later are filled under a key of their own

    def claim(self) -> None:
        """Marks a database that is filled under no key yet and has its tables. Raises ConfigurationError as `check`."""
        with self._engine.execution_options(rw=True).begin() as connection:
            _leave_no_connection(connection)
            if inspect(connection).has_table(KeyCheck.__tablename__):
                insert = _INSERTS[self._engine.dialect.name](KeyCheck)
                values = insert.values(name=_MASTER, value=self._check_value())
                connection.execute(values.on_conflict_do_nothing())
        self.check()

    def _check_value(self) -> bytes:
        return self._master.derive("key-check")


def open_keys(file: Path, engine: Engine, *, embedded: bool) -> InstallationKeys:
    """The keys of that file, compared with the database; one that is fresh is marked as filled under them.

    The file is made for an embedded database that is not yet filled under any key. A database that does not answer is
    asked before the first key is derived. Raises ConfigurationError where key and database do not belong together.
    """
    try:
        filled = _kept(engine) is not None
    except OperationalError:
        return InstallationKeys(load_master_key(file, create=False), engine)
    if filled and not file.is_file():
        raise ConfigurationError(_missing(file))
    keys = InstallationKeys(load_master_key(file, create=embedded), engine)
    if filled:
        keys.check()
    else:
        keys.claim()
    return keys


def _missing(path: Path) -> str:
    return (
        f"the key file {path} is missing, and the database is filled under its key: put the file back from its backup; "
        "with another key nothing that is sealed there can be opened"
    )


def _kept(engine: Engine) -> bytes | None:
    """The check value in the database; None where nothing is filled yet. Raises OperationalError."""
    with engine.connect() as connection:
        _leave_no_connection(connection)
        if not inspect(connection).has_table(KeyCheck.__tablename__):
            return None
        return connection.scalar(select(KeyCheck.value).where(KeyCheck.name == _MASTER))


def _leave_no_connection(connection: Connection) -> None:
    """A server that forks after the start must not hand one connection to all its children."""
    if isinstance(connection.engine.pool, QueuePool):
        connection.detach()
