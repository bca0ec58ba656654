"""The order in which ballots are opened: each id once, at any place as likely as at another, in little memory."""

import tracemalloc
from collections import Counter
from itertools import chain
from uuid import UUID

from ent_module.surveys.service.counting import _drawn

MANY = 20_000


def order(count: int) -> list[int]:
    """The numbers below `count` in the order in which their ids are drawn."""
    return [one.int for some in _drawn(UUID(int=number) for number in range(count)) for one in some]


def test_each_is_drawn_once_a_few_at_a_time() -> None:
    for count in (0, 1, 63, 64, 65, 1000):
        assert sorted(order(count)) == [*range(count)]
    assert max(len(some) for some in _drawn(UUID(int=number) for number in range(1000))) == 64
    assert order(1000) != order(1000)


def test_every_order_of_three_comes_as_often_as_another() -> None:
    """6,000 draws of six orders: a hundred more or less than a thousand is three and a half standard deviations."""
    found = Counter(tuple(order(3)) for _draw in range(6000))
    assert len(found) == 6
    assert all(850 < count < 1150 for count in found.values()), found


def test_in_memory_are_sixteen_bytes_each() -> None:
    """Objects would be 56 bytes and more, the list of them eight besides."""
    tracemalloc.start()
    try:
        drawn = _drawn(UUID(int=number) for number in range(MANY))
        first = next(drawn)
        _now, peak = tracemalloc.get_traced_memory()
        assert len(set(chain(first, *drawn))) == MANY
    finally:
        tracemalloc.stop()
    assert peak < 32 * MANY
