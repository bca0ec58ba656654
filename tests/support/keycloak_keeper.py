"""The keeper of a Keycloak: python -m tests.support.keycloak_keeper OWNER FOLDER HEALTH COMMAND …"""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.keeper import dies_with_keeper, keep


def main(owner: int, folder: Path, health: str, command: list[str]) -> None:
    """Keeps the server that the command starts. All that it holds is in its memory."""

    def is_ready() -> bool:
        try:
            with urllib.request.urlopen(health, timeout=5):  # noqa: S310  # an address of this machine
                return True
        except (urllib.error.URLError, OSError):
            return False

    end = signal.SIGKILL
    keep(owner, folder, lambda: subprocess.Popen([*dies_with_keeper(end), *command]), is_ready, end)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
