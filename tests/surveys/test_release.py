"""What a database holds after a closing: no more than the page tells, whatever was answered."""

import subprocess
import sys

import pytest

from ent_module.privacy.disclosure import FLOOR, SMALL
from ent_module.surveys import campaigns
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import ABOVE, ANSWERED, Answers
from ent_module.surveys.release import (
    CLASS,
    WHOLE,
    Release,
    Sums,
    decide,
    most_of_one_class,
    release,
    release_by_level,
    told_apart,
)
from tests.privacy.attackers import cornered, solved
from tests.support.database import everything
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, climate, fill, shut, started
from tests.surveys.campaign import ballots as ballots_of


@pytest.mark.parametrize(
    ("counted", "groups", "decided"),
    [
        (0, [], Release.FEW),
        (9, [5, 4], Release.FEW),
        (10, [10], Release.ONE_CLASS),
        (37, [28, 9], Release.ONE_CLASS),
        (40, [20, 20], Release.SHOWN),
        (28, [14, 14], Release.ONE_CLASS),  # one class in two halves
        (30, [10, 10, 10], Release.ONE_CLASS),
        (45, [15, 15, 15], Release.SHOWN),
        (60, [15, 15, 15, 15], Release.SHOWN),
        (39, [30, 10, 10], Release.ONE_CLASS),  # eleven blank ones may be of the small classes
        (90, [30, 30, 30], Release.SHOWN),
    ],
)
def test_results_are_of_a_school_and_never_of_a_class(counted: int, groups: list[int], decided: Release) -> None:
    assert decide(counted, groups) is decided


def test_one_class_is_the_largest_group_or_small_ones_together() -> None:
    assert most_of_one_class([]) == 0
    assert most_of_one_class([CLASS + 4, 3]) == CLASS + 4
    assert most_of_one_class([20, 14, 2, 1]) == CLASS
    assert most_of_one_class([20, 20]) == 20


def test_a_number_that_stays_hidden_is_not_kept_nor_one_that_would_tell_it() -> None:
    sums = Sums({("bullied", ANSWERED): 40, ("bullied", "never"): 38, ("bullied", "weekly"): 2})
    assert list(release(sums, climate(), "college")) == [("bullied", ANSWERED, 40)]
    sums = Sums({("bullied", ANSWERED): 40, ("bullied", "never"): 32, ("bullied", "weekly"): 8})
    assert ("bullied", ABOVE, 8) in release(sums, climate(), "college")


def test_a_question_that_few_answered_leaves_nothing() -> None:
    sums = Sums({("told", ANSWERED): FLOOR - 1, ("told", "friend"): FLOOR - 1})
    assert list(release(sums, climate(), "college")) == []


def of(item: str, *counts: int) -> Sums:
    """The sums of one question of the collège, its choices in order."""
    choices = next(one.choices for one in climate().items("college") if one.id == item)
    sums = Sums({(item, choice.id): count for choice, count in zip(choices, counts, strict=True)})
    return sums + Sums({(item, ANSWERED): sum(counts)})


LEVELS = {
    "6e": of("bullied", 60, 20, 9, 6, 5),
    "5e": of("bullied", 50, 22, 8, 5, 3),
    "4e": of("bullied", 40, 25, 2, 1, 0),
    "3e": of("bullied", 45, 30, 7, 6, 2),
}
"""Three of the fourth level are hurt often."""


def test_a_level_is_told_by_its_two_sides_unless_one_is_small_or_would_tell_it() -> None:
    told = list(release_by_level(LEVELS, climate(), "college", LEVELS))
    assert {level: count for level, _, choice, count in told if choice == ABOVE} == {"6e": 20, "3e": 15, WHOLE: 54}
    assert {level for level, _, choice, _ in told if choice == ANSWERED} == {*LEVELS, WHOLE}
    assert not [cell for cell in told if cell[0] != WHOLE and cell[2] not in {ANSWERED, ABOVE}]


def test_a_school_is_told_the_same_whatever_is_told_of_its_levels() -> None:
    together = sum(LEVELS.values(), Sums())
    told = [cell[1:] for cell in release_by_level(LEVELS, climate(), "college", LEVELS) if cell[0] == WHOLE]
    assert told == list(release(together, climate(), "college"))
    assert [cell[1:] for cell in release_by_level(LEVELS, climate(), "college", ()) if cell[0] == WHOLE] == told


@pytest.mark.parametrize("apart", [[*LEVELS], ["6e", "4e"], ["4e", "3e"], ["5e", "4e", "3e"]])
def test_nobody_finds_the_few_of_a_level(apart: list[str]) -> None:
    told = {cell[:3]: cell[3] for cell in release_by_level(LEVELS, climate(), "college", apart)}
    rows = []
    for level in (*LEVELS, WHOLE):
        respondents, above = (told.get((level, "bullied", choice)) for choice in (ANSWERED, ABOVE))
        below = None if respondents is None or above is None else respondents - above
        rows.append((below, above, respondents))
    truth = tuple(_sides(one) for one in LEVELS.values())
    assert rows[2][1] is None
    assert not solved(tuple(rows))
    assert not cornered(tuple(rows), truth)
    naive: list[tuple[int | None, ...]] = [(*sides, sum(sides)) for sides in truth]
    naive[2] = None, None, naive[2][2]
    assert solved((*naive, rows[-1]))  # control: only the small number and its other side are hidden


def _sides(sums: Sums) -> tuple[int, int]:
    counts = [sums["bullied", one] for one in ("never", "once_twice", "two_three_month", "weekly", "several_week")]
    return sum(counts[:2]), sum(counts[2:])


@pytest.mark.parametrize(
    ("counted", "groups", "apart"),
    [
        ({"6e": 60, "5e": 60}, {"6e": [30, 30], "5e": [30, 30]}, {"6e", "5e"}),
        ({"6e": 60, "5e": 60, "4e": 28}, {"6e": [30, 30], "5e": [30, 30], "4e": [28]}, {"6e"}),
        ({"6e": 28, "5e": 60, "4e": 27}, {"6e": [28], "5e": [30, 30], "4e": [27]}, {"5e"}),
        ({"6e": 28, "5e": 60, "4e": 5}, {"6e": [28], "5e": [30, 30], "4e": [5]}, set()),
        ({"6e": 28}, {"6e": [28]}, set()),
        ({}, {}, set()),
    ],
)
def test_a_level_of_one_class_is_not_told_apart_nor_left_alone(
    counted: dict[str, int], groups: dict[str, list[int]], apart: set[str]
) -> None:
    assert told_apart(counted, groups) == apart


def _boarders(*nights: int, calm: int) -> list[tuple[str, str, int]]:
    asked = questionnaires()["boarding"]
    counts = dict(zip(("none", "some", "most"), nights, strict=True))
    sums = Sums({("boarding_nights", choice): count for choice, count in counts.items()})
    sums += Sums({("boarding_nights", ANSWERED): sum(nights)})
    sums += Sums({("boarding_calm", ANSWERED): calm, ("boarding_calm", "agree"): calm})
    return list(release(sums, asked, "college"))


def test_a_question_is_not_told_where_those_whom_it_leads_to_others_would_give_it_away() -> None:
    """Of 53, three never sleep there; whoever reads that 50 answered what only boarders are asked knows it."""
    assert {question for question, _, _ in _boarders(3, 10, 40, calm=50)} == {"boarding_calm"}
    assert {question for question, _, _ in _boarders(13, 10, 40, calm=50)} == {"boarding_calm", "boarding_nights"}
    assert {question for question, _, _ in _boarders(3, 10, 40, calm=9)} == {"boarding_nights"}


def test_numpy_is_imported_only_where_a_campaign_closes() -> None:
    code = "import sys, ent_module.extension, ent_module.surveys.blueprint; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("ballots", [{"6e B": 1}, {"6e B": 5, "5e A": 4}, {"6e B": 14, "5e A": 14}])
def test_after_a_closing_without_results_no_table_holds_an_answer(town: Town, ballots: dict[str, int]) -> None:
    """Both worlds, the one in which a child is hurt and the one in which it is not, leave the same database."""
    choices = {choice for answers in (CALM, HURT) for chosen in answers.values() for choice in chosen}
    campaign = started(town, *ballots)
    fill(town, campaign, {code: [HURT, *[CALM] * (size - 1)] for code, size in ballots.items()})
    assert {choice for said in ballots_of(town) for chosen in said.values() for choice in chosen} <= choices  # control
    shut(town, campaign)
    held = everything(town.house.database)
    del held["ent_questionnaire"]  # what may be answered
    assert held["ent_result_cell"] == held["ent_sealed_ballot"] == held["ent_issuance"] == []
    assert not [row for rows in held.values() for row in rows for choice in choices if f"'{choice}'" in row]
    few = sum(ballots.values()) < FLOOR
    with town.house.database.reading() as db:
        closing = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert closing
    assert closing.taken == (None if few else sum(ballots.values()))


@pytest.mark.parametrize("alone", [HURT, {**CALM, "told": ["helpline"]}, {"bullied": ["several_week"]}])
def test_nothing_that_one_child_answered_alone_is_in_a_cell(town: Town, alone: Answers) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 25, "5e A": [CALM] * 24 + [alone]})
    shut(town, campaign)
    with town.house.database.reading() as db:
        kept = campaigns.cells(db, campaign)
    assert kept  # control
    totals = {item: count for item, choice, count in kept if choice == ANSWERED}
    assert not [cell for cell in kept if 0 < cell[2] < SMALL]
    assert not [cell for cell in kept if 0 < totals[cell[0]] - cell[2] < SMALL], "what is left would be the child"
