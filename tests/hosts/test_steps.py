"""The steps of `docs/hosts.md` are followed as they stand, but for the installation (`tests/test_installed.py`)."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

DOCS = Path(__file__).resolve().parents[2] / "docs" / "hosts.md"


def blocks() -> list[str]:
    """The blocks of the chapter « Plug it in », in order."""
    chapter = DOCS.read_text("utf-8").partition("## Plug it in")[2].partition("\n## ")[0]
    return [dedent(block) for block in re.findall(r"(?s)```(?:python)?\n(.*?) *```", chapter)]


def test_the_steps_lead_to_an_application_that_is_well(tmp_path: Path) -> None:
    _install, key, application, settings, commands, _serve = blocks()
    (tmp_path / "portal.py").write_text(application)
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "bin").symlink_to(Path(sys.executable).parent)
    script = f"set -e\n{key}\n{settings}\n{commands}"
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "https://portail.example/ent/lti/launch" in done.stdout
    assert "belong together" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {"portal.sqlite", "ent.key"}
    assert not (tmp_path / "ent-data").exists()
