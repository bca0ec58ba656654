"""Parts of a questionnaire that are not for everyone: whom it asks, and the questions that a school must want. Pure
rules on the checked data of a questionnaire, so that what a campaign keeps holds only what it asks.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

TEXT = "text"
"""The kind of a question that is answered in words."""
NO_SCALE: Mapping[str, Any] = {"choices": ()}
"""What such a question has in place of a scale."""


def scale_of(item: Mapping[str, Any], scales: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers among which a question lets choose: none where it is answered in words. Raises LookupError."""
    found: Mapping[str, Any] = NO_SCALE if item["kind"] == TEXT else scales[item["scale"]]
    return found


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


class Settled(StrEnum):
    """What is settled before texts are asked for."""

    READERS = "readers"
    """Who reads them, and within how many school days."""
    NO_SEARCH = "no_search"
    """Nobody looks for whoever wrote one."""
    FAMILIES = "families"
    """What families are sent says so."""


def without_sensitive(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same questionnaire without its sensitive questions. No other question rests on them (`schema`)."""
    return _without(data, lambda item: "sensitive" in item)


def without_texts(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same questionnaire without questions that are answered in words. No other question rests on them."""
    return _without(data, lambda item: item["kind"] == TEXT)


def _without(data: Mapping[str, Any], left_out: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    """Without these questions, without pages that held nothing else and without scales that nothing else used."""
    sections = [
        section | {"items": kept}
        for section in data["sections"]
        if (kept := [item for item in section["items"] if not left_out(item)])
    ]
    items = [item for section in sections for item in section["items"]]
    left = {item["id"] for item in items}
    scores = [score for score in data.get("scores", ()) if left.issuperset(score["items"])]
    used = {one["scale"] for one in (*items, *scores) if "scale" in one}
    scales = {name: scale for name, scale in data["scales"].items() if name in used}
    return {**data, "scales": scales, "sections": sections, **({"scores": scores} if "scores" in data else {})}
