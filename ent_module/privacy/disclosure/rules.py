"""The numbers on which disclosure control rests, and shares in whole per cent. Nothing here needs numpy.

Sources: minimum cells of 5 (PEDSnet) and 11 (PCORnet); INSEE's manual on the protection of tables.
"""

FLOOR = 10
"""Fewer answers than this show nothing; what is hidden together is never fewer than this."""
SMALL = 5
"""A count from 1 to one less than this is small."""
FEW = 20
"""In a smaller group, nothing is shown as chosen by nobody or by everybody; and a level of a school is told apart from
the others only from here on."""

Cells = tuple[int | None, ...]
"""What is shown of a row; None is hidden."""


def percent(count: int, total: int) -> int:
    """The share as a whole per cent. Only none is 0 and only all is 100; halves go up."""
    if count in {0, total}:
        return 100 if count else 0
    return min(99, max(1, (200 * count + total) // (2 * total)))
