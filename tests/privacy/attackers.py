"""People who want a hidden number. They know all that is shown, and how it was decided what is.

Written apart from the rules: they share no code with them. The first two read only what was published. `known_exactly`
solves the sums over the rationals; `ends` tells the least and the most that a number can be, by linear programming. The
others call the rule on tables of their own, as anyone can who has read it, and look for what else would be told alike.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, permutations

import highspy
import numpy as np

Shown = tuple[int | None, ...]
"""What is shown of a table: its cells, then anything else that is told of it."""
Row = tuple[int, ...]
Rule = Callable[[Row], Shown]
Table = tuple[Row, ...]
Told = tuple[Shown, ...]
TableRule = Callable[[Table], Told]
"""What is told of a table: of each row its cells and its sum, nothing but Nones of a row that is not told apart; then
the same of all."""
Unknown = tuple[int | str, int]
Equation = tuple[Mapping[Unknown, int], int]
"""Unknown → how often it stands in a sum; and the sum."""


def known_exactly(equations: Sequence[Equation]) -> dict[Unknown, Fraction]:
    """The unknowns that the equations alone determine: those that stand alone when they are solved."""
    names = list(dict.fromkeys(name for terms, _ in equations for name in terms))
    place = {name: at for at, name in enumerate(names)}
    solved: dict[int, dict[int, Fraction]] = {}
    for terms, total in equations:
        row = {place[name]: Fraction(times) for name, times in terms.items() if times}
        row[len(names)] = Fraction(total)
        for pivot in sorted(set(row) & set(solved)):
            _subtract(row, solved[pivot], row.get(pivot, Fraction(0)))
        pivot = min((at for at in row if at < len(names)), default=len(names))
        if pivot < len(names):
            row = {at: value / row[pivot] for at, value in row.items()}
            for other in solved.values():
                _subtract(other, row, other.get(pivot, Fraction(0)))
            solved[pivot] = row
    alone = {pivot: row for pivot, row in solved.items() if all(at in {pivot, len(names)} for at in row)}
    return {names[pivot]: row.get(len(names), Fraction(0)) for pivot, row in alone.items()}


def _subtract(row: dict[int, Fraction], other: Mapping[int, Fraction], times: Fraction) -> None:
    if times:
        for at, value in other.items():
            left = row.get(at, Fraction(0)) - times * value
            if left:
                row[at] = left
            else:
                row.pop(at, None)


def ends(equations: Sequence[Equation]) -> dict[Unknown, tuple[int, int]]:
    """The least and the most that each unknown can be; none is less than nothing."""
    names = list(dict.fromkeys(name for terms, _ in equations for name in terms))
    place = {name: at for at, name in enumerate(names)}
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for _ in names:
        solver.addVar(0.0, 1e6)
    for terms, total in equations:
        at = np.array([place[name] for name in terms], dtype=np.int32)
        solver.addRow(float(total), float(total), len(at), at, np.array(list(terms.values()), dtype=float))
    found = {}
    for name in names:
        both = []
        for sign in (1, -1):
            solver.changeColCost(place[name], float(sign))
            solver.run()
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            both.append(sign * solver.getObjectiveValue())
        solver.changeColCost(place[name], 0.0)
        found[name] = math.ceil(both[0] - 1e-6), math.floor(both[1] + 1e-6)
    return found


def too_close(least: int, most: int, truth: int) -> bool:
    """Fewer than ten apart, or few and known to be somebody."""
    return most - least < 10 or (least >= 1 and truth <= 4)


def equations_of(told: Told) -> list[Equation]:
    """What is known of the cells that are not shown. Rows of which not even the sum is told are one row, "left", to
    whoever subtracts."""
    *rows, whole = told
    known = [at for at, row in enumerate(rows) if row[-1] is not None]
    equations: list[Equation] = []
    for at in known:
        hidden: dict[Unknown, int] = {(at, place): 1 for place, value in enumerate(rows[at][:-1]) if value is None}
        equations.append((hidden, _told(rows[at][-1:]) - _told(rows[at][:-1])))
    left = len(known) < len(rows)
    if left:
        rest: dict[Unknown, int] = {("left", place): 1 for place in range(len(whole) - 1)}
        equations.append((rest, _told(whole[-1:]) - sum(_told(rows[at][-1:]) for at in known)))
    for place, total in enumerate(whole[:-1]):
        if total is not None:
            terms: dict[Unknown, int] = {(at, place): 1 for at in known if rows[at][place] is None}
            terms |= {("left", place): 1} if left else {}
            equations.append((terms, total - sum(rows[at][place] or 0 for at in known)))
    return [(terms, total) for terms, total in equations if terms]


def _told(row: Shown) -> int:
    return sum(value for value in row if value is not None)


def solved(told: Told) -> set[Unknown]:
    """The cells of which a hidden number follows by subtracting alone, those left out being hidden if they are few."""
    return {cell for cell, value in known_exactly(equations_of(told)).items() if cell[0] != "left" or 1 <= value <= 4}


def cornered(told: Told, truth: Table) -> set[Unknown]:
    """The cells of which too much follows by weighing all sums against each other. Of those that are left out, it is
    no secret what is not small."""
    found = ends(equations_of(told)).items()
    close = {(at, place) for (at, place), two in found if isinstance(at, int) and too_close(*two, truth[at][place])}
    return close | {(at, place) for (at, place), (least, most) in found if at == "left" and 1 <= least == most <= 4}


def tables(total: int, cells: int) -> Iterator[Row]:
    """Every row with that total."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables(total - first, cells - 1):
            yield (first, *rest)


def fewest_values(candidates: Sequence[Row], told: Sequence[Shown]) -> int:
    """Over all tables that there can be, and what is told of each: how many values a hidden cell may still have, at
    worst (0: none is hidden)."""
    alike: dict[Shown, list[Row]] = defaultdict(list)
    for candidate, shown in zip(candidates, told, strict=True):
        alike[shown].append(candidate)
    return min(
        (
            len({table[place] for table in same})
            for shown, same in alike.items()
            for place in range(len(same[0]))
            if shown[place] is None
        ),
        default=0,
    )


def found_out(rule: Rule, truth: Row, reach: int = 6) -> list[int]:
    """The hidden cells of one row, of any size, for which moving up to `reach` answers between hidden cells gives no
    other row that looks the same."""
    shown = rule(truth)
    hidden = [place for place in range(len(truth)) if shown[place] is None]
    open_cells = set()
    for giver, taker in permutations(hidden, 2):
        for moved in range(1, min(reach, truth[giver]) + 1):
            other = list(truth)
            other[giver] -= moved
            other[taker] += moved
            if rule(tuple(other)) == shown:
                open_cells |= {giver, taker}
    return [place for place in hidden if place not in open_cells]


def found_out_in_table(rule: TableRule, truth: Table, reach: int = 6, steps: int = 3) -> set[tuple[int, int]]:
    """The same of a table: the hidden cells of rows that are told apart for which no other table that would be told
    alike has another number. All are tried that differ by moving up to `reach` answers around four hidden cells, then
    by moving some in those that look the same, and so on."""
    told = rule(truth)
    hidden = [{place for place, value in enumerate(row) if value is None} for row in told[: len(truth)]]
    left = {(at, place) for at, places in enumerate(hidden) if told[at][-1] is not None for place in places}
    seen, front = {truth}, [truth]
    for _ in range(steps):
        following = []
        for table in front:
            for other in _moved(table, hidden, left, reach):
                if other not in seen and left and rule(other) == told:
                    following.append(other)
                    left = {(at, place) for at, place in left if other[at][place] == truth[at][place]}
                seen.add(other)
        front = following[:20]
    return left


def _moved(table: Table, hidden: list[set[int]], wanted: set[tuple[int, int]], reach: int) -> Iterator[Table]:
    for (one, row), (two, other) in combinations(enumerate(table), 2):
        for here, there in permutations(sorted(hidden[one] & hidden[two]), 2):
            if wanted.isdisjoint({(one, here), (one, there), (two, here), (two, there)}):
                continue
            for count in range(1, min(reach, row[here], other[there]) + 1):
                changed = list(table)
                changed[one] = _with(row, here, there, count)
                changed[two] = _with(other, there, here, count)
                yield tuple(changed)


def _with(row: Row, giver: int, taker: int, count: int) -> Row:
    changed = list(row)
    changed[giver] -= count
    changed[taker] += count
    return tuple(changed)
