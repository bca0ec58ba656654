"""Which cells of a single row of answers stay hidden, when the row's total is known.

- Fewer than FLOOR answers: nothing is shown.
- A cell of 1 to 4 is hidden, and so is each empty cell beside it, or else emptiness would count the others. Under FEW
  answers nobody is told that all, or none, answered something.
- Whatever is hidden hides at least one larger cell with it, until two cells and FLOOR answers are hidden together.
  That cell is chosen by its place, never by its size: choosing the smallest that suffices tells its size (of 6, 6
  and 4 only the middle 6 shown: the others can be nothing else).

Who knows this rule, the total and every number that is shown still finds at least four values for each hidden number:
the tests count them out. What does not belong here: rows that add up to others (`two_way`).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ent_module.privacy.disclosure.rules import FEW, FLOOR, SMALL

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


def hidden_in_rows(counts: Counts) -> Mask:
    """True for each cell to hide, of rows that have nothing to do with each other."""
    totals = counts.sum(axis=1)
    small = (counts > 0) & (counts < SMALL)
    small |= (counts == 0) & (small.any(axis=1) | (totals < FEW))[:, None]

    def lacking(hidden: Mask) -> Mask:
        together = np.where(hidden, counts, 0).sum(axis=1)
        found: Mask = (hidden == small).all(axis=1) | (together < FLOOR)
        return found

    hidden: Mask = covered(small, ~small, lacking) | (totals < FLOOR)[:, None]
    return hidden


def covered(small: Mask, others: Mask, lacking: Callable[[Mask], Mask]) -> Mask:
    """The small cells and, in rows that have any, others: the nearest by place, while the row is lacking some."""
    hidden, rows = small.copy(), np.arange(len(small))
    distance = np.where(others, nearest(small), small.shape[1])
    for place in np.argsort(distance, axis=1, kind="stable").T:
        hidden[rows, place] |= small.any(axis=1) & others[rows, place] & lacking(hidden)
    return hidden


def nearest(marked: Mask) -> Counts:
    """For each place of a row, how far the nearest marked one is; as far as the row is long where none is."""
    width = marked.shape[1]
    places = np.arange(width)
    before = np.maximum.accumulate(np.where(marked, places, -width), axis=1)
    after = np.minimum.accumulate(np.where(marked, places, 2 * width)[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(np.minimum(places - before, after - places), width)


def kept_apart(least: Counts, most: Counts) -> Mask:
    """Whether hidden numbers, of which so much can be worked out, stay hidden well enough.

    The ends are FLOOR apart at least, and do not tell a small number from none: the lower is 0 or not small. Both
    follow from what is published, and to decide by them tells nothing more; to ask besides which numbers are small
    would tell that those are not for which less would do.
    """
    kept: Mask = (most - least >= FLOOR) & ((least <= 0) | (least >= SMALL))
    return kept
