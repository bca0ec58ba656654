"""What a school reads of a closed campaign: shares, computed by pandas on the numbers that were released.

Nothing here has ever seen a ballot, a class, or a number that stays hidden (`release`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ent_module.privacy.disclosure import FLOOR, percent
from ent_module.surveys.model import ABOVE, ANSWERED, Choice, Item, Questionnaire, Section
from ent_module.surveys.release import Cell, counts_from

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


def results(cells: Iterable[Cell], asked: Questionnaire, level: str) -> Results:
    """The results made of a campaign's released cells."""
    counts = _counts(cells)
    by_item = {item.id: _result(item, counts.get(item.id, {})) for item in asked.items(level)}
    sections = tuple(
        SectionResult(section, tuple(_groups([by_item[item.id] for item in section.items])))
        for section in asked.for_level(level)
    )
    return Results(tuple(_figures(by_item)), sections)


def _counts(cells: Iterable[Cell]) -> dict[str, dict[str, int]]:
    """Item → choice → count, as far as released. pandas is slow to import, and only this page needs it."""
    import pandas as pd

    frame = pd.DataFrame(list(cells), columns=["item", "choice", "count"])
    table = frame.pivot_table(index="item", columns="choice", values="count", aggfunc="sum")
    return {str(item): {str(choice): int(n) for choice, n in row.dropna().items()} for item, row in table.iterrows()}


def _result(item: Item, counts: dict[str, int]) -> ItemResult:
    respondents = counts.get(ANSWERED, 0)
    start = counts_from(item)
    above = None if start is None else _share(counts.get(ABOVE), respondents)
    return ItemResult(
        item, start, above, tuple((choice, _share(counts.get(choice.id), respondents)) for choice in item.choices)
    )


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
