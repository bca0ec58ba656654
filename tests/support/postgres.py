"""A PostgreSQL server for the tests alone: private, on a unix socket, gone when the tests are.

One server serves a whole run (keeper.py). What does not belong here: schemas and rows.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support import keeper

INSTALL = "apt-get install -y --no-install-recommends postgresql"
DEBIAN = Path("/usr/lib/postgresql")
KEPT = keeper.Kind("PostgreSQL", "pg", "tests.support.postgres_keeper", patience=60)


class PostgresMissingError(Exception):
    """No PostgreSQL server's programs on this machine; the message names the command that installs them."""

    def __init__(self) -> None:
        super().__init__(f"PostgreSQL is not installed: {INSTALL}")


@dataclass(frozen=True)
class Cluster:
    """The run's server, by the folder that holds its socket."""

    folder: Path

    def url(self, name: str, user: str = "postgres") -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://{user}@/{name}?host={self.folder}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Makes a database, a copy of `template` if there is one; returns its address.

        Nobody may be connected to the template. Raises psycopg.errors.DuplicateDatabase for a name in use.
        """
        # Copying files is three times faster than the default when little is in them.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._administer(statement.format(sql.Identifier(name), sql.Identifier(template or "template0")))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Removes a database and whoever is connected to it; nothing happens where there is none."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """A database to copy from, built once a run: `build` is given its address. Returns its name.

        A build that fails leaves nothing behind, so that the next one starts anew.
        """
        with keeper.locked(self.folder.with_suffix(".lock")):
            with self._connection() as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if found is None:
                url = self.create_database(name)
                try:
                    build(url)
                except BaseException:
                    self.drop_database(name)
                    raise
        return name

    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True)

    def _administer(self, statement: sql.Composed) -> None:
        with self._connection() as connection:
            connection.execute(statement)


def programs() -> Path:
    """The folder of initdb and postgres: $PG_BIN, else pg_config's, else Debian's newest.

    Raises PostgresMissingError.
    """
    said = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    if shutil.which("pg_config"):
        done = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        said += [Path(done.stdout.strip())] if done.returncode == 0 else []
    debian = DEBIAN.glob("*/bin")
    said += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    for folder in said:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise PostgresMissingError


def cluster() -> Cluster:
    """The run's server, started if nobody has asked before. Raises PostgresMissingError."""
    return start(keeper.owner())


def start(owner: int) -> Cluster:
    """The server that lives as long as the process `owner`. Raises PostgresMissingError."""
    where = programs()
    return Cluster(KEPT.running(owner, lambda folder: _prepare(folder, where)))


def _prepare(folder: Path, where: Path) -> list[Path]:
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")  # initdb refuses root, and a user without a name
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return [where]
