"""The process of the clocks is killed again and again, a hundred days later: every message that nobody took in time is
given to the next level all the same, and each of them once.
"""

import os
import random  # noqa: TID251  # when a process is killed
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from ent_module.database import make_database
from ent_module.help.tables import MoveLine
from tools.faults.channel.databases import Database, database
from tools.faults.channel.town import Town
from tools.faults.channel.writers import written

MESSAGES, KILLS, TICKS = 60, 8, 6
_LONGEST = 3.0
_DAYS = 100 * 24 * 60
"""Minutes after which everything is late, whatever holidays lie between."""
_LEASE = 11
"""Minutes after which a job is free again whose process was killed."""


def clocks(name: str, say: Callable[[str], None]) -> list[str]:
    """On one database; returns what is wrong."""
    with TemporaryDirectory(prefix="ent-faults-") as folder:
        (disk := Path(folder) / "disk").mkdir()
        with database(name, disk) as made:
            town = Town(made, Path(folder))
            writing = written(town, MESSAGES)
            killed = sum(_killed(town, _DAYS + number * _LEASE) for number in range(KILLS))
            fired = _finished(town)
    late = len(writing.arrived)
    once = sum(times == 1 for times in fired)
    say(
        f"faults: kill-clocks {name} acknowledged={late} killed={killed} fired={len(fired)} doubled={len(fired) - once}"
    )
    return writing.wrong + ([] if once == len(fired) == late else [f"kill-clocks {name}: not every clock fired once"])


def _killed(town: Town, minutes: int) -> bool:
    """Kills the process somewhere on its way, with all that it has started; whether it was still running."""
    process = town.tick(minutes)
    time.sleep(random.random() * _LONGEST)  # noqa: S311  # any moment will do
    running = process.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running


def _finished(town: Town) -> list[int]:
    """Lets it run to its end until nothing changes: whoever was killed holds a lease for a while. How often each
    conversation was given on."""
    before: list[int] = []
    for number in range(KILLS, KILLS + TICKS):
        town.tick(_DAYS + number * _LEASE).wait()
        fired = _fired(town.database)
        if fired and fired == before:
            return fired
        before = fired
    return before


def _fired(made: Database) -> list[int]:
    opened = make_database(made.url)
    try:
        with opened.reading() as db:
            given_on = select(func.count()).where(MoveLine.action == "escalate").group_by(MoveLine.conversation_id)
            return list(db.scalars(given_on, execution_options={"across": True}))
    finally:
        opened.engine.dispose()
