"""`check-content` on the lessons: the shelf has no mistake, and each planted one is named by file and line."""

import re
import shutil
from pathlib import Path

import pytest

from ent_module.lessons import shelf
from ent_module.lessons.check import check_content
from ent_module.shelves import shelf as shelf_folder

FR = "fr/unit-3/aider-un-ami-qui-va-mal.md"
EN = "en/unit-3/aider-un-ami-qui-va-mal.md"
KEYS = (
    "title", "unit", "order", "levels", "objectives", "skills", "programme", "materials", "warn_before",
    "not_friday_afternoon", "first_sentences", "likely_answers", "disclosure", "stop_here", "class_rule", "home_link",
    "accessibility", "helplines", "reviewed", "licence",
)  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shelf, to plant mistakes in."""
    return Path(shutil.copytree(shelf_folder("lessons"), tmp_path / "lessons"))


def change(folder: Path, name: str, old: str, new: str) -> int:
    """Replaces a text in a file; returns the line on which it stood."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def found(folder: Path, name: str) -> list[tuple[int, str]]:
    return [(m.line, m.message) for m in check_content(folder) if m.path == folder / name]


def test_the_shelf_has_no_mistake() -> None:
    assert list(map(str, check_content())) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Par deux, une minute pour trier.", "<script>alert(1)</script>", "holds HTML: write plain text"),
        ("](help:)", "](https://evil.example)", "must begin with"),
        ("](help:)", "](lesson:absente)", "(lesson:absente) leads nowhere"),
        ("](help:)", "](sheet:absente)", "(sheet:absente) leads nowhere"),
        ("· 4 min", "· 5 min", ""),
        ("### Le cadre · 4 min", "### Le cadre", "a heading ends with its minutes"),
        ("## Passer le relais · 25 min", "## Passer le relais · 35 min", "35 min; from 20 to 25"),
        ("> Depuis trois semaines,", "> " + "Encore un mot. " * 9 + "Depuis trois semaines,", "a screen of"),
        ("> Depuis trois semaines,", "> [Voir](help:) Depuis", "nothing is clicked on a screen"),
        ("nurse, psychologist", "nurse, doctor", "warn_before must be a list among nurse, psychologist, head"),
        ("not_friday_afternoon: true", "not_friday_afternoon: oui", "not_friday_afternoon must be true or false"),
        ("order: 8", "order: eight", "order must be a number"),
        ('levels: ["5e", "4e", "3e"]', 'levels: ["5e", "CP"]', "levels must be among 5e, 4e, 3e: CP"),
        ('unit: "unit-3"', 'unit: "unit-2"', "unit must be unit-3"),
        ("class_rule:", "rule:", "rule is not a known key"),
        ("Si c’est difficile, faites-moi signe.", "Si c'est difficile.", "a straight apostrophe"),
    ],
)
def test_a_planted_mistake_is_named_by_its_line(copy: Path, old: str, new: str, message: str) -> None:
    line = change(copy, FR, old, new)
    mistakes = found(copy, FR)
    if message:
        assert any(message in text and at == line for at, text in mistakes), mistakes
    else:  # the minutes of a step: the part names the sum
        assert any(text == "the steps take 26 min, the part 25" for _line, text in mistakes), mistakes


def drop(folder: Path, pattern: str) -> None:
    path = folder / FR
    text = path.read_text("utf-8")
    changed = re.sub(pattern, "", text, count=1, flags=re.DOTALL | re.MULTILINE)
    assert changed != text
    path.write_text(changed, "utf-8")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"^## Passer le relais.*", "1 parts (##); 2 wanted"),
        (r"^### Et moi.*", "3 steps (###); 4 wanted"),
        (r"^But.*?\n\n", "the part must open with its aim"),
        (r"^Trois minutes, en silence\..*?\n\n", "the screen has no note for the teacher"),
        (r"^> «.Je m’inquiète pour.*?\n\n", "the step has no screen (>)"),
        (r"^  - pupil: \"Si je le dis.*?\n.*?\n", "likely_answers must be 3 answers, each with pupil and you"),
        (r"^  - \"On a appris à écouter.*?\n", "first_sentences must be one a part"),
    ],
)
def test_what_a_teacher_would_miss(copy: Path, pattern: str, message: str) -> None:
    drop(copy, pattern)
    assert message in [text for _line, text in found(copy, FR)]


@pytest.mark.parametrize("value", ["5.5", "[{a: b}]"])
@pytest.mark.parametrize("key", KEYS)
def test_a_value_of_another_kind_is_a_mistake_and_no_crash(copy: Path, key: str, value: str) -> None:
    text = re.sub(rf"(?m)^{key}:.*(\n  .*)*$", f"{key}: {value}", (copy / FR).read_text("utf-8"))
    (copy / FR).write_text(text, "utf-8")
    assert any(message.startswith(f"{key} must be") for _line, message in found(copy, FR))
    assert "aider-un-ami-qui-va-mal" not in shelf.lessons(copy)
    assert "agir-a-plusieurs" in shelf.lessons(copy)


def test_every_lesson_exists_in_english(copy: Path) -> None:
    (copy / EN).unlink()
    assert found(copy, FR) == [(1, "is missing in English (en)")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("warn_before: [nurse, psychologist]", "warn_before: [nurse]", "warn_before must be as in French"),
        ("· 8 min", "· 7 min", "7 min, 8 in French"),
    ],
)
def test_a_translation_is_the_same_lesson(copy: Path, old: str, new: str, message: str) -> None:
    line = change(copy, EN, old, new)
    assert (line, message) in found(copy, EN)


def test_a_translation_has_the_same_screens(copy: Path) -> None:
    path = copy / EN
    text = path.read_text("utf-8")
    start = text.index("\n> ")
    path.write_text(text[:start] + "\n> One screen more.\n\nA note.\n" + text[start:], "utf-8")
    assert any(message == "2 screens, 1 in French" for _line, message in found(copy, EN))


def test_two_lessons_of_a_unit_have_two_places(copy: Path) -> None:
    line = change(copy, "fr/unit-1/pour-rire-ou-pour-de-vrai.md", "order: 5", "order: 8")
    mistakes = found(copy, "fr/unit-1/pour-rire-ou-pour-de-vrai.md")
    assert (line, "je-vais-chercher-un-adulte has the same order") in mistakes


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("- id: unit-2", "- id: unit-1", 8, "unit-1 is there twice"),
        ("- id: unit-2", "- id: Unit 2", 8, "id must be small letters, digits and hyphens"),
        ('    ar: "قوّة المجموعة"\n', "", 8, "title must be in fr, en, ar"),
        ("  levels: [CM1, CM2", "  level: [CM1, CM2", 8, "a unit has id, title and levels"),
        ("levels: [CM1, CM2", "levels: [6, CM2", 8, "levels must be a list of texts"),
        ("- id: unit-2", "- id: [unit-2", 9, "is not YAML"),
    ],
)
def test_units(copy: Path, old: str, new: str, line: int, message: str) -> None:
    change(copy, "units.yaml", old, new)
    assert any(at == line and message in text for at, text in found(copy, "units.yaml"))


def test_units_that_are_missing(copy: Path) -> None:
    (copy / "units.yaml").unlink()
    assert (1, "is missing") in found(copy, "units.yaml")


def test_a_lesson_of_an_unknown_unit(copy: Path) -> None:
    (copy / "fr/unit-9").mkdir()
    shutil.copy(copy / FR, copy / "fr/unit-9/autre.md")
    assert (1, "must lie in one of the folders unit-1, unit-2, unit-3") in found(copy, "fr/unit-9/autre.md")
