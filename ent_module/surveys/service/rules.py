"""The rules by which a closing decides what is told, as signed records name them, and the check of cells against them.

They are read from the constants that the deciding itself goes by, so that the two cannot say different things.

What does not belong here: the deciding (`release`, `privacy.disclosure`), the record (`service.record`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ent_module.privacy.disclosure import FEW, FLOOR, SMALL
from ent_module.surveys import card_rules
from ent_module.surveys.cohorts import ENROLLED
from ent_module.surveys.model import ABOVE, ANSWERED
from ent_module.surveys.release import CLASS, WHOLE, LevelCell
from ent_module.surveys.service.dividing import CARDS

VERSION = 1
"""Of the rules: one more whenever a constant below changes, or what the deciding makes of them."""

Rules = Mapping[str, int]
"""Name → number; `version` among them."""


@dataclass(frozen=True)
class Numbered:
    """What is told of a release itself: its number in the school, the rules by which it was decided, and the SHA-256 of
    its record."""

    number: int
    rules: Rules
    digest: str


def in_force() -> dict[str, int]:
    """The rules by which a closing decides now."""
    from ent_module.privacy.disclosure.intervals import WIDEST  # numpy is slow to load

    return {
        "version": VERSION,
        "floor": FLOOR,
        "small": SMALL,
        "few": FEW,
        "most_answers_by_level": WIDEST,
        "largest_class": CLASS,
        "level_enrolled": ENROLLED,
        "level_cards_one_in": CARDS,
        "cards_one_pupil_in": card_rules.PARTS,
        "cards_usual_class": card_rules.USUAL,
        "cards_lost_of_hundred": card_rules.LOST_OF_HUNDRED,
        "cards_lost_of_class": card_rules.LOST_OF_CLASS,
        "cards_alone_largest_class": card_rules.LARGEST,
    }


def broken(rules: Rules, cells: Iterable[LevelCell]) -> bool:
    """Whether a number is told that these rules hide, as far as one sees it without what is hidden: of too few answers,
    small, or leaving a small one on a question's other side."""
    rows: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for level, item, choice, count in cells:
        rows[level, item][choice] = count
    return any(_is_broken(rules, level, row) for (level, _item), row in rows.items())


def _is_broken(rules: Rules, level: str, row: Mapping[str, int]) -> bool:
    """The same of one question, in the school or in one level."""
    answered = row.get(ANSWERED, 0)
    if answered < rules["floor" if level == WHOLE else "few"]:
        return True
    given = [count for choice, count in row.items() if choice != ANSWERED]
    sides = [*given, *([answered - row[ABOVE]] if ABOVE in row else [])]
    nobody_or_all = answered < rules["few"] and not {0, answered}.isdisjoint(given)
    return nobody_or_all or any(count < 0 or 0 < count < rules["small"] for count in sides)
