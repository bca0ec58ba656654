"""The attack on both databases at the same time, each in a process of its own.

What those processes run stands here and not in `__main__`, which a process that is started anew does not import.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context

from tests.support import keeper
from tools.attack.place import folder
from tools.attack.report import Attack
from tools.attack.stage import DATABASES

COHORTS = 1000


def attack(database: str, classes: int) -> list[str]:
    """Runs it; returns what is wrong."""
    with folder() as here, closing(Attack(database, here, classes, lambda line: print(line, flush=True))) as made:
        return made.run()


def main() -> int:
    """Both; 1 where anything is wrong."""
    classes = int(os.environ.get("ATTACK_COHORTS", COHORTS))
    keeper.owner()
    with ProcessPoolExecutor(len(DATABASES), get_context("spawn")) as pool:
        found = list(pool.map(attack, DATABASES, [classes] * len(DATABASES)))
    wrong = [fault for one in found for fault in one]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0
