"""What may be kept of a campaign when it closes: the numbers that a school may read, and no other. Pure rules.

In: the sums of all ballots, in memory. Out: the cells that are written. Disclosure control is done here and once, so
that a database tells no more than the page: a sum over few ballots is those ballots.

What does not belong here: how the numbers are laid out (`results`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys.model import ABOVE, ANSWERED, Item, Questionnaire
from ent_module.surveys.parts import WHOLE_SCHOOL

if TYPE_CHECKING:
    from ent_module.privacy.disclosure.questions import Told

CLASS = 36
"""The most pupils that a class has, as a rule: groups that together have no more may be parts of one class."""

# Where no item says it, from which choice on an answer counts, by scale.
_FROM = {"agreement": "rather_agree", "frequency": "once_twice"}

Sums = Counter[tuple[str, str]]
"""Question and choice (ANSWERED: all who answered it) → how many."""
Cell = tuple[str, str, int]
LevelCell = tuple[str, str, str, int]
"""The same of a level, or of all: WHOLE."""
WHOLE = ""


class Release(StrEnum):
    """Whether a closed campaign has results, or why not."""

    SHOWN = "shown"
    FEW = "few"
    """Fewer than FLOOR ballots."""
    ONE_CLASS = "one_class"
    """All but fewer than FLOOR may be one class's, and results of one class are never shown."""
    LOST = "lost"
    """The keys were lost before the closing: nobody can open the ballots."""
    UNOPENED = "unopened"
    """Nobody came with the two shares of the key: the ballots were deleted without having been opened."""


def decide(counted: int, groups: Collection[int]) -> Release:
    """What a campaign with that many ballots that are not blank may tell; `groups`: how many took part in each.

    Whose ballots are blank is not known: all of them might be from the other groups.
    """
    if counted < FLOOR:
        return Release.FEW
    return Release.SHOWN if counted - most_of_one_class(groups) >= FLOOR else Release.ONE_CLASS


def classes_among(groups: Mapping[str, int]) -> list[int]:
    """How many took part in each class. Parents and staff have none: they answer for the whole school."""
    return [size for code, size in groups.items() if code not in WHOLE_SCHOOL.values()]


def most_of_one_class(groups: Collection[int]) -> int:
    """How many ballots one class may have: those of the largest group, or of smaller ones into which it was divided."""
    together = {0}
    for size in groups:
        together |= {other + size for other in together if other + size <= CLASS}
    return max(together | set(groups))


def told_apart(counted: Mapping[str, int], groups: Mapping[str, Collection[int]]) -> frozenset[str]:
    """Which levels of a school may have numbers of their own, in: level → ballots that are not blank, and how many took
    part in each of its classes, levels in their order.

    A level needs what a campaign needs (`decide`), and so do those together that have none, as anyone can subtract:
    else the nearest other joins them.
    """
    levels = list(counted)
    left = [level for level in levels if decide(counted[level], groups[level]) is not Release.SHOWN]
    while left and len(left) < len(levels):
        together = sum(counted[level] for level in left), [size for level in left for size in groups[level]]
        if len(left) > 1 and decide(*together) is Release.SHOWN:
            break
        places = [levels.index(level) for level in left]
        others = [level for level in levels if level not in left]
        left.append(min(others, key=lambda level: min(abs(levels.index(level) - place) for place in places)))
    return frozenset(levels) - frozenset(left)


def release(sums: Sums, asked: Questionnaire, level: str) -> Iterator[Cell]:
    """The cells that may be kept of these sums: question, choice (or ANSWERED, ABOVE), count."""
    for _, question, choice, count in release_by_level({WHOLE: sums}, asked, level, ()):
        yield question, choice, count


def release_by_level(
    sums: Mapping[str, Sums], asked: Questionnaire, kind: str, apart: Collection[str]
) -> Iterator[LevelCell]:
    """The cells that may be kept of a school (WHOLE) and of those of its levels that are `apart` (`told_apart`).

    What is kept of the school is the same whatever is kept of its levels. Of these only sides are told; a question that
    has none, or that concerns only some, is told of the school alone.
    """
    rows = {level: one for level, one in sums.items() if level in apart}
    if len(rows) < len(sums):
        rows[WHOLE] = sum((one for level, one in sums.items() if level not in apart), Sums())
    alone = {WHOLE: sum(sums.values(), Sums())}
    rows_of = {item.id: rows if tells_levels(item) else alone for item in asked.items(kind)}
    told = {item.id: _tell(item, list(rows_of[item.id].values())) for item in asked.items(kind)}
    for item in asked.items(kind):
        if _given_away(item, told, asked.items(kind)):
            continue
        whole, parts = told[item.id]
        levels = zip(rows_of[item.id], parts, strict=True)
        for level, one in (*((level, part) for level, part in levels if level != WHOLE), (WHOLE, whole)):
            yield from ((level, item.id, choice, count) for choice, count in _cells(item, one))


def tells_levels(item: Item) -> bool:
    """Whether a question is told of levels at all: it has two sides, is asked of everybody, and is not sensitive."""
    return item.relevant is None and item.sensitive is None and counts_from(item) is not None


def level_name(levels: Iterable[str]) -> str:
    """What the numbers of these levels together are kept under; of none, those of the whole school: WHOLE."""
    return "+".join(levels)


def of_level(cells: Iterable[LevelCell], level: str) -> list[Cell]:
    """The cells of that level, or of all: WHOLE."""
    return [(item, choice, count) for one, item, choice, count in cells if one == level]


def counts_from(item: Item) -> int | None:
    """Place of the first choice that counts: the item's own cut-off, else its scale's. None: it has no two sides."""
    start = item.cutoff or _FROM.get(item.scale)
    if item.several or start is None or start not in [choice.id for choice in item.choices[1:]]:
        return None
    return item.place_of(start)


def _tell(item: Item, rows: Sequence[Sums]) -> tuple["Told", list["Told"]]:
    """What may be told of one question, of all and of each row of sums."""
    from ent_module.privacy.disclosure.questions import tell, tell_several  # numpy is slow to load

    counts = [[one[item.id, choice.id] for choice in item.choices] for one in rows]
    if item.several:
        return tell_several([one[item.id, ANSWERED] for one in rows], counts)
    return tell(counts, counts_from(item))


def _cells(item: Item, told: "Told") -> Iterator[tuple[str, int]]:
    names = (ANSWERED, ABOVE, *(choice.id for choice in item.choices))
    counts = (told.respondents, told.above, *told.cells)
    return ((name, count) for name, count in zip(names, counts, strict=True) if count is not None)


def _given_away(item: Item, told: Mapping[str, tuple["Told", list["Told"]]], asked: Iterable[Item]) -> bool:
    """Whether other questions tell more of this one than it may: only who chose certain choices is asked these, so
    that no fewer than have answered these chose them."""
    shown = dict(_cells(item, told[item.id][0]))
    return any(
        condition.item == item.id and not _sum_is_told(item, condition.choices, shown)
        for other in asked
        if other.relevant and told[other.id][0].respondents is not None
        for condition in other.relevant.conditions
    )


def _sum_is_told(item: Item, choices: frozenset[str], shown: Mapping[str, int]) -> bool:
    """Whether it can be told how many made one of these choices: what a side hides is among them wholly or not."""
    if item.several:
        return choices <= shown.keys()
    ids = [choice.id for choice in item.choices]
    cut = counts_from(item) if ABOVE in shown else None
    hidden = [set(side) - shown.keys() for side in (ids[:cut], ids[cut:] if cut else [])]
    return all(side <= choices or not side & choices for side in hidden)
