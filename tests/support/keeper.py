"""A server that a whole run of the tests shares, its workers included, and that never outlives the run.

The first who asks starts a keeper: a process that owns the server and ends it, with its folder, as soon as the run's
main process is gone, however that happened. It is a process of its own, since workers come and go and may be killed.
Should it be killed itself, the kernel ends the server (parent death signal), and the next run sweeps the folder, on
which no lock is held any more. What does not belong here: what kind of server it is.
"""

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWNER = "ENT_TEST_OWNER"  # process id of the run's main process, handed down to its workers
PLACES = Path("/tmp")  # noqa: S108  # a socket's path is short, and root's home is closed to a server's user
PAUSE = 0.02
Words = Sequence[str | Path]


def owner() -> int:
    """The process id of this run's main process: ours, unless it was handed down."""
    return int(os.environ.setdefault(OWNER, str(os.getpid())))


@dataclass(frozen=True)
class Kind:
    """One kind of server: its name, its keeper's module, and how long it may take to start."""

    title: str
    short: str
    """The name in those of its folders."""
    module: str
    patience: float
    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables of its environment."""

    def place(self, owner: int) -> Path:
        """The folder of the server that lives as long as the process `owner`."""
        return PLACES / f"{self._name}{owner}"

    def running(self, owner: int, prepare: Callable[[Path], Words]) -> Path:
        """The folder of that process's server, started where nobody has asked before.

        `prepare` is given the new, empty folder, and returns what the keeper is told beside the owner and the folder.
        Raises RuntimeError, with the server's last words, for one that does not start.
        """
        folder = self.place(owner)
        with locked(folder.with_suffix(".lock")):
            if not _kept(folder):
                self.sweep(but=folder)
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(mode=0o700)
                self._start(owner, folder, prepare(folder))
        return folder

    def sweep(self, but: Path | None = None) -> None:
        """Removes folders whose keeper was killed before it could; those being made are left alone."""
        for folder in PLACES.glob(f"{self._name}*/"):
            lock = folder.with_suffix(".lock")
            if folder == but or _kept(folder):
                continue
            with suppress(BlockingIOError), locked(lock, fcntl.LOCK_NB):
                _remove(folder)

    @property
    def _name(self) -> str:
        return f"ent-{self.short}-{os.getuid()}-"

    def _start(self, owner: int, folder: Path, told: Words) -> None:
        """Starts the keeper and waits until its server answers."""
        with folder.with_suffix(".log").open("w+b") as log:
            keeper = subprocess.Popen(
                [sys.executable, "-P", "-m", self.module, str(owner), folder, *told],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                env={**os.environ, **self.settings, "PYTHONPATH": str(ROOT)},
            )
            until = time.monotonic() + self.patience
            while not (folder / "ready").exists():
                if keeper.poll() is not None or time.monotonic() > until:
                    keeper.terminate()
                    keeper.wait()
                    log.seek(0)
                    said = log.read().decode(errors="replace")
                    raise RuntimeError(f"{self.title} did not start: {said[-3000:]}")
                time.sleep(PAUSE)
        # It outlives this process on purpose; without this, Python warns of a child that nobody waited for.
        keeper.returncode = 0


def keep(
    owner: int,
    folder: Path,
    start: Callable[[], "subprocess.Popen[bytes]"],
    is_ready: Callable[[], bool],
    end: signal.Signals,
) -> None:
    """What a keeper does: starts the server, says that it is ready, waits for the owner's end, and ends it at once."""
    alive = (folder / "alive").open("a")
    fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    watched = os.pidfd_open(owner)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server = start()
        try:
            while not is_ready():
                if server.poll() is not None:
                    sys.exit("the server ended while it started")
                time.sleep(PAUSE)
            (folder / "ready").touch()
            select.select([watched, os.pidfd_open(server.pid)], [], [])
        finally:
            server.send_signal(end)  # nothing is worth saving
            server.wait(timeout=30)
    finally:
        _remove(folder)


def dies_with_keeper(end: signal.Signals, *more: str) -> list[str | Path]:
    """What stands before a server's command, so that the kernel sends it `end` should its keeper be killed."""
    return ["setpriv", "--pdeathsig", end.name.removeprefix("SIG"), *more]


@contextmanager
def locked(path: Path, how: int = 0) -> Iterator[None]:
    """Holds a lock on that file, waiting for it unless `how` says otherwise (then raises BlockingIOError)."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | how)
        yield


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


def _remove(folder: Path) -> None:
    """Removes the folder of a server and what lies beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    for left in (folder.with_suffix(".log"), folder.with_suffix(".lock")):
        left.unlink(missing_ok=True)
