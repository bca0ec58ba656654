"""What a draft becomes when it is kept, and what speaks against it. Pure rules."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ent_module.establishments.model import Kind
from ent_module.surveys.background import Narrow, too_narrow
from ent_module.surveys.composing.draft import MOST_ITEMS, MOST_SECTIONS, Draft, conditions
from ent_module.surveys.composing.texts import in_french_instead
from ent_module.surveys.interchange.building import UNSTATED
from ent_module.surveys.model import LEVELS, LONGEST_BALLOT, Questionnaire


class Trouble(StrEnum):
    """Why a draft cannot be kept as it is."""

    EMPTY = "empty"
    """It asks nothing of the school's own pupils, beside what may be written."""
    TOO_MANY = "too_many"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LONG = "too_long"
    """A ballot with every answer would not fit."""
    OTHER_LEVEL = "other_level"
    """A question that is not written for any level of this draft."""
    NOT_AFTER = "not_after"
    """A question that rests on another, which does not stand before it."""


@dataclass(frozen=True)
class Problem:
    """Something to mend, and the question where it lies."""

    trouble: Trouble
    item: Mapping[str, Any] | None = None
    number: int = 0


@dataclass(frozen=True)
class Verdict:
    """What speaks against keeping a draft."""

    problems: tuple[Problem, ...]
    narrow: Narrow | None

    @property
    def is_good(self) -> bool:
        """Whether nothing does."""
        return not self.problems and self.narrow is None


def finished(draft: Draft) -> dict[str, Any]:
    """The questionnaire as it would be kept: whole, in every language, for the levels that were chosen.

    Pages and questions that nobody would see are left out.
    """
    whole = Draft.from_data(draft.to_data())
    in_french_instead(whole)
    for section in whole.sections:
        items = [_at_levels(item, draft.levels) for item in section["items"]]
        section["items"] = [item for item in items if item["levels"]]
    asked = whole.asked | {"sections": [section for section in whole.sections if section["items"]]}
    used = {item.get("scale") for section in asked["sections"] for item in section["items"]}
    scales = {name: scale for name, scale in whole.asked["scales"].items() if name in used}
    return asked | {"scales": scales, "licence": _licence(whole)}


def _at_levels(item: Mapping[str, Any], levels: list[str]) -> dict[str, Any]:
    kept = deepcopy(dict(item)) | {"levels": [one for one in item["levels"] if one in levels]}
    if Kind.ECOLE not in kept["levels"]:
        kept.pop("text_ecole", None)
    return kept


def _licence(draft: Draft) -> str:
    """Of the whole: that of its questions where one holds for all."""
    found = list(dict.fromkeys(item["licence"] for item in draft.items))
    return UNSTATED if not found or UNSTATED in found else " · ".join(found)


def verdict(draft: Draft, level: str, pupils: int | None) -> Verdict:
    """What speaks against keeping a draft in a school of that level with so many pupils (None: not known)."""
    asked = Questionnaire.from_data(finished(draft))
    return Verdict(tuple(_problems(draft, asked, level)), too_narrow(asked, level, pupils))


def _problems(draft: Draft, asked: Questionnaire, level: str) -> Iterator[Problem]:
    if not asked.without_texts.for_level(level):
        yield Problem(Trouble.EMPTY)
    if (count := len(draft.items)) > MOST_ITEMS:
        yield Problem(Trouble.TOO_MANY, number=count)
    if len(draft.sections) > MOST_SECTIONS:
        yield Problem(Trouble.TOO_MANY_PAGES, number=len(draft.sections))
    if max(map(asked.longest_ballot, LEVELS)) > LONGEST_BALLOT:
        yield Problem(Trouble.TOO_LONG)
    yield from _misplaced(draft)


def _misplaced(draft: Draft) -> Iterator[Problem]:
    """Questions that nobody here is asked, and those that rest on a question that does not come before."""
    earlier: dict[str, set[str]] = {}
    for item in draft.items:
        levels = set(item["levels"]) & set(draft.levels)
        if not levels:
            yield Problem(Trouble.OTHER_LEVEL, item)
        elif any(not levels <= earlier.get(one["item"], set()) for one in conditions(item)):
            yield Problem(Trouble.NOT_AFTER, item)
        earlier[item["id"]] = levels
