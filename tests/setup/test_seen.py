import pytest

from ent_module.privacy.keys import MasterKey
from ent_module.setup import seen
from tests.support.town import COLLEGE, OTHER, Town

KEYS = MasterKey(bytes(32))


def test_the_same_value_is_unchanged_whatever_the_order_of_its_keys(town: Town) -> None:
    place = town.schools[COLLEGE]
    given = seen.token(KEYS, place, "words", {"a": 1, "b": "é"})
    assert seen.unchanged(KEYS, place, "words", {"b": "é", "a": 1}, given)
    assert not seen.unchanged(KEYS, place, "words", {"b": "e", "a": 1}, given)


def test_nothing_but_what_we_gave_out_is_taken(town: Town) -> None:
    place, value = town.schools[COLLEGE], {"a": 1}
    given = seen.token(KEYS, place, "words", value)
    forged = [
        "",
        "zz",
        given[:-2],
        given + "00",
        given.replace(given[0], "0" if given[0] != "0" else "1", 1),
        seen.token(KEYS, place, "hours", value),
        seen.token(KEYS, town.schools[OTHER], "words", value),
        seen.token(MasterKey(bytes(31) + b"x"), place, "words", value),
    ]
    for one in forged:
        with pytest.raises(seen.TamperedError):
            seen.unchanged(KEYS, place, "words", value, one)
