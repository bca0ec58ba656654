"""Someone who knows the rule, the number of respondents and all that is shown, and wants a hidden number.

Written apart from the rule: it only calls it, as anyone can who has read it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

Shown = tuple[int | None, ...]
Rule = Callable[[Sequence[int]], Shown]
"""What is shown of a table: its cells, then anything else that is told of it."""
Table = tuple[int, ...]


def tables(total: int, cells: int) -> Iterator[Table]:
    """Every table with that total."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables(total - first, cells - 1):
            yield (first, *rest)


def fewest_values(rule: Rule, total: int, cells: int) -> int:
    """Over all tables of that total: how many values a hidden cell may still have, at worst (0: none is hidden)."""
    alike: dict[Shown, list[Table]] = defaultdict(list)
    for table in tables(total, cells):
        alike[rule(table)].append(table)
    return min(
        (
            len({table[place] for table in candidates})
            for shown, candidates in alike.items()
            for place in range(cells)
            if shown[place] is None
        ),
        default=0,
    )


def found_out(rule: Rule, truth: Table, reach: int = 6) -> list[int]:
    """The hidden cells of one table, of any size, for which moving up to `reach` answers between hidden cells gives no
    other table that looks the same."""
    shown = rule(truth)
    hidden = [place for place in range(len(truth)) if shown[place] is None]
    open_cells = set()
    for giver, taker in permutations(hidden, 2):
        for moved in range(1, min(reach, truth[giver]) + 1):
            other = list(truth)
            other[giver] -= moved
            other[taker] += moved
            if rule(other) == shown:
                open_cells |= {giver, taker}
    return [place for place in hidden if place not in open_cells]
