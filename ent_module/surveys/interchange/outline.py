"""A questionnaire as another program's file has it, whatever the program: what the readers fill and `building` turns
into ours."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

Wording = dict[str, str]
"""Language → text; the languages of the file that are ours."""
Own = Mapping[str, str]
"""What only our own files say, by the name of its column without `ent_`."""


@dataclass(frozen=True)
class Answer:
    """One possible answer of a list."""

    name: str
    label: Wording
    own: Own = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A question that may be carried over. `kind` is ours: one, several, number, text."""

    where: str
    name: str
    kind: str
    text: Wording
    hint: Wording = field(default_factory=dict)
    answers: str = ""
    """Name of its list."""
    bounds: tuple[int, int] | None = None
    conditions: tuple[str, ...] = ()
    """Expressions that must all hold, as they stand in the file."""
    own: Own = field(default_factory=dict)


@dataclass
class Page:
    """Questions under one heading."""

    where: str
    name: str
    title: Wording = field(default_factory=dict)
    intro: Wording = field(default_factory=dict)
    look: str = ""
    own: Own = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


@dataclass
class Outline:
    """The whole."""

    name: str
    version: str
    title: Wording
    pages: list[Page]
    lists: dict[str, list[Answer]]
    program: str
    """Which program's file it is, for the source."""
    own: Own = field(default_factory=dict)


_WORDS = re.compile(
    r"\b(e-?mail|courriel|t[eé]l[eé]phone|phone|adresse|address|pr[eé]nom|(ton|votre) nom|nom de famille|first name"
    r"|last name|surname|signature|num[eé]ro ine|date de naissance|birth ?date|date of birth)\b|اسمك|بريد|هاتف|عنوان",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(first_?|last_?|full_?|student_?|sur)?name|nom(_de_famille|_eleve)?|prenom|e?_?mail|phone|telephone|tel|adresse"
    r"|address|ine|birth_?date|date_?(of_?birth|(de_?)?naissance)|naissance|username|login|identifiant|matricule"
)


_WHO = re.compile(
    r"\b(qui es-tu|comment t.appelles|(quel est|indique|écris|choisis) (ton|votre) (pr[eé])?nom"
    r"|(your|student) (first |last |full )?name|who are you)\b|ما اسمك|من أنت",
    re.IGNORECASE,
)


def asks_who(name: str, text: Wording, *, free: bool) -> bool:
    """Whether an answer to that question would say who gives it, by its name or its words. More words tell it of a
    `free` answer: whether somebody has a telephone may be asked."""
    patterns = (_WHO, _WORDS) if free else (_WHO,)
    told = any(pattern.search(words) for pattern in patterns for words in text.values())
    return told or bool(_NAMES.fullmatch(plain(name)))


def plain(name: str) -> str:
    """A name of another program in the letters of our ids; may be empty. One that is made of these stays as it is."""
    if re.fullmatch(r"[a-z0-9_]+", name):
        return name
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]+", "_", "".join(c for c in letters if not unicodedata.combining(c))).strip("_")
