"""Turns a LimeSurvey survey, whichever file it came in, into an outline: groups become pages, arrays become grids."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ent_module.surveys.interchange.expressions import Node, Test, parse_limesurvey, renamed
from ent_module.surveys.interchange.findings import Notes, Why
from ent_module.surveys.interchange.limesurvey_types import (
    ARRAYS,
    FIXED,
    FREE,
    MULTIPLE,
    NOT_KEPT,
    OTHER_CHOICE,
    REASONS,
    SINGLE,
    TOLD,
    TRACES,
    WORDS,
)
from ent_module.surveys.interchange.outline import Answer, Outline, Page, Question, Wording, asks_who
from ent_module.surveys.parts import TEXT

PROGRAM = "LimeSurvey"


@dataclass
class Part:
    """A subquestion or an answer."""

    code: str
    text: Wording = field(default_factory=dict)
    relevance: str = ""


@dataclass
class Asked:
    """A question."""

    code: str
    kind: str
    text: Wording = field(default_factory=dict)
    help: Wording = field(default_factory=dict)
    relevance: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    answers: list[Part] = field(default_factory=list)
    ids: str = ""
    """`survey`X`group`X`question`, as older conditions name it."""


@dataclass
class Group:
    """A group of questions: a page."""

    name: Wording = field(default_factory=dict)
    description: Wording = field(default_factory=dict)
    relevance: str = ""
    questions: list[Asked] = field(default_factory=list)


@dataclass
class Survey:
    """The whole. `foreign`: its languages that are not ours."""

    name: str
    title: Wording
    groups: list[Group]
    settings: dict[str, str]
    foreign: list[str]


Parse = Callable[[str], Node | None]


def to_outline(survey: Survey, notes: Notes) -> tuple[Outline, Parse]:
    """The outline, and what reads its conditions."""
    _note_settings(survey, notes)
    made = _Reader(notes)
    for number, group in enumerate(survey.groups, 1):
        made.group(group, f"g{number}")
    outline = Outline(survey.name or "survey", "", survey.title, made.pages, made.lists, PROGRAM)

    def parse(text: str) -> Node | None:
        node = parse_limesurvey(text)
        return renamed(node, made.known) if node is not None else None

    return outline, parse


def _note_settings(survey: Survey, notes: Notes) -> None:
    for name, value in survey.settings.items():
        if name in TRACES and value == TRACES[name]:
            notes.add("", f"{name}: {value}", Why.TRACE)
        elif name in NOT_KEPT and value.strip():
            notes.add("", name, Why.SETTING)
    for language in survey.foreign:
        if language:
            notes.add("", language, Why.LANGUAGE)


class _Reader:
    """Goes through the groups. `aliases`: how conditions name a question, or one answer of several."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.pages: list[Page] = []
        self.lists: dict[str, list[Answer]] = {}
        self._aliases: dict[str, tuple[str, str | None]] = {}
        self._group = Group()
        self._place = ""

    def known(self, test: Test) -> Test:
        """A comparison by the names of the outline; one answer of several is ticked where its cell says Y."""
        name, answer = self._aliases.get(test.item, (test.item, None))
        if answer is None:
            return Test(name, test.sign, test.value)
        return Test(name, "has" if (test.sign, test.value) == ("=", "Y") else "none", answer)

    def group(self, group: Group, place: str) -> None:
        """One group, on a page or several."""
        self._group, self._place = group, place
        self._page(place).intro = self._words(group.description, place)
        for asked in group.questions:
            self._question(asked)

    def _page(self, name: str) -> Page:
        page = Page(name, name, self._words(self._group.name, name))
        self.pages.append(page)
        return page

    def _question(self, asked: Asked) -> None:
        text = self._words(asked.text, asked.code)
        shown = next(iter(text.values()), "") or asked.code
        told = [(asked.code, text), *((part.code, part.text) for part in asked.parts)]
        if asked.settings.get("hidden") == "1":
            self._notes.add(asked.code, shown, Why.CALCULATION)
        elif asked.kind == "X":
            self._boilerplate(asked.code, text, shown)
        elif asked.kind in FREE and any(asks_who(code, words, free=True) for code, words in told):
            self._notes.add(asked.code, shown, Why.PERSON)
        elif asked.kind in FREE - WORDS:
            self._notes.add(asked.code, shown, Why.FREE_TEXT)
        elif asked.kind in REASONS:
            self._notes.add(asked.code, shown, REASONS[asked.kind])
        elif asks_who(asked.code, text, free=False):
            self._notes.add(asked.code, shown, Why.PERSON)
        elif asked.kind in ARRAYS:
            self._array(asked, text)
            self._tell(asked, shown)
        elif asked.kind in SINGLE or asked.kind in MULTIPLE or asked.kind in FIXED or asked.kind in {"N", *WORDS}:
            self._plain(asked, text)
            self._tell(asked, shown)
        else:
            self._notes.add(asked.code, shown, Why.TYPE, asked.kind or "?")

    def _boilerplate(self, code: str, text: Wording, shown: str) -> None:
        page = self.pages[-1]
        if page.questions or page.intro or not text:
            self._notes.add(code, shown, Why.NOTE)
        else:
            page.intro = text

    def _plain(self, asked: Asked, text: Wording) -> None:
        """A question with one list of answers, a number, or a text to write."""
        page = self.pages[-1]
        if page.look:  # an array came in between
            page = self._page(f"{self._place}_{asked.code}")
        several = asked.kind in MULTIPLE
        if asked.kind in FIXED:
            self.lists[f"{PROGRAM}_{asked.kind}"] = FIXED[asked.kind]
        elif asked.kind not in {"N", *WORDS}:
            self.lists[asked.code] = self._answers(asked.parts if several else asked.answers)
            if asked.settings.get("other") == "Y":
                self.lists[asked.code].append(OTHER_CHOICE)
        answers = f"{PROGRAM}_{asked.kind}" if asked.kind in FIXED else asked.code if asked.code in self.lists else ""
        kind = "several" if several else "number" if asked.kind == "N" else TEXT if asked.kind in WORDS else "one"
        page.questions.append(self._made(asked, asked.code, kind, text, answers, ()))
        for name in (asked.code, asked.ids):
            self._aliases[name] = (asked.code, None)
            if several:
                between = "_" if name == asked.code else ""
                self._aliases |= {f"{name}{between}{part.code}": (asked.code, part.code) for part in asked.parts}

    def _array(self, asked: Asked, text: Wording) -> None:
        """A question for each row, on a page that is a grid, with the words of the whole above it."""
        page = self.pages[-1]
        if page.questions or page.intro:
            page = self._page(f"{self._place}_{asked.code}")
        page.intro, page.look = text, "grid"
        answers = f"{PROGRAM}_{asked.kind}" if asked.kind in FIXED else asked.code
        self.lists[answers] = FIXED.get(asked.kind) or self._answers(asked.answers)
        for row in asked.parts:
            name = f"{asked.code}_{row.code}"
            words = self._words(row.text, name)
            page.questions.append(self._made(asked, name, "one", words, answers, (row.relevance,)))
            self._aliases[name] = self._aliases[f"{asked.ids}{row.code}"] = (name, None)

    def _made(self, asked: Asked, name: str, kind: str, text: Wording, answers: str, more: tuple[str, ...]) -> Question:
        low, high = (asked.settings.get(f"{end}_num_value_n", "").strip() for end in ("min", "max"))
        bounded = re.fullmatch(r"\d{1,9}", low) and re.fullmatch(r"\d{1,9}", high)
        return Question(
            where=name,
            name=name,
            kind=kind,
            text=text,
            hint=self._words(asked.help, name),
            answers=answers,
            bounds=(int(low), int(high)) if bounded else None,
            conditions=tuple(one for one in (self._group.relevance, asked.relevance, *more) if one.strip()),
        )

    def _answers(self, parts: Iterable[Part]) -> list[Answer]:
        return [Answer(part.code, self._words(part.text, part.code)) for part in parts]

    def _tell(self, asked: Asked, shown: str) -> None:
        """What stands beside a question and is not carried over."""
        if asked.settings.get("mandatory", "N") not in {"N", ""}:
            self._notes.add(asked.code, shown, Why.REQUIRED)
        if asked.settings.get("other") == "Y":
            self._notes.add(asked.code, shown, Why.OTHER)
        if asked.kind in {"O", "P"}:
            self._notes.add(asked.code, shown, Why.FREE_TEXT)
        if asked.kind in MULTIPLE and any(part.relevance.strip() not in {"", "1"} for part in asked.parts):
            self._notes.add(asked.code, shown, Why.FILTER)
        for name, why in TOLD.items():
            value = asked.settings.get(name, "").strip()
            if value not in {"", "0", "N", "normal"}:
                self._notes.add(asked.code, shown, why, value)

    def _words(self, texts: Wording, where: str) -> Wording:
        """Texts without their tags, which are noted."""
        found: Wording = {}
        for language, text in texts.items():
            bare, media = _bare(text)
            if media:
                self._notes.add(where, bare, Why.MEDIA)
            if bare != " ".join(text.split()):
                self._notes.add("", "HTML", Why.TAGS)
            if bare:
                found[language] = bare
        return found


class _Text(HTMLParser):
    """What a reader sees of HTML, and whether there is a picture or a sound in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.media = False
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes pictures, and leaves out what is not shown."""
        del attrs
        self.media = self.media or tag in {"img", "audio", "video", "iframe", "object", "embed", "svg"}
        self._hidden += tag in {"script", "style"}
        self.words.append(" " if tag in {"br", "p", "div", "li", "tr", "td"} else "")

    def handle_endtag(self, tag: str) -> None:
        """The end of what is not shown."""
        self._hidden -= tag in {"script", "style"} and self._hidden > 0
        self.words.append(" " if tag in {"p", "div", "li", "tr", "td"} else "")

    def handle_data(self, data: str) -> None:
        """A text."""
        if not self._hidden:
            self.words.append(data)


def _bare(text: str) -> tuple[str, bool]:
    if "<" not in text and "&" not in text:
        return " ".join(text.split()), False
    reader = _Text()
    reader.feed(text)
    reader.close()
    return " ".join("".join(reader.words).split()), reader.media
