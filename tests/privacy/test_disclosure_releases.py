"""Groups that overlap and releases that follow each other: whoever reads them all together finds no hidden number."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.privacy.disclosure.linked import Sum, hidden_among
from ent_module.privacy.disclosure.releases import Place, hidden_beside
from tests.privacy.attackers import Equation, Unknown, ends, known_exactly, too_close

DEEP = int(os.environ.get("ENT_DEEP_DISCLOSURE", "1"))
Parts = dict[str, tuple[int, ...]]
Groups = dict[str, list[str]]
Shown = Mapping[str, Collection[Place]]


def shown_of(groups: Collection[str], hidden: Mapping[str, Collection[Place]], answers: int) -> dict[str, set[Place]]:
    return {name: {None, *range(answers)} - set(hidden[name]) for name in groups}


def all_that_is_known(parts: Parts, groups: Groups, shown: Shown) -> list[Equation]:
    """Sums over the numbers of the smallest parts, by all that any release shows."""
    answers = len(next(iter(parts.values())))
    equations: list[Equation] = []
    for name, places in shown.items():
        for place in places:
            wanted = range(answers) if place is None else [place]
            terms: dict[Unknown, int] = {(part, one): 1 for part in groups[name] for one in wanted}
            equations.append((terms, sum(parts[part][one] for part in groups[name] for one in wanted)))
    return equations


def with_sums(parts: Parts, groups: Groups, shown: Shown) -> list[Equation]:
    """The same, with an unknown more for each number that is hidden, and for each part's sum."""
    answers = len(next(iter(parts.values())))
    equations = all_that_is_known(parts, groups, shown)
    for name, made_of in [*groups.items(), *((part, [part]) for part in parts)]:
        for place in (-1, *range(answers)):
            if name not in shown or (None if place < 0 else place) not in shown[name]:
                wanted = range(answers) if place < 0 else [place]
                terms: dict[Unknown, int] = {(part, one): 1 for part in made_of for one in wanted}
                equations.append(({**terms, (f"sum {name}", place): -1}, 0))
    return equations


def few_found(parts: Parts, groups: Groups, shown: Shown) -> set[Unknown]:
    """Numbers that are few, or of a group that is, and that can be worked out too well. A part that is no group of its
    own is never printed: it is enough that it might be none, or not few."""
    truth: dict[Unknown, int] = {}
    for name, made_of in [*groups.items(), *((part, [part]) for part in parts)]:
        rows = np.array([parts[part] for part in made_of])
        truth |= {(f"sum {name}", -1): int(rows.sum())}
        truth |= {(f"sum {name}", place): int(count) for place, count in enumerate(rows.sum(axis=0))}
    equations = with_sums(parts, groups, shown)
    exactly = known_exactly(equations)
    least_and_most = ends(equations)
    limits = {cell: 10 if cell[1] == -1 else 5 for cell in truth}
    few = {cell for cell, count in truth.items() if 0 < count < limits[cell]}
    found = set()
    for cell in few & least_and_most.keys():
        least, most = least_and_most[cell]
        printed = str(cell[0]).removeprefix("sum ") in groups
        close = too_close(least, most, truth[cell]) if printed else least > 0 or most < limits[cell]
        found |= {cell} if close or cell in exactly else set()
    return found


@st.composite
def overlapping(draw: st.DrawFn) -> tuple[Parts, Groups, Groups]:
    """Parts, the groups of a first release, and those of a second."""
    answers, count = draw(st.integers(2, 3)), draw(st.integers(2, 4))
    numbers = st.integers(0, 9) | st.integers(5, 60)
    parts = {f"p{at}": tuple(draw(numbers) for _ in range(answers)) for at in range(count)}
    some = st.lists(st.sampled_from(sorted(parts)), min_size=1, unique=True).map(sorted)
    groups = draw(st.lists(some, min_size=2, max_size=5, unique_by=tuple))
    first = draw(st.integers(1, len(groups) - 1))
    named = {f"g{at}": group for at, group in enumerate(groups)}
    return parts, dict(list(named.items())[:first]), dict(list(named.items())[first:])


@settings(max_examples=60 * DEEP, deadline=None)
@given(overlapping())
def test_two_releases_together_tell_no_small_number(case: tuple[Parts, Groups, Groups]) -> None:
    parts, first, second = case
    answers = len(next(iter(parts.values())))
    before = shown_of(first, hidden_beside(parts, first, {}), answers)
    assert not few_found(parts, first, before)
    after = shown_of(second, hidden_beside(parts, first | second, before), answers)
    # Nothing follows from both releases that did not from the first alone.
    assert few_found(parts, first | second, before | after) <= few_found(parts, first | second, before)


def test_a_school_and_then_its_levels_leave_four_values_to_whoever_has_read_the_rule() -> None:
    groups: Groups = {"all": ["6e", "5e"], "6e": ["6e"], "5e": ["5e"]}
    alike: dict[tuple[tuple[str, Place, int], ...], list[Parts]] = defaultdict(list)
    sizes = (20, 23) if DEEP > 1 else (10, 11)
    for first, second in product(range(sizes[0] + 1), range(sizes[1] + 1)):
        parts: Parts = {"6e": (first, sizes[0] - first), "5e": (second, sizes[1] - second)}
        shown = shown_of(["all"], hidden_beside(parts, {"all": groups["all"]}, {}), 2)
        shown |= shown_of(["6e", "5e"], hidden_beside(parts, groups, shown), 2)
        alike[tuple(_numbers(parts, groups, shown))].append(parts)
    for told, same in alike.items():
        names = {(name, place) for name, place, _ in told}
        for name, place in product(groups, range(2)):
            values = {sum(parts[part][place] for part in groups[name]) for parts in same}
            assert (name, place) in names or len(values) >= 4, told


def _numbers(parts: Parts, groups: Groups, shown: Shown) -> Iterator[tuple[str, Place, int]]:
    for name, places in shown.items():
        for place in sorted(places, key=str):
            counts = [parts[part] if place is None else [parts[part][place]] for part in groups[name]]
            yield name, place, sum(map(sum, counts))


def everything(names: Collection[str], answers: int) -> dict[str, set[Place]]:
    return {name: {None, *range(answers)} for name in names}


def test_the_attackers_find_who_joined_later() -> None:
    parts: Parts = {"6e": (40, 20), "5e": (30, 20), "late": (5, 1)}
    groups: Groups = {"first": ["6e", "5e"], "all": ["6e", "5e", "late"]}
    assert ("sum late", 1) in few_found(parts, groups, everything(groups, 2))
    hidden = hidden_beside(parts, groups, everything(["first"], 2))
    assert hidden == {"all": {None, 0, 1}}


def test_many_who_joined_later_hide_nothing() -> None:
    parts: Parts = {"6e": (40, 20), "late": (25, 11)}
    groups: Groups = {"first": ["6e"], "all": ["6e", "late"]}
    assert hidden_beside(parts, groups, everything(["first"], 2)) == {"all": set()}


def test_a_level_of_few_is_told_neither_by_itself_nor_by_the_others() -> None:
    parts: Parts = {"6e": (40, 20), "5e": (30, 20), "4e": (30, 2)}
    groups: Groups = {**{name: [name] for name in parts}, "all": list(parts)}
    hidden = hidden_beside(parts, groups, everything(["all"], 2))
    assert 1 in hidden["4e"]
    assert not few_found(parts, groups, everything(["all"], 2) | shown_of(parts, hidden, 2))
    naive: Shown = everything(groups, 2) | {"4e": {None}}  # control: only the small number and what it was taken from
    assert ("sum 4e", 1) in few_found(parts, groups, naive)


def test_a_release_is_the_same_each_time() -> None:
    """Also where sets are walked through in another order."""
    asked = (
        "from ent_module.privacy.disclosure.releases import hidden_beside; "
        "parts = {'a': (40, 3, 9), 'b': (30, 20, 4), 'c': (30, 2, 12)}; "
        "told = hidden_beside(parts, {'ab': ['a', 'b'], 'bc': ['b', 'c'], 'abc': ['a', 'b', 'c']}, {}); "
        "print([sorted(map(str, places)) for places in told.values()])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", asked], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert b"0" in answers.pop()


def test_what_was_told_before_is_not_taken_as_a_reason_to_hide_everything() -> None:
    """The school told 6; of its levels each can have no more than 6, whatever is told of them."""
    parts: Parts = {"6e": (40, 3), "5e": (30, 3), "4e": (30, 20)}
    groups: Groups = {"two": ["6e", "5e"], "4e": ["4e"]}
    assert hidden_beside(parts, groups, everything(["two"], 2)) == {"4e": set()}


def test_declared_crossings_are_protected_with_their_margins() -> None:
    """Two groups by two places, with the sums of both: one small number takes three along."""
    counts = {"ax": 30, "ay": 3, "bx": 25, "by": 40, "a": 33, "b": 65, "x": 55, "y": 43, "all": 98}
    sums = [
        Sum("a", ("ax", "ay"), base=True),
        Sum("b", ("bx", "by"), base=True),
        Sum("x", ("ax", "bx")),
        Sum("y", ("ay", "by")),
        Sum("all", ("a", "b")),
    ]
    assert hidden_among(counts, sums) == {"ax", "ay", "bx", "by"}
    assert hidden_among(counts | {"ay": 13, "a": 43, "y": 53, "all": 108}, sums) == frozenset()
