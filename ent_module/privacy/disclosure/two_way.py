"""What may be shown of a table: groups × answers, with the sums of its rows and of its columns.

In: how many of each group chose each answer; the groups share nobody, and together they are all. Out: which groups are
told apart at all, and which cells stay hidden. Every hidden cell then keeps an interval that `rows.kept_apart` finds
wide enough, whatever is worked out of rows and columns together; hence no hidden sum is under FLOOR either.

1. The row of all is decided by itself (`rows`): telling groups apart takes nothing from it. Where it hides anything,
   no groups are told apart.
2. A group below the floor is not told apart, nor is the nearest other, so that what is left of the sums is no group
   and not small. What is left, though never printed, is a row like the others: anyone can subtract.
3. If any cell is small, then in the whole table all cells under SMALL are hidden, the empty ones too, and in their
   rows the two nearest others, or all. So FLOOR answers are hidden in each such row, whatever its numbers are.
4. While a cell's interval is too narrow, or its column hides too little, more is hidden: its row's answers in another
   row too, where that hides the fewest cells, then the nearest; if all rows hide them already, the next answer of its
   own row.
5. Where nothing is left to hide, no groups are told apart.

Why what is hidden tells nothing by itself (the minimality attack: hidden only because something else is small): which
cell comes next follows from places and from which cells are under SMALL, never from how large a cell is, and never
stops where a sum is reached; whether more is needed follows from intervals that the reader of what was shown so far
could compute. The tests look for other tables that would be told the same, by this rule, with each hidden cell changed;
they have found some for all in thousands, which is no proof.
"""

from dataclasses import dataclass

import numpy as np

from ent_module.privacy.disclosure.intervals import intervals
from ent_module.privacy.disclosure.rows import Counts, Mask, covered, hidden_in_rows, kept_apart, nearest
from ent_module.privacy.disclosure.rules import FEW, FLOOR, SMALL

SLACK = FLOOR + SMALL - 1
"""What the hidden cells of a column add up to at least: two that are not small and add up to 10 can only be 5 and 5."""


@dataclass(frozen=True)
class Hidden:
    """What is not shown: of the row of all, which groups wholly, of the others which cells."""

    total: Mask
    groups: Mask
    cells: Mask


def hidden_in_table(counts: Counts, floor: int = FLOOR) -> Hidden:
    """Decides on the whole table. `floor`: a group of fewer answers is not told apart."""
    total = counts.sum(axis=0)
    hidden_total = hidden_in_rows(total[None])[0]
    groups = _left_out(counts.sum(axis=1), floor)
    settled = None if hidden_total.any() or groups.all() else _settled(_told(counts, groups))
    cells = np.ones_like(counts, dtype=bool)
    if settled is None:
        return Hidden(hidden_total, np.ones_like(groups), cells)
    cells[~groups] = settled[: (~groups).sum()]
    return Hidden(hidden_total, groups, cells)


def _left_out(sizes: Counts, floor: int) -> Mask:
    """The groups below the floor, and the nearest others until two groups and that many answers are left out."""
    out: Mask = sizes < floor
    if out.any():
        others = np.flatnonzero(~out)
        for place in others[np.argsort(nearest(out[None])[0][others], kind="stable")]:
            out[place] = True
            if sizes[out].sum() >= floor:
                break
    return out


def _told(counts: Counts, groups: Mask) -> Counts:
    """The rows that anyone can know of: the groups that are told apart, and what is left of all."""
    if not groups.any():
        return counts
    return np.concatenate([counts[~groups], counts[groups].sum(axis=0, keepdims=True)])


def _settled(rows: Counts) -> Mask | None:
    """The cells to hide of rows whose sums are all known; None where hiding does not help."""
    # What nobody of all chose is no secret of any row.
    alive: Mask = np.broadcast_to(rows.sum(axis=0) > 0, rows.shape)
    hidden = _first(rows, alive)
    while True:
        thin = hidden & (np.where(hidden, rows, 0).sum(axis=0) < SLACK)
        narrow = np.asarray((thin | (hidden & ~kept_apart(*intervals(rows, hidden)))).any(axis=1))
        if not narrow.any():
            return hidden
        if (hidden & (rows.sum(axis=0) < SLACK)).any():
            return None
        wider = _wider(alive, hidden, narrow)
        if (wider == hidden).all():
            return None
        hidden = wider


def _first(rows: Counts, alive: Mask) -> Mask:
    """What is hidden of each row by itself, in a table that hides anything."""
    small = alive & (rows < SMALL)
    delicate = small & ((rows > 0) | (rows.sum(axis=1) < FEW)[:, None])
    if not delicate.any():
        return np.zeros_like(small)
    return covered(small, alive & ~small, lambda hidden: (hidden & ~small).sum(axis=1) < 2)


def _wider(alive: Mask, hidden: Mask, narrow: Mask) -> Mask:
    """One step further for the first of those narrow rows that hide alike. The same again where nothing is left."""
    hidden = hidden.copy()
    _, first = np.unique(hidden[narrow], axis=0, return_index=True)
    for row in np.flatnonzero(narrow)[np.sort(first)]:
        pattern = hidden[row].copy()
        more = (pattern & alive & ~hidden).sum(axis=1)
        if more.any():
            helper = min(np.flatnonzero(more), key=lambda one: (more[one], abs(one - row), one))
            hidden[helper] |= pattern & alive[helper]
        else:
            hidden[row] |= _next(pattern, alive[row] & ~pattern)
    return hidden


def _next(pattern: Mask, left: Mask) -> Mask:
    """Of what is left of a row, the cell nearest to the hidden ones; none where none is left."""
    distance = np.where(left, nearest(pattern[None])[0], len(left) + 1)
    found: Mask = left & (np.arange(len(left)) == distance.argmin())
    return found
