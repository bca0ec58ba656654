"""A return code: eight kind words out of 1,024 (80 bits), written in any language of ours and read back loosely."""

from collections.abc import Mapping, Sequence

WORDS, LIST_SIZE, BITS = 8, 1_024, 10
SEED = WORDS * BITS // 8
"""Bytes of a code."""


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
