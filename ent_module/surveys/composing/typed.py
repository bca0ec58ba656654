"""Reads the editor's forms: what was typed, cleaned, and what is wrong with it. Pure rules.

In: the form as sent. Out: the values; and the mistakes by field, as codes that `sentences` turns into words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ent_module.languages import LANGUAGES, SOURCE
from ent_module.surveys.bank import Scale
from ent_module.surveys.composing.draft import FEWEST_ANSWERS, MOST_ANSWERS, Wording, Written
from ent_module.surveys.composing.texts import Place
from ent_module.surveys.interchange.building import clean
from ent_module.surveys.model import LEVELS
from ent_module.surveys.parts import TEXT, Audience

LONGEST = {"title": 120, "summary": 300, "page": 120, "question": 300, "answer": 100}
"""Signs that a text may have, by what it is; of others as many as a question."""
OWN_ANSWERS = "own"
AS_BEFORE = "before"
_SIGNS = re.compile(r"[{}]")


class Wrong(StrEnum):
    """What is wrong with a field."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    SIGNS = "signs"
    """Braces: in the files of other programs they stand for answers to other questions."""
    FEW_ANSWERS = "few_answers"
    MANY_ANSWERS = "many_answers"
    TWICE = "twice"
    LINES = "lines"
    """Not as many lines as in French."""
    NO_ANSWERS = "no_answers"
    NOTHING = "nothing"
    FULL = "full"
    MANY_TEXTS = "many_texts"
    FULL_PAGES = "full_pages"


Mistakes = dict[str, Wrong]


Form = Mapping[str, str]
"""What was sent: the first value of each field."""


def limit(kind: str) -> int:
    """How many signs a text of that kind may have."""
    return LONGEST.get(kind, LONGEST["question"])


def _mistake(text: str, kind: str) -> Wrong | None:
    if len(text) > limit(kind):
        return Wrong.TOO_LONG
    return Wrong.SIGNS if _SIGNS.search(text) else None


def wording(form: Form, name: str, kind: str) -> tuple[Wording, Mistakes]:
    """A text in every language: fields `name-fr` and so on. French must be there."""
    texts = {language: clean(form.get(f"{name}-{language}", "")) for language in LANGUAGES}
    mistakes = {f"{name}-{one}": wrong for one, text in texts.items() if (wrong := _mistake(text, kind))}
    if not texts[SOURCE]:
        mistakes[f"{name}-{SOURCE}"] = Wrong.REQUIRED
    return {language: text for language, text in texts.items() if text}, mistakes


def levels(ticked: Sequence[str], level: str) -> list[str]:
    """Whom a questionnaire is for: always the school's own pupils."""
    return [str(one) for one in LEVELS if one == level or one in ticked]


def audience(form: Form) -> Audience:
    """Whom a questionnaire asks: pupils, unless one of the others was chosen."""
    chosen = form.get("audience", "")
    return Audience(chosen) if chosen in set(Audience) else Audience.PUPILS


def translations(form: Form, places: Sequence[Place]) -> tuple[dict[str, str], Mistakes]:
    """What was typed of the translations, by the key of the text."""
    given = {place.key: clean(form.get(place.key, "")) for place in places}
    mistakes = {place.key: wrong for place in places if (wrong := _mistake(given[place.key], place.kind))}
    return given, mistakes


@dataclass(frozen=True)
class Question:
    """The form of a question, as it was read."""

    written: Written
    page: str
    mistakes: Mistakes = field(default_factory=dict)


def question(form: Form, scales: Mapping[str, Scale], pages: Sequence[str], *, banded: bool = False) -> Question:
    """A question that a school writes. `banded`: one that asks for a number, which keeps its answers."""
    text, mistakes = wording(form, "text", "question")
    answers: Scale | list[Wording] | None = None
    chosen, in_words = form.get("scale", ""), form.get("kind") == TEXT and not banded
    if in_words:
        pass
    elif chosen == OWN_ANSWERS and not banded:
        answers, wrong = _own_answers(form)
        mistakes |= wrong
    elif chosen in scales and not banded:
        answers = scales[chosen]
    elif not banded:
        mistakes["scale"] = Wrong.NO_ANSWERS
    page = form.get("page", "")
    return Question(
        Written(text, form.get("kind") == "several", answers, in_words), page if page in pages else "", mistakes
    )


def _own_answers(form: Form) -> tuple[list[Wording], Mistakes]:
    """Answers of the school's own, one a line, in each language; as many in each, or none."""
    lines = {one: [clean(line) for line in form.get(f"answers-{one}", "").split("\n")] for one in LANGUAGES}
    french = lines[SOURCE] = [line for line in lines[SOURCE] if line]
    for language, several in lines.items():
        if len(several) != len(french):  # else a blank line is a translation that is missing
            lines[language] = [line for line in several if line]
    mistakes: Mistakes = {}
    if len(french) < FEWEST_ANSWERS:
        mistakes[f"answers-{SOURCE}"] = Wrong.FEW_ANSWERS
    elif len(french) > MOST_ANSWERS:
        mistakes[f"answers-{SOURCE}"] = Wrong.MANY_ANSWERS
    elif len({line.casefold() for line in french}) < len(french):
        mistakes[f"answers-{SOURCE}"] = Wrong.TWICE
    for language, several in lines.items():
        wrong = next((wrong for line in several if (wrong := _mistake(line, "answer"))), None)
        if wrong is None and several and len(several) != len(french):
            wrong = Wrong.LINES
        if wrong:
            mistakes.setdefault(f"answers-{language}", wrong)
    return [
        {language: several[place] for language, several in lines.items() if several[place : place + 1] > [""]}
        for place in range(len(french))
    ], mistakes
