"""How much can be worked out of each hidden cell of a table whose rows and columns all have known sums: exactly.

A hidden cell may rise by what can flow back from its column to its row: out of the row's other hidden cells, and
through other rows from hidden cell to hidden cell. By the theorem of Ford and Fulkerson that is the narrowest cut. As
every row may take in as much as it likes, a cut is told by the columns on its near side alone: a row all of whose
hidden cells lie there can be left there, any other has what it gives away cut off. So the cuts are as many as the sets
of columns, and a few thousand rows of a few answers are looked through at once. A cell falls likewise, the other way.

A cell is known exactly if and only if neither way is open: then its edge is a bridge of the bipartite graph of hidden
cells (Gusfield, D. (1988), A graph theoretic approach to statistical data security, SIAM Journal on Computing 17(3),
552–571). Sums being whole, so are the bounds, and each is reached by some table of whole numbers.

What does not belong here: what is to be done about it (`two_way`), and tables that are linked otherwise (`linked`).
"""

import numpy as np

from ent_module.privacy.disclosure.rows import Counts, Mask

WIDEST = 12
"""More columns than this have too many sets."""


def intervals(counts: Counts, hidden: Mask) -> tuple[Counts, Counts]:
    """The least and the most that each cell can be, given the shown ones and all sums of rows and columns.

    Raises ValueError for a table that is wider than WIDEST.
    """
    columns = counts.shape[1]
    if columns > WIDEST:
        raise ValueError(f"no table of more than {WIDEST} columns")
    held = np.where(hidden, counts, 0)
    rise = np.repeat(held.sum(axis=1, keepdims=True), columns, axis=1) - held
    fall = held.copy()
    for chosen in range(2**columns - 1):
        near = (chosen >> np.arange(columns) & 1).astype(bool)
        given = held[:, near].sum(axis=1)
        beyond = hidden[:, ~near]
        through = np.where(beyond.any(axis=1), given, 0)
        others = through.sum() - through
        rise[:, near] = np.minimum(rise[:, near], (given + others)[:, None] - held[:, near])
        # The row's other hidden cells all lie on the near side: what falls here must come back through other rows.
        alone = beyond & (beyond.sum(axis=1) == 1)[:, None]
        fall[:, ~near] = np.where(alone, np.minimum(fall[:, ~near], others[:, None]), fall[:, ~near])
    return counts - np.where(hidden, fall, 0), counts + np.where(hidden, rise, 0)
