"""What was found, printed: a table, then a line for each row and database."""

from dataclasses import dataclass, field

from tools.bench import suppression
from tools.bench.closing import Countings
from tools.bench.filling import MANY
from tools.bench.rows import PUPILS, Opening, Row, Search

WITHOUT = "participation-without-gmpy2"
FLOORS = {
    "survey": 0.5,
    "participation": 0.08,
    WITHOUT: None,
    "home": 0.35,
    "message": 0.3,
    "inbox": 0.8,
    "results": 0.5,
}
"""What each ratio must reach at least; one is told only."""
SLOWEST = 2.0
"""Seconds within which each pupil of a class has opened a survey."""
SEARCHED = 20.0
"""Seconds within which a word is looked for in 50,000 conversations."""
BUSY = 0.8
"""Above this share of a processor the clients themselves may be what is measured."""


@dataclass
class Report:
    """All that was measured so far."""

    rows: list[Row] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    closings: list[Countings] = field(default_factory=list)
    suppressing: float | None = None
    """Seconds, of a row without database or server."""

    def print(self) -> None:
        """The tables, then the lines."""
        self._print_tables()
        for (name, database), ratio in self.lowest.items():
            print(f"bench: {name} {database} {ratio:.2f}")
        for database, seconds in self.slowest.items():
            print(f"bench: opening {database} {seconds:.2f}")
        for database, seconds in self.searched.items():
            print(f"bench: search {database} {seconds:.1f}")
        for one in self.closings:
            print(f"bench: closing {one.database} {one.per_10_000:.1f} {one.all.megabytes:.0f}")
        if self.suppressing is not None:
            print(f"bench: {suppression.NAME} none {self.suppressing:.2f}")
        if self.missed:
            print(f"Not reached: {', '.join(self.missed)}")

    def _print_tables(self) -> None:
        print(f"\n{'row':<28}{'database':<12}{'server':<10}{'ours/s':>9}{'floor/s':>9}{'ratio':>8}{'at least':>10}")
        for row in self.rows:
            limited = "   (the clients were busy too)" if row.client_share > BUSY else ""
            least = FLOORS[row.name]
            print(
                f"{row.name:<28}{row.database:<12}{row.server:<10}{row.ours:>9.0f}{row.floor:>9.0f}{row.ratio:>8.2f}"
                f"{'' if least is None else format(least, '.2f'):>10}{limited}"
            )
        for opening in self.openings:
            print(
                f"opening: of {PUPILS} pupils on {opening.database} under {opening.server} "
                f"the slowest waited {opening.slowest:.2f} s"
            )
        for search in self.searches:
            print(
                f"search: a word in {MANY:,} conversations on {search.database} under {search.server} "
                f"in {search.seconds:.1f} s"
            )
        for closing in self.closings:
            for one in (closing.few, closing.all):
                print(
                    f"closing: {one.ballots:,} ballots on {closing.database} in {one.seconds:.1f} s, "
                    f"at most {one.megabytes:.0f} MB"
                )
        print()

    @property
    def lowest(self) -> dict[tuple[str, str], float]:
        """For each row and database the lower ratio of the servers."""
        found: dict[tuple[str, str], float] = {}
        for row in self.rows:
            key = row.name, row.database
            found[key] = min(row.ratio, found.get(key, row.ratio))
        return found

    @property
    def slowest(self) -> dict[str, float]:
        """For each database the slowest pupil, whatever the server."""
        found: dict[str, float] = {}
        for one in self.openings:
            found[one.database] = max(one.slowest, found.get(one.database, 0.0))
        return found

    @property
    def searched(self) -> dict[str, float]:
        """For each database the slower search, whatever the server."""
        found: dict[str, float] = {}
        for one in self.searches:
            found[one.database] = max(one.seconds, found.get(one.database, 0.0))
        return found

    @property
    def missed(self) -> list[str]:
        """What does not reach what it is to reach."""
        missed = [
            f"{name} {database}" for (name, database), ratio in self.lowest.items() if ratio < (FLOORS[name] or 0)
        ]
        if (self.suppressing or 0) >= suppression.BOUND:
            missed.append(suppression.NAME)
        missed += [f"opening {database}" for database, seconds in self.slowest.items() if seconds >= SLOWEST]
        missed += [f"search {database}" for database, seconds in self.searched.items() if seconds >= SEARCHED]
        return [*missed, *(f"closing {one.database} (memory grows)" for one in self.closings if one.grows)]
