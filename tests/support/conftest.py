"""How the tests of the shared servers see processes begin and end."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def owner() -> "Iterator[subprocess.Popen[bytes]]":
    """A process that stands for a run of the tests."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def becomes(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether that comes true within so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def runs(process: int) -> bool:
    """Whether a process of that id runs; one that has ended and waits to be noticed does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
