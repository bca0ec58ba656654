"""Reads a LimeSurvey structure file (`.lss`): XML whose tables are those of LimeSurvey's database.

Since version 4 the words stand in tables of their own (`question_l10ns`); before, each table had a row a language.
"""

from collections import defaultdict
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ent_module.languages import LANGUAGES
from ent_module.surveys.interchange.findings import Trouble, UnreadableError
from ent_module.surveys.interchange.limesurvey import Asked, Group, Part, Survey
from ent_module.surveys.interchange.outline import Wording

Rows = list[dict[str, str]]


def read_lss(raw: bytes) -> Survey:
    """The survey in that file. Raises UnreadableError."""
    try:
        root = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableError(Trouble.ENTITIES) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableError(Trouble.NOT_XML) from error
    if root.tag != "document" or root.findtext("LimeSurveyDocType", "").strip() != "Survey":
        raise UnreadableError(Trouble.NOT_LIMESURVEY)
    return _Tables(root).survey()


class _Tables:
    """The tables of a file, and what is made of them."""

    def __init__(self, root: Element) -> None:
        self._tables: dict[str, Rows] = {
            table.tag: [{cell.tag: (cell.text or "").strip() for cell in row} for row in table.iterfind("rows/row")]
            for table in root
        }
        self._by: dict[tuple[str, str], dict[str, Rows]] = {}
        self._foreign: set[str] = set()

    def _rows(self, name: str) -> Rows:
        return self._tables.get(name, [])

    def _of(self, name: str, key: str, value: str) -> Rows:
        """The rows of a table that have that value; sorted out once, since there may be many."""
        if (name, key) not in self._by:
            found = self._by[name, key] = defaultdict(list)
            for row in self._rows(name):
                found[row.get(key, "")].append(row)
        return self._by[name, key].get(value, [])

    def survey(self) -> Survey:
        """The whole."""
        settings = dict(next(iter(self._rows("surveys")), {}))
        named = self._rows("surveys_languagesettings")
        for row in named:
            settings.update({key: text for key, text in row.items() if text})
        settings["quota"] = "1" if self._rows("quota") else ""
        base = settings.get("language", "fr")
        title = self._wording(named, "surveyls_language", "surveyls_title", base)
        groups = [self._group(rows, base) for rows in _gathered(self._rows("groups"), "gid", "group_order")]
        name = settings.get("surveyls_alias") or settings.get("sid", "")
        return Survey(f"survey {name}".strip(), title, groups, settings, sorted(self._foreign))

    def _wording(self, rows: Iterable[dict[str, str]], language: str, column: str, base: str) -> Wording:
        """A text by our languages; the base language of the survey comes first."""
        found: Wording = {}
        for row in sorted(rows, key=lambda one: one.get(language) != base):
            code = row.get(language, base).partition("-")[0]
            if code not in LANGUAGES:
                self._foreign.add(code)
            elif row.get(column):
                found.setdefault(code, row[column])
        return found

    def _texts(self, rows: Rows, table: str, key: str, own: str, column: str, base: str) -> Wording:
        """The words of one thing: from their own table, else from its own rows, one a language."""
        number = rows[0].get(own, "")
        return self._wording(self._of(table, key, number) or rows, "language", column, base)

    def _group(self, rows: Rows, base: str) -> Group:
        first = rows[0]
        mine = self._of("questions", "gid", first.get("gid", ""))
        return Group(
            name=self._texts(rows, "group_l10ns", "gid", "gid", "group_name", base),
            description=self._texts(rows, "group_l10ns", "gid", "gid", "description", base),
            relevance=first.get("grelevance", ""),
            questions=[self._question(one, base) for one in _gathered(mine, "qid", "question_order")],
        )

    def _question(self, rows: Rows, base: str) -> Asked:
        first = rows[0]
        qid = first.get("qid", "")
        settings = {name: first.get(name, "") for name in ("mandatory", "other", "preg")}
        for row in self._of("question_attributes", "qid", qid):
            settings[row.get("attribute", "")] = row.get("value", "")
        if self._of("defaultvalues", "qid", qid):
            settings["default"] = "1"
        below, answers = self._of("subquestions", "parent_qid", qid), self._of("answers", "qid", qid)
        relevance = first.get("relevance", "")
        if relevance in {"", "1"} and self._of("conditions", "qid", qid):
            relevance = "conditions"  # of the old kind, which no expression repeats: it cannot be said
        return Asked(
            code=first.get("title", qid),
            kind=first.get("type", ""),
            text=self._texts(rows, "question_l10ns", "qid", "qid", "question", base),
            help=self._texts(rows, "question_l10ns", "qid", "qid", "help", base),
            relevance=relevance,
            settings=settings,
            parts=[self._part(one, "title", "question", base) for one in _gathered(below, "qid", "question_order")],
            answers=[self._part(one, "code", "answer", base) for one in _gathered(answers, "code", "sortorder")],
            ids=f"{first.get('sid', '')}X{first.get('gid', '')}X{qid}",
        )

    def _part(self, rows: Rows, code: str, column: str, base: str) -> Part:
        table, key, own = ("answer_l10ns", "aid", "aid") if column == "answer" else ("question_l10ns", "qid", "qid")
        words = self._texts(rows, table, key, own, column, base)
        return Part(rows[0].get(code, ""), words, rows[0].get("relevance", ""))


def _gathered(rows: Rows, key: str, order: str) -> list[Rows]:
    """The rows of each thing (one a language in older files), in the order of the survey."""
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row.get(key, "")].append(row)
    return sorted(found.values(), key=lambda one: int(place) if (place := one[0].get(order, "")).isdecimal() else 0)
