"""The database: Base of all tables, engine settings, and sessions that either read or write.

What does not belong here: tables (each room has its own) and queries.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import groupby
from math import inf
from operator import itemgetter
from time import monotonic
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    ForeignKey,
    MetaData,
    Table,
    Uuid,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from ent_module import binding, recall
from ent_module.config import ConfigurationError
from ent_module.recall import anew, written

VERSION_TABLE = "ent_alembic_version"
IDLE = 2.0
"""Seconds after which a connection is asked whether it is still there."""


class Base(DeclarativeBase):
    """Base of every table of the module; their names begin with `ent_`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class OfEstablishment:
    """A table whose rows belong to an establishment: its id comes first in the key, a random id second."""

    establishment_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("ent_establishment.id"), primary_key=True, sort_order=-20
    )
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4, sort_order=-10)


class UnboundQueryError(Exception):
    """A statement reads or changes a table of establishments that nothing in it binds to one (`binding`)."""


def _refuse_unbound(state: ORMExecuteState) -> None:
    """A query without an establishment does not exist, unless it says so: execution_options(across=True)."""
    if state.is_column_load or state.is_relationship_load or state.execution_options.get("across"):
        return
    if not (state.is_select or state.is_update or state.is_delete):
        return
    if table := binding.unbound(state.statement):
        raise UnboundQueryError(f"no establishment in a query on {table}")


def utc(moment: datetime) -> datetime:
    """A time from the database: SQLite gives it back without a zone, and all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Database:
    """An engine and the two ways to open a session on it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.recall = recall.Recall()
        self._write_engine = engine.execution_options(rw=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; whatever was changed in it is dropped."""
        with open_session(self.engine) as session:
            recall.serve(session, self.recall)
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with open_session(self._write_engine) as session:
            recall.serve(session, self.recall)
            try:
                with session.begin():
                    yield session
            finally:
                self.recall.forget(recall.written(session))


class _Session(Session):
    """A session on which unbound queries are refused, and that knows to which tables it has written."""


event.listen(_Session, "do_orm_execute", _refuse_unbound)
event.listen(_Session, "do_orm_execute", recall.note_statement)
event.listen(_Session, "after_flush", recall.note_flush)
event.listen(_Session, "after_soft_rollback", recall.note_rollback)


def open_session(engine: Engine) -> Session:
    """A session on which unbound queries are refused."""
    return _Session(engine, expire_on_commit=False)


def add_once(db: Session, model: type[Base], **values: Any) -> bool:
    """Adds a row unless there is one that it would double. Whoever adds that one at the same moment is waited for, so
    that the row is there to be read afterwards in either case. Returns whether it was added.
    """
    # What comes back tells: SQLAlchemy keeps no row count of an INSERT on PostgreSQL.
    return db.execute(_once(model, db.get_bind().dialect.name), values).first() is not None


Row = tuple[type[Base], Mapping[str, Any]]


def add_together(db: Session, once: Row, *others: Row) -> bool:
    """Adds rows of which no objects are needed: `once` unless there is one that it would double, as `add_once` does,
    and the others only with it. Each names its id; `once` may refer to the first of the others, these to it and it.

    PostgreSQL is asked once for all of them; SQLite, where a question costs little, one by one. Returns whether they
    were added.
    """
    if db.get_bind().dialect.name == "sqlite":
        return _add_in_turn(db, once, *others)
    written(db).update(model.__tablename__ for model, _row in (once, *others))
    anew(db)
    shape = tuple((model, tuple(row)) for model, row in (once, *others))
    values = {f"{n}_{name}": value for n, (_model, row) in enumerate((once, *others)) for name, value in row.items()}
    return db.scalar(_together(shape), values) is not None


def _add_in_turn(db: Session, once: Row, *others: Row) -> bool:
    (model, row), *rest = others
    db.execute(_insert(model), row)
    if not add_once(db, once[0], **once[1]):
        key = cast(Table, model.__table__).primary_key
        db.execute(delete(model).where(*(column == row[column.name] for column in key)))
        return False
    for of_one, rows in groupby(rest, key=itemgetter(0)):
        db.execute(_insert(of_one), [values for _model, values in rows])
    return True


@lru_cache(maxsize=50)
def _together(shape: tuple[tuple[type[Base], tuple[str, ...]], ...]) -> Any:
    """One statement that puts in a row of the first of these tables unless it is there, and with it one of each other.
    PostgreSQL asks whether what they refer to is there once all are.
    """

    def values(n: int, table: Table) -> dict[str, BindParameter[Any]]:
        return {name: bindparam(f"{n}_{name}", type_=table.c[name].type) for name in shape[n][1]}

    table = cast(Table, shape[0][0].__table__)
    first = postgresql.insert(table).values(values(0, table)).on_conflict_do_nothing().returning(table.c.id).cte("kept")
    parts = []
    for n, (model, names) in enumerate(shape[1:], start=1):
        table = cast(Table, model.__table__)
        row = select(*values(n, table).values()).select_from(first)
        parts.append(insert(table).from_select(names, row, include_defaults=False).cte(f"with_{n}"))
    return select(first.c.id).add_cte(*parts)


@cache
def _insert(model: type[Base]) -> Any:
    return insert(cast(Table, model.__table__))


@cache
def _once(model: type[Base], dialect: str) -> Any:
    """An INSERT that PostgreSQL does not log where it is refused, as it would a doubled key with its value and time."""
    added = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = cast(Table, model.__table__)
    return added(table).on_conflict_do_nothing().returning(*table.primary_key)


def make_database(url: str) -> Database:
    """The database at that address: SQLite (a file) or PostgreSQL (`postgresql+psycopg://`)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        _set_up_sqlite(engine)
    else:
        # Values are bound by the server, so none of them stands in pg_stat_activity or in an error.
        engine = create_engine(parsed, hide_parameters=True)
        _ping_the_idle(engine)
    return Database(engine)


def shared(engine: Engine) -> Database:
    """The database of a host's engine. Raises ConfigurationError where that cannot be shared.

    PostgreSQL is used on that engine, in transactions whatever the host's own do. An SQLite file gets an engine of
    ours beside the host's, whose connections keep their settings and would lack our locks and our overwriting.
    """
    backend = engine.url.get_backend_name()
    if "isolation_level" in engine.get_execution_options():  # it would win over ours
        raise ConfigurationError("the engine must not have the execution option isolation_level")
    if backend == "postgresql":
        return Database(engine.execution_options(isolation_level="READ COMMITTED"))
    if backend != "sqlite" or engine.url.database in {None, "", ":memory:"}:
        raise ConfigurationError("the engine must be of PostgreSQL or of an SQLite file, not of one in memory")
    return make_database(engine.url.render_as_string(hide_password=False))


def _ping_the_idle(engine: Engine) -> None:
    """Asks a connection that nobody has used for a while whether it is still there; where it is not, all are made anew,
    as after a restart of the server. To ask one that was used a moment ago would cost each request a round trip.
    """

    @event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if monotonic() < record.info.get("used", inf) + IDLE:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _set_up_sqlite(engine: Engine) -> None:
    """WAL, full sync, foreign keys, deleted rows overwritten, and BEGIN IMMEDIATE for whoever writes.

    Python's own transactions lost 408 of 480 concurrent updates; BEGIN IMMEDIATE lost none.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("rw")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
