"""What an attempt leaves behind in the database's files, and that parallel ones are counted."""

import time
from threading import Thread

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ent_module.help.service import attempts
from ent_module.help.tables import CodeAttempt
from tests.help.steps import NOW, account, opened, write
from tests.support.town import COLLEGE, Town

NEVER = "abeille " * 8


def pages(db: Session, backend: str) -> int:
    """How much the table of attempts has ever held: PostgreSQL keeps a place for each row that was taken back."""
    if backend == "postgresql":
        return db.scalar(text("SELECT pg_relation_size('ent_code_attempt')")) or 0
    return db.scalar(text("SELECT count(*) FROM ent_code_attempt")) or 0


def test_a_right_code_writes_nothing_at_all(town: Town, backend: str) -> None:
    """A row that is written and taken back stays in PostgreSQL's file, with the number of its transaction."""
    written = write(town)
    assert opened(town.browser("lina"), written.code).status_code == 200
    with town.house.database.reading() as db:
        assert pages(db, backend) == 0
    assert opened(town.browser("lina"), NEVER).status_code == 422
    with town.house.database.reading() as db:
        assert pages(db, backend) > 0  # control: a row would be seen


def attempt(town: Town, name: str, work: object, done: list[object]) -> None:
    with town.house.database.writing() as db:
        who = account(town, name)
        done.append(attempts.limited(db, town.house.keys, town.schools[COLLEGE], who, NOW, lambda: work))


def test_an_attempt_waits_until_the_one_before_is_committed_and_sees_it(town: Town) -> None:
    lina, done = account(town, "lina"), list[object]()
    with town.house.database.writing() as db:
        for _turn in range(attempts.LIMIT):
            assert attempts.limited(db, town.house.keys, town.schools[COLLEGE], lina, NOW, lambda: None) is None
        second = Thread(target=attempt, args=(town, "lina", "found", done))
        second.start()
        time.sleep(0.3)
        assert done == []  # it waits
    second.join(timeout=60)
    assert done == [None]  # and knows of all ten


def test_an_attempt_waits_for_no_other_account(town: Town, backend: str) -> None:
    if backend == "sqlite":
        return  # one writer at a time, whoever it is
    done = list[object]()
    with town.house.database.writing() as db:
        attempts.limited(db, town.house.keys, town.schools[COLLEGE], account(town, "lina"), NOW, lambda: None)
        other = Thread(target=attempt, args=(town, "sami", "found", done))
        other.start()
        other.join(timeout=60)
        assert done == ["found"]


def test_a_used_up_account_is_counted_on_even_with_a_right_code(town: Town) -> None:
    done = list[object]()
    for number in range(attempts.LIMIT + 2):
        attempt(town, "lina", "found" if number == attempts.LIMIT else None, done)
    assert done == [None] * (attempts.LIMIT + 2)
    with town.house.database.reading() as db:
        of_school = CodeAttempt.establishment_id == town.schools[COLLEGE]
        assert db.scalars(select(CodeAttempt.count).where(of_school)).all() == [attempts.LIMIT + 2]
