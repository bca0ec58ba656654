"""Owns a PostgreSQL server while another process lives, then ends it and removes its folder.

    postgres_keeper.py OWNER FOLDER PROGRAMS

A process of its own, since workers come and go and may be killed. Should it be killed itself, the kernel ends
the server (parent death signal), and the next run sweeps the folder, on which no lock is held any more.
"""

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

SETTINGS = {
    "listen_addresses": "",  # no TCP
    "fsync": "off",  # what a crash of the machine would lose is of no worth
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "timezone": "UTC",
    "log_min_messages": "error",
}


def main(owner: int, folder: Path, programs: Path) -> None:
    """Starts the server, says that it is ready, and waits for the owner's end."""
    alive = (folder / "alive").open("a")
    fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    watched = os.pidfd_open(owner)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server = _start(folder, programs)
        try:
            _wait_until_ready(folder, programs, server)
            _wait_for_end(watched, server)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing is worth saving
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for left in (folder.with_suffix(".log"), folder.with_suffix(".lock")):
            left.unlink(missing_ok=True)


def _as_other_user() -> list[str | Path]:
    """What makes a program run as somebody else where we are root, which the server refuses to be."""
    signal_too: list[str | Path] = ["setpriv", "--pdeathsig", "QUIT"]
    if os.getuid() != 0:
        return signal_too
    return [*signal_too, "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _start(folder: Path, programs: Path) -> "subprocess.Popen[bytes]":
    data = folder / "data"
    make: list[str | Path] = [programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run(_as_other_user() + make, check=True, stdout=subprocess.DEVNULL)
    run: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder]
    for name, value in SETTINGS.items():
        run += ["-c", f"{name}={value}"]
    return subprocess.Popen(_as_other_user() + run)


def _wait_until_ready(folder: Path, programs: Path, server: "subprocess.Popen[bytes]") -> None:
    ask: list[str | Path] = [programs / "pg_isready", "-q", "-h", folder, "-U", "postgres"]
    while subprocess.run(ask, check=False).returncode != 0:
        if server.poll() is not None:
            sys.exit("the server ended while it started")
        time.sleep(0.02)
    (folder / "ready").touch()


def _wait_for_end(watched: int, server: "subprocess.Popen[bytes]") -> None:
    """Sleeps until the owner or the server has ended."""
    select.select([watched, os.pidfd_open(server.pid)], [], [])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
