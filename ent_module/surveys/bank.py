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
from ent_module.surveys.parts import Audience

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
    def is_sensitive(self) -> bool:
        """Whether it is left out unless the school's head has decided otherwise."""
        return "sensitive" in self.item


@dataclass(frozen=True)
class Scale:
    """Answers that a question of a school's own may have."""

    key: str
    data: Data
    look: Look | None

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
            yield Entry(f"{asked.id}.{item['id']}", item, asked.data["scales"][item["scale"]], section, asked)


def scales(audience: Audience | None = None) -> dict[str, Scale]:
    """The scales of the bank by key, each once however many questionnaires have it; bands of numbers are left out."""
    found: dict[tuple[str, ...], Scale] = {}
    for entry in entries(audience).values():
        words = tuple(choice["label"]["fr"] for choice in entry.scale["choices"])
        if "to" not in entry.scale and words not in found:
            look = entry.item.get("look")
            usual = Look(look) if look in _FITS_ANY_QUESTION else None
            found[words] = Scale(f"{entry.asked.id}.{entry.item['scale']}", entry.scale, usual)
    return {scale.key: scale for scale in found.values()}


def is_from_bank(item: Data) -> bool:
    """Whether a question says, word for word, what one of the bank says."""
    return _words(item) in _wordings()


def _words(item: Data) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(item["text"].items()))


@cache
def _wordings() -> frozenset[tuple[tuple[str, str], ...]]:
    return frozenset(_words(entry.item) for entry in entries().values())
