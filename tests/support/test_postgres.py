"""The server of the tests: it is private, shared, copied from, and never outlives its run."""

import os
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.support import postgres
from tests.support.conftest import becomes, runs
from tests.support.postgres import Cluster

pytestmark = pytest.mark.postgresql


@pytest.fixture
def name() -> str:
    return f"t_{uuid4().hex}"


def ask(url: str, question: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        return connection.execute(text(question)).scalar()


def do(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))


def keeper_of(folder: Path) -> int:
    """The process id of the keeper, found by its arguments."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        arguments = process.read_bytes().split(b"\0")
        if str(folder).encode() in arguments and postgres.KEPT.module.encode() in arguments:
            return int(process.parent.name)
    raise LookupError(folder)


def server_of(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def test_a_database_is_made_and_reached_by_its_address(postgres_cluster: Cluster, name: str) -> None:
    url = postgres_cluster.create_database(name)
    assert make_url(url).drivername == "postgresql+psycopg"
    assert ask(url, "SELECT current_database()") == name
    postgres_cluster.drop_database(name)


def test_it_listens_on_no_network(postgres_cluster: Cluster) -> None:
    assert ask(postgres_cluster.url("postgres"), "SHOW listen_addresses") == ""


def test_it_does_not_run_as_root(postgres_cluster: Cluster) -> None:
    server = server_of(postgres_cluster.folder)
    assert Path(f"/proc/{server}").stat().st_uid != 0


def test_a_template_is_built_once_and_copied(postgres_cluster: Cluster, name: str) -> None:
    built = []

    def build(url: str) -> None:
        built.append(url)
        do(url, "CREATE TABLE counted (n integer)")

    for _ in range(2):
        assert postgres_cluster.template(f"{name}_t", build) == f"{name}_t"
    copies = [postgres_cluster.create_database(f"{name}_{n}", template=f"{name}_t") for n in range(2)]
    do(copies[0], "INSERT INTO counted VALUES (1)")
    assert [ask(url, "SELECT count(*) FROM counted") for url in copies] == [1, 0]
    assert len(built) == 1
    for database in (f"{name}_0", f"{name}_1", f"{name}_t"):
        postgres_cluster.drop_database(database)


def test_a_template_whose_build_fails_is_built_anew(postgres_cluster: Cluster, name: str) -> None:
    with pytest.raises(ZeroDivisionError):
        postgres_cluster.template(name, lambda _url: 1 / 0)  # type: ignore[arg-type]  # it never returns
    postgres_cluster.template(name, lambda url: do(url, "CREATE TABLE whole (n integer)"))
    assert ask(postgres_cluster.url(name), "SELECT count(*) FROM whole") == 0
    postgres_cluster.drop_database(name)


def test_who_asks_twice_gets_the_same_server(postgres_cluster: Cluster) -> None:
    assert postgres.cluster() == postgres_cluster


def test_it_ends_when_its_run_is_killed(postgres_cluster: Cluster, owner: "subprocess.Popen[bytes]") -> None:
    other = postgres.start(owner.pid)
    assert other.folder != postgres_cluster.folder
    server = server_of(other.folder)
    assert runs(server)
    owner.kill()
    owner.wait()
    left = (other.folder, other.folder.with_suffix(".lock"))
    assert becomes(lambda: not runs(server) and not any(one.exists() for one in left))


def test_it_ends_even_when_its_keeper_is_killed_and_the_next_run_sweeps(
    postgres_cluster: Cluster, owner: "subprocess.Popen[bytes]"
) -> None:
    left = postgres.start(owner.pid)
    server = server_of(left.folder)
    os.kill(keeper_of(left.folder), signal.SIGKILL)
    assert becomes(lambda: not runs(server))
    assert left.folder.exists()
    postgres.KEPT.sweep()
    assert not left.folder.exists()
    assert postgres_cluster.folder.exists()


def test_without_its_programs_the_message_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    with pytest.raises(postgres.PostgresMissingError, match="apt-get install"):
        postgres.programs()


def test_one_that_does_not_start_says_why_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, owner: "subprocess.Popen[bytes]"
) -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # where we are root, they are run by somebody else
        for name in ("initdb", "postgres"):
            program = Path(folder) / name
            program.write_text("#!/bin/sh\necho no room on the disk >&2\nexit 1\n")
            program.chmod(0o755)
        monkeypatch.setenv("PG_BIN", folder)
        with pytest.raises(RuntimeError, match=r"PostgreSQL did not start: (?s:.*)no room on the disk"):
            postgres.start(owner.pid)
    place = postgres.KEPT.place(owner.pid)
    assert not list(place.parent.glob(f"{place.name}*"))
