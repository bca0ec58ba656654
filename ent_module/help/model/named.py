"""Whom a name may mean that somebody typed: a child spells it as it sounds, and says « la CPE » or « M. Roux ».

Better one adult too many than the one concerned: whoever is taken for them does not read, and somebody else does.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from ent_module.privacy.typed import typed_words

_SHORTEST, _ALIKE = 3, 0.8
_FILLING = frozenset(
    {"mme", "mlle", "monsieur", "madame", "les", "des", "une", "qui", "est", "mon", "son", "notre", "avec"}
)
_HEADS = (
    "principal",
    "principale",
    "proviseur",
    "proviseure",
    "directeur",
    "directrice",
    "direction",
    "adjoint",
    "chef",
)


def _telling(text: str) -> list[str]:
    return [word for word in typed_words(text) if len(word) >= _SHORTEST and word not in _FILLING]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE


def means(typed: str, called: Sequence[str]) -> bool:
    """Whether what was typed may mean the adult who is called so: name, function, place of work."""
    words = [word for text in called for word in _telling(text)]
    return any(_alike(one, word) for one in _telling(typed) for word in words)


def means_the_office(typed: str) -> bool:
    """Whether it may mean whoever heads the school."""
    return means(typed, _HEADS)
