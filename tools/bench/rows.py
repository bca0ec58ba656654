"""One row: a ratio of two that are asked by turns, or how long the slowest of a class waited."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tools.bench import clients
from tools.bench.clients import Visit

CLIENTS, SECONDS, SLICES = 8, 10.0, 2
"""Each side is asked for so many seconds, in slices by turns, so that a machine that slows down slows both."""
WARM_UP = 1.0
PUPILS, WITHIN = 30, 5.0
"""A class that opens a survey within so many seconds."""
SEARCHES = 3


@dataclass(frozen=True)
class Side:
    """One of the two that a row compares: where it is served, and what is asked."""

    port: int
    visits: Iterator[Visit]


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


@dataclass(frozen=True)
class Opening:
    """How long the slowest pupil of a class waited, in seconds."""

    database: str
    server: str
    slowest: float


@dataclass(frozen=True)
class Search:
    """How long one search took, in seconds: the quickest of a few."""

    database: str
    server: str
    seconds: float


def search(database: str, server: str, side: Side) -> Search:
    """One after the other. Raises clients.BadAnswerError."""
    took = []
    for _time in range(SEARCHES):
        begun = time.perf_counter()
        clients.fetch(side.port, next(side.visits)[0])
        took.append(time.perf_counter() - begun)
    return Search(database, server, min(took))


def compare(name: str, database: str, server: str, ours: Side, floor: Side, seconds: float) -> Row:
    """Both sides by turns. Raises clients.BadAnswerError, clients.OutOfRequestsError."""
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
    return clients.ask(side.port, side.visits, clients=CLIENTS, seconds=seconds)
