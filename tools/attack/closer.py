"""The process that counts: it knows nothing of the class, and is forked anew for each closing.

python -m tools.attack.closer reads lines of JSON, {"variant", "url", "folder", "stop", "kill"}, and answers each with
a line: the process that has stopped after `stop` opened ballots, to be looked into, then how it ended. `kill` is the
statement of the writing transaction before which it dies as by kill -9; without it the closing comes to its end.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import event

from ent_module.extension import create_app
from ent_module.rooms import installed_rooms
from ent_module.surveys import content
from ent_module.surveys.service import closing, counting
from ent_module.web.house import House
from tools.attack import variants
from tools.attack.settings import settings

LATER = timedelta(hours=1)
"""After the end of a campaign, nothing is on its way any more."""


@dataclass
class Closer:
    """The process, as the attacker's side holds it."""

    process: "subprocess.Popen[str]"

    @classmethod
    def start(cls) -> "Closer":
        """A new one."""
        command = [sys.executable, "-m", "tools.attack.closer"]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))

    def begin(self, variant: str, url: str, folder: Path, stop: int = 0, kill: int = 0) -> int:
        """Begins a closing; returns the process that stopped in the middle, 0 where none was to."""
        told = {"variant": variant, "url": url, "folder": str(folder), "stop": stop, "kill": kill}
        print(json.dumps(told), file=cast(Any, self.process.stdin), flush=True)
        return int(self._line()) if stop else 0

    def wait(self) -> int:
        """How the closing that was begun has ended: 0, or -9 where it was killed."""
        return int(self._line())

    def close(self) -> None:
        """Ends it."""
        cast(Any, self.process.stdin).close()
        self.process.wait()
        cast(Any, self.process.stdout).close()

    def _line(self) -> str:
        said = cast(Any, self.process.stdout).readline()
        if not said:
            raise RuntimeError("the process that counts is gone")
        return str(said)


def main() -> None:
    """Forks for each line, and tells what became of it."""
    installed_rooms()  # imported once, not by each that is forked
    content.by_digest()
    for line in sys.stdin:
        told = json.loads(line)
        _house(told["url"], told["folder"])
        child = os.fork()
        if not child:
            _child(**told)
        status = os.waitpid(child, os.WUNTRACED)[1]
        if told["stop"]:
            _tell(child if os.WIFSTOPPED(status) else 0)
        if os.WIFSTOPPED(status):
            status = os.waitpid(child, 0)[1]
        _tell(os.waitstatus_to_exitcode(status))


def _tell(number: int) -> None:
    print(number, flush=True)


@lru_cache(1)
def _house(url: str, folder: str) -> House:
    """The installation: made before anything is forked, it has read nothing yet and is connected to nothing."""
    made: House = create_app(settings(url, Path(folder))).extensions["ent"]
    return made


def _child(variant: str, url: str, folder: str, stop: int, kill: int) -> None:
    """Counts, and never returns."""
    log = os.open(Path(folder, "closer.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    os.environ["TMPDIR"] = str(Path(folder, "tmp"))
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    house = _house(url, folder)
    if stop:
        _stop_after(stop)
    if kill:
        _kill_before(house, kill)
    try:
        with variants.closing(variant):
            closing.finish(house, datetime.now(UTC) + LATER)
    except BaseException:  # noqa: BLE001  # the log has it; a forked process must not go on as its parent
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _stop_after(ballots: int) -> None:
    """Stops this process when so many ballots have been opened, or tried."""
    opened, left = counting._add, [ballots]  # noqa: SLF001  # where a debugger would stop it

    def add(*given: Any) -> None:
        opened(*given)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGSTOP)

    vars(counting)["_add"] = add


def _kill_before(house: House, statement: int) -> None:
    """Kills this process before that statement of the transaction in which it writes."""
    left = [statement]

    @event.listens_for(house.database._write_engine, "before_cursor_execute")  # noqa: SLF001  # the same
    def _count(*_given: Any) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
