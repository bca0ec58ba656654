"""Reads an XLSForm workbook into an outline: groups become pages, selects and bounded numbers become questions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ent_module.languages import LANGUAGES, SOURCE
from ent_module.surveys.interchange.building import own_columns
from ent_module.surveys.interchange.findings import Effect, Notes, Trouble, UnreadableError, Why
from ent_module.surveys.interchange.outline import Answer, Outline, Page, Question, Wording, asks_who
from ent_module.surveys.interchange.workbook import Row, read_workbook
from ent_module.surveys.interchange.xlsform_columns import MEDIA, Columns, language_of, parted, read_lists
from ent_module.surveys.interchange.xlsform_types import (
    BEGINS,
    ENDS,
    IGNORED,
    PROGRAM,
    REASONS,
    SELECTS,
    TOLD,
    WORDS,
    normalised_type,
)
from ent_module.surveys.parts import TEXT

SHEETS = ("survey", "choices", "settings")
_BOUND = re.compile(r"\.\s*(<=|>=|<|>)\s*(-?\d{1,9})(?![\d.])")


def read_xlsform(raw: bytes, notes: Notes) -> Outline:
    """The outline of a workbook. Raises UnreadableError."""
    sheets, others = read_workbook(raw, SHEETS)
    for name in others:
        notes.add(name, name, Why.SHEET)
    rows = sheets.get("survey", [])
    if not any(row.get("type") for row in rows):
        raise UnreadableError(Trouble.NO_SURVEY)
    settings = sheets.get("settings", [])
    setting = settings[0].cells if settings else {}
    default = setting.get("default_language", "")
    if default and not language_of(default) and default != "default":
        notes.add("settings", default, Why.LANGUAGE)
    columns = Columns(language_of(default) or SOURCE, notes)
    own = own_columns(setting)
    _note_settings(setting, notes)
    lists = read_lists(sheets.get("choices", []), columns)
    reader = _Survey(columns, notes, lists)
    for row in rows:
        reader.take(row)
    columns.tell()
    title = {language: own[f"title_{language}"] for language in LANGUAGES if f"title_{language}" in own}
    return Outline(
        name=own.get("id")
        or setting.get("form_id")
        or setting.get("id_string")
        or setting.get("form_title", "")
        or "form",
        version=setting.get("version", ""),
        title=title or ({columns.default: setting["form_title"]} if setting.get("form_title") else {}),
        pages=reader.pages(),
        lists=lists,
        program=PROGRAM,
        own=own,
    )


def _note_settings(setting: Mapping[str, str], notes: Notes) -> None:
    known = {"form_title", "form_id", "id_string", "version", "default_language", "style"}
    for name, value in setting.items():
        if name == "instance_name":
            notes.add("settings", f"{name}: {value}", Why.TRACE)
        elif name not in known and not name.startswith("ent_"):
            notes.add("settings", f"{name}: {value}", Why.SETTING)


@dataclass
class _Group:
    """A group that is open: what it is called, and under which conditions its questions are asked."""

    kind: str
    page: Page
    condition: str = ""
    answers: str = ""
    """The list of the rows of a rating matrix."""
    holds: bool = False
    """Whether a question or a page stands in it."""


class _Survey:
    """Goes through the sheet `survey` row by row."""

    def __init__(self, columns: Columns, notes: Notes, lists: dict[str, list[Answer]]) -> None:
        self._columns, self._notes, self._lists = columns, notes, lists
        self._open: list[_Group] = []
        self._pages: list[Page] = []

    def pages(self) -> list[Page]:
        """The pages in order. Raises UnreadableError where a group has no end."""
        if self._open:
            raise UnreadableError(Trouble.GROUPS)
        return self._pages

    def take(self, row: Row) -> None:
        """One row. Raises UnreadableError."""
        kind, rest = normalised_type(row.get("type"))
        where, label = f"survey {row.number}", self._columns.wording(row, "label")
        shown = next(iter(label.values()), "") or row.get("name") or row.get("type")
        if kind in BEGINS:
            self._begin(row, kind, where, label)
        elif kind in ENDS:
            if not self._open:
                raise UnreadableError(Trouble.GROUPS)
            self._end(self._open.pop())
        elif why := self._why_not(row, kind, label):
            self._notes.add(where, shown, why, kind or "?")
        elif kind == "note":
            self._note(row, where, label, shown)
        else:
            self._question(row, kind, rest, label)

    def _why_not(self, row: Row, kind: str, label: Wording) -> Why | None:
        """Why a row is not carried over; None where it is."""
        if kind in REASONS and REASONS[kind].effect is Effect.REFUSED:
            return REASONS[kind]
        if asks_who(row.get("name"), label, free=kind in WORDS):
            return Why.PERSON
        if any(group.kind == "repeat" for group in self._open):
            return Why.REPEAT
        if kind in {*SELECTS, *WORDS, "integer", "range", "score__row", "note"}:
            return None
        return REASONS.get(kind, Why.TYPE)

    def _begin(self, row: Row, kind: str, where: str, label: Wording) -> None:
        look = "grid" if "table-list" in row.get("appearance").split() or kind == "begin score" else ""
        own = own_columns(row.cells)
        page = Page(where, row.get("name"), label, look=own.get("look", look), own=own)
        if not label and self._open:  # a group without words only gathers: its questions stay on the page around it
            page = self._open[-1].page
        if kind == "begin repeat":
            self._notes.add(where, next(iter(label.values()), "") or row.get("name"), Why.REPEAT)
        answers = row.get("kobo--score-choices")
        self._open.append(_Group(kind.removeprefix("begin "), page, row.get("relevant"), answers))
        self._unread(row, {"relevant", "appearance", "kobo--score-choices"})

    def _end(self, group: _Group) -> None:
        above = self._open[-1] if self._open else None
        if above is not None and group.holds:
            if not above.holds and above.page is not group.page and above.page.title:
                self._notes.add(above.page.where, next(iter(above.page.title.values())), Why.HEADING)
            above.holds = True

    def _note(self, row: Row, where: str, label: Wording, shown: str) -> None:
        page = self._open[-1].page if self._open else None
        if page is not None and not page.questions and not page.intro and label and not row.get("relevant"):
            self._page().intro = label
            self._unread(row, set())
        else:
            self._notes.add(where, shown, Why.NOTE)

    def _page(self) -> Page:
        """The page on which the next question stands: a new one where another page has come in between."""
        wanted = self._open[-1].page if self._open else Page("survey", "questions")
        for group in self._open:
            group.holds = group.holds or group.page is wanted
        last = self._pages[-1] if self._pages else None
        if last is None or (last.where, last.name) != (wanted.where, wanted.name):
            if wanted.questions:  # it goes on after a page that stood in between
                wanted = Page(wanted.where, wanted.name, wanted.title, look=wanted.look, own=wanted.own)
            self._pages.append(wanted)
        return self._pages[-1]

    def _question(self, row: Row, kind: str, rest: str, label: Wording) -> None:
        where, name, appearance = f"survey {row.number}", row.get("name"), row.get("appearance").split()
        shown = next(iter(label.values()), "") or name
        if "label" in appearance and kind in SELECTS:  # the headings of a table: a row that asks nothing
            self._page().look = "grid"
            self._note(row, where, label, shown)
            return
        words = rest.split()
        answers = self._open[-1].answers if kind == "score__row" and self._open else words[0] if words else ""
        if "or_other" in words[1:] or words[1:2] == ["or"]:
            answers = self._with_other(answers, where, shown)
        own = own_columns(row.cells)
        ours = TEXT if kind in WORDS else SELECTS.get(kind, "one" if kind == "score__row" else "number")
        page = self._page()
        page.questions.append(
            Question(
                where,
                name,
                ours,
                label,
                self._columns.wording(row, "hint"),
                own.get("scale", "") if ours == "number" else answers,
                _bounds(kind, row) if ours == "number" else None,
                tuple(text for text in (*(group.condition for group in self._open), row.get("relevant")) if text),
                own,
            )
        )
        self._tell(row, kind, where, shown)

    def _with_other(self, answers: str, where: str, shown: str) -> str:
        """The list with one choice more, as `or_other` adds it."""
        name = f"{answers}_or_other"
        if answers in self._lists and name not in self._lists:
            other = Answer("other", {"fr": "Autre", "en": "Other", "ar": "غير ذلك"})
            self._lists[name] = [*(one for one in self._lists[answers] if one.name != "other"), other]
        self._notes.add(where, shown, Why.OTHER)
        return name

    def _tell(self, row: Row, kind: str, where: str, shown: str) -> None:
        """What stands beside a question and is not carried over."""
        constraint = row.get("constraint")
        bounded = kind in {"integer", "range"} and _bounds(kind, row) is not None
        if constraint and not (bounded and re.fullmatch(r"[\s().\d<>=-]*(and)?[\s().\d<>=-]*", constraint)):
            self._notes.add(where, shown, Why.CONSTRAINT, constraint)
        for heading, why in TOLD.items():
            if row.get(heading) and row.get(heading).casefold() not in {"no", "false", "false()"}:
                self._notes.add(where, shown, why, row.get(heading))
        if row.get("appearance") and not any(name.startswith("ent_") for name in row.cells):
            self._notes.add("", row.get("appearance"), Why.APPEARANCE)
        read = {"hint", "relevant", "constraint", "constraint_message", "required_message", "appearance", *TOLD}
        self._unread(row, read | ({"parameters"} if kind == "range" else set()))

    def _unread(self, row: Row, read: set[str]) -> None:
        for heading, text in row.cells.items():
            kind, _spoken = parted(heading)
            if kind in MEDIA:
                self._notes.add(f"survey {row.number}", text, Why.MEDIA)
            elif kind not in {"type", "name", "label", *IGNORED, *read} and not heading.startswith("ent_"):
                self._columns.unread[heading] += 1


def _bounds(kind: str, row: Row) -> tuple[int, int] | None:
    """The least and the largest number that a constraint, or a range's parameters, allow."""
    if kind == "range":
        given = dict(re.findall(r"(start|end|step)\s*=\s*(\d{1,9})(?![\d.])", row.get("parameters")))
        return (int(given.get("start", 1)), int(given.get("end", 10))) if given.get("step", "1") == "1" else None
    low = high = None
    for sign, text in _BOUND.findall(row.get("constraint")):
        number = int(text)
        if sign in {">", ">="}:
            low = number + (sign == ">")
        else:
            high = number - (sign == "<")
    return (low, high) if low is not None and high is not None else None
