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
STEP = 5
"""Where a number can be shown only rounded, it is rounded to this."""

Cells = tuple[int | None, ...]
"""What is shown of a row; None is hidden."""


def percent(count: int, total: int) -> int:
    """The share as a whole per cent. Only none is 0 and only all is 100; halves go up."""
    if count in {0, total}:
        return 100 if count else 0
    return min(99, max(1, (200 * count + total) // (2 * total)))


def rounded(count: int) -> int:
    """To the nearest multiple of STEP: it may stand for any of STEP numbers."""
    return (count + STEP // 2) // STEP * STEP


def rounded_percent(count: int, total: int) -> int | None:
    """A share where neither of its numbers may be shown: both are rounded first. None in a group of fewer than FEW.

    For one share of a group beside which nothing else is shown of that question. Rounded cells that add up to a
    rounded total are another matter: together they can pin each other. 0 and 100 stand for nearly none and nearly all.
    """
    if total < FEW:
        return None
    return (200 * rounded(count) + rounded(total)) // (2 * rounded(total))
