"""The item bank: every question of the shelf's questionnaires, with its answers, source and licence. Pure rules.

What is composed from it keeps the words as they are: a question of the bank is translated already, and may be compared
with the same question elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ent_module.surveys.content import questionnaires
from ent_module.surveys.looks import Look
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.parts import TEXT, Audience, scale_of

Data = Mapping[str, Any]
_FITS_ANY_QUESTION = {Look.FREQUENCY, Look.PLACES}
"""Looks that tell of the answers alone. Faces tell which answer is good news: that is for each question to say."""


@dataclass(frozen=True)
class Entry:
    """One question of the bank, as data. `key` names it among all."""

    key: str
    item: Data
    scale: Data
    section: Data
    asked: Questionnaire

    @property
    def is_text(self) -> bool:
        """Whether it is answered in words."""
        return bool(self.item["kind"] == TEXT)

    @property
    def is_sensitive(self) -> bool:
        """Whether it is left out unless the school's head has decided otherwise."""
        return "sensitive" in self.item


@dataclass(frozen=True)
class Scale:
    """Answers that a question of a school's own may have."""

    key: str
    data: Data
    look: Look | None
    common: bool
    """Whether several questions of the bank have them: they fit many more."""

    @property
    def labels(self) -> list[Mapping[str, str]]:
        """The answers in order."""
        return [choice["label"] for choice in self.data["choices"]]


def entries(audience: Audience | None = None) -> dict[str, Entry]:
    """Every question of the shelf by its key, in the shelf's order; of one audience only where that is said."""
    asked = (one for one in questionnaires().values() if audience in {None, one.audience})
    return {entry.key: entry for one in asked for entry in _entries(one)}


def _entries(asked: Questionnaire) -> Iterator[Entry]:
    for section in asked.data["sections"]:
        for item in section["items"]:
            yield Entry(f"{asked.id}.{item['id']}", item, scale_of(item, asked.data["scales"]), section, asked)


def scales(audience: Audience | None = None) -> dict[str, Scale]:
    """The scales of the bank by key, each once however many questionnaires have it; bands of numbers are left out."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries(audience).values():
        if "to" not in entry.scale and not entry.is_text:
            words = tuple(choice["label"]["fr"] for choice in entry.scale["choices"])
            found.setdefault(words, []).append(entry)
    made = (_scale(same[0], common=len(same) > 1) for same in found.values())
    return {scale.key: scale for scale in made}


def _scale(entry: Entry, *, common: bool) -> Scale:
    look = entry.item.get("look")
    usual = Look(look) if look in _FITS_ANY_QUESTION else None
    return Scale(f"{entry.asked.id}.{entry.item['scale']}", entry.scale, usual, common)


def translations(french: str) -> Mapping[str, str]:
    """How the bank says an answer in each language: « Oui » is translated once. Nothing where it has no such answer."""
    labels = (choice["label"] for entry in entries().values() for choice in entry.scale["choices"])
    return next((label for label in labels if label["fr"].casefold() == french.casefold()), {})


def is_from_bank(item: Data, scale: Data) -> bool:
    """Whether a question says, word for word, what one of the bank says, with the same answers."""
    return words(item, scale) in _wordings()


def words(item: Data, scale: Data) -> tuple[tuple[str, str], ...]:
    """What tells one question from another: its words, then its answers in French."""
    answers = (("fr", choice["label"]["fr"]) for choice in scale["choices"])
    return (*sorted(item["text"].items()), *answers)


@cache
def _wordings() -> frozenset[tuple[tuple[str, str], ...]]:
    return frozenset(words(entry.item, entry.scale) for entry in entries().values())
