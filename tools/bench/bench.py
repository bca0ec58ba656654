"""One run: what is prepared once, and the rows on each database and under each server."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ent_module.config import Settings
from ent_module.database import Database, make_database
from ent_module.extension import create_app
from ent_module.migrations.run import upgrade_to_head
from ent_module.surveys.protocol import PublishedKeys
from ent_module.web.house import House
from tests.support import postgres
from tools.bench import apps, ballots, clients, closing, filling, rows, servers
from tools.bench.report import FLOORS, WITHOUT, Report
from tools.bench.rows import Side
from tools.bench.visits import Visits

DATABASES = ("sqlite", "postgresql")
NAMES = (*FLOORS, "search", "opening", "closing")
_OF_MANY = {"inbox", "search"}
PUPILS, BALLOTS = 350, 3_000
"""What is prepared for a second of sending: more than a quick machine takes."""
_PARTICIPATIONS = {"participation", WITHOUT}


@dataclass(frozen=True)
class Wanted:
    """What is to be measured."""

    names: Sequence[str]
    seconds: float
    """For each side of a row."""
    counted: int
    """Ballots that the row « closing » counts."""

    @property
    def pupils(self) -> int:
        """How many are to take part."""
        wanted = round(PUPILS * self._sending) if _PARTICIPATIONS & {*self.names} else 0
        return max(wanted, rows.PUPILS)

    @property
    def ballots(self) -> int:
        """How many are to be made."""
        sent = round(BALLOTS * self._sending) if "survey" in self.names else 0
        return max(sent, self.pupils, self.counted if "closing" in self.names else 0)

    @property
    def _sending(self) -> float:
        return self.seconds + rows.WARM_UP


class Bench:
    """A database that is filled once and copied for each measuring, and the ballots."""

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        self._folder, self._wanted = folder, wanted
        (folder / "master.key").write_bytes(os.urandom(32))
        (folder / "master.key").chmod(0o600)
        _say("filling a database")
        self._first = self._house("filled")
        conversations = filling.MANY if _OF_MANY & {*wanted.names} else filling.FEW
        self._filled = filling.fill(self._first, wanted.pupils, conversations)
        _say(f"sealing {wanted.ballots:,} ballots")
        campaign, asked = self._filled.campaign, self._filled.asked
        (cohort,) = PublishedKeys.read(campaign.keys).cohorts
        tokens = self._first.store.get(campaign.id, f"tokens-{cohort.id.hex}")
        self._ballots = ballots.make(folder / "ballots", campaign, cohort.id, tokens, asked, wanted.ballots)
        prefix = self._first.settings.url_prefix
        self._visits = Visits(prefix, self._filled, self._ballots, self._first.keys)

    def measure(self, database: str, report: Report) -> None:
        """All rows on one database. Raises what `clients` raises, and RuntimeError for a server that does not start."""
        house = self._house(database, self._first.database)
        for server in servers.SERVERS:
            self._under(server, database, house, report)
        if "closing" in self._wanted.names:
            _say(f"{database}: closing")
            counted = closing.measure(
                house, database, self._filled, self._ballots, self._wanted.counted, self._environment(house)
            )
            report.closings.append(counted)

    def _under(self, server: str, database: str, house: House, report: Report) -> None:
        """The rows under one server."""
        with self._serving(server, "module", house) as module, self._serving(server, "floor", house) as floor:
            page = clients.fetch(module, next(self._visits.home())[0])
            apps.keep_as_template(page.split(b"\r\n\r\n", 1)[1].decode(), self._folder)
            for name in self._wanted.names:
                if name in FLOORS and name != WITHOUT:
                    report.rows.append(self._row(name, server, database, house, module, floor))
            if "search" in self._wanted.names:
                _say(f"{database}, {server}: search")
                side = Side(module, self._visits.searches(self._filled.busy))
                report.searches.append(rows.search(database, server, side))
            if "opening" in self._wanted.names:
                report.openings.append(self._opening(server, database, house, module))
        if WITHOUT in self._wanted.names:
            with (
                self._serving(server, "module_without_gmpy2", house) as module,
                self._serving(server, "floor", house) as floor,
            ):
                report.rows.append(self._row(WITHOUT, server, database, house, module, floor))

    def _row(self, name: str, server: str, database: str, house: House, module: int, floor: int) -> rows.Row:
        _say(f"{database}, {server}: {name}")
        filling.empty(house.database)
        ours, other = self._sides(name, module, floor)
        return rows.compare(name, database, server, ours, other, self._wanted.seconds)

    def _sides(self, name: str, module: int, floor: int) -> tuple[Side, Side]:
        """What a row compares."""
        asked, filled = self._visits, self._filled
        match name:
            case "survey":
                return Side(module, asked.submissions()), Side(floor, asked.saved())
            case "message":
                return Side(module, asked.messages()), Side(floor, asked.saved())
            case "home":
                return Side(module, asked.home()), Side(floor, asked.floor_home())
            case "inbox":
                return Side(module, asked.desk(filled.busy)), Side(module, asked.desk(filled.calm))
            case "results":
                return Side(module, asked.results()), Side(floor, asked.cells())
        return Side(module, asked.participations()), Side(floor, asked.saved())

    def _opening(self, server: str, database: str, house: House, module: int) -> rows.Opening:
        _say(f"{database}, {server}: opening")
        filling.empty(house.database)
        took = clients.burst(module, list(islice(self._visits.openings(), rows.PUPILS)), rows.WITHIN)
        return rows.Opening(database, server, max(took))

    def _house(self, name: str, source: Database | None = None) -> House:
        """A database of that name, empty or with the rows of another; SQLite unless it is PostgreSQL's."""
        of_postgres = name == "postgresql"
        address = (
            postgres.cluster().create_database("bench") if of_postgres else f"sqlite:///{self._folder / name}.sqlite"
        )
        database = make_database(address)
        upgrade_to_head(database.engine)
        if source is not None:
            _say(f"{name}: copying what was filled")
            filling.copy(source, database)
        database.engine.dispose()
        settings = Settings(data_dir=self._folder, database_url=address, check_uai=False, desk_second_factor=False)
        ours: House = create_app(settings).extensions["ent"]
        return ours

    def _serving(self, server: str, application: str, house: House) -> AbstractContextManager[int]:
        return servers.serving(server, application, self._environment(house), self._folder / f"{application}.log")

    def _environment(self, house: House) -> dict[str, str]:
        """The settings of that house, for another process."""
        return {
            "ENT_DATA_DIR": str(self._folder),
            "ENT_DATABASE_URL": house.settings.database_url,
            "ENT_CHECK_UAI": "0",
            "ENT_DESK_SECOND_FACTOR": "0",
            apps.PAGES: str(self._folder),
        }


def _say(text: str) -> None:
    print(text, flush=True)
