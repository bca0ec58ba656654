"""How many paper cards there may be, and how many ballots that came by cards may make a result. Pure rules.

Whoever holds a card may answer with it. An adult who holds many surrounds one pupil with answers that the adult knows,
and reads the pupil's out of the sums. So nobody is given many, and what one adult may have sent makes no result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ent_module.surveys.release import CLASS


class For(StrEnum):
    """What a card is for."""

    SOME = "some"
    """The few of a class who have no account or no script."""
    LOST = "lost"
    """Somebody's place, whose questionnaire was opened and lost."""
    FIRST = "first"
    """A whole class that answers by cards alone: the half that the adult hands out who asked for them."""
    SECOND = "second"
    """The other half, handed out by the adult who confirmed."""


HALVES = (For.FIRST, For.SECOND)
PARTS = 5
"""Of a class, one pupil in so many at most answers by a card, unless all do."""
USUAL = 30
"""Pupils of a class of which nobody has said how many it has."""
LOST_OF_HUNDRED = 3
"""Of those who opened a questionnaire, so many in a hundred at most are given a card for one that was lost."""
LOST_OF_CLASS = 2
"""The same of one class, however many have opened in the school."""
LARGEST = CLASS
"""Pupils of a class that answers by cards alone, at most."""

Made = Mapping[str, Mapping[For, int]]
"""Class → cards that were made for it."""


@dataclass(frozen=True)
class Limit:
    """How many cards of a kind there may be, and how many of them may still be made."""

    all: int
    left: int


def limits(class_code: str, pupils: int | None, opened: Mapping[str, int], made: Made) -> dict[For, Limit]:
    """For one class of a campaign, by what cards are for; `opened`: class → questionnaires that were opened."""
    mine, gone = made.get(class_code, {}), sum(one.get(For.LOST, 0) for one in made.values())
    return {
        For.SOME: some(pupils, mine.get(For.SOME, 0)),
        For.LOST: lost(sum(opened.values()), gone, mine.get(For.LOST, 0)),
    }


def some(pupils: int | None, made: int) -> Limit:
    """For a class with so many pupils, as its teacher says."""
    most = max(1, min(pupils or USUAL, CLASS) // PARTS)
    return Limit(most, max(0, most - made))


def lost(opened: int, made: int, made_in_class: int) -> Limit:
    """For lost questionnaires, where so many of the school were opened; at least one as soon as anybody has opened."""
    most = max(1, opened * LOST_OF_HUNDRED // 100) if opened else 0
    of_class = min(LOST_OF_CLASS, most)
    return Limit(of_class, max(0, min(most - made, of_class - made_in_class)))


def half(pupils: int) -> int:
    """Cards of one half: both together are enough, and neither is more than the other."""
    return -(-pupils // 2)


def unknown(ballots: int, made: Iterable[Mapping[For, int]]) -> int:
    """Of so many ballots that came by cards, how many no adult can have sent alone; `made`: the cards of each class.

    All cards for some may be one adult's, and all for lost questionnaires; of a class by cards alone, one half.
    """
    known = sum(one.get(For.SOME, 0) + one.get(For.LOST, 0) + max(one.get(half, 0) for half in HALVES) for one in made)
    return max(0, ballots - known)
