"""Scores: one number made of several answers, of which only the band is ever kept. Pure rules.

A ballot is scored when it is counted, in memory. Its score goes into the sums as a band, and the answers that it was
made of go nowhere: they are not told beside it, so that nobody can work back from the one to the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ent_module.surveys.model import Answers, Item, Section


@dataclass(frozen=True)
class Score:
    """How a score is made: points of the answers, added, times a factor. `item` is what is told of it: its bands."""

    item: "Item"
    points: Mapping[str, Mapping[str, int]]
    """Question → choice → points."""
    times: int

    def band(self, answers: "Answers") -> str | None:
        """The band of somebody who gave these answers; None where one of the questions was passed."""
        if not self.points.keys() <= answers.keys():
            return None
        return self.item.band(str(self.times * sum(self.points[name][answers[name][0]] for name in self.points)))


def told_of(scores: Sequence[Score], answers: "Answers") -> "Answers":
    """What is counted of a ballot: bands in place of the answers that they are made of."""
    summed = {name for score in scores for name in score.points}
    kept = {name: chosen for name, chosen in answers.items() if name not in summed}
    return kept | {score.item.id: [band] for score in scores if (band := score.band(answers))}


def told_in(scores: Sequence[Score], sections: Sequence["Section"]) -> "tuple[Section, ...]":
    """The sections as results tell them: a score stands where the last of its questions stood."""
    last = {[*score.points][-1]: score.item for score in scores}
    summed = {name for score in scores for name in score.points}
    told = (
        replace(
            section,
            items=tuple(last.get(item.id, item) for item in section.items if item.id in last or item.id not in summed),
        )
        for section in sections
    )
    return tuple(section for section in told if section.items)
