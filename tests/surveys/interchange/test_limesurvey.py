"""LimeSurvey's files: the same survey in each of its formats, and what could not be carried over."""

import json
from typing import Any

import pytest

from ent_module.surveys import content
from ent_module.surveys.interchange.findings import Why
from ent_module.surveys.interchange.reading import Imported, read_file
from tests.surveys.interchange.files import lss, old_lss, tsv


def read(raw: bytes) -> Imported:
    imported = read_file(raw, ["college"])
    assert imported.data is not None
    assert content.faults(json.dumps(imported.data, ensure_ascii=False), imported.data["id"]) == []
    return imported


def items(imported: Imported) -> dict[str, dict[str, Any]]:
    assert imported.data is not None
    return {item["id"]: item for section in imported.data["sections"] for item in section["items"]}


def told(imported: Imported) -> set[tuple[str, Why]]:
    return {(one.where or one.what, one.why) for one in imported.findings}


def test_a_structure_file_becomes_pages_grids_and_conditions() -> None:
    imported = read(lss())
    found = items(imported)
    assert list(found) == ["calme", "lieux_sq1", "lieux_sq2", "aide", "encore", "fois", "recit"]
    assert found["calme"]["text"] == {"fr": "C’est calme ici ?", "en": "Is it calm here?", "ar": "C’est calme ici ?"}
    assert found["lieux_sq1"]["relevant"] == {"any": [{"item": "calme", "is": ["a2"]}]}
    assert found["aide"]["relevant"] == {"any": [{"item": "calme", "is": ["a1", "a2"]}]}
    assert found["encore"]["relevant"] == {"any": [{"item": "aide", "is": ["sq1"]}]}
    assert (found["aide"]["kind"], found["fois"]["kind"]) == ("several", "number")
    assert imported.data is not None
    grid = imported.data["sections"][1]
    assert (grid["look"], grid["intro"]["fr"]) == ("grid", "Ici, on se moque…")
    assert imported.data["sections"][0]["intro"]["fr"] == "Bonjour."


def test_what_it_does_not_carry_over_is_told() -> None:
    assert told(read(lss())) == {
        ("anonymized: N", Why.TRACE),
        ("ipaddr: Y", Why.TRACE),
        ("surveyls_welcometext", Why.SETTING),
        ("de", Why.LANGUAGE),
        ("HTML", Why.TAGS),
        ("calme", Why.MEDIA),
        ("calme", Why.REQUIRED),
        ("nom", Why.PERSON),
        ("aide", Why.OTHER),
        ("fois", Why.BANDS),
        ("recit", Why.WRITTEN),
        ("recit", Why.RELEVANT),
        ("vide", Why.NO_CHOICES),
        ("English", Why.TRANSLATION),
        ("العربية", Why.TRANSLATION),
        ("settings", Why.LICENCE),
    }


def test_an_older_structure_file_is_read_too() -> None:
    imported = read(old_lss())
    found = items(imported)
    assert found["calme"]["text"]["en"] == "Is it calm?"
    assert found["calme"]["text"]["fr"] == "C’est calme ?"
    assert imported.data is not None
    labels = [choice["label"]["en"] for choice in imported.data["scales"]["calme"]["choices"]]
    assert labels == ["Yes", "No"]
    assert ("calme", Why.RELEVANT) in told(imported)  # a condition that no expression repeats


def test_a_tab_separated_survey_is_read() -> None:
    imported = read(tsv())
    found = items(imported)
    assert list(found) == ["calme", "lieux_sq1"]
    assert found["calme"]["text"]["en"] == "Is it calm here?"
    assert found["lieux_sq1"]["relevant"] == {"any": [{"item": "calme", "is": ["a2"]}]}
    assert imported.data is not None
    assert imported.data["title"]["en"] == "Life at school"
    assert [page["title"]["en"] for page in imported.data["sections"]] == ["At school", "At school"]
    assert {("nom", Why.PERSON), ("ipaddr: Y", Why.TRACE), ("calme", Why.REQUIRED)} <= told(imported)


def test_a_byte_order_mark_changes_nothing() -> None:
    assert read(b"\xef\xbb\xbf" + lss()).data == read(lss()).data


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("U", Why.FREE_TEXT),
        ("Q", Why.FREE_TEXT),
        (";", Why.FREE_TEXT),
        ("D", Why.DATE),
        ("|", Why.RECORDING),
        ("*", Why.CALCULATION),
        ("R", Why.TYPE),
        ("K", Why.TYPE),
        ("1", Why.TYPE),
        (":", Why.TYPE),
        ("I", Why.TYPE),
        ("X", Why.NOTE),
        ("N", Why.NO_BOUNDS),
        ("", Why.TYPE),
    ],
)
def test_types_that_cannot_be_asked_here_are_told(kind: str, why: Why) -> None:
    raw = tsv().replace(b"\tQ\tF\tlieux", b"\tQ\t" + kind.encode() + b"\tlieux")
    imported = read(raw)
    assert ("lieux", why) in told(imported)
    assert list(items(imported)) == ["calme"]


@pytest.mark.parametrize("kind", ["S", "T"])
def test_texts_to_write_come_in_short_and_are_told(kind: str) -> None:
    imported = read(tsv().replace(b"\tQ\tF\tlieux", b"\tQ\t" + kind.encode() + b"\tlieux"))
    found = items(imported)["lieux"]
    assert (found["kind"], "scale" in found, "relevant" in found) == ("text", False, False)
    assert ("lieux", Why.WRITTEN) in told(imported)


@pytest.mark.parametrize("kind", ["Y", "5", "G"])
def test_types_whose_answers_stand_in_no_file_have_them(kind: str) -> None:
    found = items(read(tsv().replace(b"\tQ\tF\tlieux", b"\tQ\t" + kind.encode() + b"\tlieux")))
    assert list(found) == ["calme", "lieux"]


@pytest.mark.parametrize("kind", ["A", "B", "C", "E", "F", "H"])
def test_arrays_become_grids(kind: str) -> None:
    found = items(read(tsv().replace(b"\tQ\tF\tlieux", b"\tQ\t" + kind.encode() + b"\tlieux")))
    assert list(found) == ["calme", "lieux_sq1"]
