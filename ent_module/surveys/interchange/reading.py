"""Which program a file comes from, and what becomes of it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ent_module.surveys.interchange.building import build
from ent_module.surveys.interchange.expressions import parse_xpath
from ent_module.surveys.interchange.findings import Finding, Notes, Trouble, UnreadableError
from ent_module.surveys.interchange.limesurvey import to_outline
from ent_module.surveys.interchange.limesurvey_lss import read_lss
from ent_module.surveys.interchange.limesurvey_tsv import looks_like_tsv, read_tsv
from ent_module.surveys.interchange.workbook import check_size
from ent_module.surveys.interchange.xlsform_read import read_xlsform


@dataclass(frozen=True)
class Imported:
    """What came of a file: a questionnaire, unless no question is left, and what was not carried over as it stood."""

    data: dict[str, Any] | None
    findings: tuple[Finding, ...]


def read_file(raw: bytes, levels: Sequence[str]) -> Imported:
    """Reads an XLSForm (.xlsx), or a LimeSurvey survey (.lss, .txt), told apart by what is in it.

    `levels`: who is asked where the file does not say. Raises UnreadableError.
    """
    check_size(raw)
    notes = Notes()
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")
    if raw.startswith(b"PK"):
        data = build(read_xlsform(raw, notes), levels, parse_xpath, notes)
    elif start.startswith(b"<") or raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        outline, parse = to_outline(read_lss(raw), notes)
        data = build(outline, levels, parse, notes)
    elif looks_like_tsv(raw):
        outline, parse = to_outline(read_tsv(raw), notes)
        data = build(outline, levels, parse, notes)
    else:
        raise UnreadableError(Trouble.UNKNOWN)
    return Imported(data, tuple(sorted(notes, key=_place)))


def _place(finding: Finding) -> tuple[bool, int]:
    """Findings of rows in the order of their sheets, then what stands nowhere in particular."""
    row = finding.where.rpartition(" ")[2]
    return (False, int(row)) if row.isdecimal() else (True, 0)
