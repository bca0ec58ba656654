"""The swap game: of two pupils and two answers, whose is which? A player who learns bets on all strategies' guesses.

A class of 28 is played as 14 pairs that share nobody. For each pair the player is told the two answers. What each guess
says of it is a vote; votes are weighed by how often they were right so far, before the game's own truth is told.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tools.attack.score import Score, one_of
from tools.attack.sheets import Sheet
from tools.attack.spoils import Spoils
from tools.attack.strategies import ISSUANCE, POOL, arrivals, page_offsets


@dataclass
class Player:
    """Learns from game to game which strategies to believe, and in which sense."""

    score: Score = field(default_factory=lambda: one_of(2))
    seen: dict[str, list[float]] = field(default_factory=dict)
    """How often each has been right and wrong; a guess is believed a little from the start, another trace is not."""

    def play(
        self, truth: Sequence[Sheet], guesses: Mapping[str, Sequence[Sheet | None]], traces: Mapping[str, Sequence[Any]]
    ) -> None:
        """The games of one class."""
        for at in range(0, len(truth) - 1, 2):
            pair = truth[at : at + 2]
            first, second = sorted(pair)
            votes = {name: _vote(guess[at : at + 2], first, second) for name, guess in guesses.items()}
            for name, values in traces.items():
                sign = _compared(values[at : at + 2])
                votes[f"{name} by spelling"] = sign
                votes[f"{name} by length"] = sign * _compared([len(first), len(second)])
            self._bet(votes, is_so=pair[0] == first)

    def _bet(self, votes: Mapping[str, int], *, is_so: bool) -> None:
        for name in votes:
            self.seen.setdefault(name, [1.0, 1.0] if " by " in name else [2.0, 1.0])
        belief = sum(vote * math.log(self.seen[name][0] / self.seen[name][1]) for name, vote in votes.items())
        self.score.add(int((belief >= 0) == is_so))
        for name, vote in votes.items():
            if vote:
                self.seen[name][(vote > 0) != is_so] += 1


def traces(spoils: Spoils) -> dict[str, list[Any]]:
    """What else may be compared of two pupils, in the order of the issuance list: of their rows there, and of the
    ballots that came when they would have sent theirs."""
    issued = {UUID(str(row.values["id"])).hex: row for row in spoils.rows("end", ISSUANCE)}
    ballots = {bytes(row.values["prepared"])[:32]: row for row in spoils.rows("end", POOL)}
    came = [ballots[token] for token in arrivals(spoils) if token in ballots]
    cards = [bytes(row.values["prepared"]) for row in came if spoils.digests]
    places = {token: place for place, token in enumerate(spoils.came(page_offsets))}
    return {
        "seat": list(spoils.seats),
        "printed": [spoils.digests.index(token) for token in cards],
        "blinded": [bytes(issued[seat].values["blinded"]) for seat in spoils.seats if seat in issued],
        "ballot": [UUID(str(row.values["id"])).hex for row in came],
        "signature": [bytes(row.values["signature"]) for row in came],
        "sealed": [bytes(row.values["sealed"])[65:] for row in came],
        "size": [len(row.values["sealed"]) for row in came],
        "place": [places.get(bytes(row.values["prepared"])[:32], 0) for row in came],
    }


def _compared(two: Sequence[Any]) -> int:
    return (two[0] < two[1]) - (two[0] > two[1]) if len(two) == 2 else 0


def _vote(guess: Sequence[Sheet | None], first: Sheet, second: Sheet) -> int:
    """1: the guess has the first answers at the first pupil, or the second at the second; −1: crosswise; 0: nothing."""
    straight = (guess[:1] == [first]) + (guess[1:2] == [second])
    crossed = (guess[:1] == [second]) + (guess[1:2] == [first])
    return (straight > crossed) - (straight < crossed)
