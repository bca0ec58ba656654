"""Writes a questionnaire as an XLSForm: a workbook that KoboToolbox and ODK open, and that comes back unchanged.

What XLSForm cannot say stands in columns of ours whose names begin with `ent_`; other programs do not read them.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ent_module.languages import LANGUAGES, SOURCE
from ent_module.surveys.interchange.expressions import Known, to_xpath
from ent_module.surveys.interchange.xlsform_types import TYPES
from ent_module.surveys.parts import TEXT, scale_of

SPOKEN = {"fr": "French (fr)", "en": "English (en)", "ar": "Arabic (ar)"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNUSABLE = frozenset({"meta", "data", "audit"})
"""Names that every form has already."""
_LOOKS = {"faces": "likert", "frequency": "likert", "places": "columns"}
_FIXED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The day that the workbook says it was made: the same questionnaire is the same file."""

Cells = dict[str, str]


def write_xlsform(data: Mapping[str, Any]) -> bytes:
    """The workbook of a questionnaire whose data `surveys.content` has checked."""
    writer = _Writer(data)
    sheets = {"survey": list(writer.survey()), "choices": list(writer.choices()), "settings": [writer.settings()]}
    return _workbook(sheets)


class _Writer:
    """One questionnaire. `names`: id of a question → its name in the file, which no page and no other question has."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._names: dict[str, str] = {}
        self._pages: dict[str, str] = {}
        taken = set(_UNUSABLE) | {data["id"].replace("-", "_")}
        for section in data["sections"]:
            for item in section["items"]:
                self._names[item["id"]] = _name(item["id"], "q_", taken)
        for section in data["sections"]:
            self._pages[section["id"]] = _name(f"page_{section['id']}", "", taken)
            _name(f"intro_{section['id']}", "", taken)
        self._known: dict[str, Known] = {}

    def survey(self) -> Iterator[Cells]:
        """The rows of the sheet `survey`: a group a page."""
        for section in self._data["sections"]:
            name = self._pages[section["id"]]
            yield {
                "type": "begin_group",
                "name": name,
                **_told("label", section["title"]),
                "appearance": "field-list",
                **_own_texts("title_ecole", section),
                **_own("look", section.get("look")),
                "ent_id": section["id"],
            }
            if intro := section.get("intro"):
                yield {"type": "note", "name": f"intro_{name}", **_told("label", intro)}
            yield from map(self._question, section["items"])
            yield {"type": "end_group"}

    def _question(self, item: Mapping[str, Any]) -> Cells:
        scale = scale_of(item, self._data["scales"])
        name = self._names[item["id"]]
        row = {"type": TYPES[item["kind"]], "name": name, **_told("label", item["text"])}
        if item["kind"] == "number":
            row["constraint"] = f". >= {scale['choices'][0]['from']} and . <= {scale['to']}"
            row["ent_scale"] = item["scale"]
        elif item["kind"] != TEXT:
            row["type"] += f" {item['scale']}"
        row |= _told("hint", item.get("hint", {}))
        if relevant := item.get("relevant"):
            row["relevant"] = to_xpath(relevant, self._known, self._names)
            row |= _own_texts("who", relevant) | _own("join", "all" if len(relevant.get("all", ())) == 1 else None)
        if look := item.get("look"):
            row |= {"appearance": _LOOKS[look], "ent_look": look}
        row |= _own("id", item["id"]) | _own("levels", " ".join(item["levels"])) | _own_texts("text_ecole", item)
        row |= _own("reverse", "yes" if item.get("reverse") else None) | _own("sensitive", item.get("sensitive"))
        for key in ("cutoff", "source", "licence"):
            row |= _own(key, item.get(key))
        self._known[item["id"]] = _known(item, scale)
        return row

    def choices(self) -> Iterator[Cells]:
        """The rows of the sheet `choices`."""
        for name, scale in self._data["scales"].items():
            for choice in scale["choices"]:
                yield {
                    "list_name": name,
                    "name": choice["id"],
                    **_told("label", choice["label"]),
                    **_own("spot", choice.get("spot")),
                    **_own("from", choice.get("from")),
                    **(_own("to", scale.get("to")) if choice is scale["choices"][-1] else {}),
                }

    def settings(self) -> Cells:
        """The one row of the sheet `settings`."""
        data = self._data
        return {
            "form_title": data["title"][SOURCE],
            "form_id": data["id"],
            "version": str(data["version"]),
            "default_language": SPOKEN[SOURCE],
            "style": "pages",
            **_own_texts("title", data),
            **_own_texts("summary", data),
            **_own("audience", data.get("audience")),
            **_own("licence", data["licence"]),
            **_own("source", data["source"]),
            **(_own("feedback", "true") if data.get("feedback") else {}),
        }


def _known(item: Mapping[str, Any], scale: Mapping[str, Any]) -> Known:
    """What conditions on that question are written from."""
    starts = tuple((one["from"], one["id"]) for one in scale["choices"] if "from" in one)
    return Known(item["id"], item["kind"], {}, starts, scale.get("to", 0))


def _name(wanted: str, prefix: str, taken: set[str]) -> str:
    """A name that XLSForm takes and nothing has yet."""
    found = wanted if _NAME.fullmatch(wanted) and wanted not in taken else f"{prefix or 'p_'}{wanted}"
    number = 2
    while found in taken:
        found, number = f"{prefix or 'p_'}{wanted}_{number}", number + 1
    taken.add(found)
    return found


def _told(column: str, texts: Mapping[str, str]) -> Cells:
    return {f"{column}::{SPOKEN[language]}": texts[language] for language in SPOKEN if language in texts}


def _own(column: str, value: object) -> Cells:
    return {} if value is None else {f"ent_{column}": str(value)}


def _own_texts(column: str, within: Mapping[str, Any]) -> Cells:
    texts = within.get(column, {})
    return {f"ent_{column}_{language}": texts[language] for language in LANGUAGES if language in texts}


def _workbook(sheets: Mapping[str, Sequence[Cells]]) -> bytes:
    """The sheets, every cell as text: nothing in it is a formula or a link. Raises ValueError for a text that does not
    fit a cell."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _FIXED})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, 44 if "label" in heading else 16)
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, heading in enumerate(headings):
                if heading in row and sheet.write_string(number, column, row[heading], wrapped):
                    raise ValueError(f"a text is too long for a cell: {heading}")
    book.close()
    return out.getvalue()
