"""How long it takes to decide what a territory may read of its schools: 20 questions of 5 answers, 2,000 schools each.

The schools are drawn from a numbered seed: sizes and shares as surveys of health and bullying have them, a few schools
too small to be told apart. What does not belong here: whether the decision is right, which the tests prove.
"""

import statistics
import time

import numpy as np

from ent_module.privacy.disclosure.rows import Counts
from ent_module.privacy.disclosure.two_way import hidden_in_table

SCHOOLS, QUESTIONS, ROUNDS = 2_000, 20, 3
NAME = "suppression"
BOUND = 2.0
"""Seconds that it may take at most."""
_SHARES = np.array([0.62, 0.2, 0.09, 0.05, 0.04])
_SMALLEST, _LARGEST = 6, 1_200
_ALIKE = 30
"""How alike the schools are: the larger, the more."""


def measure() -> float:
    """Seconds for all questions, the middle one of some rounds."""
    chance = np.random.default_rng(20)
    tables = [_question(chance) for _ in range(QUESTIONS)]
    return statistics.median(_seconds(tables) for _ in range(ROUNDS))


def _question(chance: np.random.Generator) -> Counts:
    sizes = np.clip(chance.lognormal(5.3, 0.9, SCHOOLS), _SMALLEST, _LARGEST).astype(np.int64)
    return np.array([chance.multinomial(size, chance.dirichlet(_SHARES * _ALIKE)) for size in sizes])


def _seconds(tables: list[Counts]) -> float:
    start = time.perf_counter()
    for table in tables:
        hidden_in_table(table)
    return time.perf_counter() - start
