"""What a database holds after a closing: no more than the page tells, whatever was answered."""

import pytest

from ent_module.privacy.disclosure import FLOOR, SMALL
from ent_module.surveys import campaigns
from ent_module.surveys.model import ABOVE, ANSWERED, Answers
from ent_module.surveys.release import CLASS, Release, Sums, decide, most_of_one_class, release
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
