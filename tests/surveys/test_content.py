from pathlib import Path

import pytest

from ent_module.surveys.content import check_content, mistakes
from ent_module.surveys.model import Questionnaire

GOOD = """\
id: short
version: 1
licence: "CC BY 4.0"
source: "Own wording"
title: {fr: "Court", en: "Short", ar: "قصير"}
scales:
  yes_no:
    choices:
      - {id: no_, label: {fr: "Non", en: "No", ar: "لا"}}
      - {id: yes_, label: {fr: "Oui", en: "Yes", ar: "نعم"}}
sections:
  - id: all
    title: {fr: "Tout", en: "All", ar: "الكل"}
    items:
      - id: calm
        levels: [ecole, college]
        text: {fr: "C’est calme ici.", en: "It is calm here.", ar: "المكان هادئ هنا."}
        text_ecole: {fr: "C’est calme.", en: "It is calm.", ar: "المكان هادئ."}
        kind: one
        scale: yes_no
        reverse: false
        cutoff: null
        source: "own"
        licence: "CC BY 4.0"
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "short.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_shelf_has_no_mistake() -> None:
    assert list(check_content()) == []


def test_a_good_file_becomes_a_questionnaire(tmp_path: Path) -> None:
    import yaml

    assert list(mistakes(written(tmp_path, GOOD))) == []
    made = Questionnaire.from_data(yaml.safe_load(GOOD))
    assert [item.id for item in made.items("ecole")] == ["calm"]
    assert list(made.items("lycee")) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("id: short", "id: long", 1, "id must be the name of the file"),
        ("version: 1", "version: one", 2, "version must be a whole number"),
        ("version: 1", "version: true", 2, "version must be a whole number"),
        ('licence: "CC BY 4.0"\n', "", 1, "licence is missing"),
        ('source: "Own wording"\ntitle', "source: 3\ntitle", 4, "source must be a text"),
        ("title: {", "heading: {", 5, "unknown key heading"),
        ('fr: "Court"', 'fr: " Court"', 5, "plain text without spaces"),
        ('fr: "Court"', 'fr: "<b>Court</b>"', 5, "plain text"),
        (', ar: "قصير"', "", 5, "ar is missing"),
        (', ar: "قصير"', ', ar: "قصير", de: "Kurz"', 5, "unknown key de"),
        (', ar: "قصير"', ', ar: "قصير", fr: "Bref"', 5, "fr is there twice"),
        ("{id: yes_,", "{id: no_,", 10, "id no_ is there twice"),
        ("{id: yes_,", "{id: Yes,", 10, "an id is made of"),
        ('      - {id: yes_, label: {fr: "Oui", en: "Yes", ar: "نعم"}}\n', "", 8, "needs two choices"),
        ("id: calm", "id: csrf_token", 15, "an id is made of"),
        ("[ecole, college]", "[ecole, maternelle]", 16, "levels must be among"),
        ("[ecole, college]", "[]", 16, "levels must be among"),
        ("[ecole, college]", "[college]", 18, "text_ecole is for questions of the level ecole"),
        ("kind: one", "kind: many", 19, "kind must be one, several or number"),
        ("scale: yes_no", "scale: agreement", 20, "unknown scale agreement"),
        ("scale: yes_no", "scale: agreement", 7, "no question uses the scale yes_no"),
        ("reverse: false", 'reverse: "false"', 21, "reverse must be true or false"),
        ("cutoff: null", "cutoff: no_", 22, "not its first"),
        ("cutoff: null", "cutoff: maybe", 22, "cutoff must be a choice"),
        ("kind: one", "kind: several\n        cutoff: yes_", 20, "a question with several answers has no cutoff"),
        ("        cutoff: null\n", "", 15, "cutoff is missing"),
        ("scales:\n", "scales: [\n", 8, "is not YAML"),
        ("C’est calme ici", "E\u0301cole", 17, "NFC"),
    ],
)
def test_each_mistake_is_named_by_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if "several\n        cutoff: yes_" in new:
        text = text.replace("        cutoff: null\n", "")
    path = written(tmp_path, text)
    found = list(mistakes(path))
    assert all(mistake.path == path for mistake in found)
    assert (line, True) in [(mistake.line, message in mistake.message) for mistake in found], found


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", b"\xff\xfe", "id: !!python/name:os.system\n"])
def test_a_file_that_is_no_questionnaire_is_a_mistake_not_a_crash(tmp_path: Path, text: str | bytes) -> None:
    assert list(mistakes(written(tmp_path, text)))


def test_two_items_of_one_id_and_an_empty_section_are_mistakes(tmp_path: Path) -> None:
    section = GOOD[GOOD.index("  - id: all") :]
    twice = GOOD + section.replace("id: all", "id: other")
    assert [str(one.message) for one in mistakes(written(tmp_path, twice))] == ["id calm is there twice"]
    empty = GOOD + '  - id: none\n    title: {fr: "Rien", en: "None", ar: "لا شيء"}\n    items: []\n'
    assert [(one.line, one.message) for one in mistakes(written(tmp_path, empty))] == [
        (25, "a section needs a question")
    ]
