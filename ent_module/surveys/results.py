"""What a school reads of a closed campaign: shares, computed by pandas on the numbers that were released.

Nothing here has ever seen a ballot, a class, or a number that stays hidden (`release`).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ent_module.privacy.disclosure import FLOOR, percent
from ent_module.surveys.guides import MOST_FIGURES, Guide, Signal, Told
from ent_module.surveys.model import ABOVE, ANSWERED, Choice, Item, Questionnaire, Section, Texts
from ent_module.surveys.release import Cell, LevelCell, counts_from, level_name, of_level, tells_levels

Counts = Mapping[str, Mapping[str, int]]
"""Question → choice (or ANSWERED, ABOVE) → how many, as far as released."""


class Silence(StrEnum):
    """Why a number is not shown."""

    FEW = "few"
    """Fewer than ten answers."""
    SMALL = "small"
    """It, or one that it would give away, is small."""
    LINKED = "linked"
    """A question that is asked only after some of its answers is told, and the two would give a small number away."""


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
    """One of the figures that matter: its words, the question that it rests on, its share."""

    told: Told
    result: ItemResult
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
class Crossed:
    """A threshold that the school's share has crossed, and what is suggested."""

    signal: Signal
    result: ItemResult
    share: int
    action: Texts


@dataclass(frozen=True)
class Results:
    """Everything that the results page tells. `places` are for the adults of the school only."""

    figures: tuple[Figure, ...]
    sections: tuple[SectionResult, ...]
    places: tuple[ItemResult, ...]
    crossed: tuple[Crossed, ...]


def results(cells: Iterable[Cell], asked: Questionnaire, level: str, guide: Guide) -> Results:
    """The results made of a campaign's released cells."""
    counts = released(cells)
    linked = given_away(counts, asked.items(level))
    by_item = {item.id: _result(item, counts, linked) for item in asked.items(level)}
    told = [(section, [by_item[item.id] for item in section.items]) for section in asked.for_level(level)]
    without = ((section, [one for one in some if not guide.tells_places(one.item)]) for section, some in told)
    return Results(
        tuple(_figures(by_item, guide)),
        tuple(SectionResult(section, tuple(_groups(some))) for section, some in without if some),
        tuple(one for one in by_item.values() if guide.tells_places(one.item)),
        tuple(_crossed(by_item, guide, level)),
    )


def released(cells: Iterable[Cell]) -> Counts:
    """Cells by question and choice. pandas is slow to import, and only pages of results need it."""
    return _table(tuple(cells))


@lru_cache(maxsize=64)
def _table(cells: tuple[Cell, ...]) -> Counts:
    """The same, remembered: what was released never changes, and a table of pandas costs more than reading it."""
    import pandas as pd

    frame = pd.DataFrame(list(cells), columns=["item", "choice", "count"])
    table = frame.pivot(index="item", columns="choice", values="count").to_dict("index")
    return {
        str(item): {str(choice): int(count) for choice, count in row.items() if not pd.isna(count)}
        for item, row in table.items()
    }


def share(count: int | None, respondents: int) -> Share:
    """A released number as a share, or why there is none. `respondents`: 0 where how many is not released."""
    if count is not None and respondents:
        return percent(count, respondents)
    return Silence.FEW if respondents < FLOOR else Silence.SMALL


def given_away(counts: Counts, items: Iterable[Item]) -> frozenset[str]:
    """The questions without a number that cannot have had few answers: another one, asked only after some of theirs,
    is told. It was kept back for that (`release`)."""
    followed = (
        condition.item
        for other in items
        if other.relevant and ANSWERED in counts.get(other.id, {})
        for condition in other.relevant.conditions
    )
    return frozenset(name for name in followed if ANSWERED not in counts.get(name, {}))


def _result(item: Item, counts: Counts, linked: Container[str]) -> ItemResult:
    mine, start = counts.get(item.id, {}), counts_from(item)

    def told(choice: str) -> Share:
        return Silence.LINKED if item.id in linked else share(mine.get(choice), mine.get(ANSWERED, 0))

    above = None if start is None else told(ABOVE)
    return ItemResult(item, start, above, tuple((choice, told(choice.id)) for choice in item.choices))


def _groups(items: Sequence[ItemResult]) -> Iterable[Group]:
    """The items in order; those whose counted answers are the same stand together, at the place of the first."""
    together: dict[tuple[str, ...], list[ItemResult]] = {}
    for one in items:
        key = (one.item.scale, *(choice.id for choice in one.counted_choices))
        together.setdefault(key if one.counts_from is not None else (one.item.id,), []).append(one)
    return (Group(group[0].counted_choices, tuple(group)) for group in together.values())


def _figures(by_item: Mapping[str, ItemResult], guide: Guide) -> Iterable[Figure]:
    asked = [(told, by_item[told.item]) for told in guide.figures if told.item in by_item]
    return [Figure(told, one, one.above) for told, one in asked[:MOST_FIGURES] if one.above is not None]


def _crossed(by_item: Mapping[str, ItemResult], guide: Guide, level: str) -> Iterable[Crossed]:
    for signal in guide.signals:
        above = by_item[signal.item].above if signal.item in by_item else None
        if isinstance(above, int) and signal.crossed_by(above) and level in signal.actions:
            yield Crossed(signal, by_item[signal.item], above, signal.actions[level])


@dataclass(frozen=True)
class LevelResult:
    """What is told of one level: of the questions that are told of levels, the share of the answers that count."""

    levels: tuple[str, ...]
    """Those of which it is made: one, or several small ones together."""
    above: Mapping[str, Share]


def by_level(
    cells: Iterable[LevelCell], asked: Questionnaire, kind: str, levels: Iterable[tuple[str, ...]]
) -> tuple[LevelResult, ...]:
    """The results of those of a school's levels that are told apart, in the order of `levels`."""
    of_all = list(cells)
    items = [item for item in asked.items(kind) if tells_levels(item)]
    found = ((names, released(of_level(of_all, level_name(names)))) for names in levels if names)
    return tuple(
        LevelResult(names, {item.id: _above(counts.get(item.id, {})) for item in items})
        for names, counts in found
        if counts
    )


def _above(counts: Mapping[str, int]) -> Share:
    """Where a level's sum is not told, that is no sign that few answered: it may be hidden for the sake of another."""
    return share(counts.get(ABOVE), counts[ANSWERED]) if ANSWERED in counts else Silence.SMALL


@dataclass(frozen=True)
class Tenths:
    """A share as a class says it: so many of ten pupils."""

    item: Item
    choices: tuple[Choice, ...]
    """The answers that it adds up."""
    tenths: int
    """The nearest whole number, halves up; 0 is fewer than half of one in ten, 10 more than nine and a half."""
    exact: bool


def for_class(cells: Iterable[Cell], asked: Questionnaire, level: str, guide: Guide) -> tuple[Tenths, ...]:
    """The numbers of which a class may talk: at most three, of questions that the guide names and that are shown."""
    counts, items = released(cells), {item.id: item for item in asked.items(level)}
    shown = (
        _tenths(items[name], counts[name][ABOVE], counts[name][ANSWERED])
        for name in guide.class_figures
        if name in items and {ABOVE, ANSWERED} <= counts.get(name, {}).keys()
    )
    return tuple(shown)[:MOST_FIGURES]


def _tenths(item: Item, count: int, respondents: int) -> Tenths:
    start = counts_from(item)
    choices = () if start is None else item.choices[start:]
    nearest = (20 * count + respondents) // (2 * respondents)
    return Tenths(item, choices, nearest, nearest * respondents == 10 * count)
