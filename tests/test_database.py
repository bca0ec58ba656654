"""Writing sessions lose nothing, queries name their establishment, and deleted rows leave the file."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import thread_time
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import and_, delete, exists, func, not_, or_, select, text, tuple_, union, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, aliased

from ent_module import binding
from ent_module.database import Base, Database, OfEstablishment, UnboundQueryError, make_database
from ent_module.establishments import service as establishments
from ent_module.establishments.tables import Establishment, Setting
from ent_module.identity.tables import Account, Grant
from tests.conftest import make_schema
from tests.support.town import COLLEGE, OTHER, Town

WRITERS, TURNS = 4, 15
HERE = uuid4()
TWIN = aliased(Account)
MINE = Grant.establishment_id == Account.establishment_id


@pytest.fixture
def database(town: Town) -> Database:
    return town.house.database


def count_up(database: Database, establishment_id: UUID) -> None:
    with database.writing() as db:
        establishments.hold(db, establishment_id)
        known = establishments.drafted(db, establishment_id, "counter", 0)
        establishments.draft(db, establishment_id, "counter", known + 1)


def test_updates_of_many_at_once_are_not_lost(database: Database, town: Town) -> None:
    """Reading first and writing after, the first of them where there is no row yet."""
    college = town.schools[COLLEGE]
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(count_up, database, college) for _turn in range(WRITERS * TURNS)]:
            done.result()
    with database.reading() as db:
        assert establishments.drafted(db, college, "counter") == WRITERS * TURNS


def test_a_session_that_only_reads_may_not_overwrite_what_it_did_not_see(database: Database, town: Town) -> None:
    """The control: without the hold, the second writer would undo the first (PostgreSQL) or is stopped (SQLite)."""
    college = town.schools[COLLEGE]
    count_up(database, college)
    with database.reading() as slow:
        mine = (Setting.establishment_id == college, Setting.name == "counter")
        row = slow.scalars(select(Setting).where(*mine)).one()
        count_up(database, college)
        row.draft += 1
        if database.engine.dialect.name == "sqlite":
            with pytest.raises(OperationalError):
                slow.commit()
            return
        slow.commit()
    with database.reading() as db:
        assert establishments.drafted(db, college, "counter") == 2


def test_holding_a_school_stops_neither_readers_nor_pupils(database: Database, town: Town, backend: str) -> None:
    """Who refers to the school, as a message does, need not wait (PostgreSQL); on SQLite readers go on."""
    college = town.schools[COLLEGE]
    with database.writing() as db:
        establishments.hold(db, college)
        with database.reading() as other:
            assert establishments.get(other, college).uai == COLLEGE
        if backend == "postgresql":
            with database.writing() as pupil:
                pupil.execute(text("SET LOCAL lock_timeout = '2s'"))
                pupil.add(Setting(establishment_id=college, name="x"))


def test_another_school_is_not_held(database: Database, town: Town, backend: str) -> None:
    if backend == "sqlite":
        return  # there one writer at a time holds everything, for a moment
    with database.writing() as db, database.writing() as other:
        establishments.hold(db, town.schools[COLLEGE])
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        establishments.hold(other, town.schools[OTHER])


def test_a_reading_session_keeps_nothing(database: Database, town: Town) -> None:
    college = town.schools[COLLEGE]
    with database.reading() as db:
        establishments.get(db, college).name = "Autre nom"
        db.flush()
    with database.reading() as db:
        assert establishments.get(db, college).name == "Collège Simone-Veil"


def test_a_writing_session_that_raises_keeps_nothing(database: Database, town: Town) -> None:
    college = town.schools[COLLEGE]

    def rename_and_fail() -> None:
        with database.writing() as db:
            establishments.get(db, college).name = "Autre nom"
            db.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rename_and_fail()
    with database.reading() as db:
        assert establishments.get(db, college).name == "Collège Simone-Veil"


def test_rows_refer_to_what_exists(db: Session) -> None:
    db.add(Setting(establishment_id=uuid4(), name="words", draft="x"))
    with pytest.raises(IntegrityError):
        db.flush()


@pytest.mark.parametrize(
    "statement",
    [
        select(Account),
        select(Account.name),
        select(func.count()).select_from(Account),
        select(Account).where(Account.profile == "pupil"),
        select(Account, Grant).join(Grant, Grant.account_id == Account.id),
        update(Account).values(name=""),
        delete(Grant).where(Grant.role == "listener"),
        select(Account.__table__),
        select(exists().where(Account.profile == "pupil")),
        union(select(Account.id), select(Grant.id).where(Grant.establishment_id == uuid4())),
        select(Account).where(Account.id.in_(select(Grant.account_id))),
        select(Account).where(Account.establishment_id != HERE),
        select(Account).where(Account.establishment_id.is_not(None)),
        select(Account).where(Account.establishment_id == Account.portal_id),
        select(Account).where(not_(Account.establishment_id == HERE)),
        select(Account).where(or_(Account.establishment_id == HERE, Account.profile == "pupil")),
        select(Account).where(Account.establishment_id.not_in([HERE])),
        select(Account).where(func.coalesce(Account.establishment_id, HERE) == HERE),
        select(Account, Grant).join(Grant, Grant.establishment_id == Account.establishment_id),
        select(Account, Grant).join(Grant, Grant.account_id == Account.id).where(Account.establishment_id == HERE),
        select(Account, TWIN).where(Account.establishment_id == HERE, TWIN.name == Account.name),
        select(Account).outerjoin(Grant, (Grant.establishment_id == HERE) & (Account.establishment_id == HERE)),
        select(Account).where(Account.establishment_id == HERE, exists().where(Grant.account_id == Account.id)),
        select(Account).where(Account.establishment_id == HERE, Account.id.in_(select(Grant.account_id))),
        select(Account.name, select(func.count()).select_from(Grant).scalar_subquery()).where(
            Account.establishment_id == HERE
        ),
        select(select(Account.name).subquery()),
        select(select(Account.name).cte()),
        select(Account.name).where(Account.establishment_id == HERE).union(select(Setting.name)),
        select(Account, select(Account.id).subquery()).where(Account.establishment_id == HERE),
        select(Account).where(Account.establishment_id == HERE, Account.name.in_(select(Account.name).correlate(None))),
        update(Account).where(Account.establishment_id == HERE, Account.id == Grant.account_id).values(name=""),
        update(Account)
        .where(Account.establishment_id == HERE, Account.id.in_(select(Grant.account_id)))
        .values(name=""),
        delete(Grant).where(Grant.establishment_id == Grant.account_id),
    ],
)
def test_a_query_without_an_establishment_is_refused(db: Session, statement: object) -> None:
    with pytest.raises(UnboundQueryError):
        db.execute(statement)  # type: ignore[call-overload]  # the statements have no common type


@pytest.mark.parametrize(
    "statement",
    [
        select(Account).where(Account.establishment_id == HERE),
        select(Account).where(Account.establishment_id.in_([HERE])),
        select(Account).where(tuple_(Account.establishment_id, Account.id).in_([(HERE, HERE)])),
        select(Account).where(and_(Account.profile == "pupil", and_(Account.establishment_id == HERE))),
        select(Account).join(Grant, MINE & (Grant.account_id == Account.id)).where(Grant.establishment_id == HERE),
        select(Account)
        .outerjoin(Grant, MINE & (Grant.account_id == Account.id))
        .where(Account.establishment_id == HERE),
        select(Account, TWIN, Grant).where(
            Grant.establishment_id == TWIN.establishment_id,
            TWIN.establishment_id == Account.establishment_id,
            Account.establishment_id == HERE,
        ),
        select(Account)
        .join(Establishment, Account.establishment_id == Establishment.id)
        .where(Establishment.id == HERE),
        select(Account).where(Account.establishment_id == HERE, exists().where(MINE, Grant.account_id == Account.id)),
        select(Account).where(Account.establishment_id == select(Establishment.id).limit(1).scalar_subquery()),
        select(select(Account.name).where(Account.establishment_id == HERE).subquery()),
        update(Account).where(Account.establishment_id == HERE).values(name=Account.name),
        delete(Grant).where(Grant.establishment_id == HERE, Grant.role == "listener"),
        select(Establishment),
    ],
)
def test_a_query_in_which_every_table_is_bound_is_answered(db: Session, statement: object) -> None:
    for _again in range(2):  # the second time its shape is known
        db.execute(statement)  # type: ignore[call-overload]  # the statements have no common type


def test_looking_at_a_known_shape_costs_little() -> None:
    def statement() -> Any:
        return (
            select(Account)
            .join(Grant, MINE & (Grant.account_id == Account.id))
            .where(Account.establishment_id == uuid4())
        )

    binding.unbound(statement())
    known = len(binding._fine)
    many = [statement() for _turn in range(300)]
    for one in many:
        one._generate_cache_key()  # SQLAlchemy needs it too, and keeps it
    began = thread_time()
    for one in many:
        assert binding.unbound(one) is None
    assert thread_time() - began < 0.1
    assert len(binding._fine) == known


def test_a_query_with_one_is_answered_and_so_is_one_that_says_why_not(db: Session, town: Town) -> None:
    mine = select(func.count()).select_from(Account).where(Account.establishment_id == town.schools[COLLEGE])
    everyone = select(func.count()).select_from(Account)
    assert 0 < (db.scalar(mine) or 0) < (db.scalar(everyone, execution_options={"across": True}) or 0)
    assert db.get(Account, (town.schools[COLLEGE], town.lina.here.account_id)) is not None
    assert db.scalar(select(Establishment).where(Establishment.uai == COLLEGE)) is not None


def test_tables_are_ours_and_keys_are_no_numbers() -> None:
    for table in Base.metadata.tables.values():
        assert table.name.startswith("ent_")
        assert not any(column.autoincrement is True for column in table.columns)
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, OfEstablishment):
            assert mapper.primary_key[0].name == "establishment_id", mapper.class_


# The embedded database alone.

CANARY = "Un mot qui ne doit pas rester"


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'ent.sqlite'}"
    make_schema(url)
    made = make_database(url)
    yield made
    made.engine.dispose()


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("ent.sqlite*")))


def write_and_delete(database: Database) -> None:
    with database.writing() as db:
        db.add(Establishment(uai="0590001B", name=CANARY, kind="college"))
    with database.writing() as db:
        db.execute(delete(Establishment))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


def test_a_deleted_row_is_gone_from_the_file(embedded: Database, tmp_path: Path) -> None:
    write_and_delete(embedded)
    assert CANARY.encode() not in everything_on_disk(tmp_path)


def test_without_secure_delete_it_would_stay(embedded: Database, tmp_path: Path) -> None:
    """The control of the test above."""
    with embedded.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    write_and_delete(embedded)
    assert CANARY.encode() in everything_on_disk(tmp_path)


def test_the_embedded_database_is_durable(embedded: Database) -> None:
    with embedded.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_whoever_writes_says_so_at_once(embedded: Database) -> None:
    """BEGIN IMMEDIATE: a second writer waits at its beginning, not at its end."""
    with embedded.writing() as db:
        db.execute(text("SELECT 1"))
        with embedded.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=50")
            connection.exec_driver_sql("COMMIT")
            with pytest.raises(OperationalError, match="locked"):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
