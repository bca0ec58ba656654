"""One history for both databases: its head equals the models, and each revision goes up and down."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from ent_module.database import VERSION_TABLE, Base, Database, make_database
from ent_module.migrations.run import configuration, upgrade_to_head
from tests.support.postgres import cluster


@pytest.fixture
def empty(backend: str, tmp_path: Path) -> Iterator[Database]:
    name = f"m_{uuid4().hex[:12]}"
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}" if backend == "sqlite" else cluster().create_database(name)
    database = make_database(url)
    yield database
    database.engine.dispose()
    if backend == "postgresql":
        cluster().drop_database(name)


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_the_head_equals_the_models(empty: Database) -> None:
    upgrade_to_head(empty.engine)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert _tables(empty) == {*Base.metadata.tables, VERSION_TABLE}


def test_the_constraints_of_the_models_are_in_the_database(empty: Database) -> None:
    upgrade_to_head(empty.engine)
    inspector = inspect(empty.engine)
    for name, table in Base.metadata.tables.items():
        checks = {c.name for c in table.constraints if c.__visit_name__ == "check_constraint"}
        assert {one["name"] for one in inspector.get_check_constraints(name)} >= checks, name


def test_each_revision_goes_up_and_down(empty: Database) -> None:
    config = configuration(empty.engine)
    revisions = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    for revision in revisions:
        command.upgrade(config, revision)
        before = _tables(empty)
        command.downgrade(config, "-1")
        command.upgrade(config, revision)
        assert _tables(empty) == before
    command.downgrade(config, "base")
    assert _tables(empty) <= {VERSION_TABLE}


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    upgrade_to_head(empty.engine)
    upgrade_to_head(empty.engine)
    with empty.engine.connect() as connection:
        assert len(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).all()) == 1  # noqa: S608  # our own name


def test_a_hosts_tables_are_left_alone(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE host_thing (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    upgrade_to_head(empty.engine)
    command.downgrade(configuration(empty.engine), "base")
    assert {"host_thing", "alembic_version"} <= _tables(empty)
