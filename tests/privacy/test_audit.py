"""The audit trail is only ever added to, each line follows another, and whoever tampers with it is found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, inspect, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from ent_module.cli import group
from ent_module.database import Base
from ent_module.privacy import audit
from ent_module.privacy.audit_chain import Found, beginning, digest_of
from ent_module.privacy.tables import APPEND_ONLY, AuditHead, AuditLine
from tests.support.town import COLLEGE, LYCEE, Town

DAY = date(2026, 11, 12)
ACROSS = {"across": True}
TABLE = Base.metadata.tables["ent_audit"]


def add(town: Town, *actions: str, uai: str = COLLEGE) -> list[UUID]:
    """Lines of one transaction each; the objects that they name."""
    objects = [uuid4() for _action in actions]
    for action, about in zip(actions, objects, strict=True):
        with town.house.database.writing() as db:
            audit.note(db, town.schools[uai], uuid4(), action, about, DAY)
    return objects


def look(town: Town, *noted: bytes, uai: str = COLLEGE) -> Found:
    with town.house.database.reading() as db:
        return audit.verified(db, town.schools[uai], noted)


def line_of(db: Session, about: UUID) -> AuditLine:
    found = db.scalars(select(AuditLine).where(AuditLine.object_id == about), execution_options=ACROSS)
    return found.one()


def tampering(town: Town, how: Callable[[Session], object]) -> None:
    """As somebody does it who may do everything with the database: the triggers are switched off meanwhile."""
    postgresql = town.house.database.engine.dialect.name == "postgresql"
    with town.house.database.writing() as db:
        if postgresql:
            db.execute(text("ALTER TABLE ent_audit DISABLE TRIGGER USER"))
        else:
            for name in ("update", "delete", "replace"):
                db.execute(text(f"DROP TRIGGER ent_audit_no_{name}"))
        how(db)
        db.flush()
        if postgresql:
            db.execute(text("ALTER TABLE ent_audit ENABLE TRIGGER USER"))
        for statement in () if postgresql else APPEND_ONLY["sqlite"]:
            db.execute(text(statement))


def change(db: Session, about: UUID, **values: object) -> None:
    db.execute(update(TABLE).where(TABLE.c.object_id == about).values(**values), execution_options=ACROSS)


def remove(db: Session, *about: UUID) -> None:
    db.execute(delete(TABLE).where(TABLE.c.object_id.in_(about)), execution_options=ACROSS)


# --- What is written --------------------------------------------------------------------------------------------------


def test_each_line_follows_the_one_before_in_its_own_establishment(town: Town) -> None:
    assert look(town).is_whole
    before = look(town).lines
    add(town, "message.opened", "message.take")
    add(town, "message.opened", uai=LYCEE)
    with town.house.database.writing() as db:
        for action in ("message.note", "message.close"):
            audit.note(db, town.schools[COLLEGE], uuid4(), action, None, DAY)
    assert look(town) == Found(before + 4, look(town).head)
    assert look(town, uai=LYCEE).is_whole
    assert look(town).head != look(town, uai=LYCEE).head


def test_what_is_undone_leaves_no_line(town: Town) -> None:
    before = look(town)
    with suppress(LookupError), town.house.database.writing() as db:
        audit.note(db, town.schools[COLLEGE], uuid4(), "message.opened", None, DAY)
        raise LookupError
    with town.house.database.writing() as db:
        audit.note(db, town.schools[COLLEGE], uuid4(), "kept", None, DAY)
        with suppress(LookupError), db.begin_nested():
            audit.note(db, town.schools[COLLEGE], uuid4(), "undone", None, DAY)
            raise LookupError
        with db.begin_nested():
            audit.note(db, town.schools[COLLEGE], uuid4(), "kept.too", None, DAY)
    assert look(town).lines == before.lines + 2
    assert look(town).is_whole
    with town.house.database.reading() as db:
        found = audit.lines(db, town.schools[COLLEGE], {"kept", "kept.too", "undone", "message.opened"}, DAY)
        assert [line.action for line in found] == ["kept", "kept.too"]


def test_a_line_can_be_read_before_it_is_committed(db: Session, town: Town) -> None:
    audit.note(db, town.schools[COLLEGE], uuid4(), "setup.something", None, DAY)
    assert len(audit.lines(db, town.schools[COLLEGE], {"setup.something"}, DAY)) == 1


def test_many_who_write_at_once_make_one_chain(town: Town) -> None:
    """And in two establishments at a time, each in another order: nobody waits for one who waits for them."""
    before, together = look(town).lines, Barrier(6)
    places = [town.schools[COLLEGE], town.schools[LYCEE]]

    def work(number: int) -> None:
        together.wait(20)
        for _turn in range(5):
            with town.house.database.writing() as db:
                for place in places if number % 2 else reversed(places):
                    audit.note(db, place, uuid4(), "message.opened", uuid4(), DAY)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert look(town).is_whole
    assert look(town, uai=LYCEE).is_whole
    assert look(town).lines == before + 30


def test_no_column_tells_how_many_lines_there_are_or_when_they_came(town: Town) -> None:
    with town.house.database.reading() as db:
        kinds = {one["name"]: str(one["type"]).upper() for one in inspect(db.connection()).get_columns("ent_audit")}
    assert not [name for name, kind in kinds.items() if "INT" in kind or "TIME" in kind or "SERIAL" in kind]


# --- What the database refuses ----------------------------------------------------------------------------------------


def refused(town: Town, statement: object) -> bool:
    with pytest.raises(DatabaseError) as error, town.house.database.writing() as db:
        db.execute(statement)  # type: ignore[call-overload]  # whatever the test hands in
    return "append-only" in str(error.value)


def test_the_database_refuses_to_change_and_to_delete(town: Town) -> None:
    [about] = add(town, "message.opened")
    before = look(town)
    assert refused(town, text("UPDATE ent_audit SET action = 'nothing'"))
    assert refused(town, text("DELETE FROM ent_audit"))
    if town.house.database.engine.dialect.name == "postgresql":
        assert refused(town, text("TRUNCATE ent_audit"))
    else:
        with town.house.database.reading() as db:
            kept = {column.name: getattr(line_of(db, about), column.name) for column in TABLE.columns}
        assert refused(town, insert(TABLE).prefix_with("OR REPLACE").values({**kept, "action": "nothing"}))
    assert look(town) == before


def test_tables_made_from_the_models_refuse_as_migrated_ones_do(town: Town) -> None:
    Base.metadata.tables["ent_audit"].drop(town.house.database.engine)
    Base.metadata.tables["ent_audit"].create(town.house.database.engine)
    add(town, "message.opened")
    assert refused(town, text("UPDATE ent_audit SET action = 'nothing'"))
    assert refused(town, text("DELETE FROM ent_audit"))


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [{"action": "message.note"}, {"account_id": uuid4()}, {"day": date(2026, 11, 11)}, {"id": uuid4()}],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_line_is_found_and_only_that_one(town: Town, values: dict[str, object]) -> None:
    _first, about, _last = add(town, "message.opened", "message.take", "message.close")
    tampering(town, lambda db: change(db, about, **values))
    found = look(town)
    with town.house.database.reading() as db:
        assert found.changed == [line_of(db, about).id]
    assert (found.unreached, found.cut) == (0, False)


def test_a_line_moved_to_another_establishment_is_found(town: Town) -> None:
    _first, about, _last = add(town, "message.opened", "message.take", "message.close")
    add(town, "message.opened", uai=LYCEE)
    tampering(town, lambda db: change(db, about, establishment_id=town.schools[LYCEE]))
    assert not look(town).is_whole
    assert not look(town, uai=LYCEE).is_whole


def test_a_removed_line_is_found(town: Town) -> None:
    _first, second, _third, _last = add(town, "a", "b", "c", "d")
    tampering(town, lambda db: remove(db, second))
    assert look(town).unreached == 2


def test_lines_put_in_another_order_are_found(town: Town) -> None:
    _first, second, third, _last = add(town, "a", "b", "c", "d")

    def swap(db: Session) -> None:
        one, other = line_of(db, second), line_of(db, third)
        ends = (one.previous, one.digest), (other.previous, other.digest)
        change(db, second, previous=b"for a moment")
        for about, (previous, digest) in ((third, ends[0]), (second, ends[1])):
            change(db, about, previous=previous, digest=digest)

    tampering(town, swap)
    assert len(look(town).changed) == 2


def test_an_added_line_beside_the_chain_is_found(town: Town) -> None:
    [about] = add(town, "a")

    def beside(db: Session) -> None:
        one = line_of(db, about)
        values = {column.name: getattr(one, column.name) for column in TABLE.columns}
        db.execute(insert(TABLE).values({**values, "id": uuid4(), "previous": uuid4().bytes * 2}))

    tampering(town, beside)
    assert look(town).unreached == 1


def test_the_last_lines_are_missed_by_the_head_and_with_it_only_by_a_digest_noted_elsewhere(town: Town) -> None:
    add(town, "a")
    earlier = look(town).head
    second, last = add(town, "b", "c")
    noted = look(town).head
    tampering(town, lambda db: remove(db, second, last))
    assert look(town).cut

    def head_too(db: Session) -> None:
        db.execute(update(AuditHead).where(AuditHead.establishment_id == town.schools[COLLEGE]).values(digest=earlier))

    tampering(town, head_too)
    assert look(town, earlier).is_whole, "what it cannot prove"
    assert look(town, noted).missing == [noted]


def test_a_trail_written_anew_is_found_by_a_digest_noted_elsewhere(town: Town) -> None:
    _first, second, third = add(town, "a", "b", "c")
    noted = look(town).head

    def anew(db: Session) -> None:
        one, other = line_of(db, second), line_of(db, third)
        one.action = "z"
        one.digest = digest_of(one)
        db.flush()
        other.previous = one.digest
        other.digest = digest_of(other)
        db.flush()
        db.execute(
            update(AuditHead).where(AuditHead.establishment_id == town.schools[COLLEGE]).values(digest=other.digest)
        )

    tampering(town, anew)
    assert look(town).is_whole
    assert look(town, noted).missing == [noted]


def test_a_trail_without_a_chain_would_show_nothing(town: Town) -> None:
    """Control: counting lines, as a trail with numbers would be looked at, finds neither a change nor an exchange."""
    _first, second, third = add(town, "a", "b", "c")

    def counted(db: Session) -> int:
        mine = AuditLine.establishment_id == town.schools[COLLEGE]
        return db.scalar(select(func.count()).select_from(AuditLine).where(mine)) or 0

    with town.house.database.reading() as db:
        before = counted(db)

    def exchange(db: Session) -> None:
        change(db, second, action="c")
        change(db, third, action="b")

    tampering(town, exchange)
    with town.house.database.reading() as db:
        assert counted(db) == before
    assert len(look(town).changed) == 2


def test_an_empty_trail_is_whole(town: Town) -> None:
    nowhere = uuid4()
    with town.house.database.reading() as db:
        assert audit.verified(db, nowhere) == Found(0, beginning(nowhere))


# --- The command ------------------------------------------------------------------------------------------------------


def verify(town: Town, *options: str) -> tuple[int, str]:
    result = town.app.test_cli_runner().invoke(group, ["audit", "verify", *options])
    return result.exit_code, result.output


def test_the_command_prints_the_heads_takes_one_again_and_says_what_it_cannot_prove(town: Town) -> None:
    [about] = add(town, "message.opened")
    head = look(town).head.hex()
    code, said = verify(town)
    assert code == 0
    assert f"head {head}" in said
    assert "cannot tell whether the last lines were taken away" in said
    add(town, "message.close")
    assert verify(town, "--expect", head)[0] == 0, "the trail has grown since"
    assert verify(town, "--establishment", LYCEE, "--expect", head)[0] == 1, "it is another one's"
    assert verify(town, "--expect", "ab" * 32)[0] == 1
    for wrong in (("--expect", "1234"), ("--expect", "x" * 64), ("--establishment", "0000000A")):
        code, said = verify(town, *wrong)
        assert code == 1
        assert "Traceback" not in said
    tampering(town, lambda db: change(db, about, action="message.note"))
    code, said = verify(town)
    assert code == 1
    assert "was changed" in said
