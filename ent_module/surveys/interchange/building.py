"""Turns the outline of a foreign questionnaire into data of our schema, and notes what it had to leave or change."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ent_module.establishments.model import Kind
from ent_module.languages import LANGUAGES, SOURCE
from ent_module.surveys.interchange.expressions import Known, Node, UnsayableError, structured
from ent_module.surveys.interchange.findings import Notes, Trouble, UnreadableError, Why
from ent_module.surveys.interchange.outline import Answer, Outline, Own, Page, Question, Wording, plain
from ent_module.surveys.model import RESERVED
from ent_module.surveys.parts import TEXT
from ent_module.surveys.written import MOST_QUESTIONS as MOST_TEXTS

LONGEST_TEXT = 600
LONGEST_ID = 40
MOST_QUESTIONS = 300
MOST_CHOICES = 100
UNSTATED = "not stated"
"""In place of a licence, where a file names none."""
MOST_BANDS = 5
_TAG = re.compile(r"<[^<>]*>")
_SHADOWING = frozenset(
    {
        "action",
        "append",
        "dataset",
        "elements",
        "id",
        "length",
        "method",
        "name",
        "prepend",
        "reset",
        "submit",
        "target",
    }
)
"""Names of a form's own parts: a question so named would stand in their place for the pages' scripts."""
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Kinds of signs that a text for pupils does not have: controls, halves of signs, private and unassigned ones."""
_INSERTED = re.compile(r"\$\{|\{[A-Za-z_][^{}]*\}")
Parse = Callable[[str], Node | None]


def build(outline: Outline, levels: Sequence[str], parse: Parse, notes: Notes) -> dict[str, Any] | None:
    """The questionnaire as data; None where no question is left. `levels`: who is asked, where the file does not say.

    `surveys.content` says whether the result is a good questionnaire. Raises UnreadableError for an endless one.
    """
    if sum(len(page.questions) for page in outline.pages) > MOST_QUESTIONS:
        raise UnreadableError(Trouble.TOO_MANY_QUESTIONS)
    return _Builder(outline, levels, parse, notes).data()


class _Builder:
    """One import. What it keeps while it goes through the pages: names that are taken, and questions known so far."""

    def __init__(self, outline: Outline, levels: Sequence[str], parse: Parse, notes: Notes) -> None:
        self._outline, self._levels, self._parse, self._notes = outline, levels, parse, notes
        self._known: dict[str, Known] = {}
        self._scales: dict[str, dict[str, Any]] = {}
        self._lists: dict[str, Known] = {}
        self._taken: set[str] = set(RESERVED | _SHADOWING)
        self._pages_taken: set[str] = set()
        self._missing: Counter[str] = Counter()
        self._texts = 0

    def data(self) -> dict[str, Any] | None:
        """The whole."""
        one = self._outline
        title = self._wording(one.title or {SOURCE: one.name}, "settings") or dict.fromkeys(LANGUAGES, one.name)
        sections = [section for page in one.pages if (section := self._section(page, title))]
        for language, times in self._missing.items():
            self._notes.add("", LANGUAGES[language], Why.TRANSLATION, str(times))
        if not sections or not self._scales:  # what is only to be written is no questionnaire
            return None
        if "licence" not in one.own:
            self._notes.add("settings", one.name, Why.LICENCE)
        version = one.own.get("version", one.version)
        audience = {"audience": one.own["audience"]} if "audience" in one.own else {}
        return {
            "id": (plain(one.name).replace("_", "-") or "questionnaire")[:LONGEST_ID].strip("-"),
            "version": int(version) if version.isascii() and version.isdecimal() and 0 < len(version) < 9 else 1,
            "licence": one.own.get("licence", UNSTATED),
            "source": one.own.get("source", f"{one.program}: {one.name}"),
            "title": title,
            **self._own_wording(one.own, "summary"),
            **({"feedback": True} if one.own.get("feedback") == "true" else {}),
            **audience,
            "scales": self._scales,
            "sections": sections,
        }

    def _section(self, page: Page, whole: Wording) -> dict[str, Any] | None:
        items = [item for question in page.questions if (item := self._item(question))]
        if not items:
            for text in page.intro.values():
                self._notes.add(page.where, text, Why.NOTE)
            return None
        given = page.own.get("id", page.name)
        section: dict[str, Any] = {"id": _unique(plain(given) or "page", self._pages_taken)}
        section["title"] = (self._wording(page.title, page.where) if page.title else None) or whole
        section |= self._own_wording(page.own, "title_ecole")
        if page.intro and (intro := self._wording(page.intro, page.where)):
            section["intro"] = intro
        if look := page.own.get("look", page.look):
            section["look"] = look
        return section | {"items": items}

    def _item(self, question: Question) -> dict[str, Any] | None:
        text = self._wording(question.text, question.where)
        hint = self._wording(question.hint, question.where) if question.hint else None
        if text is None:
            return None
        if question.kind == TEXT:
            return self._written(question, text, hint)
        scale = self._scale(question)
        if scale is None:
            return None
        own = question.own
        item_id = _unique(plain(own.get("id", question.name)) or "q", self._taken)
        item: dict[str, Any] = {
            "id": item_id,
            "levels": own["levels"].split() if "levels" in own else [str(level) for level in self._levels],
            "text": text,
        }
        item |= self._own_wording(own, "text_ecole")
        if hint:
            item["hint"] = hint
        item |= {"kind": question.kind, "scale": scale.id}
        item |= {key: own[key] for key in ("look", "sensitive") if key in own}
        if relevant := self._relevant(question):
            item["relevant"] = relevant
        item["reverse"] = own.get("reverse") == "yes"
        item["cutoff"] = own.get("cutoff")
        item |= self._origin(own)
        self._known[question.name] = Known(item_id, question.kind, scale.choices, scale.starts, scale.to)
        return item

    def _written(self, question: Question, text: Wording, hint: Wording | None) -> dict[str, Any] | None:
        """A question that is answered in words. Nothing rests on it, and it is asked of everybody or of nobody."""
        own, where, shown = question.own, question.where, _shown(question)
        levels = own["levels"].split() if "levels" in own else [one for one in self._levels if one != Kind.ECOLE]
        if not levels or self._texts >= MOST_TEXTS:
            self._notes.add(where, shown, Why.MANY_TEXTS if levels else Why.TEXT_AT_ECOLE)
            return None
        self._texts += 1
        if "levels" not in own:
            self._notes.add(where, shown, Why.WRITTEN)
        if conditions := " / ".join(question.conditions):
            self._notes.add(where, shown, Why.RELEVANT, conditions)
        item: dict[str, Any] = {"id": _unique(plain(own.get("id", question.name)) or "q", self._taken)}
        item |= {"levels": list(map(str, levels)), "text": text, **({"hint": hint} if hint else {}), "kind": TEXT}
        return item | self._origin(own)

    def _origin(self, own: Own) -> dict[str, str]:
        """Where a question comes from, and its licence."""
        source = own.get("source", f"{self._outline.program}: {clean(self._outline.name)}")
        return {"source": source, "licence": own.get("licence", self._outline.own.get("licence", UNSTATED))}

    def _relevant(self, question: Question) -> dict[str, Any] | None:
        """The conditions as far as they can be said. One that cannot be said leaves the question to everybody."""
        nodes: list[Node] = []
        try:
            for text in question.conditions:
                node = self._parse(text)
                nodes += [node] if node is not None else []
            found = structured(nodes, self._known.get)
        except UnsayableError:
            said = " / ".join(question.conditions)
            self._notes.add(question.where, _shown(question), Why.RELEVANT, said)
            return None
        if found is not None:
            if question.own.get("join") == "all" and "any" in found and len(found["any"]) == 1:
                found = {"all": found["any"]}
            found |= self._own_wording(question.own, "who")
        return found

    def _scale(self, question: Question) -> Known | None:
        """The scale of a question, made where it is new; None where it has none that is good enough."""
        if question.kind == "number" and question.answers not in self._outline.lists:
            return self._bands(question)
        if question.answers in self._lists:
            return self._lists[question.answers]
        answers = self._outline.lists.get(question.answers, [])
        if len(answers) > MOST_CHOICES:
            self._notes.add(question.where, _shown(question), Why.TOO_MANY_CHOICES, question.answers)
            return None
        choices, known = self._choices(answers)
        if len(choices) < 2:
            self._notes.add(question.where, _shown(question), Why.NO_CHOICES, question.answers)
            return None
        scale_id = _unique(plain(question.answers) or "answers", set(self._scales))
        scale: dict[str, Any] = {"choices": choices}
        if to := next((answer.own["to"] for answer in answers if "to" in answer.own), ""):
            scale["to"] = _number(to)
        self._scales[scale_id] = scale
        starts = tuple((one["from"], one["id"]) for one in choices if isinstance(one.get("from"), int))
        made = Known(scale_id, question.kind, known, starts, scale["to"] if isinstance(scale.get("to"), int) else 0)
        self._lists[question.answers] = made
        return made

    def _choices(self, answers: Sequence[Answer]) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The choices of a list, and their ids by the names in the file."""
        taken: set[str] = set()
        choices: list[dict[str, Any]] = []
        known: dict[str, str] = {}
        for answer in answers:
            label = self._wording(answer.label or {SOURCE: answer.name}, answer.name)
            if label is None:
                continue
            choice: dict[str, Any] = {"id": _unique(plain(answer.own.get("id", answer.name)) or "c", taken)}
            choice["label"] = label
            if "spot" in answer.own:
                choice["spot"] = answer.own["spot"]
            if "from" in answer.own:
                choice["from"] = _number(answer.own["from"])
            known.setdefault(answer.name, choice["id"])
            choices.append(choice)
        return choices, known

    def _bands(self, question: Question) -> Known | None:
        """A scale of at most MOST_BANDS spans of equal length for a number whose file has none."""
        if question.bounds is None or not 0 <= question.bounds[0] < question.bounds[1] <= 10**6:
            self._notes.add(question.where, _shown(question), Why.NO_BOUNDS)
            return None
        low, high = question.bounds
        name = f"{low}…{high}"
        step = -(-(high - low + 1) // MOST_BANDS)
        starts = list(range(low, high + 1, step))
        ends = [start - 1 for start in starts[1:]] + [high]
        labels = [str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True)]
        choices = [
            {"id": f"from_{start}", "from": start, "label": dict.fromkeys(LANGUAGES, label)}
            for start, label in zip(starts, labels, strict=True)
        ]
        self._notes.add(question.where, _shown(question), Why.BANDS, " · ".join(labels))
        if name not in self._lists:
            scale_id = _unique(f"numbers_{low}_{high}", set(self._scales))
            self._scales[scale_id] = {"choices": choices, "to": high}
            bands = tuple((start, f"from_{start}") for start in starts)
            self._lists[name] = Known(scale_id, "number", {band: band for _start, band in bands}, bands, high)
        return self._lists[name]

    def _wording(self, given: Wording, where: str) -> dict[str, str] | None:
        """A text in every language; None, and a finding, where it cannot be shown to pupils."""
        first = next((text for text in given.values() if text.strip()), "")
        if not first:
            self._notes.add(where, "", Why.NO_LABEL)
            return None
        if any(_INSERTED.search(text) for text in given.values()):
            self._notes.add(where, first, Why.INSERTED)
            return None
        texts = {language: clean(text) for language, text in given.items()}
        if any(texts[language] != _spaced(given[language]) for language in texts):
            self._notes.add(where, first, Why.TAGS)
        texts = {language: text for language, text in texts.items() if text}
        if not texts:
            self._notes.add(where, first, Why.NO_LABEL)
            return None
        if max(map(len, texts.values())) > LONGEST_TEXT:
            self._notes.add(where, first, Why.TOO_LONG)
            return None
        instead = texts.get(SOURCE) or next(iter(texts.values()))
        for language in LANGUAGES:
            if language not in texts:
                self._missing[language] += 1
        return {language: texts.get(language, instead) for language in LANGUAGES}

    def _own_wording(self, own: Own, name: str) -> dict[str, dict[str, str]]:
        """A text that only our own files have, under its key; nothing where the file has none."""
        given = {language: own[f"{name}_{language}"] for language in LANGUAGES if f"{name}_{language}" in own}
        found = self._wording(given, name) if given else None
        return {name: found} if found else {}


def clean(text: str) -> str:
    """A text without tags and signs that nobody sees, in composed letters, with single spaces between words."""
    bare = _TAG.sub(" ", text).replace("<", "‹")
    return _spaced("".join(" " if unicodedata.category(c) in _UNSEEN else c for c in bare))


def _spaced(text: str) -> str:
    """Composed letters, no spaces around, and one space where there are several; French thin spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", text)).strip()


def _unique(wanted: str, taken: set[str]) -> str:
    """An id that nothing has yet; it is taken then."""
    found, number = wanted[:LONGEST_ID], 2
    while found in taken:
        end = f"_{number}"
        found, number = f"{wanted[: LONGEST_ID - len(end)]}{end}", number + 1
    taken.add(found)
    return found


def _number(text: str) -> int | str:
    """The number that a text is; the text itself is a mistake that the check of content names."""
    return int(text) if re.fullmatch(r"\d{1,9}", text) else text


def _shown(question: Question) -> str:
    return next((text for text in question.text.values() if text), question.name)


def own_columns(cells: Mapping[str, str]) -> dict[str, str]:
    """What our own files say in columns that begin with `ent_`."""
    return {name.removeprefix("ent_"): text for name, text in cells.items() if name.startswith("ent_")}
