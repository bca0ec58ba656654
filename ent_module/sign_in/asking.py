"""Asking portals what they say of themselves: when it is needed, once for all who need it, once an hour."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from ent_module.sign_in.fetching import TOTAL_SECONDS, FetchError

HOUR = 3600
COOL_DOWN = 60
"""Seconds between two calls for more than is here: what asks for them, as a key's name does, anyone may send."""
AFTER_FAILURE = 5
"""Seconds before a portal that did not answer is asked again: a whole class must not wait in turn."""

Clock = Callable[[], float]
Answer = TypeVar("Answer")


@dataclass
class _Kept(Generic[Answer]):
    """What is known from one address. The answer and its time change together, since they are read without the lock."""

    answer: tuple[Answer, float] | None = None
    asked_again: float | None = None
    failed: float | None = None
    lock: Lock = field(default_factory=Lock)


class Answers(Generic[Answer]):
    """The answers that one application has had, by address. `ask` raises FetchError; `clock` gives seconds."""

    def __init__(self, ask: Callable[[str], Answer], clock: Clock = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._kept: dict[str, _Kept[Answer]] = {}

    def known(self, address: str) -> Answer | None:
        """What that address answered, where it is here and not too old. Asks nobody."""
        found = self._kept.get(address)
        return self._fresh(found) if found is not None else None

    def asked(self, address: str, enough: Callable[[Answer], bool] = lambda _answer: True) -> Answer:
        """What is known where it is enough, else what the address answers now.

        Whoever comes while it is being asked waits for that, and never longer than one call may take. Raises FetchError
        where the call fails, or is not due yet; what is known stays.
        """
        found = self._kept.setdefault(address, _Kept())
        if (answer := self._fresh(found)) is not None and enough(answer):
            return answer
        if not found.lock.acquire(timeout=TOTAL_SECONDS):
            raise FetchError("unreachable")
        try:
            if (answer := self._fresh(found)) is not None and enough(answer):
                return answer
            return self._call(address, found, again=answer is not None)
        finally:
            found.lock.release()

    def _call(self, address: str, found: _Kept[Answer], *, again: bool) -> Answer:
        now = self._clock()
        if _within(found.failed, now, AFTER_FAILURE) or (again and _within(found.asked_again, now, COOL_DOWN)):
            raise FetchError("unreachable")
        if again:
            found.asked_again = now
        try:
            answer = self._ask(address)
        except FetchError:
            found.failed = self._clock()
            raise
        found.answer, found.failed = (answer, self._clock()), None
        return answer

    def _fresh(self, found: _Kept[Answer]) -> Answer | None:
        if found.answer is None:
            return None
        answer, fetched = found.answer
        return answer if self._clock() - fetched <= HOUR else None


def _within(moment: float | None, now: float, seconds: float) -> bool:
    return moment is not None and now - moment < seconds
