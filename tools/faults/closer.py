"""A head ends the survey and the tick counts it, by the ways of the product; and the process that is killed in it."""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, text
from werkzeug.test import Client

from ent_module.database import Base
from ent_module.jobs.service import LEASE, tick
from ent_module.rooms import installed_rooms
from ent_module.surveys.tables import Campaign, SealedBallot
from ent_module.web import sessions
from ent_module.web.house import House
from tools.attack.stage import Someone, Stage
from tools.faults.forks import Tell

LATER = timedelta(hours=1)
"""By this clock nothing is on its way any more. The clock of the processes that take ballots is slow by that much, so
that they still take them while they are counted: the worst that may happen."""
TICKS = 400
NAIVE = "ent_naive_closing"
"""Where the naive closing writes how many ballots there were."""
_COMMIT = "COMMIT"


@dataclass
class Killer:
    """Notes each statement that touches a survey, and dies before the one that is meant.

    A statement is known by what it does to which table and how often that has been done: pauses between two tries to
    count must not shift it.
    """

    meant: str
    tell: Tell
    seen: Counter[str] = field(default_factory=Counter)

    def watch(self) -> None:
        """From now on, in this process."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)

    def _statement(self, connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        if touched := touches().search(sql):
            connection.info["surveys"] = True
            self._before(f"{sql.split(maxsplit=1)[0].upper()} {touched[0]}")

    def _commit(self, connection: Any) -> None:
        if connection.info.pop("surveys", False):
            self._before(_COMMIT)

    def _before(self, what: str) -> None:
        self.seen[what] += 1
        name = f"{what} {self.seen[what]}"
        self.tell(name)
        if name == self.meant:
            os.kill(os.getpid(), signal.SIGKILL)


@cache
def touches() -> re.Pattern[str]:
    """What a statement that touches a survey names."""
    installed_rooms()
    tables = "|".join(sorted(_tables_of_surveys(), key=len, reverse=True))
    return re.compile(rf"\b({tables})\b|(pg_advisory_\w+)")


def _tables_of_surveys() -> list[str]:
    ours = [one.class_ for one in Base.registry.mappers if one.class_.__module__.startswith("ent_module.surveys.")]
    return [one.__tablename__ for one in ours] + [NAIVE]


def client(stage: Stage, who: Someone | None = None) -> Client:
    """A browser within this process, which is forked and has no server."""
    made = Client(stage.app)
    if who:
        made.set_cookie(sessions.cookie_name(stage.house.settings), who.cookie, path="/ent")
    return made


def close(stage: Stage, school: UUID, campaign: UUID, count: Callable[[House, datetime], None]) -> None:
    """The head's click, then one try after the other to count, until all is done. Raises RuntimeError."""
    head, place = stage.cast.head, f"/ent/staff/surveys/campaigns/{campaign}/closing"
    answer = client(stage, head).post(place, data={"csrf_token": head.csrf})
    if answer.status_code != 303:
        raise RuntimeError(f"the closing answers {answer.status_code}")
    now = datetime.now(UTC) + LATER
    for number in range(TICKS):
        # Whoever was killed holds the lease for a while.
        count(stage.house, now + number * (LEASE + timedelta(seconds=1)))
        with stage.house.database.reading() as db:
            if db.get_one(Campaign, (school, campaign)).state == "released":
                return
        time.sleep(0.01)  # for those who are sending
    raise RuntimeError("the closing never ends")


def product(house: House, now: datetime) -> None:
    """The tick, as it comes, of the one room that knows of surveys: the others' jobs take as long again."""
    tick(replace(house, rooms=tuple(room for room in house.rooms if room.name == "surveys")), now)


def naive(house: House, _now: datetime) -> None:
    """Counts, deletes, then writes: whoever is killed in between has lost what was deleted, and what came meanwhile."""
    pool, campaigns = SealedBallot.__tablename__, Campaign.__tablename__
    with house.database.engine.connect() as connection:
        ballots = connection.execute(text(f"SELECT count(*) FROM {pool}")).scalar_one()  # noqa: S608  # our own name
        connection.commit()
        connection.execute(text(f"DELETE FROM {pool}"))  # noqa: S608  # the same
        connection.commit()
        connection.execute(text(f"INSERT INTO {NAIVE} VALUES (:told)"), {"told": ballots})  # noqa: S608  # the same
        connection.execute(text(f"UPDATE {campaigns} SET state = 'released'"))  # noqa: S608  # the same
        connection.commit()
