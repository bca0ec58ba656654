"""The rules that a record names: those that the deciding goes by, and cells that keep them."""

from random import Random  # noqa: TID251  # the same schools at each run

from ent_module.surveys.model import ABOVE, ANSWERED
from ent_module.surveys.release import WHOLE, LevelCell, Sums, counts_from, release_by_level
from ent_module.surveys.service import rules
from tests.surveys.campaign import climate


def test_a_constant_that_changes_is_another_version() -> None:
    """Whoever changes one adds one to VERSION, and a table here: records of before stay what they are."""
    assert rules.in_force() == {
        "version": 1,
        "floor": 10,
        "small": 5,
        "few": 20,
        "most_answers_by_level": 12,
        "largest_class": 36,
        "level_enrolled": 30,
        "level_cards_one_in": 5,
        "cards_one_pupil_in": 5,
        "cards_usual_class": 30,
        "cards_lost_of_hundred": 3,
        "cards_lost_of_class": 2,
        "cards_alone_largest_class": 36,
    }


def some_school(chance: Random) -> dict[str, Sums]:
    """The sums of three levels: some small, some where nearly everybody says the same."""
    levels = {level: Sums() for level in ("6e", "5e", "4e")}
    for sums in levels.values():
        size, calm = chance.choice((8, 14, 25, 60)), chance.choice((1, 3, 30))
        for item in climate().as_told.items("college"):
            for _pupil in range(size):
                if chance.random() < 0.9:
                    first, *others = item.choices
                    said = first if chance.random() < calm / (calm + 1) else chance.choice(others)
                    sums[item.id, ANSWERED] += 1
                    sums[item.id, said.id] += 1
    return levels


def naive(levels: dict[str, Sums]) -> list[LevelCell]:
    """All numbers of a school, as if nothing were to be hidden."""
    whole, found = sum(levels.values(), Sums()), []
    for item in climate().as_told.items("college"):
        found += [(WHOLE, item.id, choice.id, whole[item.id, choice.id]) for choice in item.choices]
        found.append((WHOLE, item.id, ANSWERED, whole[item.id, ANSWERED]))
        if (start := counts_from(item)) is not None:
            above = sum(whole[item.id, choice.id] for choice in item.choices[start:])
            found.append((WHOLE, item.id, ABOVE, above))
    return found


def test_what_is_released_keeps_the_rules_and_what_is_not_breaks_them() -> None:
    chance = Random(3)
    for _school in range(40):
        levels = some_school(chance)
        cells = list(release_by_level(levels, climate().as_told, "college", levels))
        assert not rules.broken(rules.in_force(), cells)
        assert rules.broken(rules.in_force(), naive(levels))


def test_each_rule_is_missed_where_it_is_broken() -> None:
    def broken(level: str = WHOLE, answered: int = 40, **counts: int) -> bool:
        cells = [(level, "bullied", ANSWERED, answered)]
        cells += [(level, "bullied", {"above": ABOVE}.get(choice, choice), count) for choice, count in counts.items()]
        return rules.broken(rules.in_force(), cells)

    assert not broken(above=6, never=30)
    assert broken(answered=9)
    assert broken(level="6e", answered=19, above=8)
    assert not broken(level="6e", answered=20, above=8)
    assert broken(never=4)
    assert broken(above=36)
    assert not broken(above=40, never=0)
    assert broken(answered=19, above=0)
    assert broken(answered=19, agree=19)
    assert broken(above=41)
    assert rules.broken(rules.in_force(), [(WHOLE, "bullied", "never", 30)])
