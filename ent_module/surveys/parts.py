"""Parts of a questionnaire that are not for everyone: whom it asks, and the questions that a school must want. Pure
rules on the checked data of a questionnaire, so that what a campaign keeps holds only what it asks.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Audience(StrEnum):
    """Whom a questionnaire asks."""

    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"


WHOLE_SCHOOL = {Audience.PARENTS: "=parents", Audience.STAFF: "=staff"}
"""In place of a class, where a campaign asks all parents or all staff of a school: portals do not say more of them. No
pupil's class counts as one of these, whatever a portal calls it."""


class Topic(StrEnum):
    """What a sensitive question is about. Nobody can act on a grave answer without a name: such questions are off
    unless a head has decided that they are asked."""

    HOME = "home"
    SEXUALITY = "sexuality"
    DISCRIMINATION = "discrimination"
    WELLBEING = "wellbeing"


class Agreement(StrEnum):
    """What is settled before sensitive questions are asked."""

    READ = "read"
    """The school's nurse, psychologist or social worker has read them and agrees."""
    PRESENT = "present"
    """Somebody listens on the days of the survey."""
    FAMILIES = "families"
    """What families are sent names them."""


def without_sensitive(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same questionnaire without its sensitive questions, without pages that held nothing else and without scales
    that nothing else used. No other question rests on them (`schema`)."""
    sections = [
        section | {"items": kept}
        for section in data["sections"]
        if (kept := [item for item in section["items"] if "sensitive" not in item])
    ]
    left = {item["id"] for section in sections for item in section["items"]}
    scores = [score for score in data.get("scores", ()) if left.issuperset(score["items"])]
    used = {one["scale"] for one in (*(item for section in sections for item in section["items"]), *scores)}
    scales = {name: scale for name, scale in data["scales"].items() if name in used}
    return {**data, "scales": scales, "sections": sections, **({"scores": scores} if "scores" in data else {})}
