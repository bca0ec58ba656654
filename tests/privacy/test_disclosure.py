from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.privacy.disclosure import FEW, FLOOR, SMALL, percent
from ent_module.privacy.disclosure.questions import Told, tell, tell_several
from ent_module.privacy.disclosure.rows import hidden_in_rows
from tests.privacy.attackers import Row, Rule, Shown, fewest_values, found_out, tables

counts = st.integers(0, 12) | st.integers(0, 300)
one_table = st.lists(counts, min_size=2, max_size=6).map(tuple)


@st.composite
def table_and_cut(draw: st.DrawFn) -> tuple[tuple[int, ...], int]:
    table = draw(one_table)
    return table, draw(st.integers(1, len(table) - 1))


def protect(table: Sequence[int]) -> Shown:
    """A question without a threshold, of one group."""
    return tell([table], None)[0].cells


def protect_sides(table: Sequence[int], cut: int) -> Told:
    return tell([table], cut)[0]


def protect_choices(respondents: int, counts: Sequence[int]) -> Shown:
    return tell_several([respondents], [counts])[0].cells


def told(rows: Sequence[Row]) -> list[Shown]:
    """The same of many groups that have nothing to do with each other, at once."""
    hidden = hidden_in_rows(np.array(rows, dtype=np.int64))
    return [
        tuple(None if secret else count for count, secret in zip(row, secrets, strict=True))
        for row, secrets in zip(rows, hidden.tolist(), strict=True)
    ]


def threshold_only(table: Sequence[int]) -> Shown:
    """What most tools do: small cells go, and that is all."""
    if sum(table) < FLOOR:
        return (None,) * len(table)
    return tuple(None if 0 < count < SMALL else count for count in table)


def smallest_suffices(table: Sequence[int]) -> Shown:
    """Complementary suppression as it is usually done: hide the smallest cells until enough is hidden."""
    if sum(table) < FLOOR:
        return (None,) * len(table)
    hidden = {place for place, count in enumerate(table) if 0 < count < SMALL}
    if hidden or sum(table) < FEW:
        hidden |= {place for place, count in enumerate(table) if count == 0}
    while 0 < len(hidden) < len(table) and (len(hidden) < 2 or sum(table[place] for place in hidden) < FLOOR):
        hidden.add(min(set(range(len(table))) - hidden, key=lambda place: (table[place], place)))
    return tuple(None if place in hidden else count for place, count in enumerate(table))


def sides_of(cut: int) -> Rule:
    """Everything that is told of a question with a threshold, as one row."""

    def rule(table: Sequence[int]) -> Shown:
        told = protect_sides(table, cut)
        below = None if told.above is None or told.respondents is None else told.respondents - told.above
        return (*told.cells, below, told.above)

    return rule


@pytest.mark.parametrize(
    ("cells", "largest"), [(2, 60), (3, 40), (4, 26), (5, 22)], ids=["two", "three", "four", "five"]
)
def test_every_hidden_cell_of_every_small_table_keeps_four_values(cells: int, largest: int) -> None:
    for total in range(1, largest + 1):
        rows = list(tables(total, cells))
        worst = fewest_values(rows, told(rows))
        assert worst == 0 or worst >= min(4, total + 1), total


@pytest.mark.parametrize("cut", [1, 2])
def test_sides_and_their_cells_together_give_nothing_away(cut: int) -> None:
    for total in (FLOOR, FEW - 1, FEW):
        rows = list(tables(total, 4))
        assert fewest_values(rows, [sides_of(cut)(row) for row in rows]) in {0, *range(4, total + 2)}


@settings(max_examples=40)
@given(one_table)
def test_no_hidden_cell_of_a_table_of_any_size_is_found_out(table: tuple[int, ...]) -> None:
    assert sum(table) == 0 or found_out(protect, table) == []


@settings(max_examples=40)
@given(table_and_cut())
def test_no_hidden_cell_beside_its_sides_is_found_out(case: tuple[tuple[int, ...], int]) -> None:
    table, cut = case
    assert sum(table) == 0 or found_out(sides_of(cut), table) == []


def test_the_attacker_catches_hiding_small_cells_only() -> None:
    rows = list(tables(30, 3))
    assert fewest_values(rows, [threshold_only(row) for row in rows]) == 1
    assert found_out(threshold_only, (20, 3, 7)) == [1]


def test_the_attacker_catches_a_complement_chosen_by_its_size() -> None:
    rows = list(tables(16, 3))
    assert fewest_values(rows, [smallest_suffices(row) for row in rows]) == 1
    assert found_out(smallest_suffices, (6, 6, 4)) == [0, 2]
    assert found_out(protect, (6, 6, 4)) == []


def test_the_attacker_catches_sides_told_beside_cells_that_do_not_know_of_them() -> None:
    def unlinked(table: Sequence[int]) -> Shown:
        return (*protect(table), *protect((sum(table[:2]), sum(table[2:]))))

    table = (40, 9, 4, 30)
    assert protect(table) == (40, None, None, 30)
    assert found_out(unlinked, table) == [1, 2]
    assert found_out(sides_of(2), table) == []


@given(one_table)
def test_what_is_hidden_is_at_least_two_cells_and_ten_answers(table: tuple[int, ...]) -> None:
    shown = protect(table)
    hidden = [count for count, value in zip(table, shown, strict=True) if value is None]
    if sum(table) < FLOOR:
        assert all(value is None for value in shown)
    elif hidden:
        assert len(hidden) >= 2
        assert sum(hidden) >= FLOOR
    assert all(value is None or value == count for count, value in zip(table, shown, strict=True))


@given(one_table)
def test_a_shown_cell_is_never_small_and_never_none_or_all_of_a_few(table: tuple[int, ...]) -> None:
    total = sum(table)
    for value in protect(table):
        assert value is None or value >= SMALL or (value == 0 and total >= FEW)
        assert value is None or value < total or total >= FEW


@given(st.integers(1, 400), st.data())
def test_each_choice_of_several_is_shown_only_if_both_sides_are_large(respondents: int, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, respondents), min_size=1, max_size=6))
    for count, value in zip(chosen, protect_choices(respondents, chosen), strict=True):
        if value is None:
            small = min(count, respondents - count) < SMALL
            assert respondents < FLOOR or small
        else:
            assert value == count
            assert respondents >= FLOOR
            assert min(count, respondents - count) >= SMALL or (respondents >= FEW and count in {0, respondents})


@pytest.mark.parametrize("respondents", [FLOOR, 14, FEW - 1, FEW, 26])
def test_choices_stay_hidden_although_everyone_chose_at_least_one(respondents: int) -> None:
    """The attacker also knows that the choices of all add up to the respondents at least."""
    told_of = protect_choices(respondents, range(respondents + 1))
    tables_of_three = [
        (first, second, third)
        for first in range(respondents + 1)
        for second in range(respondents + 1)
        for third in range(max(0, respondents - first - second), respondents + 1)
    ]
    shown = [tuple(told_of[count] for count in table) for table in tables_of_three]
    assert fewest_values(tables_of_three, shown) >= 4


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ((5, 4), (None, None)),  # nine answers
        ((5, 5), (5, 5)),
        ((10, 0), (None, None)),  # all of ten said the same
        ((20, 0), (20, 0)),
        ((60, 15, 4, 3, 4), (60, None, None, None, None)),
        ((30, 4, 0, 20), (None, None, None, 20)),
        ((8, 0, 9), (None, None, None)),  # eight alone would not hide ten
        ((7, 12, 0), (7, None, None)),
    ],
)
def test_tables_worked_out_by_hand(table: tuple[int, ...], shown: Shown) -> None:
    assert protect(table) == shown


def test_a_side_without_anyone_is_told_only_where_the_group_is_large() -> None:
    assert protect_sides((12, 8, 0, 0), 2).cells == (12, 8, 0, 0)
    assert protect_sides((10, 8, 0, 0), 2).above is None
    assert protect_sides((30, 9, 5), 2).cells == (30, 9, 5)
    assert protect_sides((30, 9, 4), 2).cells == (None, None, None)
    with pytest.raises(ValueError, match="between two cells"):
        protect_sides((1, 2), 2)


@given(st.integers(1, 2000), st.data())
def test_shares_are_whole_and_only_none_is_nought(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    share = percent(count, total)
    assert (share == 0) == (count == 0)
    assert (share == 100) == (count == total)
    assert abs(share - 100 * count / total) < 1


def test_every_table_is_enumerated() -> None:
    assert len(list(tables(10, 3))) == 66
