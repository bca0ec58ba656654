"""What a school may read of a closed campaign: shares, computed by pandas on the sums, after disclosure control.

Nothing here has ever seen a ballot or knows of a class, but for one thing: whether nearly all ballots may be one
class's, since then the school's result would be that class's, and nothing is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ent_module.privacy.disclosure import FLOOR, percent, protect, protect_choices, protect_sides
from ent_module.surveys.model import ANSWERED, Choice, Item, Questionnaire, Section

# Where no item says it, from which choice on an answer counts, by scale.
_FROM = {"agreement": "rather_agree", "frequency": "once_twice"}
# The three figures that matter, each the first of these questions that the level has.
_FIGURES = {
    "bullied": ("bullied",),
    "safe": ("safety_school",),
    "adult": ("belonging_adult", "climate_listen"),
}


class Silence(StrEnum):
    """Why a number is not shown."""

    FEW = "few"
    """Fewer than ten answers."""
    SMALL = "small"
    """It, or one that it would give away, is small."""


Share = int | Silence
"""A whole per cent, or why there is none."""


@dataclass(frozen=True)
class ItemResult:
    """One question: the share of the answers that count, where some do, and the share of each."""

    item: Item
    counts_from: int | None
    """Place of the first choice that counts; None where the question has no two sides."""
    above: Share | None
    shares: tuple[tuple[Choice, Share], ...]

    @property
    def counted_choices(self) -> tuple[Choice, ...]:
        """The choices that `above` adds up."""
        return () if self.counts_from is None else self.item.choices[self.counts_from :]


@dataclass(frozen=True)
class Figure:
    """One of the three figures, by its name and the question that it rests on."""

    name: str
    item: str
    share: Share


@dataclass(frozen=True)
class Group:
    """Questions of a section whose answers are counted alike, so that their bars stand together."""

    choices: tuple[Choice, ...]
    """What the bars add up; none: each question has bars of its own."""
    items: tuple[ItemResult, ...]


@dataclass(frozen=True)
class SectionResult:
    """A section and its groups."""

    section: Section
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Results:
    """Everything that the results page tells."""

    figures: tuple[Figure, ...]
    sections: tuple[SectionResult, ...]


def may_show(counted: int, beside_largest: int) -> bool:
    """Whether a school's results may be shown at all: of ten ballots, and not if all but nine may be one class's."""
    return counted >= FLOOR and beside_largest >= FLOOR


def results(cells: Iterable[tuple[str, str, int]], asked: Questionnaire, level: str) -> Results:
    """The results made of a campaign's sums: item, choice (ANSWERED: all who answered it), count."""
    counts = _counts(cells)
    by_item = {item.id: _result(item, counts.get(item.id, {})) for item in asked.items(level)}
    sections = tuple(
        SectionResult(section, tuple(_groups([by_item[item.id] for item in section.items])))
        for section in asked.for_level(level)
    )
    return Results(tuple(_figures(by_item)), sections)


def _counts(cells: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Item → choice → count. pandas is slow to import, and only this page needs it."""
    import pandas as pd

    frame = pd.DataFrame(list(cells), columns=["item", "choice", "count"])
    table = frame.pivot_table(index="item", columns="choice", values="count", aggfunc="sum", fill_value=0)
    return {str(item): {str(choice): int(n) for choice, n in row.items()} for item, row in table.iterrows()}


def _result(item: Item, counts: dict[str, int]) -> ItemResult:
    respondents = counts.get(ANSWERED, 0)
    row = [counts.get(choice.id, 0) for choice in item.choices]
    start = _counts_from(item)
    above: Share | None = None
    if item.several:
        shown = protect_choices(respondents, row)
    elif start is None:
        shown = protect(row)
    else:
        told = protect_sides(row, start)
        above, shown = _share(told.above, respondents), told.cells
    shares = tuple((choice, _share(count, respondents)) for choice, count in zip(item.choices, shown, strict=True))
    return ItemResult(item, start, above, shares)


def _counts_from(item: Item) -> int | None:
    """Place of the first choice that counts: the item's own cut-off, else its scale's."""
    start = item.cutoff or _FROM.get(item.scale)
    if item.several or start is None or start not in [choice.id for choice in item.choices[1:]]:
        return None
    return item.place_of(start)


def _share(count: int | None, respondents: int) -> Share:
    if count is not None:
        return percent(count, respondents)
    return Silence.FEW if respondents < FLOOR else Silence.SMALL


def _groups(items: Sequence[ItemResult]) -> Iterable[Group]:
    """The items in order; those whose counted answers are the same stand together, at the place of the first."""
    together: dict[tuple[str, ...], list[ItemResult]] = {}
    for one in items:
        key = (one.item.scale, *(choice.id for choice in one.counted_choices))
        together.setdefault(key if one.counts_from is not None else (one.item.id,), []).append(one)
    return (Group(group[0].counted_choices, tuple(group)) for group in together.values())


def _figures(by_item: dict[str, ItemResult]) -> Iterable[Figure]:
    for name, wanted in _FIGURES.items():
        one = next((by_item[item] for item in wanted if item in by_item), None)
        if one is not None and one.above is not None:
            yield Figure(name, one.item.id, one.above)
