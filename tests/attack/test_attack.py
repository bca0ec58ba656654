"""The attack on few classes: whoever takes every file finds no pupil's answers, and would find them if he could."""

import os
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from tools.attack.place import folder
from tools.attack.report import Attack

COHORTS = int(os.environ.get("ATTACK_COHORTS", "50"))


@pytest.fixture
def work() -> Iterator[Path]:
    with folder() as made:
        yield made


def test_no_strategy_finds_whose_answers_are_whose(backend: str, work: Path) -> None:
    said: list[str] = []
    with closing(Attack(backend, work, COHORTS, said.append)) as attack:
        wrong = attack.run()
    assert wrong == [], said
    proved = {line.split()[2] for line in said if line.startswith("attack: control ")}
    tried = {line.split()[1] for line in said if not line.startswith("attack: control ")}
    assert proved == tried
    assert len(tried) == (27 if backend == "sqlite" else 29)


def test_what_runs_in_processes_of_its_own_can_be_imported_there() -> None:
    """`make attack` starts processes anew, and those do not import the module that was run."""
    main = import_module("tools.attack.__main__")
    assert [one for one in vars(main).values() if getattr(one, "__module__", "") == main.__name__] == []
