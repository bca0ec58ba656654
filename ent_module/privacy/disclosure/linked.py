"""What may be shown of cells that add up in any way: groups that overlap, releases that follow each other.

In: cells, and which of them add up to which; which were shown before, and stay so; which are never printed, but might
be worked out (what one group has more than another). Out: the cells to hide. Then no hidden cell, and no sum of hidden
cells under FLOOR, can be worked out, and nobody can tell that a number that is never printed is small, or is any if it
is small: a linear programme tells the least and the most that each can be (by HiGHS; a sum
that is known bounds whatever it adds up), and `rows.kept_apart` finds that wide enough.

If any cell is delicate, all cells under SMALL are hidden, and of their groups the two nearest others. While cells
are too narrow, one that they add up with is hidden too. By place, never by size, as in `two_way`: fewest cells are
aimed at, not fewest answers, which would tell sizes.

What earlier releases tell already cannot be taken back: of such a cell nothing more is told than they do.

For some hundred cells; slower by far than `two_way`. What does not belong here: plain tables.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from ent_module.privacy.disclosure.rows import covered, kept_apart
from ent_module.privacy.disclosure.rules import FEW, FLOOR, SMALL

MOST = 10**6
"""Nothing that is counted here is larger."""
_ALMOST = 1e-6


@dataclass(frozen=True)
class Sum:
    """One cell that others add up to. `base`: it is all who answered of a group, and they are the answers."""

    total: str
    parts: tuple[str, ...]
    base: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """All that stand in it."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Before:
    """What is settled already: cells that were shown, and cells that were kept secret beside them."""

    shown: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()


NOTHING = Before()


def hidden_among(
    counts: Mapping[str, int], sums: Sequence[Sum], before: Before = NOTHING, unprinted: Collection[str] = ()
) -> frozenset[str]:
    """The cells of `counts` to hide, beside those that are settled. The order of the cells is their place."""
    never, fixed = frozenset(unprinted), before.shown | frozenset(unprinted)
    delicate, limits = _delicate(counts, sums), {one.total: FLOOR for one in sums if one.base}
    without = bounds(counts, sums, counts.keys() - before.shown, [cell for cell in counts if cell not in before.shown])
    hidden = before.secret | _first(counts, sums, delicate, fixed)
    while True:
        watched = [cell for cell in counts if cell in hidden or (cell in delicate and cell in never)]
        found = bounds(counts, sums, hidden | never, watched)
        safe = {cell for cell in watched if found[cell] == without[cell]}
        safe |= {cell for cell in watched if cell in hidden and kept_apart(*found[cell])}
        safe |= {cell for cell in watched if cell in never and _unsuspected(*found[cell], limits.get(cell, SMALL))}
        narrow = [cell for cell in watched if cell not in safe]
        if not narrow:
            return hidden - before.secret
        hidden |= {_helper(narrow, list(counts), sums, hidden | never, fixed)}


def _unsuspected(least: int, most: int, limit: int) -> bool:
    """Whether a number that is never printed may be none, and may be so large that it is not small."""
    return least <= 0 and most >= limit


def _delicate(counts: Mapping[str, int], sums: Sequence[Sum]) -> frozenset[str]:
    """Cells that are small, that belong to a group that is, or that nobody of a few chose."""
    found = {cell for cell, count in counts.items() if 0 < count < SMALL}
    for one in sums:
        if one.base and 0 < counts[one.total] < FLOOR:
            found.update(one.cells)
        elif one.base and 0 < counts[one.total] < FEW:
            found.update(part for part in one.parts if counts[part] == 0)
    return frozenset(found)


def _first(
    counts: Mapping[str, int], sums: Sequence[Sum], delicate: frozenset[str], fixed: frozenset[str]
) -> frozenset[str]:
    """What is hidden of each group by itself, where anything is delicate at all."""
    if not delicate:
        return delicate
    hidden = {cell for cell, count in counts.items() if count < SMALL} | delicate
    for one in sums:
        if one.base:
            hidden |= _beside(one, hidden, fixed)
    return frozenset(hidden - fixed)


def _beside(one: Sum, hidden: set[str], fixed: frozenset[str]) -> set[str]:
    """The answers of one group that are hidden, with those that are hidden beside them."""
    small = np.array([[part in hidden for part in one.parts]])
    others = np.array([[part not in hidden | fixed for part in one.parts]])
    taken = covered(small, others, lambda now: np.asarray((now & ~small).sum(axis=1) < 2))[0]
    return {part for part, secret in zip(one.parts, taken, strict=True) if secret}


def _helper(
    narrow: list[str], places: list[str], sums: Sequence[Sum], unknown: frozenset[str], fixed: frozenset[str]
) -> str:
    """The best cell that can still be hidden of those that add up with these, or with what these add up with: no sum of
    others if it can be, one that is not then the only one hidden in another sum, and the nearest."""
    totals = {one.total for one in sums if not fixed.issuperset(one.parts)}
    linked = set(narrow)
    for _ in sums:
        reached = linked & unknown
        linked |= {cell for one in sums if not reached.isdisjoint(one.cells) for cell in one.cells}
        if not linked <= unknown | fixed:
            break
    at = {cell: place for place, cell in enumerate(places)}

    def worth(cell: str) -> tuple[bool, int, int, int]:
        alone = sum(cell in one.cells and unknown.isdisjoint(one.cells) for one in sums)
        return cell in totals, alone, min(abs(at[cell] - at[other]) for other in narrow), at[cell]

    return min(linked - unknown - fixed, key=worth)


def bounds(
    counts: Mapping[str, int], sums: Sequence[Sum], unknown: Collection[str], wanted: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """The least and the most that each wanted cell can be, if all but the unknown ones are told, and all sums hold."""
    place = {cell: at for at, cell in enumerate(cell for cell in counts if cell in unknown)}
    model = highspy.Highs()
    model.silent()
    for _ in place:
        model.addVar(0.0, float(MOST))
    for one in sums:
        signs = [-1] + [1] * len(one.parts)
        known = -sum(sign * counts[cell] for sign, cell in zip(signs, one.cells, strict=True) if cell not in place)
        terms = [(place[cell], float(sign)) for sign, cell in zip(signs, one.cells, strict=True) if cell in place]
        if terms:
            columns, values = zip(*terms, strict=True)
            model.addRow(known, known, len(columns), np.array(columns, dtype=np.int32), np.array(values))
    return {
        cell: (math.ceil(_end(model, place[cell], 1) - _ALMOST), math.floor(-_end(model, place[cell], -1) + _ALMOST))
        for cell in wanted
    }


def _end(model: highspy.Highs, column: int, sign: int) -> float:
    """The least value of that column with that sign."""
    model.changeColCost(column, float(sign))
    model.run()
    value: float = model.getObjectiveValue()
    model.changeColCost(column, 0.0)
    return value
