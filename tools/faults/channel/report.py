"""Runs the faults, says a line for each, and what is wrong."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import keeper
from tools.attack.stage import DATABASES
from tools.faults.channel.clocks import clocks
from tools.faults.channel.databases import database, may_mount
from tools.faults.channel.faults import FAULTS, FULL_DISK, TIMES, kill_server
from tools.faults.channel.mail import cut_mail
from tools.faults.channel.town import Town
from tools.faults.channel.writers import Writing, read_all

SHORT = 3
Say = Callable[[str], None]


def faults(name: str, say: Say, *, short: bool) -> list[str]:
    """Everything, on one database; returns what is wrong."""
    wrong = []
    for fault in FAULTS:
        if (fault, name) == ("restart-database", "sqlite"):  # there is no server to stop
            continue
        if fault == FULL_DISK and not may_mount():
            say(f"faults: {fault} {name} not run: no right to mount a small disk")
            continue
        wrong += trial(name, fault, min(TIMES[fault], SHORT) if short else TIMES[fault], say)
    wrong += clocks(name, say) + cut_mail(name, say)
    return wrong + control(name, say)


def trial(name: str, fault: str, times: int, say: Say) -> list[str]:
    """One fault, so many times, under eight who write."""
    small = fault == FULL_DISK
    with TemporaryDirectory(prefix="ent-faults-") as folder, database(name, _disk(folder), small=small) as made:
        town = Town(made, Path(folder))
        town.start()
        try:
            writing = Writing(town)
            with writing.going_on():
                FAULTS[fault](town, writing, times)
                writing.wait_for(SHORT)
            return writing.wrong + _told(f"{fault} {name}", town, writing, say)
        finally:
            town.kill()


def control(name: str, say: Say) -> list[str]:
    """A naive server is killed: it must be seen to lose."""
    with TemporaryDirectory(prefix="ent-faults-") as folder, database(name, _disk(folder)) as made:
        town = Town(made, Path(folder), naive=True)
        town.start()
        try:
            writing = Writing(town)
            with writing.going_on():
                kill_server(town, writing, SHORT)
            town.kill()
            town.naive = False
            town.start()
            lost = _told(f"control kill-server {name}", town, writing, say)
            return [] if lost else [f"{name}: a naive server loses nothing: this measures nothing"]
        finally:
            town.kill()


def _told(what: str, town: Town, writing: Writing, say: Say) -> list[str]:
    """The line of one fault, and what is wrong with it."""
    read = read_all(town)
    lost = sum(mark not in read.marks for mark in writing.arrived)
    doubled = sum(often > 1 for often in read.marks.values())
    figures = f"lost={lost} unreadable={read.unreadable} doubled={doubled}"
    say(f"faults: {what} acknowledged={len(writing.arrived)} setbacks={writing.setbacks} {figures}")
    hurt = lost or read.unreadable or doubled or not writing.arrived
    return [f"{what}: not every message is there once, readable"] if hurt else []


def _disk(folder: str) -> Path:
    made = Path(folder) / "disk"
    made.mkdir()
    return made


def main(arguments: list[str]) -> int:
    """Databases as named, else both, one after the other; 1 where anything is wrong."""
    keeper.owner()
    short = bool(os.environ.get("FAULTS_SHORT"))
    say = lambda line: print(line, flush=True)  # noqa: E731
    wrong = [fault for name in arguments or DATABASES for fault in faults(name, say, short=short)]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0
