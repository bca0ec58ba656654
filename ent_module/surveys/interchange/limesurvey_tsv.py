"""Reads LimeSurvey's tab-separated survey structure (`.txt`): one row for each thing and language."""

import csv
import io
from collections.abc import Mapping

from ent_module.languages import LANGUAGES
from ent_module.surveys.interchange.findings import Trouble, UnreadableError
from ent_module.surveys.interchange.limesurvey import Asked, Group, Part, Survey
from ent_module.surveys.interchange.outline import Wording

_HEADINGS = ("class", "type/scale", "name", "text")
_PLAIN = frozenset({"id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language"})


def looks_like_tsv(raw: bytes) -> bool:
    """Whether the first line names the columns of such a file."""
    first = raw[:4000].split(b"\n")[0].decode("utf-8-sig", errors="replace")
    return set(_HEADINGS) <= {heading.strip().strip('"') for heading in first.split("\t")}


def read_tsv(raw: bytes) -> Survey:
    """The survey in that file. Raises UnreadableError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(Trouble.NOT_TEXT) from error
    reader = _Reader()
    try:
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"):
            reader.take({key: value or "" for key, value in row.items() if isinstance(key, str)})
    except csv.Error as error:  # a field without end
        raise UnreadableError(Trouble.CELL_TOO_LONG) from error
    return reader.survey()


class _Reader:
    """Goes through the rows. What comes again in another language is the same thing."""

    def __init__(self) -> None:
        self._settings: dict[str, str] = {}
        self._title: Wording = {}
        self._groups: dict[str, Group] = {}
        self._questions: dict[str, Asked] = {}
        self._group: Group | None = None
        self._question: Asked | None = None
        self._parts: dict[tuple[int, str], Part] = {}
        self._foreign: set[str] = set()

    def survey(self) -> Survey:
        """The whole. Raises UnreadableError where there is no question."""
        if not self._questions:
            raise UnreadableError(Trouble.NOT_LIMESURVEY)
        name = self._settings.get("surveyls_alias") or self._settings.get("sid", "")
        groups = list(self._groups.values())
        return Survey(f"survey {name}".strip(), self._title, groups, self._settings, sorted(self._foreign))

    def take(self, row: Mapping[str, str]) -> None:
        """One row."""
        kind = row["class"].strip()
        if kind == "S":
            self._settings.setdefault(row["name"], row["text"])
        elif kind == "SL":
            self._settings.setdefault(row["name"], row["text"])
            if row["name"] == "surveyls_title":
                self._say(self._title, row, "text")
        elif kind == "G":
            self._take_group(row)
        elif kind == "Q":
            self._take_question(row)
        elif kind in {"SQ", "A"} and self._question is not None:
            self._take_part(row, self._question.parts if kind == "SQ" else self._question.answers)
        elif kind.startswith("QTA"):
            self._settings["quota"] = "1"

    def _say(self, texts: Wording, row: Mapping[str, str], column: str) -> None:
        language = row.get("language", "").partition("-")[0] or self._settings.get("language", "fr").partition("-")[0]
        if language not in LANGUAGES:
            self._foreign.add(language)
        elif row.get(column, "").strip():
            texts.setdefault(language, row[column].strip())

    def _take_group(self, row: Mapping[str, str]) -> None:
        self._group = self._groups.setdefault(row["type/scale"].strip() or row["name"], Group())
        self._group.relevance = self._group.relevance or row.get("relevance", "")
        self._say(self._group.name, row, "name")
        self._say(self._group.description, row, "text")

    def _take_question(self, row: Mapping[str, str]) -> None:
        code = row["name"].strip()
        self._question = self._questions.get(code)
        if self._question is None:
            settings = {key: value for key, value in row.items() if key not in _PLAIN}
            settings["preg"] = settings.pop("validation", "")
            self._question = Asked(
                code, row["type/scale"].strip(), relevance=row.get("relevance", ""), settings=settings
            )
            self._questions[code] = self._question
            if self._group is None:
                self._group = self._groups.setdefault("", Group())
            self._group.questions.append(self._question)
        self._say(self._question.text, row, "text")
        self._say(self._question.help, row, "help")

    def _take_part(self, row: Mapping[str, str], parts: list[Part]) -> None:
        code = row["name"].strip()
        part = self._parts.get((id(parts), code))
        if part is None:
            part = self._parts[id(parts), code] = Part(code, relevance=row.get("relevance", ""))
            parts.append(part)
        self._say(part.text, row, "text")
