"""« Ton message est arrivé » leaves only if the message is committed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ent_module.database import Database, open_session
from ent_module.help.tables import Conversation
from tests.help.steps import ARRIVED, MESSAGE, count, opened, send, token_on, write
from tests.support.town import Town

_FUNCTION = """
CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO broken VALUES ('6f9619ff-8b86-4d01-b42d-00cf4fc964ff'); RETURN NULL; END $$
"""
# A deferred constraint is looked at when the transaction commits: the insert itself succeeds.
_BROKEN = {
    "sqlite": (
        "CREATE TABLE broken (id CHAR(32) REFERENCES ent_establishment (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER breaks AFTER INSERT ON {table} BEGIN INSERT INTO broken VALUES ('nowhere'); END",
    ),
    "postgresql": (
        "CREATE TABLE broken (id UUID REFERENCES ent_establishment (id) DEFERRABLE INITIALLY DEFERRED)",
        _FUNCTION,
        "CREATE TRIGGER breaks AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION break_it()",
    ),
}


def break_commits(town: Town, table: str) -> None:
    """From now on, a transaction that inserts into that table fails when it commits."""
    with town.house.database.writing() as db:
        for statement in _BROKEN[town.house.database.engine.dialect.name]:
            db.execute(text(statement.format(table=table)))


def test_no_confirmation_without_a_commit(town: Town) -> None:
    break_commits(town, "ent_conversation")
    failed = send(town.browser("lina"))
    assert failed.status_code == 500
    assert ARRIVED not in failed.text
    assert MESSAGE in failed.text  # kept, to be copied
    assert count(town, Conversation) == 0


def test_nor_for_a_reply(town: Town) -> None:
    written, browser = write(town), town.browser("lina")
    token = token_on(opened(browser, written.code).text)
    break_commits(town, "ent_message")
    failed = browser.post("/words/reply", {"token": token, "code": written.code, "message": "Ça continue."})
    assert failed.status_code == 500
    assert ARRIVED not in failed.text
    assert "Ça continue." in failed.text


def test_nor_when_the_connection_is_lost_at_the_commit(town: Town) -> None:
    browser = town.browser("lina")
    values = {"token": token_on(browser.get("/write").text), "message": MESSAGE, "answer": "here-unnamed"}

    def lose(_connection: object) -> None:
        raise ConnectionResetError

    event.listen(town.house.database.engine, "commit", lose)
    try:
        failed = browser.post("/write", values)
    finally:
        event.remove(town.house.database.engine, "commit", lose)
    assert failed.status_code == 500
    assert ARRIVED not in failed.text
    assert count(town, Conversation) == 0
    assert ARRIVED in browser.post("/write", values).text  # the same form again arrives, once
    assert count(town, Conversation) == 1


def test_control_answering_before_the_commit_would_be_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def answers_first(self: Database) -> Iterator[Session]:
        with open_session(self.engine.execution_options(rw=True)) as session:
            yield session
            try:
                session.commit()
            except SQLAlchemyError:
                session.rollback()

    break_commits(town, "ent_conversation")
    browser = town.browser("lina")
    monkeypatch.setattr(Database, "writing", answers_first)
    sent = send(browser)
    assert ARRIVED in sent.text  # the lie that the tests above would find
    assert count(town, Conversation) == 0
