"""Texts that somebody wrote into a questionnaire: how long they are, and what is kept of them. Pure rules.

In: what a browser sent. Out: texts without signs that nobody sees, and, where there are enough, all of one question in
an order that tells nothing of when they came. What a text says and how it is written may tell whose it is all the
same: that is why such questions are off (`sensitive`).
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from ent_module.privacy.disclosure import FLOOR

LONGEST = 200
"""Of an answer, in the units in which a browser counts `maxlength`: UTF-16."""
MOST_QUESTIONS = 3
MOST_BYTES = 3 * LONGEST
"""Of an answer in a ballot: no unit of a tidy text takes more than three, escaped or not."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Kinds of signs that are left out: controls, marks of direction, halves of signs, private and unassigned ones."""
_JOINERS = "\u200c\u200d"
"""Signs of that kind that words and drawings are made of."""


def tidy(text: str) -> str:
    """A text in one line, without spaces around it and without signs that nobody sees."""
    spaced = (" " if sign.isspace() else sign for sign in text)
    seen = (sign for sign in spaced if sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN)
    return " ".join("".join(seen).split()).strip(_JOINERS + " ")


def fits(text: str) -> bool:
    """Whether a tidy text is as short as it must be."""
    return len(text.encode("utf-16-le")) <= 2 * LONGEST


def kept(texts: Mapping[str, Sequence[str]], known: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The texts that may be read, each with its question: those of questions with FLOOR texts or more.

    `known`: of each question, how many texts surely came from as many people (`card_rules`). The order is of the texts
    alone, of each question by itself: it tells neither when one came nor which others its writer wrote.
    """
    for item in sorted(texts):
        if known[item] >= FLOOR:
            yield from ((item, text) for text in sorted(unicodedata.normalize("NFC", one) for one in texts[item]))
