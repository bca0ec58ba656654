import subprocess
import sys

import pytest

from ent_module.surveys.content import questionnaires
from ent_module.surveys.guides import Guide, guide_of
from ent_module.surveys.model import ABOVE, ANSWERED
from ent_module.surveys.release import Cell, Sums, release
from ent_module.surveys.results import ItemResult, Results, Silence, for_class, results
from tests.surveys.campaign import climate


def told_of(item: str, respondents: int, **counts: int) -> Results:
    """What is read of the sums of one question, at a collège."""
    sums = Sums({(item, ANSWERED): respondents} | {(item, choice): count for choice, count in counts.items()})
    return results(release(sums, climate(), "college"), climate(), "college", guide_of(climate()))


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
    assert next((one.told.item, one.share) for one in told.figures) == ("bullied", 20)


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


def boarders(never: int, calm: int) -> Results:
    """The sums of a boarding school's question and of one that only those are asked who sleep there."""
    asked, sums = questionnaires()["boarding"], Sums({("boarding_nights", "none"): never})
    sums += Sums({("boarding_nights", "most"): 50, ("boarding_nights", ANSWERED): 50 + never})
    sums += Sums({("boarding_calm", ANSWERED): calm, ("boarding_calm", "agree"): calm})
    return results(release(sums, asked, "college"), asked, "college", guide_of(asked))


def test_a_question_kept_back_for_the_sake_of_another_does_not_say_that_few_answered() -> None:
    kept_back, told, none = boarders(3, calm=50), boarders(20, calm=50), boarders(3, calm=9)
    assert set(shares("boarding_nights", kept_back).values()) == {Silence.LINKED}
    assert of("boarding_calm", kept_back).above == 100
    assert Silence.LINKED not in shares("boarding_nights", told).values()
    assert Silence.LINKED not in shares("boarding_nights", none).values()
    assert of("boarding_calm", none).above is Silence.FEW


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
    told = results([], climate(), level, guide_of(climate()))
    assert [figure.told.item for figure in told.figures] == figures
    items = [one.item for part in told.sections for group in part.groups for one in group.items]
    items += [one.item for one in told.places]
    assert sorted(item.id for item in items) == sorted(item.id for item in climate().items(level))


def test_bars_that_stand_together_add_up_the_same_answers() -> None:
    told = results([], climate(), "college", guide_of(climate()))
    for part in told.sections:
        for group in part.groups:
            assert all(one.counted_choices == group.choices for one in group.items)
    happened = next(part for part in told.sections if part.section.id == "happened")
    assert [[one.item.id for one in group.items][:1] for group in happened.groups][:2] == [["bullied"], ["form_verbal"]]


def cells_of(**shares: tuple[int, int]) -> list[Cell]:
    """Cells as a release has them: question → how many count, of how many."""
    return [cell for item, (count, all_) in shares.items() for cell in ((item, ANSWERED, all_), (item, ABOVE, count))]


def test_places_stand_apart_and_nowhere_else() -> None:
    for level, place in (("ecole", "place_ecole"), ("college", "place"), ("lycee", "place")):
        told = results([], climate(), level, guide_of(climate()))
        assert [one.item.id for one in told.places] == [place]
        elsewhere = [one.item.id for part in told.sections for group in part.groups for one in group.items]
        assert "belonging_place" in elsewhere or level == "ecole"
        assert place not in elsewhere


def test_places_are_known_without_a_guide() -> None:
    """A school's own questionnaire has none: its places are known by their picture or their name."""
    told = results([], climate(), "college", Guide())
    # in doubt too: what a school calls so may be a place
    assert [one.item.id for one in told.places] == ["belonging_place", "safety_hidden_places", "place"]
    assert told.figures == ()
    assert told.crossed == ()


@pytest.mark.parametrize(
    ("cells", "suggested"),
    [
        (cells_of(bullied=(10, 100)), ["bullied"]),
        (cells_of(bullied=(9, 100)), []),
        (cells_of(safety_school=(79, 100)), ["safety_school"]),
        (cells_of(safety_school=(80, 100)), []),
        (cells_of(climate_mockery=(40, 100), help_known=(20, 40)), ["climate_mockery", "help_known"]),
        ([("bullied", ANSWERED, 100)], []),  # how many is hidden: nothing is guessed
        ([], []),
    ],
)
def test_a_crossed_threshold_suggests_something_and_a_hidden_number_nothing(
    cells: list[Cell], suggested: list[str]
) -> None:
    told = results(cells, climate(), "college", guide_of(climate()))
    assert [one.result.item.id for one in told.crossed] == suggested


@pytest.mark.parametrize(
    ("count", "respondents", "tenths", "exact"),
    [
        (80, 100, 8, True),
        (84, 100, 8, False),
        (85, 100, 9, False),
        (45, 100, 5, False),
        (4, 100, 0, False),
        (0, 100, 0, True),
        (96, 100, 10, False),
        (100, 100, 10, True),
        (11, 12, 9, False),
        (95, 100, 10, False),
    ],
)
def test_a_share_in_tenths(count: int, respondents: int, tenths: int, exact: bool) -> None:
    one = for_class(cells_of(climate_help=(count, respondents)), climate(), "ecole", guide_of(climate()))[0]
    assert (one.tenths, one.exact) == (tenths, exact)
    assert [choice.id for choice in one.choices] == ["rather_agree", "agree"]


def test_a_class_gets_three_numbers_of_those_that_are_shown() -> None:
    items = ("bullied", "climate_help", "belonging_adult", "climate_listen", "safety_school", "climate_respect")
    everything = cells_of(**dict.fromkeys(items, (30, 40)))

    def told(cells: list[Cell], level: str) -> list[str]:
        return [one.item.id for one in for_class(cells, climate(), level, guide_of(climate()))]

    assert told(everything, "college") == ["climate_help", "belonging_adult", "climate_listen"]
    assert told(everything, "ecole") == ["climate_help", "climate_listen", "safety_school"]
    hidden = [cell for cell in everything if cell[:2] != ("belonging_adult", ABOVE)]
    assert told(hidden, "college") == ["climate_help", "climate_listen", "safety_school"]
    assert told(cells_of(bullied=(30, 40)), "college") == []
    assert for_class(everything, climate(), "college", Guide()) == ()


def test_pandas_is_imported_only_for_results() -> None:
    """It is slow to load, and no pupil's page should wait for it."""
    code = "import sys, ent_module.extension, ent_module.surveys.blueprint; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
