"""What a process remembers of the database for a few seconds, so that a page does not ask for it at every visit.

For what establishments have decided (their names, whether a channel is open, which questionnaires are asked), as plain
values. Never for what a person may do or has written: rights, sessions, messages and ballots are always read.

What one session has read, it need not read twice (`once`): that counts for this session alone, and only until it writes
or waits for a lock, since whoever it waited for may have changed anything.
"""

import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy.orm import ORMExecuteState, Session

SECONDS = 5.0
"""How long another process may not know of a change. The process that made it knows at once."""
MOST = 20_000
"""Entries; a full memory is emptied."""
_KEPT, _WRITTEN, _ONCE = "ent_recall", "ent_written", "ent_once"

T = TypeVar("T")


class Recall:
    """The memory of one process on one database."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._entries: dict[Hashable, tuple[float, tuple[int, ...], Any]] = {}
        self._writes: Counter[str] = Counter()

    def writes(self) -> dict[str, int]:
        """How often each table has been written to so far."""
        with self._lock:
            return dict(self._writes)

    def get(self, key: Hashable, tables: Iterable[str], read: Callable[[], T], begun: dict[str, int]) -> T:
        """The value of that key; where it is unknown, too old, or one of its tables was written to, it is read.

        `begun`: the writes when the session that reads began. Whatever was committed since may not be in what it reads:
        on SQLite it sees the database as it was then.
        """
        wanted = tuple(tables)
        entry = self._entries.get(key)
        if entry is not None and entry[0] > self._clock() and entry[1] == tuple(self._writes[one] for one in wanted):
            return cast(T, entry[2])
        value, writes = read(), tuple(begun.get(one, 0) for one in wanted)
        if len(self._entries) >= MOST:
            self._entries.clear()
        self._entries[key] = (self._clock() + SECONDS, writes, value)
        return value

    def forget(self, tables: Iterable[str]) -> None:
        """Nothing that rests on one of these tables counts any more, since they were written to."""
        with self._lock:
            self._writes.update(tables)


def serve(session: Session, recall: Recall) -> None:
    """Lets `remembered` use that memory in a session."""
    session.info[_KEPT] = recall, recall.writes()
    session.info[_ONCE] = {}


def stop(session: Session) -> None:
    """From now on the session reads everything itself, as where it shows what is not published yet."""
    session.info.pop(_KEPT, None)
    session.info.pop(_ONCE, None)


def remembered(db: Session, key: Hashable, tables: Iterable[str], read: Callable[[], T]) -> T:
    """The value of that key, which rests on these tables. A session that has written to one of them reads it anew."""
    served: tuple[Recall, dict[str, int]] | None = db.info.get(_KEPT)
    if served is None or not written(db).isdisjoint(tables):
        return read()
    recall, begun = served
    return recall.get(key, tables, read, begun)


def once(db: Session, key: Hashable, read: Callable[[], T]) -> T:
    """What that reads, read once until this session writes or locks. Whoever is given a list must not change it."""
    found: dict[Hashable, Any] | None = db.info.get(_ONCE)
    if found is None:
        return read()
    if db.autoflush and (db.new or db.dirty or db.deleted):
        db.flush()  # as any statement would
    if key not in found:
        value = read()
        found[key] = value
    return cast(T, found[key])


def serves(db: Session) -> bool:
    """Whether this session reads anything only once (`once`)."""
    return _ONCE in db.info


def anew(session: Session) -> None:
    """From now on the session reads everything again: it has waited for somebody, or taken back what it wrote."""
    if _ONCE in session.info:
        session.info[_ONCE].clear()


def written(session: Session) -> set[str]:
    """The tables that a session has written to so far."""
    found: set[str] = session.info.setdefault(_WRITTEN, set())
    return found


def note_flush(session: Session, _context: Any = None) -> None:
    """An event of the session: objects that are written."""
    changed = (*session.new, *session.dirty, *session.deleted)
    written(session).update(one.__table__.name for one in changed)
    anew(session)


def note_statement(state: ORMExecuteState) -> None:
    """An event of the session: statements that write, or that lock rows."""
    if state.is_insert or state.is_update or state.is_delete:
        written(state.session).add(cast(Any, state.statement).table.name)
        anew(state.session)
    elif getattr(state.statement, "_for_update_arg", None) is not None:
        anew(state.session)


def note_rollback(session: Session, _transaction: Any = None) -> None:
    """An event of the session: what it wrote since a savepoint, or at all, is gone."""
    anew(session)
