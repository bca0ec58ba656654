"""A closing that is killed while pupils send loses nothing; a naive one is caught at it. `make faults` is longer."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS = 6
_LINE = re.compile(r"faults: (.+) runs=(\d+) killed=(\d+) while_sending=\d+ acknowledged=(\d+) told=(\d+) kept=(\d+)")


def test_what_was_acknowledged_is_told_wherever_the_closing_was_killed(backend: str) -> None:
    """A few of its statements each time, another few the next: none may ever fail."""
    short = {"FAULTS_RUNS": "1", "FAULTS_STATEMENTS": str(STATEMENTS)}
    command = [sys.executable, "-m", "tools.faults", backend]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | short, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    lines = {found[1]: [int(one) for one in found.groups()[1:]] for found in _LINE.finditer(done.stdout)}
    control = lines.pop(f"control {backend}")
    assert len(lines) == STATEMENTS, done.stdout
    assert {tuple(figures[-1:] + figures[:2]) for figures in lines.values()} == {(1, 1, 1)}
    assert all(acknowledged == told > 0 for _runs, _killed, acknowledged, told, _kept in lines.values())
    assert control[0] - control[-1] == 1, "the naive closing lost nothing"
