"""What goes wrong while eight write. Each fault goes on for a while and leaves everything running."""

import random  # noqa: TID251  # when a process is killed
import signal
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tools.faults.channel.databases import full
from tools.faults.channel.town import Town
from tools.faults.channel.writers import Writing

_BETWEEN = 5
"""Messages that arrive between two blows: all go on as if nothing had been."""
_FULL_FOR = 2.0

Fault = Callable[[Town, Writing, int], None]


def kill_server(town: Town, writing: Writing, times: int) -> None:
    """The server is killed without a last word."""
    for _time in range(times):
        writing.wait_for(_BETWEEN)
        time.sleep(random.random() / 5)  # noqa: S311  # any moment will do
        town.kill()
        town.start()


def restart_database(town: Town, writing: Writing, times: int) -> None:
    """PostgreSQL stops, once in an orderly way and once at once, under a server that goes on."""
    for number in range(times):
        writing.wait_for(_BETWEEN)
        town.database.stop(signal.SIGINT if number % 2 else signal.SIGQUIT)
        town.database.start()


def fill_disk(town: Town, writing: Writing, times: int) -> None:
    """Nothing can be written any more, and then it can. A database server that gave up is started again."""
    for _time in range(times):
        writing.wait_for(_BETWEEN)
        with full(town.database.folder):
            time.sleep(_FULL_FOR)
        if not town.database.runs():
            town.database.start()


FULL_DISK = "full-disk"
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {"kill-server": kill_server, "restart-database": restart_database, FULL_DISK: fill_disk}
)
TIMES: Mapping[str, int] = MappingProxyType({"kill-server": 20, "restart-database": 6, FULL_DISK: 4})
