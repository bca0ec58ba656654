"""Reads a workbook (XLSX) that anybody may have made: tables of texts, or a reason why it is not read.

Limits before anything is unpacked, no macros, no links to other files, no entities of XML. Formulas are not computed:
what stands in their place is the value that the program which wrote the file had found.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ent_module.surveys.interchange.findings import Trouble, UnreadableError

LARGEST_FILE = 1024 * 1024
LARGEST_UNPACKED = 8 * 1024 * 1024
MOST_PARTS = 200
RATIO = 200
"""How many times larger than packed a part may be. Sheets that people write stay under 50."""
MOST_ROWS = 1000
MOST_EMPTY_ROWS = 100_000
MOST_CELLS = 40_000
MOST_COLUMNS = 200
LONGEST_CELL = 8000
_ACTIVE = ("xl/externallinks/", "xl/vbaproject", "xl/connections", "xl/embeddings/", "xl/activex/", "xl/macrosheets/")
"""Parts by which a workbook reaches for other files or carries programs."""


@dataclass(frozen=True)
class Row:
    """One line of a sheet: its number as a spreadsheet shows it, and its texts by the heading of their column."""

    number: int
    cells: dict[str, str]

    def get(self, heading: str) -> str:
        """The text under that heading; empty where there is none."""
        return self.cells.get(heading, "")


def read_workbook(raw: bytes, wanted: Sequence[str]) -> tuple[dict[str, list[Row]], list[str]]:
    """The rows of the wanted sheets, and the names of the others. Raises UnreadableError."""
    check_size(raw)
    _check_parts(raw)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        try:
            named = {str(name).strip().casefold(): name for name in book.sheetnames}
            sheets = {name: list(_rows(book[named[name]])) for name in wanted if name in named}
        finally:
            book.close()
    except UnreadableError:
        raise
    except Exception as error:  # the library raises whatever a damaged file makes it stumble over
        raise UnreadableError(Trouble.NOT_A_WORKBOOK) from error
    return sheets, [str(name) for folded, name in named.items() if folded not in wanted]


def check_size(raw: bytes) -> None:
    """Raises UnreadableError for a file that is empty or too large."""
    if not raw:
        raise UnreadableError(Trouble.EMPTY)
    if len(raw) > LARGEST_FILE:
        raise UnreadableError(Trouble.TOO_LARGE)


def _check_parts(raw: bytes) -> None:
    """What a zip says of its parts bounds what is unpacked: Python reads no byte more of a part than it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableError(Trouble.NOT_A_WORKBOOK) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
    if any(part.file_size > RATIO * max(part.compress_size, 64) for part in parts):
        raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError(Trouble.LOCKED)
    if any(part.filename.casefold().startswith(_ACTIVE) for part in parts):
        raise UnreadableError(Trouble.ACTIVE)


def _rows(sheet: Any) -> Iterator[Row]:
    """The lines below the headings that hold anything. A heading that stands twice is a mistake of the file."""
    headings: list[str] | None = None
    found = filled = 0
    sheet.reset_dimensions()  # what a sheet says of its own size would hide the rows beyond
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MOST_EMPTY_ROWS or found > MOST_ROWS:
            raise UnreadableError(Trouble.TOO_MANY_ROWS)
        if len(values) > MOST_COLUMNS * 10:  # cells far to the right, be they empty, cost time in each row
            raise UnreadableError(Trouble.TOO_MANY_COLUMNS)
        texts = [_text(value) for value in values]
        if not any(texts):
            continue
        found, filled = found + 1, filled + sum(map(bool, texts))
        if filled > MOST_CELLS:
            raise UnreadableError(Trouble.TOO_MANY_CELLS)
        if headings is None:
            headings = _headings(texts)
            continue
        cells = {heading: text for heading, text in zip(headings, texts, strict=False) if heading and text}
        if cells:
            yield Row(number, cells)


def _headings(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    named = [text for text in texts if text]
    if len(texts) > MOST_COLUMNS:
        raise UnreadableError(Trouble.TOO_MANY_COLUMNS)
    if len(set(named)) < len(named):
        raise UnreadableError(Trouble.HEADING_TWICE)
    return texts


def _text(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value.isoformat() if isinstance(value, date) else str(value)
    if len(text) > LONGEST_CELL:
        raise UnreadableError(Trouble.CELL_TOO_LONG)
    return text.strip()
