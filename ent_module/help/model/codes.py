"""A return code: eight kind words out of 1,024 (80 bits), written in any language of ours and read back loosely."""

import unicodedata
from collections.abc import Mapping, Sequence

WORDS, LIST_SIZE, BITS = 8, 1_024, 10
SEED = WORDS * BITS // 8
"""Bytes of a code."""

# What Unicode's own decomposition leaves different though a reader takes it for the same letter: ligatures of Latin
# script; in Arabic the wasla, the lone hamza, final forms, lengthening, and the letters of Persian keyboards.
_SAME = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ٱ": "ا", "ء": "", "ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"}
)


def folded(text: str) -> str:
    """The text without case, accents, Arabic vowel signs and hamza: what a code's words are compared by."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return bare.translate(_SAME)


def typed_words(text: str) -> list[str]:
    """The folded words of what somebody typed; everything that is not a letter only separates them."""
    return "".join(c if c.isalpha() else " " for c in folded(text)).split()


def encode(seed: bytes, words: Sequence[str]) -> list[str]:
    """The eight words of a code, in one language's list. Raises ValueError for a seed or list of another size."""
    if len(seed) != SEED or len(words) != LIST_SIZE:
        raise ValueError("a code has 10 bytes and a list of 1,024 words")
    number = int.from_bytes(seed, "big")
    return [words[number >> (BITS * place) & (LIST_SIZE - 1)] for place in reversed(range(WORDS))]


def decode(typed: Sequence[str], places: Mapping[str, int]) -> bytes | None:
    """The seed that these folded words stand for in one language's list; None where they are no code in it."""
    if len(typed) != WORDS or any(word not in places for word in typed):
        return None
    number = 0
    for word in typed:
        number = number << BITS | places[word]
    return number.to_bytes(SEED, "big")
