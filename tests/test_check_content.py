"""`check-content` as a person types it, on a copy of the shelves: every mistake is a line `path:line: message`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ent_module
from ent_module.shelves import SHELVES, shelf

HELPLINES = "resources/data/helplines.yaml"
SHEET = "resources/fr/pupil-college/je-ne-vais-pas-bien.md"
LESSON = "lessons/fr/unit-3/aider-un-ami-qui-va-mal.md"
SURVEY = "surveys/school-climate.yaml"
UNITS = "lessons/units.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of its own: copies of the shelves, beside the real program."""
    for name in SHELVES:
        shutil.copytree(shelf(name), tmp_path / name)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "ent_module").symlink_to(Path(ent_module.__file__).parent)
    return tmp_path


def change(copy: Path, name: str, old: str, new: str) -> tuple[str, int]:
    """Replaces a text in a file; returns the file and the line on which it stood."""
    text = (copy / name).read_text("utf-8")
    assert old in text, (name, old)
    (copy / name).write_text(text.replace(old, new, 1), "utf-8")
    return name, text[: text.index(old)].count("\n") + 1


def checked(copy: Path) -> tuple[int, list[tuple[str, int, str]]]:
    """The exit code, and file, line and message of each line that is told."""
    answer = subprocess.run(
        [sys.executable, "-m", "ent_module.cli", "check-content"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in answer.stderr, answer.stderr
    told = [line for line in answer.stderr.splitlines() if not line.startswith(("Error:", "{"))]
    found = [re.fullmatch(r"(.+?):(\d+): (.+)", line) for line in told]
    assert all(found), told
    return answer.returncode, [
        (Path(one[1]).relative_to(copy).as_posix(), int(one[2]), one[3]) for one in found if one is not None
    ]


def test_every_mistake_is_one_line_with_its_file(copy: Path) -> None:
    planted = [
        (change(copy, HELPLINES, "\n  who:\n", "\n  woh:\n"), 1, "woh is not a known key"),
        (change(copy, HELPLINES, "  checked: 2026-11-23\n", "  checked: hier\n"), 0, "checked must be a date"),
        (change(copy, HELPLINES, "days: [mon, tue,", "days: [lundi, tue,"), -1, "hours days must be a list among"),
        (change(copy, SHEET, "reviewed: 2026-11-23", "reviewed: hier"), 0, "reviewed must be a date"),
        (change(copy, LESSON, "reviewed: 2026-11-23", "reviewed: hier"), 0, "reviewed must be a date"),
        (change(copy, SURVEY, "version: ", "version: x"), 0, "version must be a whole number"),
    ]
    code, found = checked(copy)
    assert code == 1
    for (name, line), more, message in planted:
        assert any(one[:2] == (name, line + more) and message in one[2] for one in found), (name, message, found)
    assert (HELPLINES, "who is missing") in [(name, message) for name, _line, message in found]
    assert len(found) == len(planted) + 1, found


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (HELPLINES, "  hours: always", "  hours: always: no", "is not YAML: mapping values are not allowed here"),
        (SURVEY, "scales:", "scales: [", "is not YAML"),
        (UNITS, "  levels: [CP", "  levels: [[CP", "is not YAML"),
        (SHEET, "order: ", "order: [", "is not YAML"),
        (LESSON, "order: ", "order: !!python/name:os.system ", "is not YAML"),
    ],
)
def test_a_file_that_is_not_yaml_is_the_only_thing_told(
    copy: Path, name: str, old: str, new: str, message: str
) -> None:
    _name, line = change(copy, name, old, new)
    code, found = checked(copy)
    assert code == 1
    ours = [one for one in found if one[0] == name]
    assert len(ours) == 1, found
    assert message in ours[0][2]
    assert ours[0][1] >= line
    if name in {HELPLINES, SURVEY, UNITS}:
        assert found == ours
