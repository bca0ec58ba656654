"""python -m tools.attack: the attack on both databases, with as many classes as ATTACK_COHORTS says (1,000)."""

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
    """Both databases at the same time."""
    classes = int(os.environ.get("ATTACK_COHORTS", COHORTS))
    keeper.owner()
    with ProcessPoolExecutor(len(DATABASES), get_context("spawn")) as pool:
        found = list(pool.map(attack, DATABASES, [classes] * len(DATABASES)))
    wrong = [fault for one in found for fault in one]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
