"""What may be shown of a table of answers, so that no one's answer can be worked out from it.

In: how many chose each answer to one question. Out: the same counts with None where a number stays hidden. The rule
is public and exact: who knows it, the number of respondents and every number that is shown still cannot tell a hidden
number; at least four values remain for each (tests/privacy/test_disclosure.py counts them out).

- Fewer than FLOOR answers: nothing is shown.
- A cell of 1 to 4 is hidden, and so is each empty cell beside it, or else emptiness would count the others. Under FEW
  answers nobody is told that all, or none, answered something.
- Whatever is hidden hides at least one larger cell with it, until two cells and FLOOR answers are hidden together.
  That cell is chosen by its place, never by its size: choosing the smallest that suffices tells its size (of 6, 6
  and 4 only the middle 6 shown: the others can be nothing else).

A question that has a threshold is told as two sides first; the cells of a side are a table of its own whose total is
then known. Several answers to one question are told one by one, each against all who did not choose it.

Sources: INSEE's manual on the protection of tables (primary and secondary suppression, linked tables); minimum cells
of 5 (PEDSnet) and 11 (PCORnet); Gusfield, D. (1988), A graph theoretic approach to statistical data security, SIAM
Journal on Computing 17(3), 552–571.

What does not belong here: what was asked, and several questions at once; who is asked (one school, never one class).
"""

from collections.abc import Sequence
from dataclasses import dataclass

FLOOR = 10
"""Fewer answers than this show nothing."""
SMALL = 5
"""A count from 1 to one less than this is small."""
FEW = 20
"""In a smaller group, nothing is shown as chosen by nobody or by everybody."""

Cells = tuple[int | None, ...]


@dataclass(frozen=True)
class Sides:
    """A question told as two sides of a threshold, and its cells in detail; None is hidden."""

    below: int | None
    above: int | None
    cells: Cells


def protect(counts: Sequence[int]) -> Cells:
    """The cells of one table whose total is known. Each respondent is in exactly one of them."""
    if sum(counts) < FLOOR:
        return (None,) * len(counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALL}
    if hidden or sum(counts) < FEW:
        hidden |= {place for place, count in enumerate(counts) if count == 0}
    if hidden:
        hidden = _covered(counts, hidden)
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _covered(counts: Sequence[int], small: set[int]) -> set[int]:
    """The small cells and those hidden with them: the nearest by place, one at least, until FLOOR answers hide."""
    hidden = set(small)
    others = sorted(
        set(range(len(counts))) - small, key=lambda place: (min(abs(place - other) for other in small), place)
    )
    for place in others:
        if hidden != small and sum(counts[other] for other in hidden) >= FLOOR:
            break
        hidden.add(place)
    return hidden


def protect_sides(counts: Sequence[int], cut: int) -> Sides:
    """A table told as the cells before `cut` against those from `cut` on, then in detail.

    Where the sides cannot be shown, neither can the cells. Raises ValueError for a cut that leaves a side empty.
    """
    if not 0 < cut < len(counts):
        raise ValueError("a cut lies between two cells")
    below, above = protect((sum(counts[:cut]), sum(counts[cut:])))
    if below is None or above is None:
        return Sides(None, None, (None,) * len(counts))
    return Sides(below, above, (*_side(counts[:cut]), *_side(counts[cut:])))


def _side(counts: Sequence[int]) -> Cells:
    """The cells of a side whose total is shown: what follows from the total alone is not hidden."""
    if len(counts) == 1 or sum(counts) == 0:
        return tuple(counts)
    return protect(counts)


def protect_choices(respondents: int, counts: Sequence[int]) -> Cells:
    """The cells of a question with several answers: each is a table of those who chose it and those who did not."""
    return tuple(protect((count, respondents - count))[0] for count in counts)


def percent(count: int, total: int) -> int:
    """The share as a whole per cent. Only none is 0 and only all is 100; halves go up."""
    if count in {0, total}:
        return 100 if count else 0
    return min(99, max(1, (200 * count + total) // (2 * total)))
