"""`check-content` on the sheets: the shelf has no mistake, and each planted one is named by file and line."""

import re
import shutil
from pathlib import Path

import pytest

from ent_module.resources.check import check_content
from ent_module.resources.service import shelf
from ent_module.shelves import shelf as shelf_folder

ECOLE = "fr/pupil-ecole/que-se-passe-t-il-quand-je-parle.md"
COLLEGE = "fr/pupil-college/je-ne-vais-pas-bien.md"
TEACHER = "fr/teacher/recevoir-une-confidence.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shelf, to plant mistakes in."""
    return Path(shutil.copytree(shelf_folder("resources"), tmp_path / "resources"))


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
    ("name", "old", "new", "message"),
    [
        (ECOLE, "Tu peux leur écrire.", "<script>alert(1)</script>", "holds HTML: write plain text"),
        (ECOLE, "](help:)", "](https://evil.example)", "(https://evil.example) must begin with sheet:, lesson:, help:"),
        (ECOLE, "](help:)", "](sheet:absente)", "(sheet:absente) leads nowhere"),
        (ECOLE, "](help:)", "](sheet:mon-enfant-est-vise)", "is not for all readers of this sheet"),
        (ECOLE, "](help:)", "](lesson:agir-a-plusieurs)", "pupils and parents have no lessons"),
        (TEACHER, "](help:)", "](lesson:absente)", "(lesson:absente) leads nowhere"),
        (ECOLE, "title:", "titre:", "titre is not a known key"),
        (ECOLE, "order: 10", "order: x", "order must be a number"),
        (ECOLE, '["119", "3018"]', '["119", "3020"]', "helplines must be a list among"),
        (ECOLE, "reviewed: 2026-11-23", "reviewed: hier", "reviewed must be a date"),
        (ECOLE, "profiles: [pupil-ecole]", "profiles: [parent]", "profiles must hold pupil-ecole"),
        (ECOLE, "profiles: [pupil-ecole]", "profiles: [pupils]", "profiles must be a list among"),
        (ECOLE, "Parfois, il prévient", "Parfois\u202f! Il prévient", "no exclamation marks"),
        (ECOLE, "écouter les enfants.", "écouter les enfants ?", "a mark wants a narrow no-break space"),
        (ECOLE, "Tu peux leur écrire.", "Tu peux leur e\u0301crire.", "is not NFC"),
        (
            ECOLE,
            "Tu peux leur écrire.",
            "Tu peux leur écrire quand tu veux un mot ou deux sur ce qui ne va pas bien.",
            "a sentence of 18 words; at most 12",
        ),
        (COLLEGE, "order: 50", "order: 50: 51", "is not YAML: mapping values are not allowed here"),
    ],
)  # fmt: skip
def test_a_planted_mistake_is_named_by_its_line(copy: Path, name: str, old: str, new: str, message: str) -> None:
    line = change(copy, name, old, new)
    mistakes = found(copy, name)
    assert any(message in text and at == line for at, text in mistakes), mistakes


def test_a_mistake_reads_as_file_and_line(copy: Path) -> None:
    change(copy, ECOLE, "Tu peux leur écrire.", "<script>alert(1)</script>")
    assert f"{copy / ECOLE}:13: holds HTML: write plain text" in map(str, check_content(copy))


@pytest.mark.parametrize("value", ["5", "[{a: b}]", "[1, 1]", "2026-01-01"])
@pytest.mark.parametrize("key", ["title", "profiles", "order", "helplines", "sources", "reviewed", "licence"])
def test_a_value_of_another_kind_is_a_mistake_and_no_crash(copy: Path, key: str, value: str) -> None:
    text = re.sub(rf"(?m)^{key}:.*(\n  - .*)*$", f"{key}: {value}", (copy / COLLEGE).read_text("utf-8"))
    (copy / COLLEGE).write_text(text, "utf-8")
    fine = (key, value) in {("order", "5"), ("reviewed", "2026-01-01")}
    assert fine or any(message.startswith(f"{key} must be") for _line, message in found(copy, COLLEGE))
    assert ("je-ne-vais-pas-bien" in shelf(copy)) is fine


def test_lengths_follow_the_age(copy: Path) -> None:
    long = "Un adulte écoute. " * 60
    change(copy, ECOLE, "Tu peux leur écrire.", long)
    assert any("words; from 80 to 150" in text for _line, text in found(copy, ECOLE))
    assert not any("words; from" in text for _line, text in found(copy, TEACHER))


def test_sections(copy: Path) -> None:
    path = copy / ECOLE
    path.write_text(path.read_text("utf-8").replace("## ", "### "), "utf-8")
    assert any("0 sections (##); from 2 to 6" in text for _line, text in found(copy, ECOLE))


def test_a_translation_that_is_missing(copy: Path) -> None:
    (copy / "en/pupil-college/je-ne-vais-pas-bien.md").unlink()
    (copy / "ar/pupil-college/je-ne-vais-pas-bien.md").unlink()
    (copy / "en/teacher/recevoir-une-confidence.md").unlink()
    assert found(copy, COLLEGE) == [(1, "is missing in English (en)"), (1, "is missing in العربية (ar)")]
    assert found(copy, TEACHER) == [(1, "is missing in English (en)")]  # teachers' sheets need no Arabic


def test_a_translation_that_differs(copy: Path) -> None:
    name = COLLEGE.replace("fr/", "ar/")
    line = change(copy, name, "order: 50", "order: 51")
    assert found(copy, name) == [(line, "order must be as in French")]


def test_a_translation_without_a_french_sheet(copy: Path) -> None:
    (copy / COLLEGE).unlink()
    name = COLLEGE.replace("fr/", "en/")
    assert (1, "has no French file of the same name") in found(copy, name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fr/pupils/a.md", "must lie in one of the folders"),
        ("fr/a.md", "must lie in one of the folders"),
        ("de/parent/a.md", "de is not one of the languages"),
        ("fr/parent/Élan.md", "the name must be small letters"),
        ("fr/parent/a.txt", "the name must be small letters"),
    ],
)
def test_a_file_that_no_page_would_show(copy: Path, name: str, message: str) -> None:
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(copy / "fr/parent/mon-enfant-est-vise.md", copy / name)
    assert any(message in text for _line, text in found(copy, name))


def test_two_sheets_of_the_same_name(copy: Path) -> None:
    shutil.copy(copy / TEACHER, copy / "fr/staff/recevoir-une-confidence.md")
    assert (1, "staff has one of the same name") in found(copy, TEACHER)


def test_a_file_that_is_not_utf_8(copy: Path) -> None:
    (copy / TEACHER).write_bytes(b"---\ntitle: caf\xe9\n---\n")
    assert (2, "is not UTF-8") in found(copy, TEACHER)


def test_pages_leave_out_what_cannot_be_read(copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    change(copy, TEACHER, "title:", "titre:")
    found = shelf(copy)
    assert "recevoir-une-confidence" not in found
    assert "je-ne-vais-pas-bien" in found
    assert "recevoir-une-confidence.md" in "".join(capfd.readouterr())
