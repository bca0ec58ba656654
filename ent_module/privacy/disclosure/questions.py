"""What is told of one question: of all who answered it, and of the groups of which they are made.

A question that has a threshold is told as two sides first; of all, the cells of a side are a row of its own, whose
total is then known. Of a group, only the sides are told: five answers of a level are nearly always too few somewhere,
two sides rarely, and what hides the many would hide the two with them. Several answers to one question are told one by
one, each against all who did not choose it.

Of a group nothing more can be worked out than by its own sum and by those of all: each number that a group would have
in a table that is not told by groups can still be at least SMALL + 1 numbers, as both its sums and what they leave of
all are either nothing or no fewer than SMALL.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ent_module.privacy.disclosure.intervals import WIDEST
from ent_module.privacy.disclosure.rows import Counts, Mask, hidden_in_rows
from ent_module.privacy.disclosure.rules import FEW, FLOOR, Cells
from ent_module.privacy.disclosure.two_way import hidden_in_table

Rows = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Told:
    """What may be said of one group: how many answered, how many beyond the threshold, each answer. None is hidden."""

    respondents: int | None
    above: int | None
    cells: Cells


def tell(rows: Rows, cut: int | None) -> tuple[Told, list[Told]]:
    """A question with one answer: what is told of all, and of each group. `cut`: from which answer on it counts.

    Raises ValueError for a cut that leaves a side empty.
    """
    table = np.array(rows, dtype=np.int64)
    whole = table.sum(axis=0)
    if cut is None:
        return _whole(whole, None), _groups(table)
    if not 0 < cut < len(whole):
        raise ValueError("a cut lies between two cells")
    sides = np.stack([table[:, :cut].sum(axis=1), table[:, cut:].sum(axis=1)], axis=1)
    nothing = (None,) * len(whole)
    return _whole(whole, cut), [Told(one.respondents, one.cells[1], nothing) for one in _groups(sides)]


def tell_several(respondents: Sequence[int], rows: Rows) -> tuple[Told, list[Told]]:
    """A question with several answers, each a table of those who chose it and those who did not."""
    answered, chosen = np.array(respondents, dtype=np.int64), np.array(rows, dtype=np.int64)
    tables = [np.stack([column, answered - column], axis=1) for column in chosen.T]
    whole = [_whole(table.sum(axis=0), None) for table in tables]
    parts = [_groups(table) for table in tables]
    return _joined(whole), [_joined([part[place] for part in parts]) for place in range(len(answered))]


def _whole(counts: Counts, cut: int | None) -> Told:
    """The row of all. What follows from a side's sum alone is not hidden; where sides are, so is each answer."""
    respondents = int(counts.sum())
    if respondents < FLOOR:
        return Told(None, None, (None,) * len(counts))
    if cut is None:
        return Told(respondents, None, _shown(counts, hidden_in_rows(counts[None])[0]))
    sides = (counts[:cut], counts[cut:])
    if hidden_in_rows(np.array([[side.sum() for side in sides]])).any():
        return Told(respondents, None, (None,) * len(counts))
    cells = [cell for side in sides for cell in _shown(side, _hidden_in_side(side))]
    return Told(respondents, int(sides[1].sum()), tuple(cells))


def _hidden_in_side(counts: Counts) -> Mask:
    if len(counts) == 1 or counts.sum() == 0:
        return np.zeros(len(counts), dtype=bool)
    hidden: Mask = hidden_in_rows(counts[None])[0]
    return hidden


def _shown(counts: Counts, hidden: Mask) -> Cells:
    return tuple(None if secret else int(count) for count, secret in zip(counts, hidden, strict=True))


def _groups(table: Counts) -> list[Told]:
    """The groups of a table that is told by groups; `above` is left to its cells."""
    if table.shape[1] > WIDEST:
        return [Told(None, None, (None,) * table.shape[1])] * len(table)
    hidden = hidden_in_table(table, FEW)
    return [
        Told(None if untold else int(counts.sum()), None, _shown(counts, cells))
        for counts, untold, cells in zip(table, hidden.groups, hidden.cells, strict=True)
    ]


def _joined(choices: list[Told]) -> Told:
    """The tables of the choices of one question as one: the number chosen is the first of their two cells."""
    respondents = next((one.respondents for one in choices if one.respondents is not None), None)
    return Told(respondents, None, tuple(one.cells[0] for one in choices))
