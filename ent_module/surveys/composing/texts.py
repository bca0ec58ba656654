"""The texts of a draft that are the school's own, and what is missing of their translations. Pure rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ent_module.languages import LANGUAGES, SOURCE
from ent_module.surveys import bank
from ent_module.surveys.composing.draft import Draft
from ent_module.surveys.parts import NO_SCALE, scale_of

OTHERS = tuple(language for language in LANGUAGES if language != SOURCE)
"""The languages into which is translated."""


@dataclass(frozen=True)
class Place:
    """Where a text stands. `key` names it on a form; `kind` is what it is: title, page, question, answer …"""

    key: str
    kind: str
    texts: dict[str, str]

    def lacks(self, language: str) -> bool:
        """Whether it has no words in that language. What has no letters (« 1–3 ») says the same in all."""
        return not self.texts.get(language) and any(map(str.isalpha, self.texts[SOURCE]))


def places(draft: Draft) -> Iterator[Place]:
    """Every text of the school's own, in the order in which a pupil reads it. The bank's are translated already."""
    yield from _texts("asked", draft.asked, {"title": "title", "summary": "summary"})
    seen: set[str] = set()
    for section in draft.sections:
        of_page = {"title": "page", "title_ecole": "page_ecole", "intro": "intro"}
        yield from _texts(f"page.{section['id']}", section, of_page)
        for item in section["items"]:
            yield from _of_item(draft, item, seen)


def _of_item(draft: Draft, item: dict[str, Any], seen: set[str]) -> Iterator[Place]:
    if draft.is_from_bank(item):
        return
    kinds = {"text": "question", "text_ecole": "question_ecole", "hint": "hint"}
    yield from _texts(f"question.{item['id']}", item, kinds)
    yield from _texts(f"question.{item['id']}", item.get("relevant", {}), {"who": "who"})
    scale = scale_of(item, draft.asked["scales"])
    if scale is NO_SCALE or item["scale"] in seen or any(scale == one.data for one in bank.scales().values()):
        return
    seen.add(item["scale"])
    for choice in scale["choices"]:
        yield from _texts(f"answer.{item['scale']}.{choice['id']}", choice, {"label": "answer"})


def _texts(start: str, holder: dict[str, Any], kinds: dict[str, str]) -> Iterator[Place]:
    return (Place(f"{start}.{name}", kind, holder[name]) for name, kind in kinds.items() if name in holder)


def missing(draft: Draft) -> dict[str, int]:
    """How many texts have no translation, by language."""
    found = list(places(draft))
    return {language: sum(place.lacks(language) for place in found) for language in OTHERS}


def translate_known(draft: Draft) -> None:
    """Puts in the translations of answers that the bank has too."""
    for place in places(draft):
        if place.kind == "answer":
            known = bank.translations(place.texts[SOURCE])
            for language in OTHERS:
                if language in known:
                    place.texts.setdefault(language, known[language])


def forget_repeated(draft: Draft) -> None:
    """Takes away the translations that only repeat the French: they stood for one that was missing."""
    for place in places(draft):
        for language in OTHERS:
            if place.texts.get(language) == place.texts[SOURCE]:
                del place.texts[language]


def in_french_instead(draft: Draft) -> None:
    """Puts the French in place of every translation that is missing, so that nobody finds a question empty."""
    for place in places(draft):
        for language in OTHERS:
            if not place.texts.get(language):
                place.texts[language] = place.texts[SOURCE]
