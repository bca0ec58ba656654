"""Owns a Keycloak while another process lives, then ends it and removes its folder.

    keycloak_keeper.py OWNER FOLDER HEALTH COMMAND …

A process of its own, since workers come and go and may be killed. Should it be killed itself, the kernel ends Java
(parent death signal), and the next run sweeps the folder, on which no lock is held any more.
"""

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def main(owner: int, folder: Path, health: str, command: list[str]) -> None:
    """Starts the server, says that it is ready, and waits for the owner's end."""
    alive = (folder / "alive").open("a")
    fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    watched = os.pidfd_open(owner)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command])
        try:
            _wait_until_ready(health, server)
            (folder / "ready").touch()
            select.select([watched, os.pidfd_open(server.pid)], [], [])
        finally:
            server.kill()  # all that it holds is in its memory
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for left in (folder.with_suffix(".log"), folder.with_suffix(".lock")):
            left.unlink(missing_ok=True)


def _wait_until_ready(health: str, server: "subprocess.Popen[bytes]") -> None:
    while True:
        if server.poll() is not None:
            sys.exit("Keycloak ended while it started")
        try:
            with urllib.request.urlopen(health, timeout=5):  # noqa: S310  # an address of this machine
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
