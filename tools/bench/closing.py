"""The counting of a survey that has ended, in a process of its own, whose memory is read at its end.

python -m tools.bench.closing ESTABLISHMENT CAMPAIGN    counts, and prints what it took (JSON)
"""

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from ent_module.config import settings_from
from ent_module.extension import create_app
from ent_module.surveys.model import State
from ent_module.surveys.protocol import BODY, PublishedKeys, parse
from ent_module.surveys.service import counting
from ent_module.surveys.tables import Campaign, Closing, Issuance, SealedBallot
from ent_module.web.house import House
from tools.bench import servers
from tools.bench.ballots import Ballots
from tools.bench.filling import CLASSES, LARGE, SMALL, Filled, analyze

TENTH = 10
NOISE = 8.0
"""Megabytes by which two processes that do the same differ."""
_BATCH = 500
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Counted:
    """What a counting took: seconds, and the most memory that its process had at once, in megabytes."""

    ballots: int
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Countings:
    """Two countings, of a tenth of the ballots and of all."""

    database: str
    few: Counted
    all: Counted

    @property
    def per_10_000(self) -> float:
        """Seconds for so many ballots."""
        return self.all.seconds / self.all.ballots * 10_000

    @property
    def grows(self) -> bool:
        """Whether the memory grows by what ballots take: by more than a hundredth, as 16 bytes of each are held."""
        added = (self.all.ballots - self.few.ballots) * BODY / 1e6
        return self.all.megabytes - self.few.megabytes > added / 100 + NOISE


def measure(
    house: House, name: str, filled: Filled, ballots: Ballots, count: int, environment: Mapping[str, str]
) -> Countings:
    """Fills two pools, without the requests that would, and counts them. Raises RuntimeError where that fails."""
    sizes = {SMALL: count // TENTH, LARGE: count}
    counted = []
    for uai, size in sizes.items():
        school = filled.schools[uai]
        _fill(house, school, filled.campaign, ballots, size)
        analyze(house.database)
        counted.append(_counted(school, filled.campaign.id, environment))
    return Countings(name, *counted)


def _fill(house: House, school: UUID, campaign: Campaign, ballots: Ballots, count: int) -> None:
    place = {"establishment_id": school, "campaign_id": campaign.id}
    (cohort,) = PublishedKeys.read(campaign.keys).cohorts
    bodies = islice(enumerate(ballots), count)
    while some := list(islice(bodies, _BATCH)):
        sent = [parse(body, campaign.id, [cohort.id]) for _number, body in some]
        pool = [
            {
                **place,
                "id": one.id,
                "cohort_id": cohort.id,
                "card": False,
                "prepared": one.prepared,
                "signature": one.signature,
                "sealed": one.sealed,
            }
            for one in sent
        ]
        given = [
            {
                **place,
                "id": uuid4(),
                "cohort_id": cohort.id,
                "class_code": CLASSES[number % len(CLASSES)],
                "blinded": secrets.token_bytes(32),
            }
            for number, _body in some
        ]
        with house.database.writing() as db:
            db.execute(insert(SealedBallot), pool)
            db.execute(insert(Issuance), given)
    with house.database.writing() as db:
        mine = update(Campaign).where(Campaign.establishment_id == school, Campaign.id == campaign.id)
        db.execute(mine.values(state=State.ENDED, ended_at=datetime.now(UTC) - timedelta(hours=1)))


def _counted(school: UUID, campaign_id: UUID, environment: Mapping[str, str]) -> Counted:
    command = [sys.executable, "-m", "tools.bench.closing", str(school), str(campaign_id)]
    done = subprocess.run(
        command, env=servers.environment(environment), cwd=servers.ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the counting failed: {done.stderr[-2000:]}")
    return Counted(**json.loads(done.stdout))


def main(school: UUID, campaign_id: UUID) -> None:
    """Counts one survey and prints what it took. Raises RuntimeError where nothing was counted."""
    ours: House = create_app(settings_from()).extensions["ent"]
    start = time.monotonic()
    counting.count(ours.database, ours.store, ours.keys, school, campaign_id)
    took = time.monotonic() - start
    # Not what getrusage says: a process begins with the peak of the one that started it.
    peak = _PEAK.search(Path("/proc/self/status").read_text("ascii"))
    with ours.database.reading() as db:
        mine = (Closing.establishment_id == school, Closing.campaign_id == campaign_id)
        done = db.scalar(select(Closing.record).where(*mine))
    if done is None or peak is None:
        raise RuntimeError("nothing was counted")
    print(json.dumps({"ballots": json.loads(done)["valid"], "seconds": took, "megabytes": int(peak[1]) / 1e3}))


if __name__ == "__main__":
    main(UUID(sys.argv[1]), UUID(sys.argv[2]))
