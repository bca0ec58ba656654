"""A PostgreSQL server for the tests alone: private, on a unix socket, gone when the tests are.

One server serves a whole run, its workers included. The first who asks starts a keeper (postgres_keeper.py),
a process that owns the server and ends it, with its folder, as soon as the run's main process is gone,
however that happened. What does not belong here: schemas and rows.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

INSTALL = "apt-get install -y --no-install-recommends postgresql"
OWNER = "ENT_TEST_OWNER"  # process id of the run's main process, handed down to its workers
PLACES = Path("/tmp")  # noqa: S108  # a socket's path is short, and root's home is closed to the server's user
DEBIAN = Path("/usr/lib/postgresql")
PATIENCE = 60.0


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
        with _locked(self.folder.with_suffix(".lock")):
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
    owner = int(os.environ.setdefault(OWNER, str(os.getpid())))
    return start(owner)


def start(owner: int) -> Cluster:
    """The server that lives as long as the process `owner`."""
    where = programs()
    folder = PLACES / f"ent-pg-{os.getuid()}-{owner}"
    with _locked(folder.with_suffix(".lock")):
        if not _kept(folder):
            sweep(but=folder)
            _start_keeper(owner, folder, where)
    return Cluster(folder)


def _start_keeper(owner: int, folder: Path, where: Path) -> None:
    """Starts the keeper and waits until its server answers."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")  # initdb refuses root, and a user without a name
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("postgres_keeper.py")), str(owner), folder, where],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
        )
    until = time.monotonic() + PATIENCE
    while not (folder / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > until:
            keeper.kill()
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)
    # It outlives this process on purpose; without this, Python warns of a child that nobody waited for.
    keeper.returncode = 0


def _kept(folder: Path) -> bool:
    """Whether a keeper is at work there: it holds a lock for as long as it lives."""
    try:
        with (folder / "alive").open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def sweep(but: Path | None = None) -> None:
    """Removes folders whose keeper was killed before it could; those being made are left alone."""
    for folder in PLACES.glob(f"ent-pg-{os.getuid()}-*/"):
        lock = folder.with_suffix(".lock")
        if folder == but or _kept(folder):
            continue
        with suppress(BlockingIOError), _locked(lock, fcntl.LOCK_NB):
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".log").unlink(missing_ok=True)
            lock.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, how: int = 0) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | how)
        yield
