"""A host with a database of its own, by Flask-SQLAlchemy and Alembic, which it shares with the module."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner
from flask import Flask
from flask.cli import FlaskGroup
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, create_engine, inspect, text

from ent_module.config import ConfigurationError
from ent_module.database import VERSION_TABLE, Base, shared
from tests.conftest import KEY, SETTINGS
from tests.hosts import stored
from tests.hosts.pupil import ORIGIN, pupil, walk
from tests.lti.platform import Platform
from tests.support import town as towns
from tests.support.postgres import cluster


@dataclass
class Host:
    """The host, its database, and its Alembic."""

    app: Flask
    db: SQLAlchemy
    engine: Engine
    alembic: Config

    def tables(self) -> set[str]:
        return set(inspect(self.engine).get_table_names())

    def ent(self, *words: str) -> str:
        """`flask ent …` in the host."""
        answer = CliRunner().invoke(FlaskGroup(create_app=lambda: self.app), ["ent", *words])
        assert answer.exit_code == 0, answer.output
        return answer.output


@pytest.fixture
def host(backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """An empty database of the host's; the environment names another, which nobody may touch."""
    name = f"h_{uuid4().hex[:12]}"
    url = f"sqlite:///{tmp_path / 'host.sqlite'}" if backend == "sqlite" else cluster().create_database(name)
    monkeypatch.setenv("ENT_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite'}")
    (tmp_path / "master.key").write_bytes(KEY)
    app, db = stored.make(url, replace(SETTINGS, key_file=tmp_path / "master.key", data_dir=tmp_path))
    with app.app_context():  # no longer than that: each request has a context of its own, as it would be served
        engine = db.engine
    yield Host(app, db, engine, stored.alembic(tmp_path / "alembic", engine, db))
    engine.dispose()
    app.extensions["ent"].database.engine.dispose()
    assert not (tmp_path / "other.sqlite").exists()
    if backend == "postgresql":
        cluster().drop_database(name)


def test_both_upgrade_beside_each_other_in_either_order(host: Host) -> None:
    command.revision(host.alembic, "first", autogenerate=True)
    host.ent("upgrade")
    command.upgrade(host.alembic, "head")
    ours = {*Base.metadata.tables, VERSION_TABLE}
    assert host.tables() == {*ours, "alembic_version", "ent_dish"}
    command.upgrade(host.alembic, "head")
    host.ent("upgrade")
    command.downgrade(host.alembic, "base")
    assert host.tables() == {*ours, "alembic_version"}
    command.upgrade(host.alembic, "head")
    assert "ent_dish" in host.tables()


def test_the_hosts_autogenerate_leaves_our_tables_alone(host: Host, tmp_path: Path) -> None:
    host.ent("upgrade")
    command.revision(host.alembic, "first", autogenerate=True)
    [script] = (tmp_path / "alembic" / "versions").glob("*.py")
    written = script.read_text()
    assert "create_table('ent_dish'" in written
    assert "drop" not in written.partition("def downgrade")[0]
    assert written.count("ent_") == written.count("ent_dish")


def test_without_the_filter_our_tables_would_be_dropped(host: Host, tmp_path: Path) -> None:
    """Control: the test above can fail."""
    host.ent("upgrade")
    env = tmp_path / "alembic" / "env.py"
    env.write_text(env.read_text().replace(", include_name=include_name", ""))
    command.revision(host.alembic, "first", autogenerate=True)
    [script] = (tmp_path / "alembic" / "versions").glob("*.py")
    assert "op.drop_table('ent_account')" in script.read_text()


def test_a_pupils_path_works_and_the_hosts_own_too(host: Host, platform: Platform) -> None:
    host.ent("upgrade")
    command.revision(host.alembic, "first", autogenerate=True)
    command.upgrade(host.alembic, "head")
    town = towns.build(host.app)
    walk(town, pupil(town, host.app, platform))
    client = host.app.test_client()
    assert client.post("/dishes", base_url=ORIGIN).text == "cooked"
    assert client.get("/dishes", base_url=ORIGIN).get_json() == ["soup"]
    with host.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ent_conversation")).scalar() == 1


def test_commands_under_flask_work_on_the_hosts_database(host: Host) -> None:
    host.ent("upgrade")
    assert "0590001B" in host.ent("establishment", "add", "0590001B", "Collège Simone-Veil", "--kind", "college")
    assert "Collège Simone-Veil" in host.ent("establishment", "list")
    assert host.ent("portal", "list") == ""
    assert "help.escalate: done" in host.ent("tick")
    with host.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM ent_establishment")).scalar() == "Collège Simone-Veil"


def test_our_transactions_are_ours_whatever_the_hosts_engine_does(host: Host) -> None:
    """An engine that commits each statement by itself would leave half of what a view did."""
    host.ent("upgrade")
    theirs = create_engine(host.engine.url, isolation_level="AUTOCOMMIT")
    ours = shared(theirs)
    insert = text("INSERT INTO ent_job_lease (name, holder, until) VALUES ('x', 'h', '2026-01-01 00:00:00')")

    def half() -> None:
        with ours.writing() as db:
            db.execute(insert)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with ours.reading() as db:
        assert db.execute(text("SELECT count(*) FROM ent_job_lease WHERE name = 'x'")).scalar() == 0
    for engine in (theirs, ours.engine):
        engine.dispose()
    with pytest.raises(ConfigurationError, match="isolation_level"):
        shared(host.engine.execution_options(isolation_level="AUTOCOMMIT"))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_hosts_sqlite_connections_keep_their_settings(host: Host) -> None:
    host.ent("upgrade")
    with host.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
    with shared(host.engine).reading() as db:
        assert db.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.execute(text("PRAGMA secure_delete")).scalar() == 1


def test_a_database_that_cannot_be_shared_is_named() -> None:
    with pytest.raises(ConfigurationError, match="in memory"):
        shared(create_engine("sqlite://"))
