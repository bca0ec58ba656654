"""A key that is lost or another never opens a filled database, whichever way it comes in."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from ent_module.config import ConfigurationError
from ent_module.database import Database, make_database
from ent_module.extension import create_app
from ent_module.migrations.run import upgrade_to_head
from ent_module.privacy.installation import InstallationKeys, open_keys
from ent_module.privacy.keys import MasterKey
from tests.conftest import KEY, SETTINGS
from tests.support.database import every_byte
from tests.support.town import Town

OTHER = bytes(32)


def start(url: str, key_file: Path, embedded_in: Path | None = None) -> Flask:
    """The module on that database, or on the embedded one of a folder."""
    if embedded_in:
        return create_app(replace(SETTINGS, data_dir=embedded_in))
    return create_app(replace(SETTINGS, database_url=url, key_file=key_file))


def filled(folder: Path) -> Path:
    """The key file of an embedded installation that has its tables."""
    database = make_database(f"sqlite:///{folder / 'ent.sqlite'}")
    upgrade_to_head(database.engine)
    start("", folder, folder)
    return folder / "master.key"


def test_an_embedded_installation_makes_its_key_once(tmp_path: Path) -> None:
    key = filled(tmp_path).read_bytes()
    start("", tmp_path, tmp_path)
    assert (tmp_path / "master.key").read_bytes() == key


def test_a_lost_key_is_not_made_anew_beside_a_filled_database(tmp_path: Path) -> None:
    file = filled(tmp_path)
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(ConfigurationError, match=r"master\.key is missing, and the database is filled.*backup"):
        start("", tmp_path, tmp_path)
    assert not file.exists()
    file.write_bytes(kept)  # put back
    start("", tmp_path, tmp_path)


@pytest.mark.usefixtures("app")
def test_the_key_of_another_installation_is_refused(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(OTHER)
    with pytest.raises(ConfigurationError, match="not hold the key under which this database is filled"):
        start(database_url, tmp_path / "key")
    with pytest.raises(ConfigurationError, match="is missing, and the database is filled"):
        start(database_url, tmp_path / "none")
    (tmp_path / "key").write_bytes(KEY)
    assert start(database_url, tmp_path / "key").extensions["ent"].keys.derive("a") == MasterKey(KEY).derive("a")


def test_a_key_is_compared_before_anything_is_derived_where_the_database_came_late(town: Town, tmp_path: Path) -> None:
    """A host may start before its database does."""
    (tmp_path / "key").write_bytes(OTHER)
    nowhere = make_database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite'}").engine
    with pytest.raises(OperationalError):
        open_keys(tmp_path / "key", nowhere, embedded=False).derive("anything")
    late = InstallationKeys(MasterKey(OTHER), town.house.database.engine)
    with pytest.raises(ConfigurationError):
        late.derive("anything")
    assert InstallationKeys(MasterKey(KEY), town.house.database.engine).derive("anything")


def test_a_key_that_was_there_before_the_tables_is_compared_once_they_are(tmp_path: Path) -> None:
    """A server that was started too early, with another key than the one with which the tables were made."""
    database = make_database(f"sqlite:///{tmp_path / 'ent.sqlite'}")
    early = InstallationKeys(MasterKey(OTHER), database.engine)
    early.claim()
    assert early.derive("a") == MasterKey(OTHER).derive("a")
    upgrade_to_head(database.engine)
    InstallationKeys(MasterKey(KEY), database.engine).claim()
    with pytest.raises(ConfigurationError, match="not hold the key"):
        early.derive("a")
    database.engine.dispose()


def test_no_key_is_made_where_the_database_does_not_answer(tmp_path: Path) -> None:
    nowhere = make_database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite'}").engine
    with pytest.raises(ConfigurationError, match="ENT_KEY_FILE"):
        open_keys(tmp_path / "master.key", nowhere, embedded=True)
    assert not (tmp_path / "master.key").exists()


def test_the_database_holds_a_check_value_and_not_the_key(town: Town) -> None:
    with town.house.database.reading() as db:
        held = every_byte(db)
        kept = db.scalar(text("SELECT value FROM ent_key_check"))
    assert bytes(kept or b"") in held  # control
    assert KEY not in held
    assert bytes(kept or b"") == MasterKey(KEY).derive("key-check")


def test_of_two_first_starts_at_once_one_makes_the_key_and_both_have_it(tmp_path: Path) -> None:
    gate = Barrier(6)
    database = make_database(f"sqlite:///{tmp_path / 'ent.sqlite'}")
    upgrade_to_head(database.engine)

    def first(_number: int) -> bytes:
        gate.wait(timeout=60)
        return open_keys(tmp_path / "master.key", database.engine, embedded=True).derive("a")

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(first, range(6)))) == 1
    assert sorted(one.name for one in tmp_path.iterdir() if "sqlite" not in one.name) == ["master.key"]


def test_starting_leaves_no_connection_open_for_children_to_share(app: Flask) -> None:
    database = app.extensions["ent"].database
    assert open_connections(database) == 0
    with database.reading() as db:
        db.execute(text("SELECT 1"))
    assert open_connections(database) == 1  # control


def open_connections(database: Database) -> int:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return sum(record.dbapi_connection is not None for record in vars(pool._pool)["queue"])


def test_whoever_runs_it_is_told_on_the_command_line_and_by_readyz(town: Town, database_url: str, work: Path) -> None:
    env = {"ENT_DATABASE_URL": database_url, "ENT_KEY_FILE": str(work / "master.key"), "ENT_CHECK_UAI": "0"}
    visitor = town.browser()
    assert said(env, "check") == (0, "settings, database, schema and key belong together")
    assert (visitor.get("/readyz").status_code, visitor.get("/readyz").json) == (200, {"status": "ready"})
    with town.house.database.writing() as db:
        db.execute(text("UPDATE ent_alembic_version SET version_num = '0001'"))
    answer = visitor.get("/readyz")
    assert (answer.status_code, "ent-module upgrade" in answer.text) == (503, True)
    with town.house.database.writing() as db:
        db.execute(text("UPDATE ent_key_check SET value = :value"), {"value": OTHER})
    answer = visitor.get("/readyz")
    assert (answer.status_code, "not hold the key" in answer.text) == (503, True)
    for command in ("check", "serve"):
        status, told = said(env, command)
        assert (status, "not hold the key" in told, "Traceback" in told) == (1, True, False), command


def test_no_command_makes_a_key_beside_a_filled_database(tmp_path: Path) -> None:
    filled(tmp_path).unlink()
    (tmp_path / "secret").write_text("of the client")
    options = {"--name": "Portail", "--issuer": "https://keycloak.example/realms/ent", "--client-id": "ent"}
    options |= {"--client-secret-file": str(tmp_path / "secret"), "--establishment": "0590001B"}
    words = [word for pair in options.items() for word in pair]
    status, told = said({"ENT_DATA_DIR": str(tmp_path)}, "portal", "add-oidc", *words)
    assert (status, "is missing, and the database is filled" in told) == (1, True), told
    assert not (tmp_path / "master.key").exists()


def said(env: dict[str, str], *command: str) -> tuple[int, str]:
    """How a command ends, and what it says."""
    program = Path(sys.executable).parent / "ent-module"
    done = subprocess.run([program, *command], env=env, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, (done.stdout + done.stderr).strip()
