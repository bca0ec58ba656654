"""Whom results are about: levels, large enough, each class in exactly one; none that could be one class."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.surveys.cohorts import Enrolled, Group, divide, whole

LEVELS = ("6e", "5e", "4e", "3e")


def school(**levels: list[int]) -> list[Enrolled]:
    """Classes of so many pupils, by level; « n6e » for 6e, since no name begins with a digit."""
    return [
        Enrolled(f"{level[1:]} {'ABCDEFGH'[number]}", level[1:], size)
        for level, sizes in levels.items()
        for number, size in enumerate(sizes)
    ]


def told(groups: tuple[Group, ...]) -> list[tuple[tuple[str, ...], int | None]]:
    return [(one.levels, one.enrolled) for one in groups]


def test_each_level_that_is_large_enough_is_a_cohort_in_the_order_of_studies() -> None:
    groups = divide(school(n3e=[27, 27], n6e=[28, 28, 28], n4e=[26, 25], n5e=[20, 20]))
    assert told(groups) == [(("6e",), 84), (("5e",), 40), (("4e",), 51), (("3e",), 54)]
    assert [one.name for one in groups] == ["Niveau 6e", "Niveau 5e", "Niveau 4e", "Niveau 3e"]
    assert groups[0].classes == {"6e A", "6e B", "6e C"}
    assert len({one.id for one in groups}) == 4


@pytest.mark.parametrize(
    ("sizes", "cohorts"),
    [
        ({"n6e": [20, 20], "n5e": [14, 15], "n4e": [30, 30]}, [("6e", "5e"), ("4e",)]),
        ({"n6e": [30, 30], "n5e": [14, 15], "n4e": [20, 20]}, [("6e",), ("5e", "4e")]),
        ({"n6e": [35], "n5e": [30, 30], "n4e": [30, 30]}, [("6e", "5e"), ("4e",)]),  # one class, however large
        ({"n6e": [18, 18], "n5e": [30, 30]}, [()]),  # two halves of a class, perhaps
        ({"n6e": [10, 9], "n5e": [8, 7], "n4e": [6, 20], "n3e": [28, 28]}, [("6e", "5e", "4e"), ("3e",)]),
        ({"n6e": [12], "n5e": [11]}, [()]),
        ({"n6e": [28, 28]}, [()]),
    ],
)
def test_a_small_level_joins_its_nearest_neighbour(sizes: dict[str, list[int]], cohorts: list[tuple[str, ...]]) -> None:
    assert [one.levels for one in divide(school(**sizes))] == cohorts


def test_levels_of_a_school_for_small_children_and_classes_of_two_levels() -> None:
    classes = [
        Enrolled("B", "CM2", 24),
        Enrolled("A", "CP", 24),
        Enrolled("C", "CM1-CM2", 23),
        Enrolled("D", "CP", 22),
        Enrolled("E", "other", 3),
    ]
    groups = divide(classes)
    assert [one.levels for one in groups] == [("CP",), ("CM1-CM2", "CM2", "other")]
    assert groups[1].name == "Niveaux CM1-CM2, CM2 et autres classes"


def test_a_school_that_nobody_has_counted_is_one_cohort() -> None:
    (group,) = whole()
    assert (group.levels, group.enrolled, group.name) == ((), None, "Tout l’établissement")


@pytest.mark.parametrize("classes", [[], [Enrolled("6e A", "6e", 28), Enrolled("6e A", "5e", 28)]])
def test_no_class_is_in_two_cohorts(classes: list[Enrolled]) -> None:
    with pytest.raises(ValueError, match="one cohort"):
        divide(classes)


@given(st.lists(st.tuples(st.sampled_from([*LEVELS, "other", "option"]), st.integers(0, 40)), min_size=1, max_size=16))
def test_cohorts_are_a_partition_into_parts_that_are_large_enough(drawn: list[tuple[str, int]]) -> None:
    classes = [Enrolled(f"class {number}", level, size) for number, (level, size) in enumerate(drawn)]
    groups = divide(classes)
    assert sorted(code for one in groups for code in one.classes) == sorted(one.class_code for one in classes)
    assert sum(one.enrolled or 0 for one in groups) == sum(size for _level, size in drawn)
    assert len(groups) == 1 or all((one.enrolled or 0) >= 30 and len(one.classes) > 1 for one in groups)
    if len(groups) > 1:
        levels = [level for one in groups for level in one.levels]
        assert sorted(levels) == sorted({level for level, _size in drawn})
