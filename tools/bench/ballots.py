"""Sealed ballots, made once for all rows of a run and kept in a file, one after the other: they have one length.

Their tokens are signed by the campaign's key itself, which is what a blind signature comes to. What does not belong
here: who sends them, and where to (filling.py).
"""

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from ent_module.establishments.model import Kind
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.protocol import BODY
from ent_module.surveys.tables import Campaign
from tests.surveys.campaign import Voter

ITEMS = 30
_AT_ONCE = 250


@dataclass(frozen=True)
class Ballots:
    """The file, and how many are in it."""

    file: Path
    count: int

    def __iter__(self) -> Iterator[bytes]:
        """What browsers send, each time from the first on."""
        with self.file.open("rb") as opened:
            while body := opened.read(BODY):
                yield body


def make(file: Path, campaign: Campaign, cohort: UUID, tokens: bytes, asked: Questionnaire, count: int) -> Ballots:
    """Fills the file with ballots of that campaign, 30 answers each; `tokens` is the key that signs, as it is kept."""
    items = list(asked.items(Kind.COLLEGE))[:ITEMS]
    if len(items) < ITEMS:
        raise ValueError(f"the questionnaire has fewer than {ITEMS} items")
    choices = {item.id: [choice.id for choice in item.choices] for item in items}
    parts = [min(_AT_ONCE, count - start) for start in range(0, count, _AT_ONCE)]
    with file.open("wb") as opened, ProcessPoolExecutor(os.cpu_count()) as workers:
        for bodies in workers.map(_some, repeat(campaign), repeat(cohort), repeat(tokens), repeat(choices), parts):
            opened.write(bodies)
    return Ballots(file, count)


def _some(campaign: Campaign, cohort: UUID, tokens: bytes, choices: dict[str, list[str]], count: int) -> bytes:
    # Unchecked, as everywhere: looking for weak primes takes longer than a hundred signatures.
    key = load_der_private_key(tokens, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the key that signs tokens is of another kind")
    voter = Voter(campaign, cohort, key)
    answers = ({item: [secrets.choice(some)] for item, some in choices.items()} for _ballot in range(count))
    return b"".join(voter.body(one) for one in answers)
