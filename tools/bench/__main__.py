"""Measures and prints the rows. `make bench`, or `python -m tools.bench --seconds 2` for a first look."""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from ent_module.config import Settings
from ent_module.database import make_database
from ent_module.extension import create_app
from ent_module.migrations.run import upgrade_to_head
from ent_module.web.house import House
from tests.support import postgres
from tools.bench import apps, clients, filling, servers, suppression

CLIENTS, SECONDS, SLICES = 8, 10.0, 2
"""Each side is asked for so many seconds, in slices by turns, so that a machine that slows down slows both."""
WARM_UP = 1.0
FLOORS = {"survey": 0.3, "home": 0.35, "inbox": 0.5}
"""What each ratio must reach at least."""
SUPPRESSION = "suppression"
"""A row without database or server, in seconds."""
BUSY = 0.8
"""Above this share of a processor the clients themselves may be what is measured."""


@dataclass(frozen=True)
class Side:
    """One of the two that a row compares: where it is served, what is asked, the status that is wanted."""

    port: int
    requests: Iterator[bytes]
    status: bytes


@dataclass(frozen=True)
class Row:
    """One ratio."""

    name: str
    database: str
    server: str
    ours: float
    floor: float
    client_share: float

    @property
    def ratio(self) -> float:
        """How many of our answers go into one of the floor's."""
        return self.ours / self.floor


def main() -> int:
    """The command. Returns 1 where a ratio stays below its floor."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rows", nargs="*", choices=[*FLOORS, SUPPRESSION], default=[*FLOORS, SUPPRESSION])
    asked = parser.parse_args()
    rows, ratios = [], [name for name in asked.rows if name in FLOORS]
    seconds = suppression.measure() if SUPPRESSION in asked.rows else None
    with tempfile.TemporaryDirectory(prefix="ent-bench-") as folder:
        for database in ("sqlite", "postgresql") if ratios else ():
            rows += _database(Path(folder) / database, database, ratios, asked.seconds)
    _print(rows, seconds)
    return _verdict(rows, seconds)


def _database(folder: Path, database: str, names: list[str], seconds: float) -> list[Row]:
    folder.mkdir()
    address = postgres.cluster().create_database("bench") if database == "postgresql" else ""
    settings = Settings(data_dir=folder, database_url=address, key_file=folder / "master.key", check_uai=False)
    (folder / "master.key").write_bytes(os.urandom(32))
    (folder / "master.key").chmod(0o600)
    _say(f"{database}: filling the database")
    empty = make_database(settings.resolved_database_url)
    upgrade_to_head(empty.engine)
    empty.engine.dispose()
    house: House = create_app(settings).extensions["ent"]
    prepared = filling.fill(house)
    house.database.engine.dispose()
    environment = _environment(settings, folder)
    rows, ballots, share = [], iter(prepared.ballots), len(prepared.ballots) // len(servers.SERVERS)
    for server in servers.SERVERS:
        with (
            servers.serving(server, "module", environment, folder / "module.log") as module,
            servers.serving(server, "floor", environment, folder / "floor.log") as floor,
        ):
            page = clients.fetch(module, prepared.home, b"200").split(b"\r\n\r\n", 1)[1]
            apps.keep_as_template(page.decode(), folder)
            sides = {
                "survey": (
                    Side(module, islice(ballots, share), b"303"),
                    Side(floor, cycle(prepared.same_ballots), b"303"),
                ),
                "home": (Side(module, cycle([prepared.home]), b"200"), Side(floor, cycle([_FLOOR_HOME]), b"200")),
                "inbox": (Side(module, cycle([prepared.many]), b"200"), Side(module, cycle([prepared.few]), b"200")),
            }
            for name in names:
                _say(f"{database}, {server}: {name}")
                rows.append(_row(name, database, server, *sides[name], seconds))
    return rows


_FLOOR_HOME = filling.get("/home")


def _row(name: str, database: str, server: str, ours: Side, floor: Side, seconds: float) -> Row:
    """Both sides by turns."""
    rounds: dict[Side, list[clients.Round]] = {ours: [], floor: []}
    for side in rounds:
        _ask(side, WARM_UP * min(1.0, seconds / SECONDS))
    for _slice in range(SLICES):
        for side, found in rounds.items():
            found.append(_ask(side, seconds / SLICES))
    mean = {side: statistics.mean(one.per_second for one in found) for side, found in rounds.items()}
    share = max(one.client_share for found in rounds.values() for one in found)
    return Row(name, database, server, mean[ours], mean[floor], share)


def _ask(side: Side, seconds: float) -> clients.Round:
    return clients.ask(side.port, side.requests, side.status, clients=CLIENTS, seconds=seconds)


def _environment(settings: Settings, folder: Path) -> dict[str, str]:
    return {
        "ENT_DATA_DIR": str(folder),
        "ENT_DATABASE_URL": settings.database_url,
        "ENT_KEY_FILE": str(settings.key_file),
        "ENT_CHECK_UAI": "0",
        apps.PAGES: str(folder),
    }


def _say(text: str) -> None:
    print(text, flush=True)


def _print(rows: list[Row], suppressing: float | None) -> None:
    """The table, then for each row and database the lower of its ratios; then the row in seconds."""
    _say(f"\n{'row':<8}{'database':<12}{'server':<10}{'ours/s':>9}{'floor/s':>9}{'ratio':>8}{'at least':>10}")
    for row in rows:
        limited = "   (the clients were busy too)" if row.client_share > BUSY else ""
        _say(
            f"{row.name:<8}{row.database:<12}{row.server:<10}{row.ours:>9.0f}{row.floor:>9.0f}{row.ratio:>8.2f}"
            f"{FLOORS[row.name]:>10.2f}{limited}"
        )
    _say("")
    for (name, database), ratio in lowest(rows).items():
        _say(f"bench: {name} {database} {ratio:.2f}")
    if suppressing is not None:
        _say(f"bench: {SUPPRESSION} none {suppressing:.2f}")


def lowest(rows: list[Row]) -> dict[tuple[str, str], float]:
    """For each row and database the lower ratio of the two servers."""
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        key = row.name, row.database
        found[key] = min(row.ratio, found.get(key, row.ratio))
    return found


def _verdict(rows: list[Row], suppressing: float | None) -> int:
    below = [f"{name} {database}" for (name, database), ratio in lowest(rows).items() if ratio < FLOORS[name]]
    if below:
        _say(f"Below its floor: {', '.join(below)}")
    slow = suppressing is not None and suppressing > suppression.BOUND
    if slow:
        _say(f"Over its {suppression.BOUND:.0f} seconds: {SUPPRESSION}")
    return 1 if below or slow else 0


if __name__ == "__main__":
    sys.exit(main())
