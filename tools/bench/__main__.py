"""Measures and prints the rows. `make bench`, or `python -m tools.bench --seconds 2` for a first look."""

import argparse
import sys
import tempfile
from pathlib import Path

from tools.bench import suppression
from tools.bench.bench import DATABASES, NAMES, Bench, Wanted
from tools.bench.report import Report
from tools.bench.rows import SECONDS

ALL = (*NAMES, suppression.NAME)
COUNTED = 10_000
"""Ballots that are counted, unless asked otherwise."""


def main() -> int:
    """The command. Returns 1 where something does not reach what it is to reach."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each side of a row")
    parser.add_argument("--rows", nargs="*", choices=ALL, default=list(ALL))
    parser.add_argument("--databases", nargs="*", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--ballots", type=int, default=COUNTED, help="how many the row « closing » counts")
    asked = parser.parse_args()
    report = Report()
    if suppression.NAME in asked.rows:
        report.suppressing = suppression.measure()
    if not {*asked.rows} & {*NAMES}:
        report.print()
        return 1 if report.missed else 0
    with tempfile.TemporaryDirectory(prefix="ent-bench-") as folder:
        bench = Bench(Path(folder), Wanted(asked.rows, asked.seconds, asked.ballots))
        for database in asked.databases:
            bench.measure(database, report)
    report.print()
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
