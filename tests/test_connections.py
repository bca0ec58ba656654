"""Connections to PostgreSQL that the server has ended are made anew, before anybody's request meets one."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from ent_module import database as databases
from ent_module.database import Database, make_database
from ent_module.establishments.tables import Establishment
from tests.support.town import Town


@pytest.fixture
def backend() -> str:
    """An SQLite file has no server."""
    return "postgresql"


@pytest.fixture
def fresh(town: Town) -> Iterator[Database]:
    """Another process's way to the same database."""
    made = make_database(town.house.settings.resolved_database_url)
    yield made
    made.engine.dispose()


def end_all(town: Town) -> None:
    """As a restart of the server does."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
    with town.house.database.engine.connect() as connection:
        connection.execute(text(others + "current_database()"))


def ask(database: Database) -> int:
    with database.reading() as db:
        return len(db.scalars(select(Establishment)).all())


def test_who_comes_after_a_while_meets_no_dead_connection(
    town: Town, fresh: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ask(fresh)
    monkeypatch.setattr(databases, "IDLE", 0.0)
    end_all(town)
    assert ask(fresh) == known


def test_the_control_without_asking_the_first_one_fails_and_no_second(
    town: Town, fresh: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within that while too: one failure ends all connections of that age."""
    monkeypatch.setattr(databases, "IDLE", 1e6)
    with fresh.reading() as one, fresh.reading() as two:
        known = [len(db.scalars(select(Establishment)).all()) for db in (one, two)]
    end_all(town)
    with pytest.raises(OperationalError):
        ask(fresh)
    assert ask(fresh) == known[0]
