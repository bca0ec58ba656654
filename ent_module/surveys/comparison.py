"""Whether a share has changed since an earlier wave, by more than chance. Pure rules over released counts.

The rule: the interval of Newcombe for the difference between two independent proportions (his method 10: two score
intervals of Wilson put together, without continuity correction). A difference is said where that interval leaves out
zero, and then only its direction. Of several questions compared at once, each is given its part of the 5 per cent
(Bonferroni), so that on a page on which nothing has changed, a change is said at most once in twenty times. Half of it
goes to the figures that the questionnaire's guide puts first, which was decided before anybody answered; whoever may
choose among several earlier waves divides by these too.

Sources: Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of
eleven methods. Statistics in Medicine, 17(8), 873–890. Wilson, E. B. (1927). Probable inference, the law of
succession, and statistical inference. Journal of the American Statistical Association, 22(158), 209–212.

What the rule takes for granted: that pupils answer independently of each other and of the year before. Those who were
asked both times make it more careful than it says; that pupils of one class resemble each other makes it less careful,
and cannot be put right, since nothing is kept of classes.

What does not belong here: whose words and which page (`results_views`), what may be released (`release`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from ent_module.privacy.disclosure import percent
from ent_module.surveys.model import ABOVE, ANSWERED, Item, Questionnaire
from ent_module.surveys.release import counts_from
from ent_module.surveys.results import Counts

CHANCE = 0.05
"""How often, at most, a page may say that something changed where nothing did."""


class Change(StrEnum):
    """What may be said of two shares of the same question."""

    ROSE = "rose"
    FELL = "fell"
    UNCLEAR = "unclear"
    """We cannot say that it changed; nor that it did not."""


@dataclass(frozen=True)
class Proportion:
    """How many of how many."""

    count: int
    total: int

    @property
    def percent(self) -> int:
        """As a whole per cent."""
        return percent(self.count, self.total)


@dataclass(frozen=True)
class Wave:
    """What a campaign asked, and what was released of it."""

    asked: Questionnaire
    counts: Counts


@dataclass(frozen=True)
class Comparison:
    """One question in two waves: both shares as whole per cents, and what may be said."""

    item: Item
    before: int
    now: int
    change: Change


def wilson(one: Proportion, z: float) -> tuple[float, float]:
    """The score interval of a proportion. In: `z`, the quantile of the normal distribution. Out: both ends."""
    p, n, square = one.count / one.total, one.total, z * z
    middle, half = p + square / (2 * n), z * sqrt(p * (1 - p) / n + square / (4 * n * n))
    return max(0.0, (middle - half) / (1 + square / n)), min(1.0, (middle + half) / (1 + square / n))


def newcombe(now: Proportion, before: Proportion, confidence: float = 1 - CHANCE) -> tuple[float, float]:
    """The interval of the difference `now` less `before`. Raises ValueError for a proportion of nobody."""
    if not now.total or not before.total:
        raise ValueError("a proportion of nobody")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    (low, high), (low_before, high_before) = wilson(now, z), wilson(before, z)
    p, q = now.count / now.total, before.count / before.total
    return (
        p - q - sqrt((p - low) ** 2 + (high_before - q) ** 2),
        p - q + sqrt((high - p) ** 2 + (q - low_before) ** 2),
    )


def change(now: Proportion, before: Proportion, chance: float) -> Change:
    """What may be said of two proportions, wrongly at most that often where nothing has changed."""
    low, high = newcombe(now, before, 1 - chance)
    if low > 0:
        return Change.ROSE
    return Change.FELL if high < 0 else Change.UNCLEAR


def same_question(one: Item, other: Item, level: str) -> bool:
    """Whether two questionnaires ask the same: id, scale, choices, what counts, whom, and the words in French, which
    are the ones that the others translate."""
    return _asked(one, level) == _asked(other, level)


def _asked(item: Item, level: str) -> tuple[object, ...]:
    choices = tuple((choice.id, choice.label["fr"]) for choice in item.choices)
    return item.id, item.scale, item.several, choices, counts_from(item), item.relevant, item.wording(level)["fr"]


def compare(now: Wave, before: Wave, level: str, first: Collection[str] = (), waves: int = 1) -> tuple[Comparison, ...]:
    """The questions that two waves share, in the order of the later: only those with two sides that both released.

    In: the questions that come first; among how many earlier waves the reader may choose.
    """
    earlier = {item.id: item for item in before.asked.items(level)}
    pairs = [
        (item, mine, theirs)
        for item in now.asked.items(level)
        if item.id in earlier and same_question(item, earlier[item.id], level)
        if (mine := _counted(item, now.counts)) and (theirs := _counted(item, before.counts))
    ]
    part = _parts([item.id in first for item, _mine, _theirs in pairs])
    return tuple(
        Comparison(item, theirs.percent, mine.percent, change(mine, theirs, part[item.id in first] / waves))
        for item, mine, theirs in pairs
    )


def _parts(first: Sequence[bool]) -> dict[bool, float]:
    """How often each may be said wrongly to have changed: for the first ones and for the others, which share alike."""
    groups = {kind: first.count(kind) for kind in set(first)}
    return {kind: CHANCE / len(groups) / number for kind, number in groups.items()}


def _counted(item: Item, counts: Counts) -> Proportion | None:
    """Those whose answer counts, of those who answered, where both numbers were released."""
    released = counts.get(item.id, {})
    if counts_from(item) is None or ABOVE not in released or ANSWERED not in released:
        return None
    return Proportion(released[ABOVE], released[ANSWERED])
