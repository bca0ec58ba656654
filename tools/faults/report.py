"""What the trials find, as lines; and both databases at the same time, each in a process of its own."""

import os
import random  # noqa: TID251  # which statements a short run takes
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from tests.support import keeper
from tools.attack.place import folder
from tools.attack.stage import DATABASES
from tools.faults.trial import Outcome, survey

RUNS, CONTROLS = 50, 3
SHARES = 2
"""Processes for each database that share its statements: whoever is killed or waits leaves the machine to others."""
Say = Callable[[str], None]


def measure(database: str, here: Path, say: Say, runs: int, some: int | None, share: int) -> list[str]:
    """Kills the closing `runs` times at each statement of a share, or at `some` that are drawn; returns what is wrong.

    The naive closing is killed at each of its own, until ballots are lost.
    """
    wrong = []
    with survey(database, "product", here) as made:
        statements = made.statements()
        for meant in random.sample(statements, some) if some else statements[share::SHARES]:
            done = [made.trial(meant, seed) for seed in range(runs)]
            say(_line(f"{database} killed at {meant}", done))
            if not all(one.kept and one.killed for one in done):
                wrong.append(f"{database}: killed at {meant}, not every ballot was kept")
    if share:
        return wrong
    with survey(database, "naive", here) as made:
        done = []
        for seed, meant in product(range(CONTROLS), made.statements()):
            done.append(made.trial(meant, seed))
            if not done[-1].kept:
                break
        say(_line(f"control {database}", done))
        if all(one.kept for one in done):
            wrong.append(f"{database}: a naive closing loses nothing: this measures nothing")
    return wrong


def _line(what: str, done: list[Outcome]) -> str:
    figures = {
        "runs": len(done),
        "killed": sum(one.killed for one in done),
        "while_sending": sum(one.sending for one in done),
        "acknowledged": sum(one.acknowledged for one in done),
        "told": sum(one.told for one in done),
        "kept": sum(one.kept for one in done),
    }
    return f"faults: {what} " + " ".join(f"{name}={value}" for name, value in figures.items())


def faults(database: str, runs: int, some: int | None, share: int) -> list[str]:
    """Runs a share of it on one database; returns what is wrong."""
    with folder() as here:
        return measure(database, here, lambda line: print(line, flush=True), runs, some, share)


def main(arguments: list[str]) -> int:
    """Databases as named, else both; 1 where anything is wrong."""
    databases = arguments or list(DATABASES)
    runs, some = int(os.environ.get("FAULTS_RUNS", RUNS)), int(os.environ.get("FAULTS_STATEMENTS", "0")) or None
    keeper.owner()
    asked = [(database, runs, some, share) for database in databases for share in range(1 if some else SHARES)]
    with ProcessPoolExecutor(len(asked), get_context("spawn")) as pool:
        found = [pool.submit(faults, *one) for one in asked]
    wrong = [fault for one in found for fault in one.result()]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0
