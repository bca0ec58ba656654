"""Parts of pages that never change, as a process keeps them once they are made: questions that were asked, numbers that
were released. Bounded, in memory only, and each under a key that says everything it was made of.

What does not belong here: anything of one person's (`pages.part` gives it no way in), and what schools may still change
(`recall`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST = 16_000_000
"""Characters, of all parts together: a few hundred questionnaires or pages of results."""


class Kept:
    """The parts of one process; what was not asked for longest goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._parts: OrderedDict[Hashable, str] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """The part of that key, made where it is not there. Whoever makes it keeps nobody else waiting."""
        with self._lock:
            found = self._parts.get(key)
            if found is not None:
                self._parts.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._size += len(made) - len(self._parts.pop(key, ""))
            self._parts[key] = made
            while self._size > self._most:
                self._size -= len(self._parts.popitem(last=False)[1])
        return made
