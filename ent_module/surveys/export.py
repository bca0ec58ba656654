"""The released numbers of one campaign to take away: CSV and XLSX with their dictionary, described for machines.

One zip: `cells.csv`, `dictionary.csv`, `results.xlsx` with the same two tables, and `datapackage.json` (Frictionless
Data Package, version 1). A number that is hidden says so in words, in its own column and in place of the number; no
cell is empty. Places are left out. The same release makes the same bytes, in whatever language one reads.

What does not belong here: rows of answers, which no longer exist; the school's name, so that files of several schools
do not make a ranking by themselves.

Sources: Data Package and Table Schema, version 1 (specs.frictionlessdata.io). Texts that a spreadsheet would take for
a formula are disarmed (OWASP, CSV Injection): by defusedcsv, and by XlsxWriter's strings_to_formulas=False.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from babel.dates import format_date

from ent_module.languages import LANGUAGES
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys.guides import Guide
from ent_module.surveys.model import ABOVE, ANSWERED, Item, Questionnaire, Section
from ent_module.surveys.parts import Audience
from ent_module.surveys.release import WHOLE, LevelCell, counts_from, of_level, tells_levels
from ent_module.surveys.results import Silence, given_away, released, share
from ent_module.surveys.service.rules import Numbered

HIDDEN = "hidden"
"""Stands in place of a number that is not shown."""
COUNTED, ALL, ITSELF = "(counted)", "(answered)", "(question)"
"""What a row is about, where it is not about one choice: all whose answer counts, all who answered, the question. No
choice has such an id."""

SCHOOL = "(school)"
"""In place of a level. No level is called so."""

Row = tuple[str | int, ...]


@dataclass(frozen=True)
class Table:
    """One table: the name of its file, its columns with what they mean, its rows."""

    name: str
    title: str
    columns: tuple[tuple[str, str, str], ...]
    """Name, type (Table Schema's), what it means."""
    rows: tuple[Row, ...]
    key: tuple[str, ...]
    """The columns that name a row."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _type, _meaning in self.columns)


@dataclass(frozen=True)
class About:
    """What a package says of its campaign, beside the numbers."""

    opened_on: date
    wave: int
    """Which of the questionnaire's campaigns of the school year it is."""
    closed_on: date
    taken: int
    """Ballots at least, in steps as pages tell them."""
    classes: int
    release: Numbered | None

    def name(self, asked: Questionnaire) -> str:
        """By which its files are known: questionnaire and month, and which it is of the year unless the first."""
        return f"{asked.id}-{self.opened_on:%Y-%m}" + (f"-{self.wave}" if self.wave > 1 else "")

    def title(self, asked: Questionnaire) -> str:
        """The same in words, whatever language one reads."""
        which = f", no. {self.wave}" if self.wave > 1 else ""
        return f"{asked.title['en']}, {format_date(self.opened_on, 'MMMM y', locale='en')}{which}"

    def described(self) -> dict[str, Any]:
        """Participation and, where its record says so, number and rules: properties of our own."""
        participation = {"ballots_at_least": self.taken, "classes": self.classes}
        if self.release is None:
            return {"participation": participation}
        one = self.release
        told = {"number": one.number, "rules": dict(one.rules), "record_sha256": one.digest}
        return {"participation": participation, "release": told}


def package(cells: Iterable[LevelCell], asked: Questionnaire, level: str, guide: Guide, about: About) -> bytes:
    """The zip of a released campaign."""
    sections = _without_places(asked, level, guide)
    told = list(cells)
    linked = given_away(released(of_level(told, WHOLE)), asked.items(level))
    tables = (_cells(told, sections, linked), _dictionary(sections, level))
    files = {f"{table.name}.csv": _csv(table) for table in tables}
    files["results.xlsx"] = _xlsx(tables, about.closed_on)
    described = {
        "name": about.name(asked),
        "title": about.title(asked),
        "description": _ABOUT.format(who=_WHO[asked.audience]),
        "created": datetime.combine(about.closed_on, time(), UTC).isoformat().replace("+00:00", "Z"),
        "version": str(asked.version),
        "profile": "data-package",
        **about.described(),
        "resources": [
            *(_described(table, files[f"{table.name}.csv"]) for table in tables),
            _described_workbook(files["results.xlsx"]),
        ],
    }
    files["datapackage.json"] = (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()
    return _zip(files)


_WHO = {Audience.PUPILS: "pupils", Audience.PARENTS: "parents", Audience.STAFF: "members of staff"}
_ABOUT = (
    "Numbers released of one anonymous survey of one school: how many {who} gave each answer. "
    "Of a level, or of small levels together, only the answers that count are told. "
    f"Under {FLOOR} answers to a question nothing is shown; small numbers are hidden, and others with them so that "
    f"nobody can work them out. A hidden number reads “{HIDDEN}”: it is not zero. Numbers that are shown are exact; "
    "how many took part is told in fives. There are no rows of answers, no classes, no places."
)


def _without_places(asked: Questionnaire, level: str, guide: Guide) -> list[tuple[Section, list[Item]]]:
    found = ((part, [one for one in part.items if not guide.tells_places(one)]) for part in asked.for_level(level))
    return [(part, items) for part, items in found if items]


_NUMBER_COLUMNS = (
    ("level", "string", f"“{SCHOOL}”: all who were asked; else a level, several small ones joined by +"),
    ("question", "string", "The question’s id; its words are in the dictionary"),
    (
        "answer",
        "string",
        f"The choice’s id; “{ALL}”: all who answered the question; “{COUNTED}”: all whose answer counts",
    ),
    ("count", "integer", f"How many gave it; “{HIDDEN}” where that is not shown"),
    ("percent", "integer", f"Share of those who answered, as a whole per cent; “{HIDDEN}” where that is not shown"),
    (
        "status",
        "string",
        (
            "shown; hidden_few: too few answers to the question; hidden_small: a small number, or beside one; "
            "hidden_linked: with a question that depends on it, a small number could be guessed"
        ),
    ),
)


def _cells(cells: Sequence[LevelCell], sections: Sequence[tuple[Section, list[Item]]], linked: Container[str]) -> Table:
    levels = [WHOLE, *sorted({cell[0] for cell in cells} - {WHOLE})]
    counts = {level: released(of_level(cells, level)) for level in levels}
    rows = tuple(
        (level or SCHOOL, *row)
        for level in levels
        for _section, items in sections
        for item in items
        if level == WHOLE or tells_levels(item)
        for row in _rows(item, counts[level].get(item.id, {}), _wanted(item, level), _absent(item, level, linked))
    )
    return Table("cells", "The released numbers", _NUMBER_COLUMNS, rows, ("level", "question", "answer"))


def _wanted(item: Item, level: str) -> Mapping[str, str]:
    """The choices of which a level is told, or the school, with the names of their rows."""
    wanted = {ANSWERED: ALL} | ({} if counts_from(item) is None else {ABOVE: COUNTED})
    return wanted if level else wanted | {choice.id: choice.id for choice in item.choices}


def _absent(item: Item, level: str, linked: Container[str]) -> Silence:
    """Why nothing is told of a question. Of a level that is no sign that few answered: it may be for another's sake."""
    if item.id in linked:
        return Silence.LINKED
    return Silence.SMALL if level else Silence.FEW


def _rows(item: Item, mine: Mapping[str, int], wanted: Mapping[str, str], absent: Silence) -> Iterator[Row]:
    respondents = mine.get(ANSWERED, 0)
    for choice, name in wanted.items():
        count = mine.get(choice)
        told = share(count, respondents) if respondents else absent
        if count is None or isinstance(told, Silence):
            yield item.id, name, HIDDEN, HIDDEN, f"{HIDDEN}_{told}"
        else:
            yield item.id, name, count, told, "shown"


_WORD_COLUMNS = (
    ("question", "string", "The question’s id"),
    ("answer", "string", f"The choice’s id; “{ITSELF}” for the question itself"),
    ("section", "string", "The id of the part in which the question stands"),
    ("scale", "string", "The id of its scale of answers"),
    ("kind", "string", "one: one answer at most; several: any number of them; then shares do not add up to 100"),
    ("counts", "string", f"yes for a choice that “{COUNTED}” adds up, else no"),
    ("reverse", "string", "yes where a small number is the good sign, else no"),
    *((f"text_{language}", "string", f"Its words, in the language {language}") for language in LANGUAGES),
)


def _dictionary(sections: Sequence[tuple[Section, list[Item]]], level: str) -> Table:
    rows = tuple(row for section, items in sections for item in items for row in _words(section, item, level))
    return Table("dictionary", "The words of questions and answers", _WORD_COLUMNS, rows, ("question", "answer"))


def _words(section: Section, item: Item, level: str) -> Iterator[Row]:
    kind, reverse, start = "several" if item.several else "one", "yes" if item.reverse else "no", counts_from(item)
    common = (section.id, item.scale, kind)
    yield item.id, ITSELF, *common, "no", reverse, *(item.wording(level)[language] for language in LANGUAGES)
    for place, choice in enumerate(item.choices):
        counts = "yes" if start is not None and place >= start else "no"
        yield item.id, choice.id, *common, counts, reverse, *(choice.label[language] for language in LANGUAGES)


def _csv(table: Table) -> bytes:
    from defusedcsv import csv

    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return text.getvalue().encode("utf-8")


def _xlsx(tables: Iterable[Table], closed_on: date) -> bytes:
    from xlsxwriter import Workbook

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(made, options) as book:
        book.set_properties({"created": datetime.combine(closed_on, time()), "author": ""})
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, table.header, bold)
            for number, row in enumerate(table.rows, 1):
                sheet.write_row(number, 0, row)
            sheet.autofit()
    return made.getvalue()


def _described(table: Table, data: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_measured(data),
        "schema": {
            "fields": [{"name": name, "type": type_, "description": meaning} for name, type_, meaning in table.columns],
            "missingValues": [HIDDEN],
            "primaryKey": list(table.key),
        },
    }


def _described_workbook(data: bytes) -> dict[str, Any]:
    return {
        "name": "results",
        "title": "The same two tables as a workbook",
        "path": "results.xlsx",
        "profile": "data-resource",
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        **_measured(data),
    }


def _measured(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}"}


def _zip(files: dict[str, bytes]) -> bytes:
    """In the order of their names, without a time of its own and uncompressed, so that no library's version shows."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(ZipInfo(name), data)
    return made.getvalue()
