"""Tables of groups and answers: nobody who reads one, or has read the rule, finds a number that it hides.

The attackers look at thousands of tables drawn from numbered seeds; ENT_DEEP_DISCLOSURE=20 lets them look at twenty
times as many (some minutes), as is done before a release.
"""

import os
from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.privacy.disclosure import FEW, FLOOR
from ent_module.privacy.disclosure.intervals import WIDEST, intervals
from ent_module.privacy.disclosure.rows import Mask
from ent_module.privacy.disclosure.two_way import hidden_in_table
from tests.privacy.attackers import (
    Table,
    Told,
    cornered,
    found_out_in_table,
    solved,
    tables,
)

DEEP = int(os.environ.get("ENT_DEEP_DISCLOSURE", "1"))
seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int, smallest: int = 10) -> Table:
    """Some groups of some answers, rare ones among them."""
    chance = np.random.default_rng(seed)
    groups, answers = chance.integers(2, 7), chance.integers(2, 6)
    shares = chance.dirichlet(np.ones(answers) * chance.choice([0.5, 1.0, 3.0]), size=groups)
    if chance.random() < 0.5:  # all groups are alike, as levels of a school are
        shares[:] = shares[0]
    return tuple(tuple(chance.multinomial(chance.integers(smallest, 90), share).tolist()) for share in shares)


def ours(table: Table, floor: int = FEW) -> Told:
    """What is told by the rule."""
    counts = np.array(table)
    hidden = hidden_in_table(counts, floor)
    rows = [
        (*_shown(row, cells), None if untold else sum(row))
        for row, cells, untold in zip(table, hidden.cells, hidden.groups, strict=True)
    ]
    return (*rows, (*_shown(counts.sum(axis=0).tolist(), hidden.total), int(counts.sum())))


def _shown(row: list[int] | tuple[int, ...], hidden: Mask) -> list[int | None]:
    return [None if secret else count for count, secret in zip(row, hidden.tolist(), strict=True)]


def _all_told(table: Table, hidden: Mask) -> Told:
    rows = [(*_shown(row, cells), sum(row)) for row, cells in zip(table, hidden, strict=True)]
    return (*rows, (*np.sum(table, axis=0).tolist(), int(np.sum(table))))


def threshold_only(table: Table) -> Told:
    """Small cells go, and that is all."""
    counts = np.array(table)
    return _all_told(table, (counts > 0) & (counts < 5))


def usual_audit(table: Table) -> Told:
    """As it is usually done: small cells go, then the smallest beside them until subtraction gives none. Zeros stay."""
    counts = np.array(table)
    hidden = (counts > 0) & (counts < 5)
    while True:
        told = _all_told(table, hidden)
        known = [(at, place) for at, place in solved(told) if isinstance(at, int)]
        beside = [
            (int(counts[one]), one)
            for one in np.ndindex(counts.shape)
            if counts[one] and not hidden[one] and any(one[0] == at or one[1] == place for at, place in known)
        ]
        if not beside:
            return told
        hidden[min(beside)[1]] = True


@settings(max_examples=20 * DEEP, deadline=None)
@given(seeds)
def test_nobody_who_subtracts_finds_a_hidden_number(seed: int) -> None:
    for number in range(100):
        assert not solved(ours(drawn(seed + number))), seed + number


@settings(max_examples=20 * DEEP, deadline=None)
@given(seeds)
def test_nobody_who_weighs_all_sums_corners_a_hidden_number(seed: int) -> None:
    for number in range(25):
        assert not cornered(ours(drawn(seed + number)), drawn(seed + number)), seed + number


@settings(max_examples=5 * DEEP, deadline=None)
@given(seeds)
def test_nobody_who_has_read_the_rule_finds_a_hidden_number(seed: int) -> None:
    for number in range(4):
        assert not found_out_in_table(ours, drawn(seed + number)), seed + number


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 3), st.integers(2, 3), st.data())
def test_intervals_are_those_of_all_tables_with_the_same_sums(groups: int, answers: int, data: st.DataObject) -> None:
    cells = groups * answers
    counts = np.array(data.draw(st.lists(st.integers(0, 3), min_size=cells, max_size=cells))).reshape(groups, answers)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells))).reshape(groups, answers)
    least, most = intervals(counts, hidden)
    alike = [
        table
        for table in map(np.array, product(*(tables(int(row.sum()), answers) for row in counts)))
        if (table.sum(axis=0) == counts.sum(axis=0)).all() and (table[~hidden] == counts[~hidden]).all()
    ]
    assert (np.min(alike, axis=0) == least).all()
    assert (np.max(alike, axis=0) == most).all()


def test_a_table_too_wide_to_weigh_is_refused() -> None:
    wide = np.full((2, WIDEST + 1), 9)
    with pytest.raises(ValueError, match="columns"):
        intervals(wide, wide > 0)


def test_a_rare_answer_of_one_group_takes_the_fewest_cells_along() -> None:
    told = ours(((30, 20, 15, 3), (25, 32, 18, 12), (28, 21, 14, 16)))
    assert told == (
        (30, None, None, None, 68),
        (25, None, None, None, 87),
        (28, 21, 14, 16, 79),
        (83, 73, 47, 31, 234),
    )


def test_groups_are_not_told_apart_where_all_together_hide_something_or_one_is_small() -> None:
    assert ours(((30, 20, 1), (25, 22, 2)))[:2] == ((None,) * 4, (None,) * 4)
    few = ours(((30, 20), (5, 5), (25, 22), (28, 21)))
    assert [row[-1] for row in few] == [None, None, 47, 49, 156]


def test_what_nobody_of_all_chose_is_hidden_of_no_group() -> None:
    assert ours(((30, 0), (25, 0))) == ((30, 0, 30), (25, 0, 25), (55, 0, 55))


def test_two_cells_that_can_only_be_five_are_not_told() -> None:
    table = (0, 17, 3, 15), (3, 4, 2, 3), (9, 40, 5, 35)
    assert not found_out_in_table(ours, table)


def test_the_attackers_find_what_hiding_small_cells_alone_leaves() -> None:
    assert sum(bool(solved(threshold_only(drawn(seed)))) for seed in range(60)) > 20


def test_the_attackers_find_what_the_usual_audit_leaves() -> None:
    """Nothing to whoever subtracts, but hidden cells are known to add up to few, or to be somebody."""
    passed = [table for table in map(drawn, range(60)) if not solved(usual_audit(table))]
    assert len(passed) > 40
    assert sum(bool(cornered(usual_audit(table), table)) for table in passed) > 20


def test_a_number_that_is_somebody_for_sure_is_found() -> None:
    """Of 5 and 16 beside 30 and 4, with the sums 21, 34, 35 and 20, at least one of the 35 said what 21 said."""
    told = ((None, None, 35), (None, None, 20), (21, 34, 55))
    assert not cornered(told, ((5, 30), (16, 4)))
    assert cornered(told, ((4, 31), (17, 3))) == {(0, 0)}


def test_the_attackers_find_what_is_hidden_beside_the_smallest() -> None:
    def beside_the_smallest(table: Table) -> Told:
        counts = np.array(table)
        hidden = (counts > 0) & (counts < 5)
        for _ in range(counts.size):
            for sums, turned in ((hidden, counts), (hidden.T, counts.T)):
                for cells, row in zip(sums, turned, strict=True):
                    if cells.any() and row[cells].sum() < FLOOR and not cells.all():
                        cells[np.where(cells, row.max() + 1, row).argmin()] = True
        return _all_told(table, hidden)

    assert sum(bool(found_out_in_table(beside_the_smallest, drawn(seed, 20))) for seed in range(30)) > 2


@pytest.mark.parametrize(
    ("sizes", "answers", "floor"),
    [((20, 23), 2, FEW)]
    + [((11, 12, 13), 2, FLOOR), ((20, 30, 22), 2, FEW), ((20, 21), 3, FEW), ((12, 14), 3, FLOOR)] * (DEEP > 1),
)
def test_every_table_of_these_sizes_leaves_four_values_to_whoever_has_read_the_rule(
    sizes: tuple[int, ...], answers: int, floor: int
) -> None:
    alike: dict[Told, list[Table]] = defaultdict(list)
    for table in product(*(tables(size, answers) for size in sizes)):
        alike[ours(table, floor)].append(table)
    for told, same in alike.items():
        for at, row in enumerate(told[:-1]):
            for place in (place for place in range(answers) if row[-1] is not None and row[place] is None):
                assert len({table[at][place] for table in same}) >= 4, told
