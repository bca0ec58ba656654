"""Whatever breaks while eight write, no message is lost, doubled or unreadable. `make faults` is longer."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LINE = re.compile(r"faults: (\S+) \w+ acknowledged=(\d+) setbacks=(\d+) lost=(\d+) unreadable=(\d+) doubled=(\d+)")
_CLOCKS = re.compile(r"faults: kill-clocks \w+ acknowledged=(\d+) killed=(\d+) fired=(\d+) doubled=0")
_MAIL = re.compile(r"faults: cut-smtp \w+ acknowledged=[1-9]\d* cut=[1-9]\d* told=2 letters=\d+ owed=0 lost=0")
_CONTROL = re.compile(r"faults: control kill-server \w+ acknowledged=\d+ setbacks=\d+ lost=([1-9]\d*)")


def test_no_acknowledged_message_is_lost_and_every_clock_fires_once(backend: str) -> None:
    command = [sys.executable, "-m", "tools.faults.channel", backend]
    short = {"FAULTS_SHORT": "1"}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | short, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    found = {one[1]: [int(figure) for figure in one.groups()[1:]] for one in _LINE.finditer(done.stdout)}
    wanted = {"kill-server", "full-disk"} | ({"restart-database"} if backend == "postgresql" else set())
    if f"full-disk {backend} not run: no right to mount a small disk" in done.stdout:  # in most containers
        wanted -= {"full-disk"}
    assert set(found) == wanted, done.stdout
    for acknowledged, setbacks, *harm in found.values():
        assert acknowledged > 0 < setbacks
        assert harm == [0, 0, 0]
    clocks = _CLOCKS.search(done.stdout)
    assert clocks, done.stdout
    late, killed, fired = (int(one) for one in clocks.groups())
    assert (fired, killed > 0) == (late, True)
    assert _MAIL.search(done.stdout), done.stdout
    assert _CONTROL.search(done.stdout), "the naive server lost nothing"
