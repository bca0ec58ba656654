"""How many cards there may be, and what an adult who hands them out cannot have sent alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.surveys import card_rules
from ent_module.surveys.card_rules import HALVES, For, Limit


@pytest.mark.parametrize(("pupils", "most"), [(None, 6), (28, 5), (30, 6), (9, 1), (3, 1), (1, 1), (36, 7), (60, 7)])
def test_a_class_has_one_card_for_five_pupils(pupils: int | None, most: int) -> None:
    """However many pupils a teacher says there are: no class has more than 36."""
    assert card_rules.some(pupils, 0) == Limit(most, most)
    assert card_rules.some(pupils, most - 1).left == 1
    assert card_rules.some(pupils, most + 3).left == 0


@pytest.mark.parametrize(
    ("opened", "made", "made_in_class", "limit"),
    [
        (0, 0, 0, Limit(0, 0)),
        (1, 0, 0, Limit(1, 1)),
        (66, 1, 0, Limit(1, 0)),
        (67, 1, 0, Limit(2, 1)),
        (67, 1, 1, Limit(2, 1)),
        (67, 2, 1, Limit(2, 0)),
        (800, 20, 2, Limit(2, 0)),
        (800, 20, 0, Limit(2, 2)),
    ],
)
def test_lost_questionnaires_are_replaced_for_three_in_a_hundred(
    opened: int, made: int, made_in_class: int, limit: Limit
) -> None:
    assert card_rules.lost(opened, made, made_in_class) == limit


@given(st.integers(1, 36))
def test_no_half_is_more_than_the_other(pupils: int) -> None:
    assert pupils <= 2 * card_rules.half(pupils) <= pupils + 1


CARDS = st.fixed_dictionaries({purpose: st.integers(0, 18) for purpose in For})


@given(st.lists(CARDS, max_size=4), st.data())
def test_nobody_who_used_all_cards_that_were_his_is_counted_as_unknown(
    made: list[dict[For, int]], data: st.DataObject
) -> None:
    """Whatever the adult does with his own, ballots that the rule calls unknown were sent by others."""
    mine = [data.draw(st.sampled_from(HALVES)) for _class in made]
    his = sum(one[For.SOME] + one[For.LOST] + one[half] for one, half in zip(made, mine, strict=True))
    others = sum(map(sum, (one.values() for one in made))) - his
    sent_by_others = data.draw(st.integers(0, others))
    assert card_rules.unknown(his + sent_by_others, made) <= sent_by_others
    naive = max(0, his + sent_by_others - his // 2)
    assert naive > sent_by_others or his < 2  # half of what he has is not enough to take away


def test_cards_of_classes_that_have_no_others_are_half_unknown() -> None:
    assert card_rules.unknown(112, [dict.fromkeys(HALVES, 14)] * 4) == 56
    assert card_rules.unknown(14, [{For.FIRST: 14}]) == 0  # the second adult has printed nothing
    assert card_rules.unknown(9, [{For.SOME: 6, For.LOST: 1}]) == 2
