"""Files that somebody made to do harm, or that are broken: each is refused with a reason, quickly, and nothing else."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.surveys.interchange import workbook as reading
from ent_module.surveys.interchange.building import MOST_CHOICES, MOST_QUESTIONS
from ent_module.surveys.interchange.findings import Trouble, UnreadableError, Why
from ent_module.surveys.interchange.reading import read_file
from tests.surveys.interchange.files import asks, form, lss, tsv, workbook

GOOD = form(asks("a"))


def trouble(raw: bytes) -> Trouble:
    with pytest.raises(UnreadableError) as refused:
        read_file(raw, ["college"])
    return refused.value.trouble


def repacked(change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The good form with some parts changed, or left out, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed = change(name, old.read(name))
            if changed is not None:
                new.writestr(name, changed)
        for name, part in more.items():
            new.writestr(name.replace("__", "/"), part)
    return out.getvalue()


def same(_name: str, part: bytes) -> bytes:
    return part


def in_sheet(old: bytes, new: bytes) -> bytes:
    changed = repacked(lambda name, part: part.replace(old, new) if name.endswith("sheet1.xml") else part)
    assert changed != repacked(same)
    return changed


def test_the_form_that_they_are_made_of_is_read() -> None:
    """Control."""
    assert read_file(repacked(same), ["college"]).data is not None


def test_an_empty_file_a_large_one_and_none_of_ours() -> None:
    assert trouble(b"") is Trouble.EMPTY
    assert trouble(b"PK" + b"a" * reading.LARGEST_FILE) is Trouble.TOO_LARGE
    for raw in (b"\x89PNG\r\n", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old excel", b"a;b;c\n1;2;3\n", b"\x00" * 100):
        assert trouble(raw) is Trouble.UNKNOWN


def test_what_only_begins_like_a_workbook() -> None:
    assert trouble(b"PK\x03\x04nothing") is Trouble.NOT_A_WORKBOOK
    assert trouble(GOOD[:-200]) is Trouble.NOT_A_WORKBOOK
    assert trouble(repacked(lambda name, part: None if name == "xl/workbook.xml" else part)) is Trouble.NOT_A_WORKBOOK
    assert trouble(in_sheet(b"</sheetData>", b"")) is Trouble.NOT_A_WORKBOOK
    assert trouble(in_sheet(b'r="A1"', b'r="A1A"')) is Trouble.NOT_A_WORKBOOK


def test_a_part_that_unpacks_to_far_more_than_it_is() -> None:
    bomb = repacked(same, xl__bomb=b"0" * (reading.LARGEST_UNPACKED + 1))
    assert len(bomb) < 60_000
    assert trouble(bomb) is Trouble.UNPACKS_TOO_LARGE
    assert trouble(repacked(same, xl__small=b"0" * 1_000_000)) is Trouble.UNPACKS_TOO_LARGE  # the ratio alone
    many = {f"xl__p{number}": b"x" for number in range(reading.MOST_PARTS)}
    assert trouble(repacked(same, **many)) is Trouble.UNPACKS_TOO_LARGE


def test_a_part_that_lies_about_its_size_is_not_read_further() -> None:
    """The directory says 100 bytes, the part holds a megabyte: Python stops at 100, and the sum does not fit."""
    raw = bytearray(repacked(lambda name, part: part + b" " * 1_000_000 if name == "xl/workbook.xml" else part))
    place = raw.rindex(b"xl/workbook.xml") - 46
    assert raw[place : place + 4] == b"PK\x01\x02"
    raw[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert trouble(bytes(raw)) is Trouble.NOT_A_WORKBOOK


def test_entities_in_a_workbook_and_in_a_survey() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;">]>'
    sheet = repacked(
        lambda name, part: (
            head + part.partition(b"?>")[2].replace(b"<v>0</v>", b"<v>&b;</v>") if name.endswith("sheet1.xml") else part
        )
    )
    assert trouble(sheet) is Trouble.NOT_A_WORKBOOK
    assert trouble(head + lss().partition(b"?>")[2]) is Trouble.ENTITIES
    outside = b'<?xml version="1.0"?><!DOCTYPE document SYSTEM "file:///etc/passwd"><document/>'
    assert trouble(outside) is Trouble.ENTITIES
    wide = head.decode() + lss().decode().partition("?>")[2]
    assert (
        trouble(wide.replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16")) is Trouble.ENTITIES
    )


@pytest.mark.parametrize(
    "part", ["xl/externalLinks/externalLink1.xml", "xl/vbaProject.bin", "xl/connections.xml", "xl/embeddings/a.bin"]
)
def test_macros_and_links_to_other_files(part: str) -> None:
    assert trouble(repacked(same, **{part.replace("/", "__"): b"x"})) is Trouble.ACTIVE


def test_a_workbook_with_a_password() -> None:
    raw = bytearray(GOOD)
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    assert trouble(bytes(raw)) is Trouble.LOCKED


def test_too_many_rows_and_columns() -> None:
    headings = ["type", "name", "label"]
    rows = [headings, *(["select_one yn", f"q{number}", "Une"] for number in range(reading.MOST_ROWS + 1))]
    assert trouble(workbook(survey=rows)) is Trouble.TOO_MANY_ROWS
    wide = [*headings, *(f"c{number}" for number in range(reading.MOST_COLUMNS))]
    assert trouble(workbook(survey=[wide, ["note", "a", "b"]])) is Trouble.TOO_MANY_COLUMNS


def test_too_many_cells_questions_and_answers() -> None:
    rows = [[f"c{n}" for n in range(150)] for _row in range(300)]
    assert trouble(workbook(survey=[["type", *rows[0][1:]], *rows])) is Trouble.TOO_MANY_CELLS
    assert trouble(form(*(asks(f"q{number}") for number in range(MOST_QUESTIONS + 1)))) is Trouble.TOO_MANY_QUESTIONS
    many = [["many", f"a{number}", "Une"] for number in range(MOST_CHOICES + 1)]
    imported = read_file(form(asks("x"), asks("y", "select_one many"), choices=many), ["college"])
    assert Why.TOO_MANY_CHOICES in {one.why for one in imported.findings}


def test_a_row_far_below_the_others() -> None:
    assert trouble(in_sheet(b'<row r="2"', b'<row r="999999999"')) is Trouble.TOO_MANY_ROWS


def test_a_cell_far_to_the_right_of_the_others() -> None:
    assert trouble(in_sheet(b'r="C2"', b'r="XFD2"')) is Trouble.TOO_MANY_COLUMNS


def test_a_sheet_that_says_that_it_is_smaller_hides_nothing() -> None:
    imported = read_file(in_sheet(b'<dimension ref="A1:C2"', b'<dimension ref="A1"'), ["college"])
    assert imported.data is not None


def test_an_endless_text() -> None:
    assert trouble(form(asks("a", label="a" * (reading.LONGEST_CELL + 1)))) is Trouble.CELL_TOO_LONG


def test_columns_of_one_name_and_no_survey() -> None:
    twice = [["type", "name", "label", "label"], ["note", "a", "b", "c"]]
    assert trouble(workbook(survey=twice)) is Trouble.HEADING_TWICE
    assert trouble(workbook(other=[["type"], ["note"]])) is Trouble.NO_SURVEY
    assert trouble(workbook(survey=[["name"], ["note"]])) is Trouble.NO_SURVEY


def test_groups_without_end_or_beginning() -> None:
    assert trouble(form({"type": "begin group", "name": "a", "label": "A"}, asks("b"))) is Trouble.GROUPS
    assert trouble(form(asks("b"), {"type": "end group"})) is Trouble.GROUPS


def test_xml_that_is_none_or_no_survey() -> None:
    assert trouble(b"<document>") is Trouble.NOT_XML
    assert trouble(b"<document></document>") is Trouble.NOT_LIMESURVEY
    assert trouble(b'<?xml version="1.0" encoding="no-such-code"?><document/>') is Trouble.NOT_XML
    group = lss().replace(b"<LimeSurveyDocType>Survey", b"<LimeSurveyDocType>Group")
    assert trouble(group) is Trouble.NOT_LIMESURVEY


def test_tab_separated_text_that_is_none() -> None:
    head, _line, rest = tsv().partition(b"\n")
    assert trouble(head + b"\n") is Trouble.NOT_LIMESURVEY
    assert trouble(head + b"\n" + b"\xff\xfe\xfa") is Trouble.NOT_TEXT
    assert trouble(head + b'\n\t\tQ\tL\ta\t1\t"' + b"a" * 200_000) is Trouble.CELL_TOO_LONG
    assert rest


@given(raw=st.binary(max_size=200), place=st.integers(0, len(GOOD) - 1))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_never_an_error_of_ours(raw: bytes, place: int) -> None:
    for whole in (GOOD, lss(), tsv()):
        at = place % len(whole)
        damaged = whole[:at] + raw + whole[at + len(raw) :]
        with suppress(UnreadableError):
            read_file(damaged, ["college"])
