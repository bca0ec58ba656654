"""What a request asks the database: nothing twice, no more than it must, and never all conversations of all schools."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from ent_module.database import Base
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.help.tables import Conversation, KeySlots, Message, MoveLine, ReturnCode, Told
from tests.help.steps import NOW, act, count, on_desk, token_on, write
from tests.support.town import COLLEGE, Town

READS, WRITES = 6, {"sqlite": 6, "postgresql": 1}
"""Of a message: the session, whether it has come before, the school, its settings, its adults, what they said of
themselves. Written are a conversation, its message, its slots, its signs, its code and its first move."""
Asked = list[tuple[str, Any]]


@contextmanager
def asked(town: Town) -> Iterator[Asked]:
    """The statements of what happens inside, with their values."""
    found: Asked = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        found.append((statement, values))

    event.listen(town.house.database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(town.house.database.engine, "before_cursor_execute", note)


def twice(found: Asked) -> list[str]:
    """What is asked more than once; of values that tell the time only their place counts."""
    return [one for (one, _values), times in Counter((one, repr(values)) for one, values in found).items() if times > 1]


def send(town: Town) -> Asked:
    lina = town.browser("lina")
    form = {"message": "On se moque de moi.", "answer": "here-unnamed", "token": token_on(lina.get("/write").text)}
    with asked(town) as found:
        assert lina.post("/write", form).status_code == 200
    return [(one, values) for one, values in found if not one.startswith(("BEGIN", "COMMIT"))]


def test_a_message_asks_little_and_nothing_twice(town: Town, backend: str) -> None:
    send(town)  # what a process remembers is then remembered
    found = send(town)
    levels = sum("FROM ent_establishment" in one for one, _values in found) - 1
    reads = [one for one, _values in found if one.startswith("SELECT")]
    assert not twice(found)
    assert len(found) - len(reads) == WRITES[backend]
    assert len(reads) <= READS + 3 * levels, reads  # of a level above: itself, its settings, its adults


def test_control_a_second_question_would_be_noticed(town: Town) -> None:
    with asked(town) as found, town.house.database.reading() as db:
        for _time in range(2):
            db.execute(text("SELECT 1"))
    assert twice(found)


PAGES: dict[str, Callable[[Town, str], object]] = {
    "inbox": lambda town, _one: on_desk(town.browser("petit")),
    "closed": lambda town, _one: on_desk(town.browser("petit"), "?show=closed"),
    "home": lambda town, _one: town.browser("petit").get("/"),
    "opened": lambda town, one: act(town.browser("petit"), one, "take"),
    "search": lambda town, _one: town.browser("petit").post(
        "/staff/desk/find", {"queue": "group", "show": "open", "words": "moque"}
    ),
    "agenda": lambda town, _one: town.browser("petit").get("/staff/desk/agenda"),
}
OURS = "|".join(one.__tablename__ for one in (Conversation, KeySlots, Message, MoveLine, ReturnCode, Told))
WHOLE = re.compile(rf"SCAN ({OURS}|ent_note)(?! USING (COVERING )?INDEX)")


def plans(town: Town, found: Asked) -> str:
    """How SQLite goes about these statements."""
    told = []
    with town.house.database.reading() as db:
        for statement, values in found:
            if statement.startswith("SELECT"):
                rows = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                told += [f"{row[3]}   {statement}" for row in rows]
    return "\n".join(told)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_goes_through_every_conversation_there_is(town: Town, backend: str, page: str) -> None:
    """On PostgreSQL the plan is another with each number of rows; the indexes are the same."""
    if backend != "sqlite":
        return
    written = write(town)
    with asked(town) as found:
        PAGES[page](town, str(written.id))
    told = plans(town, found)
    assert "ent_conversation" in told
    assert not WHOLE.findall(told), [line for line in told.splitlines() if WHOLE.match(line)]


def test_control_going_through_every_conversation_would_be_noticed(town: Town, backend: str) -> None:
    if backend != "sqlite":
        return
    with asked(town) as found, town.house.database.reading() as db:
        db.execute(text("SELECT * FROM ent_conversation WHERE id = 'x'"))
    assert WHOLE.findall(plans(town, [(one, ()) for one, _values in found]))


def test_the_same_form_that_comes_while_the_first_is_kept_waits_and_keeps_nothing(town: Town) -> None:
    school, keys, nonce = town.schools[COLLEGE], town.house.keys, uuid4().bytes
    draft = Draft(Audience.PUPIL, message="On se moque de moi.", answer="here-unnamed")
    receipts: list[writing.Receipt] = []

    def once() -> None:
        with town.house.database.writing() as db:
            writer = Writer(school, Audience.PUPIL, "fr", "Lina Morel", ("6e B",))
            receipts.append(writing.send(db, keys, writer, draft, nonce, NOW))

    tables: tuple[type[Base], ...] = (Conversation, Message, KeySlots, Told, ReturnCode, MoveLine)
    before = [rows(town, table) for table in tables]
    second = Thread(target=once)
    with town.house.database.writing() as db:
        writer = Writer(school, Audience.PUPIL, "fr", "Lina Morel", ("6e B",))
        receipts.append(writing.send(db, keys, writer, draft, nonce, NOW))
        second.start()
        second.join(0.5)
        assert second.is_alive(), "it did not wait"
    second.join(20)
    assert len(receipts) == 2
    assert receipts[0] == receipts[1]
    assert [rows(town, table) - had for table, had in zip(tables, before, strict=True)] == [1, 1, 1, 8, 1, 1]


def rows(town: Town, table: Any) -> int:
    return count(town, table)
