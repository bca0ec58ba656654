"""One survey that is closed again and again: killed at a statement, while ballots arrive; then to its end."""

import json
import random  # noqa: TID251  # when somebody sends; what is secret comes from the module
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import make_url, text

from ent_module.recall import Recall
from ent_module.surveys.model import Where
from ent_module.surveys.tables import Closing, SealedBallot
from tools.attack.cluster import cluster
from tools.attack.sheets import sheets
from tools.attack.stage import PUPILS, Someone, Stage
from tools.attack.stage import stage as staged
from tools.attack.voter import Keys, Voter
from tools.attack.world import open_survey
from tools.faults import closer
from tools.faults.forks import Child, Tell, forked

VARIANTS = {"product": closer.product, "naive": closer.naive}
SENDERS = 2
PAUSE = 0.05
"""Seconds between two ballots of one sender, on average: a counting may come in between."""
OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Outcome:
    """What became of the ballots of one trial."""

    killed: bool
    acknowledged: int
    told: int
    """Counted, blank and spoilt."""
    left: int
    """Still in the pool."""
    sending: bool
    """Somebody was still sending when it was killed."""

    @property
    def kept(self) -> bool:
        """Whatever was acknowledged was told, once."""
        return self.acknowledged == self.told and not self.left


@dataclass
class Survey:
    """An installation with an open survey and ballots that nobody has sent yet, to which each trial goes back."""

    stage: Stage
    variant: str
    school: UUID
    campaign: UUID
    bodies: list[bytes]

    def statements(self) -> list[str]:
        """The statements of a closing by which nobody dies."""
        self.go_back()
        return self._closed("").end()[1]

    def trial(self, meant: str, seed: int) -> Outcome:
        """Two browsers send; meanwhile the closing is killed there, and is repeated. Then all is as before."""
        self.go_back()
        senders = [self._sender(self.bodies[one::SENDERS], seed + one) for one in range(SENDERS)]
        for sender in senders:
            sender.first()
        code, _told = self._closed(meant).end()
        sending = any(sender.runs() for sender in senders)
        if code not in {0, -9}:
            raise RuntimeError(f"the closing ended with {code}")
        if code and self._closed("").end()[0]:
            raise RuntimeError("the closing could not be repeated")
        answers = [answer for sender in senders for answer in self._answers(sender)]
        return Outcome(code == -9, answers.count("204"), *self._told(), sending)

    def _answers(self, sender: Child) -> list[str]:
        code, answers = sender.end()
        if code:
            raise RuntimeError("somebody could not send")
        return answers

    def _closed(self, meant: str) -> Child:
        def act(tell: Tell) -> None:
            closer.Killer(meant, tell).watch()
            closer.close(self.stage, self.school, self.campaign, VARIANTS[self.variant])

        return forked(act)

    def _sender(self, bodies: list[bytes], seed: int) -> Child:
        """A browser that sends one ballot after the other, until it is told that all is over."""
        address = f"/ent-ballots/pool/{self.school}/{self.campaign}"

        def act(tell: Tell) -> None:
            chance, client = random.Random(seed), closer.client(self.stage)  # noqa: S311  # pauses, no secrets
            for body in bodies:
                answer = client.post(address, data=body, content_type=OCTETS)
                tell(str(answer.status_code))
                if answer.status_code not in {204, 503}:
                    return
                time.sleep(chance.expovariate(1 / PAUSE))

        return forked(act)

    def _told(self) -> tuple[int, int]:
        """How many ballots the closing tells of, and how many are left in the pool."""
        with self.stage.house.database.engine.connect() as connection:
            where = closer.NAIVE if self.variant == "naive" else Closing.__tablename__
            told = connection.execute(text(f"SELECT * FROM {where}")).mappings().all()  # noqa: S608  # our own names
            left = f"SELECT count(*) FROM {SealedBallot.__tablename__}"  # noqa: S608  # the same
            found = int(connection.execute(text(left)).scalar_one())
        self.stage.house.database.engine.dispose()
        if self.variant == "naive":
            return sum(int(one["told"]) for one in told), found
        return sum(_figures(json.loads(one["record"])) for one in told), found

    # --- Going back -------------------------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return make_url(self.stage.url).database or ""

    @property
    def _file(self) -> Path:
        return self.stage.folder / "ent.sqlite"

    @property
    def _keys(self) -> Path:
        return self.stage.folder / "survey-keys"

    def keep(self) -> None:
        """Keeps the installation as it is now."""
        self.stage.house.database.engine.dispose()
        shutil.copytree(self._keys, self.stage.folder / "kept-keys")
        if self.stage.database == "postgresql":
            cluster().create_database(f"{self._name}_kept", self._name)
            return
        with sqlite3.connect(self._file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self._file, self.stage.folder / "kept.sqlite")

    def forget(self) -> None:
        """Removes what was kept outside the folder."""
        if self.stage.database == "postgresql":
            cluster().drop_database(f"{self._name}_kept")

    def go_back(self) -> None:
        """To what was kept."""
        self.stage.house.database.engine.dispose()
        self.stage.house.database.recall = Recall()
        shutil.rmtree(self._keys, ignore_errors=True)
        shutil.copytree(self.stage.folder / "kept-keys", self._keys)
        if self.stage.database == "postgresql":
            cluster().drop_database(self._name)
            cluster().create_database(self._name, f"{self._name}_kept")
            return
        for rest in ("-wal", "-shm"):
            self._file.with_name(f"{self._file.name}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self.stage.folder / "kept.sqlite", self._file)


def _figures(record: Any) -> int:
    """The ballots that a record tells of."""
    return sum(int(record[name]) for name in ("valid", "spoilt"))


@contextmanager
def survey(database: str, variant: str, folder: Path) -> Iterator[Survey]:
    """A survey in which everybody has a token and nobody has sent."""
    with staged(database, folder, served=False) as stage:
        school, campaign, document = open_survey(stage, 0, Where.SHARED)
        if variant == "naive":
            with stage.house.database.engine.begin() as connection:
                connection.execute(text(f"CREATE TABLE {closer.NAIVE} (told INTEGER)"))
        keys, answers = Keys.read(document), sheets(random.Random(0), PUPILS)  # noqa: S311  # as above
        said: list[object] = [*answers[:-4], {}, {}, {"nobody": ["asked"]}, "spoilt"]
        bodies = [_body(stage, who, keys, one) for who, one in zip(stage.cast.pupils, said, strict=True)]
        made = Survey(stage, variant, school, campaign, bodies)
        made.keep()
        closer.touches()
        closer.close(stage, school, campaign, VARIANTS[variant])  # what is read once is read before anything is forked
        try:
            yield made
        finally:
            made.forget()


def _body(stage: Stage, who: Someone, keys: Keys, answers: object) -> bytes:
    voter = Voter(keys)
    answer = closer.client(stage, who).post(
        f"/ent/surveys/{keys.campaign}/token",
        data=voter.blinded,
        headers={"X-CSRF-Token": who.csrf},
        content_type=OCTETS,
    )
    voter.finish(answer.get_data())
    return voter.body(answers)
