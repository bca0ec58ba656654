"""A database that came back from an older copy, beside the key store as it is now: nothing is given, taken or counted
until it has begun anew.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.cli import FlaskGroup
from sqlalchemy import insert, select

from ent_module import cli
from ent_module.database import Base
from ent_module.jobs.service import tick
from ent_module.privacy import generation
from ent_module.recall import Recall
from ent_module.surveys import ballot_views, public_views
from ent_module.surveys.service.closing import finish
from ent_module.surveys.service.restoring import OtherGenerationError, trouble
from ent_module.surveys.tables import Campaign, Issuance, SealedBallot
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, LATER, NOON, Voter, card, end, fill, reread, rows, started
from tests.surveys.pages import send, token

Copy = dict[str, list[dict[str, Any]]]
_STAYS = {"ent_audit", "ent_audit_head", "ent_establishment"}
_TABLES = [table for table in Base.metadata.sorted_tables if table.name not in _STAYS]


def copied(town: Town) -> Copy:
    """Every row of every table, as a copy of the disk has them, but of the audit trail: no row of it ever leaves."""
    with town.house.database.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(*_stored(table))).mappings()]
            for table in _TABLES
        }


def put_back(town: Town, copy: Copy) -> None:
    """The database is again as it was, in a process that knows nothing of what came after."""
    with town.house.database.engine.execution_options(rw=True).begin() as connection:
        for table in reversed(_TABLES):
            connection.execute(table.delete())
        for table in _TABLES:
            if copy[table.name]:
                connection.execute(insert(table), copy[table.name])
    town.house.database.recall = Recall()


def _stored(table: Any) -> list[Any]:
    return [column for column in table.columns if column.computed is None]


def ticks(town: Town, times: int = 1) -> list[str]:
    """What became of the job that keeps both in step."""
    return [tick(town.house, datetime.now(UTC))["surveys.keys"] for _minute in range(times)]


def typed(town: Town, *words: str) -> Result:
    return CliRunner().invoke(FlaskGroup(create_app=lambda: town.app), ["ent", *words])


@pytest.fixture
def campaign(town: Town) -> Campaign:
    """A campaign in whose midst a copy was made, and which went on."""
    made = started(town, "6e B", "5e A")
    fill(town, made, {"5e A": [CALM] * 3})
    assert ticks(town, 2) == ["done", "done"]
    return made


@pytest.fixture
def old_copy(town: Town, campaign: Campaign) -> Copy:
    """That copy. Since then two minutes have gone by, and Lina has a token and has sent her ballot."""
    copy = copied(town)
    assert ticks(town, 2) == ["done", "done"]
    assert token(town.browser("lina"), campaign).status_code == 200
    assert send(town, campaign, Voter.of(town, campaign).body(HURT)).status_code == 204
    return copy


def test_beside_newer_keys_an_old_database_gives_and_takes_nothing(
    town: Town, campaign: Campaign, old_copy: Copy
) -> None:
    code, body = card(town, campaign, "6e B"), Voter.of(town, campaign).body(CALM)
    put_back(town, old_copy)
    with town.house.database.reading() as db:
        before = rows(db, Issuance), rows(db, SealedBallot)
    assert before == (3, 3)
    assert token(town.browser("lina"), campaign).status_code == 503
    assert send(town, campaign, body).status_code == 503
    nobody = town.app.test_client(use_cookies=False)
    assert nobody.post("/ent-ballots/card/answers", data={"code": code, "bullied": "never"}).status_code == 503
    with town.house.database.reading() as db:
        assert (rows(db, Issuance), rows(db, SealedBallot)) == before


def test_without_the_marks_a_second_token_is_given(
    town: Town, campaign: Campaign, old_copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: what the marks are for."""
    put_back(town, old_copy)
    for views in (public_views, ballot_views):
        monkeypatch.setattr(views.generation, "fits", lambda _db, _store: True)
    assert token(town.browser("lina"), campaign).status_code == 200
    assert send(town, campaign, Voter.of(town, campaign).body(CALM)).status_code == 204


def test_whoever_runs_it_is_told_what_to_do_until_it_is_done(
    town: Town, old_copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back(town, old_copy)
    assert ticks(town, 2) == ["failed", "failed"]
    monkeypatch.setattr(cli, "_application", lambda: town.app)
    told = CliRunner().invoke(cli.group, ["check"])
    assert (told.exit_code, "ent-module surveys begin-anew" in told.output) == (1, True), told.output
    done = typed(town, "surveys", "begin-anew")
    assert (done.exit_code, "1 survey(s) forgotten" in done.output) == (0, True), done.output
    with town.house.database.reading() as db:
        assert rows(db, Issuance) == rows(db, SealedBallot) == 0
        assert trouble(db, town.house.store) is None
    assert not list(town.house.settings.resolved_key_store.iterdir())
    anew = started(town, "6e B")
    assert ticks(town, 3) == ["done"] * 3
    assert token(town.browser("lina"), anew).status_code == 200


def test_an_ended_campaign_of_an_old_database_is_not_counted(town: Town, campaign: Campaign) -> None:
    end(town, campaign)
    copy = copied(town)
    assert ticks(town, 2) == ["done", "done"]
    put_back(town, copy)
    with pytest.raises(OtherGenerationError):
        finish(town.house, NOON + LATER)
    assert reread(town, campaign).state == "ended"


def test_a_crash_between_store_and_database_leaves_them_together(
    town: Town, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_given: object, **_more: object) -> bool:
        raise OSError("the machine stops here")

    with monkeypatch.context() as patch:
        patch.setattr(generation, "add_once", crash)
        assert ticks(town, 3) == ["failed"] * 3
    assert token(town.browser("lina"), campaign).status_code == 200
    assert ticks(town) == ["done"]
    town.house.database.recall = Recall()
    assert token(town.browser("sami"), campaign).status_code == 200


def test_a_first_tick_that_crashes_leaves_a_running_campaign_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    running = started(town, "6e B")
    with monkeypatch.context() as patch:
        patch.setattr(generation, "add_once", lambda *_given, **_more: 1 / 0)
        assert ticks(town, 2) == ["failed"] * 2
    assert token(town.browser("lina"), running).status_code == 200
    assert ticks(town, 3) == ["done"] * 3
    assert token(town.browser("sami"), running).status_code == 200


@pytest.mark.parametrize("minutes", [0, 2])
def test_a_folder_that_is_not_mounted_is_neither_made_nor_taken_for_another(town: Town, minutes: int) -> None:
    running, folder = started(town, "6e B"), town.house.settings.resolved_key_store
    ticks(town, minutes)
    mounted = folder.rename(folder.with_name("elsewhere"))
    assert ticks(town, 2) == (["failed"] * 2 if minutes else ["done"] * 2)
    assert token(town.browser("lina"), running).status_code == 503
    assert not folder.exists()
    mounted.rename(folder)
    assert ticks(town, 2) == ["done", "done"]
    assert token(town.browser("lina"), running).status_code == 200


def test_where_nothing_is_running_an_old_database_goes_on(town: Town) -> None:
    assert ticks(town) == ["done"]
    copy = copied(town)
    assert ticks(town, 2) == ["done", "done"]
    put_back(town, copy)
    assert ticks(town, 2) == ["done", "done"]
    assert token(town.browser("lina"), started(town, "6e B")).status_code == 200
