"""Pictures beside the words of a question: which there are, and which questions they fit. Pure rules.

The drawings themselves are in `static/pictures.svg`, by the names that are given here.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from ent_module.establishments.model import Kind


class Look(StrEnum):
    """How the answers of one question are shown."""

    FACES = "faces"
    FREQUENCY = "frequency"
    PLACES = "places"


GRID = "grid"
"""The look of a section whose short questions stand in rows, with their answers beside them."""
MOST_IN_A_ROW = 5

ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inside": (
            "classroom",
            "corridor",
            "stairs",
            "toilets",
            "changing_room",
            "canteen",
            "library",
            "after_school",
            "boarding",
            "bathroom",
        ),
        "outside": ("yard", "sport"),
        "around": ("gate", "way", "bus", "trip", "online"),
    }
)
"""The parts of the picture of a school, and the spots in each."""
SPOTS = frozenset(spot for spots in ZONES.values() for spot in spots)

# Never is none of the marks, most often is all of them.
_MARKS = 4
# From the worst to the best of five; fewer answers leave out the middle, then the ends' neighbours.
_FACES = {3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}


def misfit(look: str, kind: str, choices: int, spots: int, *, reverse: bool) -> str | None:
    """Why that look is not for a question of this kind with so many choices and spots; None where it fits."""
    if look == Look.FACES and (kind != "one" or choices not in _FACES or reverse):
        return "faces are for kind one, three to five choices, not reverse"
    if look == Look.FREQUENCY and (kind != "one" or choices > MOST_IN_A_ROW):
        return "frequency is for kind one, two to five choices"
    if look == Look.PLACES and (kind == "number" or spots < 2):
        return "places are for kind one or several, and a scale with two spots"
    return None


def pictures(look: Look | None, level: str, choices: Sequence[str]) -> dict[str, str]:
    """Choice → name of the drawing beside it, at that level."""
    if look is Look.FACES and level == Kind.ECOLE:
        return {choice: f"face-{number}" for choice, number in zip(choices, _FACES[len(choices)], strict=True)}
    if look is Look.FREQUENCY:
        last = len(choices) - 1
        return {choice: f"often-{round(_MARKS * number / last)}" for number, choice in enumerate(choices)}
    return {}
