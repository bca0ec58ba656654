"""School codes. Examples: the code of the page blog.juliendelmas.fr on the UAI, one of a public Moodle-sync script,
Corsica's numeric department, and a Paris code; each remainder by 23 is computed by hand beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.establishments.model import Kind, is_uai, normalised_uai


@pytest.mark.parametrize(
    "uai",
    [
        "0951099D",  # 951 099 = 41 352 × 23 + 3
        "0370074E",  # 370 074 = 16 090 × 23 + 4
        "6200001G",  # 6 200 001 = 269 565 × 23 + 6
        "0750655E",  # 750 655 = 32 637 × 23 + 4
        "0450822Z",  # 450 822 = 19 600 × 23 + 22
    ],
)
def test_worked_examples(uai: str) -> None:
    assert is_uai(uai)


@pytest.mark.parametrize("uai", ["0450822X", "0000000V", "0951099E", "6200001A"])
def test_a_wrong_letter_is_refused_unless_schools_are_invented(uai: str) -> None:
    assert not is_uai(uai)
    assert is_uai(uai, check_letter=False)


@pytest.mark.parametrize(
    "uai",
    ["", "0951099", "951099D", "09510999D", "0951099I", "0951099O", "0951099Q", "0951099d", "O951099D", "2A00001G"],
)
def test_a_wrong_shape_is_refused_always(uai: str) -> None:
    assert not is_uai(uai, check_letter=False)


def test_digits_of_other_scripts_are_refused() -> None:
    assert not is_uai("٠٩٥١٠٩٩D", check_letter=False)


def test_case_and_spaces_do_not_matter() -> None:
    assert normalised_uai(" 095 1099d\n") == "0951099D"


@given(st.integers(0, 9_999_999), st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ"))
def test_exactly_one_letter_fits(number: int, letter: str) -> None:
    fitting = [one for one in "ABCDEFGHJKLMNPRSTUVWXYZ" if is_uai(f"{number:07}{one}")]
    assert len(fitting) == 1
    assert is_uai(f"{number:07}{letter}") == (letter == fitting[0])


def test_levels_stand_above_schools_and_never_in_a_circle() -> None:
    assert Kind.ECOLE.may_stand_below(Kind.CIRCONSCRIPTION)
    assert Kind.COLLEGE.may_stand_below(Kind.DEPARTEMENT)
    assert not Kind.ECOLE.may_stand_below(Kind.COLLEGE)
    assert not any(one.may_stand_below(one) for one in Kind)
    assert not any(one.may_stand_below(other) and other.may_stand_below(one) for one in Kind for other in Kind)
