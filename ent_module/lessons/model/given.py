"""What is kept of a lesson that was given, and the hours that come of it. No pupil, no text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

GOAL = 10 * 60
"""Minutes a year and class that the programme pHARe foresees."""
PARTS = ("1", "2", "12")
"""Which parts were given: the first, the second, both."""
MINUTES = range(5, 181)


@dataclass(frozen=True)
class Given:
    """A lesson given to a class on a day."""

    lesson: str
    """Its slug."""
    class_name: str
    day: date
    parts: str
    minutes: int
    remote: bool
    id: UUID | None = None


def minutes_by_class(given: Iterable[Given], classes: Iterable[str]) -> dict[str, int]:
    """The minutes that each class had: first the classes one has now, also those without, then any other."""
    found: dict[str, int] = defaultdict(int, dict.fromkeys(classes, 0))
    for one in given:
        found[one.class_name] += one.minutes
    return dict(found)
