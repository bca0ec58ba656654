"""What may be kept of a campaign when it closes: the numbers that a school may read, and no other. Pure rules.

In: the sums of all ballots, in memory. Out: the cells that are written. Disclosure control is done here and once, so
that a database tells no more than the page: a sum over few ballots is those ballots.

What does not belong here: how the numbers are laid out (`results`).
"""

from collections import Counter
from collections.abc import Collection, Iterator
from enum import StrEnum

from ent_module.privacy.disclosure import FLOOR, Cells, protect, protect_choices, protect_sides
from ent_module.surveys.model import ABOVE, ANSWERED, Item, Questionnaire

CLASS = 36
"""The most pupils that a class has, as a rule: groups that together have no more may be parts of one class."""

# Where no item says it, from which choice on an answer counts, by scale.
_FROM = {"agreement": "rather_agree", "frequency": "once_twice"}

Sums = Counter[tuple[str, str]]
"""Question and choice (ANSWERED: all who answered it) → how many."""
Cell = tuple[str, str, int]


class Release(StrEnum):
    """Whether a closed campaign has results, or why not."""

    SHOWN = "shown"
    FEW = "few"
    """Fewer than FLOOR ballots."""
    ONE_CLASS = "one_class"
    """All but fewer than FLOOR may be one class's, and results of one class are never shown."""
    LOST = "lost"
    """The keys were lost before the closing: nobody can open the ballots."""


def decide(counted: int, groups: Collection[int]) -> Release:
    """What a campaign with that many ballots that are not blank may tell; `groups`: how many took part in each.

    Whose ballots are blank is not known: all of them might be from the other groups.
    """
    if counted < FLOOR:
        return Release.FEW
    return Release.SHOWN if counted - most_of_one_class(groups) >= FLOOR else Release.ONE_CLASS


def most_of_one_class(groups: Collection[int]) -> int:
    """How many ballots one class may have: those of the largest group, or of smaller ones into which it was divided."""
    together = {0}
    for size in groups:
        together |= {other + size for other in together if other + size <= CLASS}
    return max(together | set(groups))


def release(sums: Sums, asked: Questionnaire, level: str) -> Iterator[Cell]:
    """The cells that may be kept of these sums: question, choice (or ANSWERED, ABOVE), count."""
    for item in asked.items(level):
        respondents = sums[item.id, ANSWERED]
        if respondents < FLOOR:
            continue
        yield item.id, ANSWERED, respondents
        above, shown = _protected(item, respondents, [sums[item.id, choice.id] for choice in item.choices])
        for choice, count in zip((ABOVE, *(choice.id for choice in item.choices)), (above, *shown), strict=True):
            if count is not None:
                yield item.id, choice, count


def counts_from(item: Item) -> int | None:
    """Place of the first choice that counts: the item's own cut-off, else its scale's. None: it has no two sides."""
    start = item.cutoff or _FROM.get(item.scale)
    if item.several or start is None or start not in [choice.id for choice in item.choices[1:]]:
        return None
    return item.place_of(start)


def _protected(item: Item, respondents: int, counts: list[int]) -> tuple[int | None, Cells]:
    start = counts_from(item)
    if item.several:
        return None, protect_choices(respondents, counts)
    if start is None:
        return None, protect(counts)
    sides = protect_sides(counts, start)
    return sides.above, sides.cells
