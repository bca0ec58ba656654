"""The rule that says « a baissé »: against published intervals, and against chance."""

from collections.abc import Iterable
from copy import deepcopy
from random import Random  # noqa: TID251  # the same schools at each run
from typing import Any

import pytest

from ent_module.surveys.comparison import Change, Proportion, Wave, change, compare, newcombe, same_question, wilson
from ent_module.surveys.model import ABOVE, ANSWERED, Item, Questionnaire
from tests.surveys.campaign import climate

PUBLISHED = [
    # Newcombe (1998), Statistics in Medicine 17, table II, method 10
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


@pytest.mark.parametrize(("now", "before", "low", "high"), PUBLISHED)
def test_intervals_are_the_published_ones(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    assert newcombe(Proportion(*now), Proportion(*before)) == pytest.approx((low, high), abs=6e-5)


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3: 81 of 263 gives 0.2553 to 0.3662
    assert wilson(Proportion(81, 263), 1.959964) == pytest.approx((0.2553, 0.3662), abs=6e-5)


def test_turned_round_the_interval_is_turned_round() -> None:
    low, high = newcombe(Proportion(30, 90), Proportion(12, 70))
    assert newcombe(Proportion(12, 70), Proportion(30, 90)) == pytest.approx((-high, -low))


def test_a_proportion_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        newcombe(Proportion(0, 0), Proportion(1, 2))


@pytest.mark.parametrize(
    ("now", "before", "chance", "said"),
    [
        ((60, 200), (20, 200), 0.05, Change.ROSE),
        ((20, 200), (60, 200), 0.05, Change.FELL),
        ((21, 200), (20, 200), 0.05, Change.UNCLEAR),
        ((56, 70), (48, 80), 0.05, Change.ROSE),
        ((56, 70), (48, 80), 0.05 / 20, Change.UNCLEAR),  # the same pair, one of twenty
    ],
)
def test_what_may_be_said(now: tuple[int, int], before: tuple[int, int], chance: float, said: Change) -> None:
    assert change(Proportion(*now), Proportion(*before), chance) is said


def wave(shares: Iterable[tuple[str, int, int]], asked: Questionnaire | None = None) -> Wave:
    return Wave(asked or climate(), {item: {ABOVE: count, ANSWERED: all_} for item, count, all_ in shares})


def two_sided() -> list[str]:
    return [item.id for item in climate().items("college") if item.scale in {"agreement", "frequency"}]


def test_where_nothing_has_changed_a_page_says_so_nineteen_times_in_twenty() -> None:
    """Two waves of 150 pupils of whom 30 in 100 say yes, 400 times. Each question by itself would be wrong far more."""
    chance, items = Random(20261123), two_sided()

    def drawn() -> Wave:
        return wave((item, sum(chance.random() < 0.3 for _pupil in range(150)), 150) for item in items)

    pages = alone = 0
    for _school in range(400):
        now, before = drawn(), drawn()
        compared = compare(now, before, "college", ["bullied", "safety_school", "belonging_adult"])
        assert len(compared) == len(items)
        pages += any(one.change is not Change.UNCLEAR for one in compared)
        alone += any(
            change(Proportion(now.counts[item][ABOVE], 150), Proportion(before.counts[item][ABOVE], 150), 0.05)
            is not Change.UNCLEAR
            for item in items
        )
    assert pages / 400 < 0.08  # 0.05, and three standard errors of it
    assert alone / 400 > 0.5  # control: the naive rule


def test_a_real_change_is_seen() -> None:
    now, before = wave([("bullied", 20, 200)]), wave([("bullied", 50, 200)])
    one = compare(now, before, "college")[0]
    assert (one.item.id, one.before, one.now, one.change) == ("bullied", 25, 10, Change.FELL)


def test_choosing_among_several_waves_is_paid_for() -> None:
    now, before = wave([("bullied", 56, 70)]), wave([("bullied", 48, 80)])
    said = [compare(now, before, "college", waves=waves)[0].change for waves in (1, 10)]
    assert said == [Change.ROSE, Change.UNCLEAR]


def test_what_comes_first_is_seen_sooner() -> None:
    items = two_sided()
    now = wave((item, 60 if item == "bullied" else 40, 200) for item in items)
    before = wave((item, 36 if item == "bullied" else 40, 200) for item in items)
    alike, first = (
        {one.item.id: one.change for one in compare(now, before, "college", figures)}["bullied"]
        for figures in ([], ["bullied"])
    )
    assert (alike, first) == (Change.UNCLEAR, Change.ROSE)


def test_only_what_both_waves_released_is_compared() -> None:
    now = wave([("bullied", 20, 100), ("seen", 30, 100)])
    before = wave([("seen", 40, 100), ("safety_school", 80, 100)])
    assert [one.item.id for one in compare(now, before, "college")] == ["seen"]
    silent = Wave(climate(), {"seen": {ANSWERED: 100}})
    assert compare(now, silent, "college") == ()
    assert compare(now, wave([]), "college") == ()


def test_places_and_questions_with_several_answers_are_not_compared() -> None:
    both = wave([("place", 20, 100), ("told", 20, 100), ("bullied", 20, 100)])
    assert [one.item.id for one in compare(both, both, "college")] == ["bullied"]


def changed(what: str) -> Questionnaire:
    """The questionnaire with something else about `bullied`."""
    data: dict[str, Any] = deepcopy(dict(climate().data))
    item = next(one for part in data["sections"] for one in part["items"] if one["id"] == "bullied")
    if what == "wording":
        item["text"]["fr"] = "Combien de fois ?"
    elif what == "cut-off":
        item["cutoff"] = "weekly"
    elif what == "translation":
        item["text"]["en"] = "How often?"
    elif what == "choice":
        data["scales"]["frequency"]["choices"][1]["label"]["fr"] = "Parfois"
    elif what == "choices":
        del data["scales"]["frequency"]["choices"][3]
    elif what == "scale":
        data["scales"]["how_often"] = data["scales"]["frequency"]
        item["scale"] = "how_often"
    return Questionnaire.from_data(data)


def bullied(asked: Questionnaire) -> Item:
    return next(item for item in asked.items("college") if item.id == "bullied")


@pytest.mark.parametrize("what", ["wording", "cut-off", "choice", "choices", "scale"])
def test_another_question_under_the_same_id_is_not_compared(what: str) -> None:
    other = changed(what)
    assert not same_question(bullied(climate()), bullied(other), "college")
    assert compare(wave([("bullied", 20, 100)]), wave([("bullied", 40, 100)], other), "college") == ()


@pytest.mark.parametrize("what", ["nothing", "translation"])
def test_the_same_question_of_another_version_is_compared(what: str) -> None:
    assert same_question(bullied(climate()), bullied(changed(what)), "college")
