"""One-time codes: those of the RFC, for a while, and each of them once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ent_module.identity import one_time

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("moment", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")],
)
def test_codes_are_those_of_the_rfc(moment: int, code: str) -> None:
    now = datetime.fromtimestamp(moment, UTC)
    assert one_time.accepted(RFC_SECRET, f" {code[:3]} {code[3:]} ", now) == moment // 30


def test_clocks_may_differ_by_one_step_and_no_more() -> None:
    now = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
    step = one_time.step_at(now)
    counts = [one_time.accepted(RFC_SECRET, one_time.code_at(RFC_SECRET, step + off), now) for off in range(-3, 4)]
    assert counts == [None, None, step - 1, step, step + 1, None, None]


def test_a_code_is_accepted_once_and_none_before_it() -> None:
    now = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
    step = one_time.step_at(now)
    assert one_time.accepted(RFC_SECRET, one_time.code_at(RFC_SECRET, step), now, after=step) is None
    assert one_time.accepted(RFC_SECRET, one_time.code_at(RFC_SECRET, step - 1), now, after=step) is None
    assert one_time.accepted(RFC_SECRET, one_time.code_at(RFC_SECRET, step + 1), now, after=step) == step + 1


def test_without_a_memory_of_the_last_one_a_code_would_open_twice() -> None:
    """The check that would be written first, tried by the same steps."""
    now = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
    code = one_time.code_at(RFC_SECRET, one_time.step_at(now))

    def opens_twice(look: Callable[[int], int | None]) -> bool:
        first = look(-1)
        return first is not None and look(first) is not None

    assert opens_twice(lambda _last: one_time.accepted(RFC_SECRET, code, now))
    assert not opens_twice(lambda last: one_time.accepted(RFC_SECRET, code, now, last))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "-1", "\x00" * 6])
def test_what_is_no_code_is_accepted_nowhere(typed: str) -> None:
    assert one_time.accepted(RFC_SECRET, typed, datetime(2026, 11, 12, tzinfo=UTC)) is None
