"""The commands, run as a person types them."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ent_module.cli import group
from ent_module.helplines import service
from ent_module.rooms import installed_rooms
from ent_module.shelves import shelf

BIN = Path(sys.executable).parent


def run(tmp_path: Path, *words: str, program: str = "ent-module", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / program, *words],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "ENT_DATA_DIR": str(tmp_path / "data"), "ENT_CHECK_UAI": "0", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_rooms_commands_are_there_both_ways(tmp_path: Path) -> None:
    wanted = {"serve", "upgrade", "tick", "check-content", "demo"}
    wanted |= {str(command.name) for room in installed_rooms() for command in room.commands}
    assert {"portal", "establishment"} <= wanted
    for answer in (
        run(tmp_path, "--help"),
        run(tmp_path, "--app", "ent_module.extension:create_app", "ent", "--help", program="flask"),
    ):
        assert answer.returncode == 0, answer.stderr
        assert wanted <= set(answer.stdout.split())


def test_a_new_installation_from_an_empty_folder(tmp_path: Path) -> None:
    for words, said in (
        (("upgrade",), "up to date"),
        (("upgrade",), "up to date"),
        (("establishment", "add", "0590001B", "Collège Simone-Veil", "--kind", "college"), "0590001B"),
        (("establishment", "list"), "Collège Simone-Veil"),
        (("tick",), "help.escalate: done"),
        (("portal", "list"), ""),
    ):
        answer = run(tmp_path, *words)
        assert answer.returncode == 0, (words, answer.stderr)
        assert said in answer.stdout


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    answer = run(tmp_path, "upgrade", ENT_PUBLIC_URL="http://ent.example")
    assert answer.returncode == 1
    assert "ENT_PUBLIC_URL" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_desk_without_a_code_is_said(tmp_path: Path) -> None:
    assert run(tmp_path, "upgrade").returncode == 0
    assert "second factor" not in run(tmp_path, "check").stdout
    assert "the desk asks for no second factor" in run(tmp_path, "check", ENT_DESK_SECOND_FACTOR="0").stdout


def test_content_without_mistakes_passes(tmp_path: Path) -> None:
    answer = run(tmp_path, "check-content")
    assert answer.returncode == 0, answer.stderr


def test_a_mistake_in_the_content_is_named_by_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the helplines in which 3020, which has closed, came back."""

    data = shelf("resources") / "data" / "helplines.yaml"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "helplines.yaml").write_text(
        data.read_text("utf-8").replace('number: "3018"', 'number: "3020"')
    )
    monkeypatch.setattr(service, "shelf", lambda _name: tmp_path)
    answer = CliRunner().invoke(group, ["check-content"])
    assert answer.exit_code == 1
    assert "helplines.yaml:" in answer.output
    assert "3020 has closed" in answer.output
