"""Processes that are forked: each may tell its parent lines, and may be killed at any moment."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[[str], None]


@dataclass
class Child:
    """A process of ours, and what it tells."""

    process: int
    told: int
    """The end of a pipe."""
    _heard: list[bytes] = field(default_factory=list)

    def first(self) -> None:
        """Waits until it has told something, or has ended."""
        self._heard.append(os.read(self.told, 1))

    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def end(self) -> tuple[int, list[str]]:
        """Waits for its end: its exit code (-9 where it was killed), and the lines that it told."""
        with os.fdopen(self.told, "rb") as pipe:
            told = b"".join([*self._heard, pipe.read()])
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1]), told.decode().splitlines()


def forked(act: Callable[[Tell], None]) -> Child:
    """A process that does that and ends, without ever going on as its parent."""
    heard, told = os.pipe()
    process = os.fork()
    if process:
        os.close(told)
        return Child(process, heard)
    os.close(heard)
    try:
        act(lambda line: _write(told, line))
    except BaseException:  # noqa: BLE001  # the parent sees that it failed, and the console why
        sys.stderr = sys.__stderr__
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _write(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())  # a short line is written whole
