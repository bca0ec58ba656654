"""Whom results are about: the levels of a school, large enough, each class in exactly one. Pure rules.

They are settled when a campaign opens and never change: each has a key of its own, in the list that everyone is given.
A level of fewer than ENROLLED pupils, or one whose numbers could be those of one class, joins its nearest neighbour.
What is told of them in the end is decided once more, by how many took part (`release.told_apart`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from ent_module.surveys.plan import OTHER
from ent_module.surveys.release import Release, decide

ENROLLED = 30
_ORDER = ("cp", "ce1", "ce2", "cm1", "cm2", "6e", "5e", "4e", "3e", "2de", "1re", "tle")


@dataclass(frozen=True)
class Enrolled:
    """A class that is asked. `level`: as the school says it (« 6e »), or OTHER."""

    class_code: str
    level: str
    enrolled: int


@dataclass(frozen=True)
class Group:
    """A cohort before it has a key. Without levels it is the whole school; `enrolled` is None where nobody said it."""

    levels: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    enrolled: int | None = None
    id: UUID = field(default_factory=uuid4)

    @property
    def name(self) -> str:
        """As the list of keys says it, the same for everyone."""
        if not self.levels:
            return "Tout l’établissement"
        said = ["autres classes" if level == OTHER else level for level in self.levels]
        if len(said) == 1:
            return f"Niveau {said[0]}"
        return f"Niveaux {', '.join(said[:-1])} et {said[-1]}"


def whole() -> tuple[Group, ...]:
    """The only cohort of a campaign that any class of the school may still join."""
    return (Group(),)


def divide(classes: Iterable[Enrolled]) -> tuple[Group, ...]:
    """The cohorts of these classes, in the order of their levels; one alone is the whole school.

    Raises ValueError where a class is named twice or none is named.
    """
    asked = list(classes)
    if not asked or len({one.class_code for one in asked}) < len(asked):
        raise ValueError("each class is in one cohort")
    levels = sorted({one.level for one in asked}, key=_place)
    parts = [[one for one in asked if one.level == level] for level in levels]
    while len(parts) > 1 and (weak := [at for at, one in enumerate(parts) if not _stands(one)]):
        beside = [at for at in (weak[0] - 1, weak[0] + 1) if 0 <= at < len(parts)]
        first, second = sorted((weak[0], min(beside, key=lambda at: _size(parts[at]))))
        parts[first : second + 1] = [parts[first] + parts[second]]
    return tuple(_group(part, levels if len(parts) > 1 else ()) for part in parts)


def _stands(part: Sequence[Enrolled]) -> bool:
    """Whether results could be about these classes alone, if everybody took part."""
    sizes = [one.enrolled for one in part]
    return sum(sizes) >= ENROLLED and decide(sum(sizes), sizes) is Release.SHOWN


def _size(part: Sequence[Enrolled]) -> int:
    return sum(one.enrolled for one in part)


def _group(part: Sequence[Enrolled], levels: Sequence[str]) -> Group:
    mine = {one.level for one in part}
    named = tuple(level for level in levels if level in mine)
    return Group(named, frozenset(one.class_code for one in part), _size(part))


def _place(level: str) -> tuple[float, str]:
    """Where a level stands among the others: « CM1-CM2 » between the two, what is no level of ours at the end."""
    found = [_ORDER.index(word) for word in re.findall(r"\w+", level.casefold()) if word in _ORDER]
    return sum(found) / len(found) if found else len(_ORDER), level
