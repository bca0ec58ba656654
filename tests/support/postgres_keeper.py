"""The keeper of a PostgreSQL server: python -m tests.support.postgres_keeper OWNER FOLDER PROGRAMS"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.keeper import dies_with_keeper, keep

SETTINGS = {
    "listen_addresses": "",  # no TCP
    "fsync": "off",  # what a crash of the machine would lose is of no worth
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "timezone": "UTC",
    "log_min_messages": "error",
}
END = signal.SIGQUIT  # at once


def main(owner: int, folder: Path, programs: Path) -> None:
    """Keeps a new server of these programs."""
    ask: list[str | Path] = [programs / "pg_isready", "-q", "-h", folder, "-U", "postgres"]
    keep(owner, folder, lambda: _start(folder, programs), lambda: not subprocess.run(ask, check=False).returncode, END)


def _as_other_user() -> list[str | Path]:
    """What makes a program run as somebody else where we are root, which the server refuses to be."""
    other = ("--reuid=nobody", "--regid=nogroup", "--clear-groups") if os.getuid() == 0 else ()
    return dies_with_keeper(END, *other)


def _start(folder: Path, programs: Path) -> "subprocess.Popen[bytes]":
    data = folder / "data"
    make: list[str | Path] = [programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run(_as_other_user() + make, check=True, stdout=subprocess.DEVNULL)
    run: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder]
    for name, value in SETTINGS.items():
        run += ["-c", f"{name}={value}"]
    return subprocess.Popen(_as_other_user() + run)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
