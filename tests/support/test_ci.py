"""In CI a skipped test is a failed one; elsewhere it stays a skip with its reason."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPS = {
    "test": "import pytest\ndef test_it():\n    pytest.skip('no server')\n",
    "fixture": "import pytest\n@pytest.fixture\ndef it():\n    pytest.skip('no server')\ndef test_it(it):\n    pass\n",
    "file": "import pytest\npytest.skip('no server', allow_module_level=True)\n",
    "marker": "import pytest\n@pytest.mark.skip('no server')\ndef test_it():\n    pass\n",
}


def run(folder: Path, *, ci: bool) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "PYTEST"))}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "conftest",
            "-rs",
            "--continue-on-collection-errors",
            str(folder),
        ],
        cwd=ROOT,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_skip_fails_in_ci_only(tmp_path: Path) -> None:
    for kind, source in SKIPS.items():
        (tmp_path / f"test_{kind}.py").write_text(source)
    elsewhere = run(tmp_path, ci=False)
    assert "4 skipped in" in elsewhere.stdout
    assert elsewhere.stdout.count("no server") == len(SKIPS)
    in_ci = run(tmp_path, ci=True)
    assert in_ci.returncode == 1
    assert "1 failed, 3 errors in" in in_ci.stdout
    assert in_ci.stdout.count("nothing may be skipped") >= len(SKIPS)
