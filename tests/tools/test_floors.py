"""The floors of the house: each contract breaks on what it forbids, in a small house made for it."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = ROOT / ".venv" / "bin" / "lint-imports"
HOUSE = {
    "__init__.py": "",
    "config.py": "",
    "shelves.py": "",
    "database.py": "import sqlalchemy",
    "rooms.py": "",
    "privacy/__init__.py": "",
    "privacy/tables.py": "import ent_module.database",
    "help/__init__.py": "",
    "help/model.py": "import re",
    "help/tables.py": "import ent_module.database",
    "help/service.py": "import ent_module.help.tables\nimport ent_module.privacy",
    "surveys/__init__.py": "",
    "surveys/interchange/__init__.py": "",
    "lti/__init__.py": "",
    "lti/launch.py": "import flask",
    "demo/__init__.py": "",
    "demo/portal.py": "import ent_module.config",
    "migrations/__init__.py": "",
    "migrations/env.py": "import ent_module.help.tables",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    floors = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    names = [room.strip() for floor in floors for room in floor.split("|")]
    rooms = {f"{name}/__init__.py": "" for name in names if f"{name}.py" not in HOUSE}
    for name, text in (rooms | HOUSE).items():
        path = tmp_path / "ent_module" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return tmp_path


def lint(house: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache"],
        cwd=house,
        env={"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sound_house_stands(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "privacy/keys.py",
            "import ent_module.help.service",
            "ent_module.privacy is not allowed to import ent_module.help",
        ),
        ("cupboard.py", "", "ent_module.cupboard"),
        ("lti/peek.py", "import ent_module.help.tables", "ent_module.lti.peek imports ent_module.help.tables"),
        ("help/model.py", "import flask", "ent_module.help.model -> flask"),
        ("help/model.py", "import ent_module.database", "ent_module.database -> sqlalchemy"),
        ("demo/portal.py", "import ent_module.lti.launch", "ent_module.demo.portal -> ent_module.lti.launch"),
    ],
)
def test_what_is_forbidden_breaks_it(house: Path, name: str, text: str, said: str) -> None:
    (house / "ent_module" / name).write_text(f"{text}\n")
    done = lint(house)
    assert done.returncode == 1
    assert said in " ".join(done.stdout.split())
