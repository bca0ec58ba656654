"""What docs/operations.md tells operators to type, run as it stands; the units and the containers, as far as can be."""

import re
import shutil
import sqlite3
import subprocess
import sys
from configparser import RawConfigParser
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml
from click.testing import CliRunner, Result
from flask.cli import FlaskGroup
from sqlalchemy import delete

from ent_module.cli import group
from ent_module.config import Settings
from ent_module.database import Base
from ent_module.migrations.run import load_tables
from ent_module.surveys import campaigns
from ent_module.surveys.tables import Issuance
from tests.conftest import KEY, SETTINGS, make_app
from tests.support.database import everything
from tests.support.life import CANARY, Life
from tests.support.postgres import cluster
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import CALM, HURT, Voter, card, fill, started
from tests.surveys.pages import send, token

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "docs" / "systemd").iterdir())
FORGOTTEN = {
    "ent_issuance",
    "ent_ballot_card",
    "ent_sealed_ballot",
    "ent_survey_text",
    "ent_session",
    "ent_code_attempt",
}
FORGOTTEN |= {"ent_hand_over", "ent_lti_login", "ent_oidc_login", "ent_oidc_logout", "ent_oidc_session"}


def typed(heading: str) -> list[str]:
    """The commands in the first block below a heading, each in one line."""
    below = TEXT.partition(f"### {heading}\n")[2]
    return below.partition("```\n")[2].partition("```")[0].replace("\\\n", "").strip().splitlines()


def run(command: str, places: dict[str, str]) -> None:
    """One command, in other places; what sqlite3 is given is run without that program, which may be missing."""
    for written, here in places.items():
        command = command.replace(written, here)
    if statement := re.fullmatch(r'sqlite3 (\S+) "(.+)"', command):
        with closing(sqlite3.connect(statement[1], isolation_level=None)) as connection:
            connection.executescript(statement[2])
    else:
        subprocess.run(["bash", "-ec", command], check=True, capture_output=True, timeout=300)


@pytest.fixture
def restored_url(town: Town, backend: str, tmp_path: Path, database_url: str) -> Any:
    """The address of a database that was backed up and restored by the documentation, with the keys in `new`."""

    def restore() -> str:
        for name in ("backups", "backups-keys", "new"):
            (tmp_path / name).mkdir()
        shutil.copytree(town.house.settings.resolved_content_store, tmp_path / "content-keys")
        places = {"/var/backups/ent": str(tmp_path / "backups"), "/var/lib/ent": str(tmp_path)}
        new_places = {**places, "/var/lib/ent": str(tmp_path / "new")}
        if backend == "sqlite":
            for command in typed("Back up the embedded database"):
                run(command, places)
            for command in typed("Restore the embedded database"):
                run(command, new_places)
            return f"sqlite:///{tmp_path / 'new' / 'ent.sqlite'}"
        name = f"r_{uuid4().hex[:16]}"
        new = cluster().create_database(name)
        made.append(name)
        steps = (("Back up PostgreSQL", database_url, places), ("Restore PostgreSQL", new, new_places))
        for heading, url, where in steps:
            address = url.replace("postgresql+psycopg:", "postgresql:")
            for command in typed(heading):
                if not command.startswith("createdb"):
                    run(command, {"--dbname=ent": f"--dbname='{address}'", **where})
        return new

    made: list[str] = []
    yield restore
    for name in made:
        cluster().drop_database(name)


@pytest.fixture
def restored(town: Town, life: Life, restored_url: Any, tmp_path: Path) -> Any:
    """The town on a database that was backed up in the midst of a campaign, and restored: before the last command."""
    with town.house.database.reading() as db:
        campaign = campaigns.campaign_of(db, town.schools[COLLEGE], UUID(life.campaign))
    assert campaign
    fill(town, campaign, {"6e B": [HURT]})
    assert token(town.browser("lina"), campaign).status_code == 200
    card(town, campaign, "6e B")
    (tmp_path / "master.key").write_bytes(KEY)  # kept elsewhere, and put back
    app = make_app(restored_url(), tmp_path, replace(SETTINGS, content_store=tmp_path / "new" / "content-keys"))
    yield replace(town, app=app, house=app.extensions["ent"]), campaign
    app.extensions["ent"].database.engine.dispose()


def begin_anew(town: Town) -> Result:
    (last,) = typed("After a restore")
    program, *words = last.split()
    assert program == "ent-module"
    return CliRunner().invoke(FlaskGroup(create_app=lambda: town.app), ["ent", *words])


def test_what_was_backed_up_as_documented_comes_back(town: Town, life: Life, restored: Any) -> None:
    there, _campaign = restored
    before = everything(town.house.database)
    assert all(
        before[table]
        for table in ("ent_issuance", "ent_ballot_card", "ent_sealed_ballot", "ent_survey_text", "ent_session")
    )
    after = everything(there.house.database)
    assert after == {table: [] if table in FORGOTTEN else rows for table, rows in before.items()}
    assert there.browser().get("/readyz").json == {"status": "ready"}
    assert CANARY in there.browser("sami").post("/words", {"code": life.code}).text
    assert CANARY in there.browser("petit").get(f"/staff/desk/{life.with_code}").text


def test_after_a_restore_open_campaigns_begin_anew(town: Town, life: Life, restored: Any) -> None:
    """With the keys of before still there, who had a token would be given another, and could send two ballots."""
    there, campaign = restored
    late = Voter.of(town, campaign).body(CALM)
    assert token(there.browser("lina"), campaign).status_code == 200  # control: what the command is for
    with there.house.database.writing() as db:
        db.execute(delete(Issuance), execution_options={"across": True})
    done = begin_anew(there)
    assert (done.exit_code, "3 survey(s) forgotten" in done.output) == (0, True), done.output  # all that have keys
    assert not list(there.house.settings.resolved_key_store.iterdir())
    assert there.browser("lina").get(f"/surveys/{campaign.id}").status_code == 404
    assert send(there, campaign, late).status_code == 410
    assert there.browser("lycee_head").get(f"/staff/surveys/campaigns/{life.closed}/report").status_code == 200
    anew = started(there, "6e B")
    assert anew.id != campaign.id
    assert token(there.browser("lina"), anew).status_code == 200
    assert send(there, anew, Voter.of(there, anew).body(CALM)).status_code == 204


def test_what_was_not_restored_does_not_begin_anew(town: Town, life: Life) -> None:
    """Typed by mistake beside campaigns that are running, it changes nothing."""
    started(town, "5e A")
    with town.house.database.reading() as db:
        campaign = campaigns.campaign_of(db, town.schools[COLLEGE], UUID(life.campaign))
    assert campaign
    assert token(town.browser("lina"), campaign).status_code == 200
    before, kept = everything(town.house.database), sorted(town.house.settings.resolved_key_store.rglob("*"))
    refused = begin_anew(town)
    assert (refused.exit_code, "was not restored" in refused.output) == (1, True)
    assert everything(town.house.database) == before
    assert sorted(town.house.settings.resolved_key_store.rglob("*")) == kept


def test_the_tables_that_stay_out_are_the_same_for_both_databases() -> None:
    load_tables()
    dump, _keys = typed("Back up PostgreSQL")
    patterns = re.findall(r"--exclude-table-data='?([\w*]+)", dump)
    tables = {name for name in Base.metadata.tables for one in patterns if re.fullmatch(one.replace("*", ".*"), name)}
    deleted = set(re.findall(r"DELETE FROM (\w+)", typed("Back up the embedded database")[1]))
    assert tables == deleted == FORGOTTEN


# --- systemd ----------------------------------------------------------------------------------------------------------


def commands(unit: Path) -> list[list[str]]:
    read = RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    read.read_string(unit.read_text("utf-8"))
    found = read["Service"] if read.has_section("Service") else {}
    return [found[key].split() for key in ("ExecStartPre", "ExecStart") if key in found]


def test_units_start_commands_that_there_are() -> None:
    found = [command for unit in UNITS for command in commands(unit)]
    assert [command[1] for command in found] == ["tick", "check", "serve"]
    for program, name, *options in found:
        assert program == "/opt/ent/bin/ent-module"
        known = {option for one in group.commands[name].params for option in one.opts}
        assert {one for one in options if one.startswith("--")} <= known


def test_systemd_finds_no_mistake_in_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        return  # not every system has it; the test above reads the units in any case
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/ent/bin/ent-module", sys.executable)
        (tmp_path / unit.name).write_text(text)
    answer = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (0, "")


# --- Proxy and containers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [TEXT, COMPOSE["configs"]["proxy"]["content"].replace("$$", "$")], ids=["doc", "compose"]
)
def test_a_proxy_sends_each_address_to_the_side_that_serves_it(text: str, database_url: str, work: Path) -> None:
    pattern = re.search(r"location ~ (\S+) \{", text)
    assert pattern
    for side, other in (("public", "staff"), ("staff", "public")):
        rules = {one: _rules(database_url, work, one) for one in (side, other)}
        for rule in rules[side] - rules[other]:
            assert bool(re.match(pattern[1], rule)) is (side == "staff"), rule


def _rules(database_url: str, work: Path, surface: str) -> set[str]:
    app = make_app(database_url, work, replace(SETTINGS, surface=surface))
    app.extensions["ent"].database.engine.dispose()
    return {rule.rule for rule in app.url_map.iter_rules()}


def test_docker_reads_the_compose_file(tmp_path: Path) -> None:
    """Where Docker's compose is there: it needs no engine to read a file."""
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        return  # the test below reads it in any case
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    env = {"PATH": "/usr/bin:/bin", "POSTGRES_PASSWORD": "x", "KEYCLOAK_PASSWORD": "x"}
    answer = subprocess.run(
        [docker, "compose", "config", "-q"], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_every_name_in_the_compose_file_is_one_that_there_is() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"db", "upgrade", "public", "staff", "tick", "keycloak", "proxy"}
    known = {f"ENT_{one.name.upper()}" for one in fields(Settings)}
    for name, service in services.items():
        assert set(service) <= KEYS, name
        assert set(service.get("depends_on", ())) <= set(services), name
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"]), name
        assert {one["source"] for one in service.get("configs", ())} <= set(COMPOSE["configs"]), name
        assert {one.partition(":")[0] for one in service.get("volumes", ())} <= set(COMPOSE["volumes"]), name
        assert {one for one in service.get("environment", ()) if one.startswith("ENT_")} <= known, name
        words = " ".join(service.get("command", ()))
        for command in re.findall(r"ent-module ([\w-]+)", words):
            assert command in group.commands, name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
    assert {services[one]["environment"]["ENT_SURFACE"] for one in ("public", "staff")} == {"public", "staff"}
    copied = set(re.findall(r"COPY (\w+) /src/", services["public"]["build"]["dockerfile_inline"]))
    assert copied >= {"ent_module", "surveys", "lessons", "resources", "translations", "lti"}
    assert all((ROOT / one).is_dir() for one in copied)


KEYS = {
    *("build", "cap_drop", "command", "configs", "depends_on", "environment", "healthcheck", "image", "networks"),
    *("ports", "read_only", "restart", "secrets", "tmpfs", "ulimits", "volumes"),
}
"""What a service may say, of the words of the Compose specification."""
