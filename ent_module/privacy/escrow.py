"""The master key on three papers, any two of which give it back, and one of which tells nothing.

The key is the sum (XOR) of three parts, two of them drawn at random. Each paper bears two: the first and the second,
the second and the third, the third and the first. One paper lacks a part of 32 random bytes, so that every key fits it.


What does not belong here: the key's file, and what the key opens.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from ent_module.privacy.custody import UnreadPaperError, read_paper, written_paper

PAPERS = 3
SIZE = 32


class WrongPapersError(ValueError):
    """It is one paper twice, of two escrows, or they do not agree on the part that both bear."""


@dataclass(frozen=True, repr=False)
class Paper:
    """One of the three. `number` is from 1 on; its representation shows no part."""

    number: int
    parts: tuple[bytes, bytes]


def split(key: bytes) -> tuple[Paper, ...]:
    """Three new papers of a key of SIZE bytes."""
    if len(key) != SIZE:
        raise ValueError("not a master key")
    first, second = secrets.token_bytes(SIZE), secrets.token_bytes(SIZE)
    parts = (first, second, _sum(key, first, second))
    return tuple(Paper(at + 1, (parts[at], parts[(at + 1) % PAPERS])) for at in range(PAPERS))


def joined(one: Paper, other: Paper) -> bytes:
    """The key of two different papers. Raises WrongPapersError."""
    parts: dict[int, bytes] = {}
    for paper in (one, other):
        for at, part in enumerate(paper.parts):
            place = (paper.number - 1 + at) % PAPERS
            if parts.setdefault(place, part) != part:
                raise WrongPapersError
    if len(parts) != PAPERS:
        raise WrongPapersError
    return _sum(*parts.values())


def written(paper: Paper) -> tuple[str, str]:
    """What stands on a paper: two lines of groups, in each of which a mistake is found where it is."""
    return written_paper(paper.parts[0]), written_paper(paper.parts[1])


def read(number: int, lines: Sequence[str]) -> Paper:
    """The paper again, however it was typed. Raises UnreadPaperError, and ValueError for no such number."""
    if not 1 <= number <= PAPERS or len(lines) != 2:
        raise ValueError("no such paper")
    return Paper(number, (read_paper(lines[0]), read_paper(lines[1])))


def _sum(*parts: bytes) -> bytes:
    total = bytes(SIZE)
    for part in parts:
        total = bytes(left ^ right for left, right in zip(total, part, strict=True))
    return total


__all__ = ["UnreadPaperError", "WrongPapersError", "joined", "read", "split", "written"]
