"""A database filled before ballots were sealed: what was closed keeps its numbers, what was open begins anew.

The rows are written as the tables were then, and the questionnaire as questionnaires were written then.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from flask.cli import FlaskGroup
from sqlalchemy import JSON, ColumnClause, Connection, Date, Integer, String, Uuid, column, inspect, table, text

from ent_module.database import make_database
from ent_module.migrations.run import configuration, upgrade_to_head
from ent_module.surveys import campaigns
from ent_module.surveys.model import ABOVE, ANSWERED, State
from ent_module.surveys.release import Release
from tests.conftest import make_app
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import CALM, Voter, started
from tests.surveys.pages import send, token

OLD: dict[str, Any] = {
    "id": "school-climate",
    "version": 1,
    "licence": "CC BY 4.0",
    "source": "Own wording.",
    "title": {"fr": "La vie ici, avant", "en": "Life here, before", "ar": "الحياة هنا من قبل"},
    "scales": {
        "often": {
            "choices": [
                {"id": one, "label": dict.fromkeys(("fr", "en", "ar"), one)}
                for one in ("never", "once_twice", "weekly")
            ]
        }
    },
    "sections": [
        {
            "id": "bullying",
            "title": dict.fromkeys(("fr", "en", "ar"), "Ensemble"),
            "items": [
                {
                    "id": "bullied",
                    "levels": ["college", "lycee"],
                    "text": dict.fromkeys(("fr", "en", "ar"), "Une question d’avant ?"),
                    "kind": "one",
                    "scale": "often",
                    "reverse": False,
                    "cutoff": "weekly",
                    "source": "own",
                }
            ],
        }
    ],
}
DIGEST = "0ld" * 21 + "0"
CELLS = {ANSWERED: 44, ABOVE: 13, "never": 31, "once_twice": 0, "weekly": 13}
KINDS = {UUID: Uuid, date: Date, dict: JSON, int: Integer, str: String}


def insert(connection: Connection, name: str, **values: Any) -> None:
    columns: list[ColumnClause[Any]] = [column(key, KINDS[type(value)]) for key, value in values.items()]
    connection.execute(table(name, *columns).insert().values(values))


def fill(connection: Connection, school: UUID, head: UUID) -> tuple[UUID, UUID]:
    """A closed campaign of the year before, and an open one into which two pupils have sent answers."""
    closed, running = uuid4(), uuid4()
    insert(connection, "ent_questionnaire", digest=DIGEST, data=OLD)
    for one, year, state in ((closed, 2024, "closed"), (running, 2026, "open")):
        said = {"questionnaire": "school-climate", "version": 1, "digest": DIGEST, "level": "college"}
        days = {"school_year": year, "opened_on": date(year, 11, 3), "closes_on": date(year, 11, 21)}
        insert(connection, "ent_campaign", establishment_id=school, id=one, state=state, **said, **days)
        for code in ("6e B", "5e A"):
            place = {"establishment_id": school, "id": uuid4(), "campaign_id": one}
            insert(connection, "ent_campaign_class", **place, class_code=code, opened_by=head, pupils=24)
    place = {"establishment_id": school, "campaign_id": closed}
    for choice, count in CELLS.items():
        insert(connection, "ent_result_cell", **place, id=uuid4(), item="bullied", choice=choice, count=count)
    told = {"closed_on": date(2024, 11, 21), "closed_by": head, "release": "shown", "taken": 46, "classes": 2}
    insert(connection, "ent_closing", **place, id=uuid4(), **told)
    for answer in ("never", "weekly"):
        place = {"establishment_id": school, "campaign_id": running}
        insert(connection, "ent_ballot", **place, id=uuid4(), level="college", answers={"bullied": [answer]})
        insert(connection, "ent_participation", **place, id=uuid4(), class_code="6e B")
    return closed, running


@pytest.fixture
def carried_over(town: Town, database_url: str, work: Path, tmp_path: Path) -> Iterator[tuple[Town, UUID, UUID]]:
    """The town on a database that was filled under the old schema, with its closed and its open campaign."""
    database = make_database(database_url)
    config = configuration(database.engine)
    before = ScriptDirectory.from_config(config).get_revision("0008").down_revision
    command.downgrade(config, str(before))
    with database.engine.execution_options(rw=True).begin() as connection:
        found = fill(connection, town.schools[COLLEGE], town.membership("head").account_id)
    upgrade_to_head(database.engine)
    database.engine.dispose()
    app = make_app(database_url, work, replace(town.house.settings, key_store=tmp_path / "survey-keys"))
    yield replace(town, app=app, house=app.extensions["ent"]), *found
    app.extensions["ent"].database.engine.dispose()


Carried = tuple[Town, UUID, UUID]


def test_what_was_closed_keeps_its_numbers(carried_over: Carried) -> None:
    town, closed, _running = carried_over
    school = town.schools[COLLEGE]
    with town.house.database.reading() as db:
        one, closing = campaigns.campaign_of(db, school, closed), campaigns.closing_of(db, school, closed)
        assert one
        assert closing
        assert (one.state, closing.release, closing.taken, closing.classes) == (State.RELEASED, Release.SHOWN, 46, 2)
        assert {choice: count for _item, choice, count in campaigns.cells(db, one)} == CELLS
    head = town.browser("head")
    assert "La vie ici, avant" in head.get("/staff/surveys/campaigns").text
    for page in ("", "/report"):
        assert "Une question d’avant" in head.get(f"/staff/surveys/campaigns/{closed}{page}").text, page
    for page in ("/together", "/numbers.zip"):
        assert head.get(f"/staff/surveys/campaigns/{closed}{page}").status_code == 200, page


def test_what_was_open_is_gone_and_begins_anew(carried_over: Carried) -> None:
    town, _closed, running = carried_over
    left = set(inspect(town.house.database.engine).get_table_names())
    assert not left & {"ent_ballot", "ent_participation"}
    with town.house.database.engine.connect() as connection:
        joined = connection.execute(text("SELECT count(*) FROM ent_campaign_class")).scalar()
    assert joined == 2  # the closed one's
    lina = town.browser("lina")
    assert lina.get(f"/surveys/{running}").status_code == 404
    assert town.browser("head").get(f"/staff/surveys/campaigns/{running}").status_code == 404
    anew = started(town, "6e B")
    assert anew.id != running
    assert token(lina, anew).status_code == 200
    assert send(town, anew, Voter.of(town, anew).body(CALM)).status_code == 204


def test_one_of_before_takes_no_ballot_and_has_no_record_to_check(carried_over: Carried) -> None:
    town, closed, _running = carried_over
    client, pool = town.app.test_client(use_cookies=False), f"/ent-ballots/pool/{town.schools[COLLEGE]}/{closed}"
    assert client.post(pool, data=bytes(4_669)).status_code == 410
    checked = CliRunner().invoke(FlaskGroup(create_app=lambda: town.app), ["ent", "surveys", "verify", str(closed)])
    assert checked.exit_code == 1
    assert "before there were closing records" in checked.output
