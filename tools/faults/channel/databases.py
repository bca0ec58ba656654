"""The two databases, each in a folder of its own that may fill up, and that can be stopped and started."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import postgres
from tests.support.postgres_keeper import _as_other_user

_START, _PAUSE = 60.0, 0.05
_ROOM = 256 << 20
"""Bytes of the small disk: a new cluster takes a sixth of it."""


@dataclass
class Sqlite:
    """A file."""

    folder: Path
    name: str = "sqlite"

    @property
    def url(self) -> str:
        """Its address."""
        return f"sqlite:///{self.folder / 'ent.sqlite'}"

    def start(self) -> None:
        """There is no server."""

    def stop(self, _how: signal.Signals) -> None:
        """There is none."""

    def runs(self) -> bool:
        """Whether it can be asked."""
        return True


@dataclass
class Postgres:
    """A server of its own, which writes as safely as one that is installed."""

    folder: Path
    name: str = "postgresql"
    _server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def make(self) -> None:
        """The cluster."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
            self.folder.parent.chmod(0o711)
        made: list[str | Path] = [postgres.programs() / "initdb", "--pgdata", self.folder / "data", "--auth=trust"]
        made += ["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        subprocess.run(_as_other_user() + made, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Runs it until it answers."""
        run: list[str | Path] = [postgres.programs() / "postgres", "-D", self.folder / "data", "-k", self.folder]
        for setting in ("listen_addresses=", "max_wal_size=64MB", "min_wal_size=32MB", "log_min_messages=fatal"):
            run += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(_as_other_user() + run, stderr=log)
        ask: list[str | Path] = [postgres.programs() / "pg_isready", "-q", "-h", self.folder, "-U", "postgres"]
        until = time.monotonic() + _START
        while subprocess.run(ask, check=False).returncode:
            if time.monotonic() > until or self._server.poll() is not None:
                raise TimeoutError("PostgreSQL does not start")
            time.sleep(_PAUSE)

    def runs(self) -> bool:
        """Whether its server has not given up."""
        return self._server is not None and self._server.poll() is None

    def stop(self, how: signal.Signals) -> None:
        """Ends it: by a fast stop (SIGINT) or at once, without a last word (SIGQUIT)."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(_START)
            self._server = None


Database = Sqlite | Postgres


@contextmanager
def database(name: str, folder: Path, *, small: bool = False) -> Iterator[Database]:
    """A new one; on a disk of its own that is `small`, where asked."""
    with small_disk(folder) if small else nullcontext():
        made: Database = Sqlite(folder)
        if name == "postgresql":
            made = Postgres(folder)
            made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop(signal.SIGINT)


def may_mount() -> bool:
    """Whether a small disk can be made here: root outside of most containers."""
    with TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder)):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """The folder, on a disk in memory that can be filled. Raises CalledProcessError without the right to mount one."""
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", folder]
    subprocess.run(mount, check=True, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """The disk without any room inside the block."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 16)):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()
