"""A process remembers for a few seconds what schools decided, and never shows what it knows to be out of date."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ent_module import recall
from ent_module.database import Database
from ent_module.establishments import service as establishments
from ent_module.establishments.tables import Establishment, Setting
from ent_module.help.service import adults, channel
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.support.town import COLLEGE, Town

TABLES = ("ent_establishment",)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def counting() -> tuple[list[int], Callable[[], int]]:
    seen: list[int] = []

    def read() -> int:
        seen.append(len(seen))
        return len(seen)

    return seen, read


def test_a_value_is_read_once_until_it_is_too_old() -> None:
    clock = Clock()
    memory, (seen, read) = recall.Recall(clock), counting()
    assert [memory.get("a", TABLES, read, memory.writes()) for _visit in range(3)] == [1, 1, 1]
    clock.now = recall.SECONDS - 0.1
    assert memory.get("a", TABLES, read, memory.writes()) == 1
    clock.now = recall.SECONDS + 0.1
    assert memory.get("a", TABLES, read, memory.writes()) == 2
    assert len(seen) == 2


def test_a_change_to_its_table_is_known_at_once_and_to_another_is_not_waited_for() -> None:
    memory, (_seen, read) = recall.Recall(Clock()), counting()
    memory.get("a", TABLES, read, memory.writes())
    memory.forget({"ent_session"})
    assert memory.get("a", TABLES, read, memory.writes()) == 1
    memory.forget(TABLES)
    assert memory.get("a", TABLES, read, memory.writes()) == 2


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    memory, (_seen, read) = recall.Recall(Clock()), counting()

    def overtaken() -> int:
        value = read()
        memory.forget(TABLES)  # somebody commits while we are still reading
        return value

    assert memory.get("a", TABLES, overtaken, memory.writes()) == 1
    assert memory.get("a", TABLES, read, memory.writes()) == 2


def test_the_memory_has_an_end() -> None:
    memory = recall.Recall(Clock())
    for number in range(recall.MOST + 10):
        memory.get(number, TABLES, lambda: 0, {})
    assert len(memory._entries) <= recall.MOST  # no caller sees how much is kept


def name_of(database: Database, establishment_id: UUID) -> str:
    with database.reading() as db:
        return establishments.known(db, [establishment_id])[establishment_id].name


def test_whichever_way_a_row_is_written_the_next_page_shows_it(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    name_of(database, college)
    with database.writing() as db:
        establishments.get(db, college).name = "Collège Une"
    assert name_of(database, college) == "Collège Une"
    with database.writing() as db:
        db.execute(update(Establishment).where(Establishment.id == college).values(name="Collège Deux"))
    assert name_of(database, college) == "Collège Deux"


def test_a_session_sees_what_it_has_written_itself(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    name_of(database, college)
    with database.writing() as db:
        establishments.get(db, college).name = "Collège Trois"
        db.flush()
        assert establishments.known(db, [college])[college].name == "Collège Trois"
        db.rollback()


def test_another_process_is_waited_for_and_no_longer(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    before, clock = name_of(database, college), Clock(time.monotonic())
    database.recall = recall.Recall(clock)
    assert name_of(database, college) == before
    other_process = Database(database.engine)
    with other_process.writing() as db:
        establishments.get(db, college).name = "Collège Trois"
    assert name_of(database, college) == before
    clock.now += recall.SECONDS
    assert name_of(database, college) == "Collège Trois"


def test_the_door_to_the_channel_follows_the_listening_group(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]

    def is_open() -> bool:
        with database.reading() as db:
            return channel.is_open(db, college)

    assert is_open()
    with database.writing() as db:
        for name in ("petit", "roux", "ines"):
            identity.revoke(db, college, town.membership(name, COLLEGE).account_id, Role.LISTENER)
    assert not is_open()
    with database.writing() as db:
        for name in ("petit", "roux"):
            mine = town.membership(name, COLLEGE).account_id
            identity.grant(db, college, mine, Role.LISTENER, date(2026, 9, 1))
    assert is_open()


def test_what_an_older_snapshot_shows_is_not_kept(town: Town) -> None:
    """On SQLite a session goes on seeing the database as it was when it began."""
    database, college = town.house.database, town.schools[COLLEGE]
    with database.reading() as early:
        early.execute(select(Establishment.id)).all()  # as any page reads the session first
        with database.writing() as db:
            establishments.get(db, college).name = "Collège Quatre"
        establishments.known(early, [college])
    assert name_of(database, college) == "Collège Quatre"


# --- Once in a session ------------------------------------------------------------------------------------------------


def days_of(db: Session, college: UUID) -> object:
    return establishments.published(db, college, "response_days", 1)


def publish_elsewhere(database: Database, college: UUID, days: int) -> None:
    with database.writing() as other:
        establishments.draft(other, college, "response_days", days)
        establishments.publish(other, college, "response_days")


def test_a_session_reads_once_until_it_writes(town: Town) -> None:
    seen, read = counting()
    with town.house.database.writing() as db:
        assert [recall.once(db, "a", read) for _time in range(3)] == [1, 1, 1]
        establishments.get(db, town.schools[COLLEGE]).name = "Collège Cinq"
        assert recall.once(db, "a", read) == 2
        assert len(seen) == 2
    with town.house.database.reading() as db:
        assert recall.once(db, "a", read) == 3


def test_a_session_that_waited_for_a_lock_reads_anew(town: Town, backend: str) -> None:
    if backend == "sqlite":
        return  # while one writes nobody else does
    database, college = town.house.database, town.schools[COLLEGE]
    with database.writing() as db:
        assert days_of(db, college) == 1
        publish_elsewhere(database, college, 3)
        assert days_of(db, college) == 1
        establishments.hold(db, college)
        db.expire_all()
        assert days_of(db, college) == 3


@pytest.mark.parametrize("flushed", [True, False])
def test_a_session_sees_its_own_changes_of_what_it_had_read(town: Town, *, flushed: bool) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    with database.writing() as db:
        assert days_of(db, college) == 1
        db.add(Setting(establishment_id=college, name="response_days", published=2))
        if flushed:
            db.flush()
        assert days_of(db, college) == 2
        db.execute(update(Setting).where(Setting.establishment_id == college).values(published=4))
        assert days_of(db, college) == 4
        db.rollback()


def test_what_was_read_of_something_taken_back_does_not_count(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    with database.writing() as db:
        with db.begin_nested() as point:
            db.add(Setting(establishment_id=college, name="response_days", published=2))
            assert days_of(db, college) == 2
            point.rollback()
        assert days_of(db, college) == 1


def test_a_listener_who_leaves_in_this_session_reads_no_longer(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    with database.writing() as db:
        before = {one.account_id for one in adults.readers(db, college)}
        mine = town.membership("petit", COLLEGE).account_id
        identity.revoke(db, college, mine, Role.LISTENER)
        assert {one.account_id for one in adults.readers(db, college)} == before - {mine}
        db.rollback()


def test_a_preview_is_not_kept_from_its_drafts(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    with database.writing() as db:
        establishments.draft(db, college, "response_days", 3)
    with database.reading() as db:
        assert days_of(db, college) == 1
        with establishments.as_if_published(db, college):
            assert days_of(db, college) == 3
        assert days_of(db, college) == 1
