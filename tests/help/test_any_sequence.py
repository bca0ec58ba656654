"""No sequence of actions loses a message, shows it to somebody it is kept from, or leaves it without a reader.

30 sequences on each database in every run; before a release `ROOM_SEQUENCES=200`. Each naive variant is found by the
same machine.
"""

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError

from ent_module.help.service import adults, clocks, desk, returning, writing
from ent_module.recall import Recall
from tests.conftest import Templates
from tests.help.any_sequence import AnySequence
from tests.support.postgres import cluster
from tests.support.town import Town

SEQUENCES, STEPS = int(os.environ.get("ROOM_SEQUENCES", "30")), 20
ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""Whether the machine finds what is wrong has nothing to do with the database."""
Run = Callable[..., None]


@pytest.fixture
def run(town: Town, backend: str, database_url: str, templates: Templates) -> Run:
    """Runs so many sequences, each in a town as it was at first."""
    template = templates(backend, "town")[0]

    def fresh() -> Town:
        town.house.database.engine.dispose()
        town.house.database.recall = Recall()
        where = make_url(database_url).database or ""
        if backend == "sqlite":
            path = Path(where)
            for rest in ("-wal", "-shm"):
                path.with_name(path.name + rest).unlink(missing_ok=True)
            shutil.copyfile(template, path)
        else:
            cluster().drop_database(where)
            cluster().create_database(where, template)
        return town

    class InThisTown(AnySequence):
        pass

    InThisTown.fresh = staticmethod(fresh)
    how = settings(
        stateful_step_count=STEPS,
        derandomize=SEQUENCES == 30,  # those of every run are the same ones, so that a control is found or is not
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if os.environ.get("ROOM_SHRINK") else (Phase.generate,),
        print_blob=False,
    )
    return lambda most=SEQUENCES: run_state_machine_as_test(InThisTown, settings=settings(how, max_examples=most))


def test_no_message_is_lost_shown_or_left_alone(run: Run) -> None:
    run()


@ONE_DATABASE
def test_control_a_desk_that_looks_at_keys_alone_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_is_left_out", lambda *_who: False)
    monkeypatch.setattr(adults, "left_out", lambda *_who, **_more: [])
    with pytest.raises(AssertionError, match=r"shown to|could|"):
        run(100)


@ONE_DATABASE
def test_control_forms_that_are_not_known_again_are_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (writing, returning):
        monkeypatch.setattr(module, "request_digest", lambda *_of: secrets.token_bytes(32))
    with pytest.raises((AssertionError, IntegrityError), match=r"one form made two|doubled|return_code"):
        run(100)


@ONE_DATABASE
def test_control_a_clock_that_stands_still_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "due", lambda *_now: clocks.Due([], 0, 0))
    with pytest.raises(AssertionError, match="left without a reader"):
        run(100)
