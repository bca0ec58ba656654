"""Ours → XLSForm → ours is the same questionnaire; and what we write is an XLSForm by pyxform's own rules."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from ent_module.languages import LANGUAGES
from ent_module.surveys import content
from ent_module.surveys.interchange.reading import read_file
from ent_module.surveys.interchange.xlsform_write import write_xlsform
from ent_module.surveys.model import Questionnaire

EXAMPLES = int(os.environ.get("INTERCHANGE_EXAMPLES", "8"))
"""How many invented questionnaires go out and come back; a release looks at 500."""
SHIPPED = sorted(content.questionnaires())


def pure(asked: Questionnaire) -> dict[str, Any]:
    return dict(asked.data)


def faults(data: dict[str, Any]) -> list[str]:
    return [fault.message for fault in content.faults(json.dumps(data, ensure_ascii=False), data["id"])]


def xform(raw: bytes, folder: Path) -> str:
    """What pyxform makes of a workbook; it refuses what is no XLSForm."""
    path = folder / "form.xlsx"
    path.write_bytes(raw)
    made = convert(path, validate=False)
    assert made.warnings == []
    return str(made.xform)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_questionnaire_comes_back_the_same(name: str) -> None:
    asked = content.questionnaires()[name]
    back = read_file(write_xlsform(asked.data), ["lycee"])
    assert back.findings == ()
    assert back.data == pure(asked)
    assert Questionnaire.from_data(back.data).digest == asked.digest


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_questionnaire_is_an_xlsform_in_three_languages(name: str, tmp_path: Path) -> None:
    asked = content.questionnaires()[name]
    text = xform(write_xlsform(asked.data), tmp_path)
    root = ET.fromstring(text)  # noqa: S314  # pyxform made it
    spoken = {one.get("lang", "") for one in root.iter() if one.tag.endswith("}translation")}
    assert {one.rpartition("(")[2].rstrip(")") for one in spoken} == set(LANGUAGES)
    controls = [one for one in root.iter() if one.tag.rpartition("}")[2] in {"select", "select1", "input"}]
    plain_text = " ".join("".join(root.itertext()).split())
    notes = sum("intro" in section for section in asked.data["sections"])
    assert len(controls) == sum(len(section["items"]) for section in asked.data["sections"]) + notes
    for section in asked.data["sections"]:
        for language in LANGUAGES:
            for item in section["items"]:
                words = item["text"][language].replace("’", "'").split()  # as pyxform writes them
                assert " ".join(words) in plain_text


def test_the_same_questionnaire_is_the_same_file() -> None:
    asked = content.questionnaires()[SHIPPED[0]]
    assert write_xlsform(asked.data) == write_xlsform(asked.data)


WORDS = st.text(st.characters(categories=("L", "N"), include_characters=" ’?.,=+-@&"), min_size=1, max_size=30)
TEXT = WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: text and text == content_form(text))
IDS = st.from_regex(r"[a-z_][a-z0-9_]{0,11}", fullmatch=True) | st.from_regex(r"[0-9][a-z0-9_]{0,5}", fullmatch=True)
TAKEN = {"csrf_token", "action", "append", "dataset", "elements", "id", "length", "method", "name", "prepend"} | {
    "reset",
    "submit",
    "target",
}


def content_form(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


@st.composite
def questionnaires(draw: st.DrawFn) -> dict[str, Any]:
    """Invented data that `content.faults` finds good."""

    def texts() -> dict[str, str]:
        return {language: draw(TEXT) for language in LANGUAGES}

    def optional(key: str, value: Any) -> dict[str, Any]:
        return {key: value()} if draw(st.booleans()) else {}

    ids = st.lists(IDS.filter(lambda one: one not in TAKEN), min_size=2, max_size=5, unique=True)
    scales: dict[str, Any] = {}
    for name in draw(ids):
        choices = [{"id": one, "label": texts()} for one in draw(ids)]
        scales[name] = {"choices": choices}
    bands = draw(st.lists(st.integers(0, 50), min_size=2, max_size=4, unique=True).map(sorted))
    scales["bands"] = {
        "choices": [{"id": f"b{start}", "from": start, "label": texts()} for start in bands],
        "to": bands[-1] + draw(st.integers(0, 9)),
    }
    used: set[str] = set()
    earlier: list[dict[str, Any]] = []
    sections = []
    names = iter(draw(st.lists(IDS.filter(lambda one: one not in TAKEN), min_size=6, max_size=6, unique=True)))
    for number in range(2):
        items = []
        for _turn in range(draw(st.integers(1, 3))):
            kind = draw(st.sampled_from(["one", "several", "number"]))
            scale = "bands" if kind == "number" else draw(st.sampled_from(sorted(set(scales) - {"bands"})))
            used.add(scale)
            item: dict[str, Any] = {
                "id": next(names),
                "levels": ["college", "lycee"],
                "text": texts(),
                **optional("hint", texts),
            }
            item |= {"kind": kind, "scale": scale}
            if draw(st.booleans()) and earlier:
                relevant: dict[str, Any] = draw(conditions(earlier, scales))
                item["relevant"] = relevant | optional("who", texts)
            item |= {"reverse": draw(st.booleans()), "cutoff": None, "source": "own", "licence": "CC BY 4.0"}
            items.append(item)
            earlier.append(item)
        section = {"id": f"{draw(IDS)[:30]}_{number}", "title": texts(), **optional("intro", texts)}
        sections.append(section | {"items": items})
    return {
        "id": "invented",
        "version": draw(st.integers(1, 99)),
        "licence": "CC BY 4.0",
        "source": "own",
        "title": texts(),
        "scales": {name: scale for name, scale in scales.items() if name in used},
        "sections": sections,
    }


@st.composite
def conditions(draw: st.DrawFn, earlier: list[dict[str, Any]], scales: dict[str, Any]) -> dict[str, Any]:
    found = []
    for item in draw(st.permutations(earlier))[: draw(st.integers(1, 3))]:
        known = [choice["id"] for choice in scales[item["scale"]]["choices"]]
        chosen = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
        found.append({"item": item["id"], "is": chosen})
    return {draw(st.sampled_from(["all", "any"])): found}


@given(data=questionnaires())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_a_questionnaire_comes_back_the_same(
    data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert faults(data) == []
    raw = write_xlsform(data)
    back = read_file(raw, ["lycee"])
    assert back.findings == ()
    assert back.data == data
    assert "<h:html" in xform(raw, tmp_path_factory.mktemp("form"))


def test_no_text_becomes_a_formula_or_a_link() -> None:
    """A label that begins with « = » is a label; a library left to itself makes it a formula (control)."""
    data = pure(content.questionnaires()[SHIPPED[0]])
    title = {"fr": "=1+1", "en": "http://outside.example", "ar": "@SUM(A1)"}
    raw = write_xlsform({**data, "title": title})
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist() if "sheet" in name)
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets
    back = read_file(raw, ["lycee"]).data
    assert back is not None
    assert back["title"] == title
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write(0, 0, "=1+1")
    book.close()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as parts:
        assert "<f>" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_a_text_that_fits_no_cell_is_an_error_and_not_an_empty_cell() -> None:
    data = pure(content.questionnaires()[SHIPPED[0]])
    with pytest.raises(ValueError, match="too long"):
        write_xlsform({**data, "source": "a" * 40_000})
