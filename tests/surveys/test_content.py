import re
from pathlib import Path

import pytest
import yaml

from ent_module.surveys.content import check_content, faults, mistakes
from ent_module.surveys.model import Questionnaire
from ent_module.web.content import MalformedError

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
        ("kind: one", "kind: many", 19, "kind must be one, several, number or text"),
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


DOCUMENT = Path(__file__).parents[2] / "docs" / "questionnaires.md"
EXAMPLE = re.findall(r"```yaml\n(id: .*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)[-1]


def test_the_documents_example_is_a_questionnaire() -> None:
    assert faults(EXAMPLE, "after-rain") == []
    made = Questionnaire.from_data(yaml.safe_load(EXAMPLE))
    assert [item.id for item in made.items("ecole")] == ["wet", "slipped"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    to: 20\n", "", "bands need to: the largest number"),
        ("to: 20", "to: 3", "to must be a whole number, not below the last from"),
        ("to: 20", "to: 10000", "of 4 digits at most"),
        ("from: 1,", "from: 0,", "from must be a whole number from 1 on"),
        ("from: 1,", "from: 1.5,", "from must be a whole number"),
        ("from: 4,", "", "every band needs from"),
        ("{id: some,", "{id: 1_some,", "the id of a band begins with a letter"),
        ("{id: no_,", "{id: no,", "an id is made of"),
        ("{id: no_,", "{id: 12,", "an id is made of"),
        ("{id: yes_,", "{id: yes_, spot: moon,", "spot must be among"),
        ("{id: yes_,", "{id: yes_, from: 1,", "every band needs from"),
        ("kind: number\n        scale: times", "kind: one\n        scale: times", "a number needs a scale of bands"),
        ("kind: one", "kind: number", "a number needs a scale of bands"),
        ("cutoff: some", "cutoff: none", "not its first"),
        ("kind: one", "look: faces\n        kind: one", "faces are for kind one, three to five choices"),
        ("kind: one", "look: smileys\n        kind: one", "the look of a question is among"),
        ("kind: one", "look: places\n        kind: one", "a scale with two spots"),
        ("kind: number", "look: frequency\n        kind: number", "frequency is for kind one"),
        ("    items:", "    look: faces\n    items:", "the look of a section is grid, or none"),
        ("    items:", "    intro: hello\n    items:", "must have the keys fr, en, ar"),
        ("item: wet", "item: slipped", "item must be an earlier question"),
        ("item: wet", "item: dry", "item must be an earlier question"),
        (
            '[ecole, college, lycee]\n        text: {fr: "La cour',
            '[ecole]\n        text: {fr: "La cour',
            "at every level",
        ),
        ("is: [yes_]", "is: [maybe]", "is must be a list among no_, yes_"),
        ("is: [yes_]", "is: []", "is must be a list among no_, yes_"),
        ("is: [yes_]", "is: yes_", "is must be a list among no_, yes_"),
        ("any:", "none:", "unknown key none"),
        ("any:", "all: []\n          any:", "unknown key any"),
        ("            - {item: wet, is: [yes_]}\n", "", "any must be a list of conditions"),
        ('        licence: "CC BY 4.0"\n', "", "licence is missing"),
    ],
)
def test_each_mistake_of_numbers_looks_and_conditions_is_named(old: str, new: str, message: str) -> None:
    assert old in EXAMPLE
    found = faults(EXAMPLE.replace(old, new, 1), "after-rain")
    assert [one for one in found if message in one.message], found
    assert all(0 < one.line <= EXAMPLE.count("\n") + 2 for one in found)


def test_a_spot_is_there_once() -> None:
    twice = EXAMPLE.replace("{id: no_,", "{id: no_, spot: yard,").replace("{id: yes_,", "{id: yes_, spot: yard,")
    assert [one.message for one in faults(twice, "after-rain")] == ["the spot yard is there twice"]


def test_a_ballot_that_would_not_fit_is_a_mistake() -> None:
    item = EXAMPLE[EXAMPLE.index("      - id: wet") : EXAMPLE.index("      - id: slipped")].replace(
        "kind: one", "kind: several"
    )
    many = "".join(item.replace("id: wet", f"id: {'x' * 36}_{number:02}") for number in range(80))
    found = faults(EXAMPLE + many, "after-rain")
    told = [re.match(r"the longest ballot at (\w+) has", one.message) for one in found]
    assert [one and one[1] for one in told] == ["college", "ecole", "lycee"]


LINES = EXAMPLE.splitlines()
JUNK = ("[]", "{}", "yes", "-3", "2026-02-31", '"<b>"', "&a [*a]", "~")


@pytest.mark.parametrize("number", range(len(LINES)))
def test_no_broken_line_breaks_the_check(number: int) -> None:
    """Whatever a line holds, it is told or it is a questionnaire; never a crash."""
    line = LINES[number]
    key = re.match(r"[\s-]*(\w+: )", line)
    changed = ["", f"{line} {JUNK[number % len(JUNK)]}"] + ([f"{key[0]}{JUNK[number % len(JUNK)]}"] if key else [])
    for other in changed:
        text = "\n".join([*LINES[:number], other, *LINES[number + 1 :], ""])
        try:
            found = faults(text, "after-rain")
        except MalformedError:
            continue
        if not found:
            Questionnaire.from_data(yaml.safe_load(text))
