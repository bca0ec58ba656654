"""The questionnaire that is asked, answers that nobody else gives, and how they are found again in bytes."""

import ast
import json
import random  # noqa: TID251  # the class is invented; what is secret comes from the module
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ent_module.surveys.model import Answers, Questionnaire

FIRST = "kestrel"
"""The question that everybody answers: whatever holds answers in clear holds this word."""
ITEMS = (FIRST, *(f"linnet{number}" for number in range(14)))
CHOICES = ("a", "bbb", "cccccc", "dddddddddd")
"""As long as they are different, so that answers of few pupils have one length."""
_IN_CLEAR = re.compile(rb"\{[\"']kestrel[^}]{1,900}\}")

Sheet = str
"""Somebody's answers, in one spelling."""


def questionnaire(number: int) -> Questionnaire:
    """The questionnaire under a name of its own, so that one school may be asked more than once a year."""
    return replace(_ASKED, id=f"attack-{number}")


def _texts(text: str) -> dict[str, str]:
    return dict.fromkeys(("fr", "en", "ar"), text)


def _item(name: str) -> dict[str, Any]:
    told: dict[str, Any] = dict.fromkeys(("text_ecole", "hint", "cutoff"))
    return {**told, "id": name, "levels": ["college"], "text": _texts(name), "kind": "single", "scale": "four",
            "reverse": False, "licence": "CC0"}  # fmt: skip


_ASKED = Questionnaire.from_data(
    {
        "id": "attack",
        "version": 1,
        "title": _texts("Oiseaux"),
        "sections": [{"id": "birds", "title": _texts("Oiseaux"), "items": [_item(name) for name in ITEMS]}],
        "scales": {"four": {"choices": [{"id": one, "label": _texts(one)} for one in CHOICES]}},
    }
)


def sheets(chance: random.Random, count: int) -> list[Answers]:
    """So many different answers: three quarters of the questions each."""
    found: dict[Sheet, Answers] = {}
    while len(found) < count:
        answered = [name for name in ITEMS if name == FIRST or chance.random() < 0.75]
        answers = {name: [chance.choice(CHOICES)] for name in answered}
        found[spelt(answers)] = answers
    return list(found.values())


def spelt(answers: Any) -> Sheet:
    """The spelling of answers by which they are compared."""
    return json.dumps(answers, separators=(",", ":"))


def in_clear(chunks: Iterable[bytes]) -> Iterator[Sheet]:
    """The answers that stand in clear in these bytes, in their order, however JSON or Python spell them."""
    for chunk in chunks:
        for match in _IN_CLEAR.finditer(chunk):
            text = match[0].decode("utf-8", "replace")
            try:
                yield spelt(json.loads(text))
            except ValueError:
                try:
                    yield spelt(ast.literal_eval(text))
                except (ValueError, SyntaxError):
                    continue
