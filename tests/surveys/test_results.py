import subprocess
import sys

import pytest

from ent_module.surveys.model import ANSWERED
from ent_module.surveys.release import Sums, release
from ent_module.surveys.results import ItemResult, Results, Silence, results
from tests.surveys.campaign import climate


def told_of(item: str, respondents: int, **counts: int) -> Results:
    """What is read of the sums of one question, at a collège."""
    sums = Sums({(item, ANSWERED): respondents} | {(item, choice): count for choice, count in counts.items()})
    return results(release(sums, climate(), "college"), climate(), "college")


def of(item: str, told: Results) -> ItemResult:
    return next(one for part in told.sections for group in part.groups for one in group.items if one.item.id == item)


def shares(item: str, told: Results) -> dict[str, int | Silence]:
    return {choice.id: share for choice, share in of(item, told).shares}


def test_a_question_with_a_cutoff_is_told_as_two_sides_and_in_detail() -> None:
    told = told_of("bullied", 100, never=60, once_twice=20, two_three_month=9, weekly=6, several_week=5)
    assert of("bullied", told).above == 20
    assert shares("bullied", told) == {
        "never": 60,
        "once_twice": 20,
        "two_three_month": 9,
        "weekly": 6,
        "several_week": 5,
    }
    assert next((one.name, one.share) for one in told.figures) == ("bullied", 20)


def test_cells_of_a_side_stay_hidden_where_they_would_be_told_by_its_sum() -> None:
    told = told_of("bullied", 100, never=60, once_twice=20, two_three_month=12, weekly=6, several_week=2)
    assert of("bullied", told).above == 20
    assert shares("bullied", told) == {
        "never": 60,
        "once_twice": 20,
        "two_three_month": Silence.SMALL,
        "weekly": Silence.SMALL,
        "several_week": Silence.SMALL,
    }


def test_a_question_that_few_answered_says_so() -> None:
    told = told_of("safety_school", 9, agree=9)
    assert of("safety_school", told).above is Silence.FEW
    assert set(shares("safety_school", told).values()) == {Silence.FEW}
    assert of("climate_help", told).above is Silence.FEW  # nobody answered it at all


def test_each_of_several_answers_is_told_on_its_own() -> None:
    told = told_of("told", 40, friend=20, family=3, nobody=36, teacher=40)
    assert shares("told", told) == {
        "not_happened": 0,
        "nobody": Silence.SMALL,
        "friend": 50,
        "family": Silence.SMALL,
        "teacher": 100,
        "adult_here": 0,
        "helpline": 0,
        "other": 0,
    }
    assert of("told", told).above is None


def test_a_question_without_sides_is_one_table() -> None:
    told = told_of("told_result", 40, worse=12, same=14, better=14)
    assert shares("told_result", told)["better"] == 35
    assert shares("told_result", told)["not_told"] == 0


@pytest.mark.parametrize(
    ("level", "figures"),
    [
        ("ecole", ["bullied", "safety_school", "climate_listen"]),
        ("college", ["bullied", "safety_school", "belonging_adult"]),
        ("lycee", ["bullied", "safety_school", "belonging_adult"]),
    ],
)
def test_each_level_has_three_figures_and_all_its_questions(level: str, figures: list[str]) -> None:
    told = results([], climate(), level)
    assert [figure.item for figure in told.figures] == figures
    items = [one.item for part in told.sections for group in part.groups for one in group.items]
    assert sorted(item.id for item in items) == sorted(item.id for item in climate().items(level))


def test_bars_that_stand_together_add_up_the_same_answers() -> None:
    told = results([], climate(), "college")
    for part in told.sections:
        for group in part.groups:
            assert all(one.counted_choices == group.choices for one in group.items)
    happened = next(part for part in told.sections if part.section.id == "happened")
    assert [[one.item.id for one in group.items][:1] for group in happened.groups][:2] == [["bullied"], ["form_verbal"]]


def test_pandas_is_imported_only_for_results() -> None:
    """It is slow to load, and no pupil's page should wait for it."""
    code = "import sys, ent_module.extension, ent_module.surveys.blueprint; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
