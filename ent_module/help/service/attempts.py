"""Wrong codes are counted, so that codes cannot be tried one after the other.

Counted by account, never by network address: a whole school has one address. A failure of one account delays no other,
and sending a message is never limited. A right code leaves no row, not even a dead one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ent_module.help.sealing import attempt_pseudonym
from ent_module.help.tables import CodeAttempt
from ent_module.recall import anew
from ent_module.web.house import Keys

LIMIT = 10
"""Wrong codes of one account in one hour; with 80 bits this is against noise rather than against guessing."""
_ENOUGH = 1_000
_INSERTS: dict[str, Callable[[type[CodeAttempt]], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

Found = TypeVar("Found")


def limited(
    db: Session,
    keys: Keys,
    establishment_id: UUID,
    account_id: UUID,
    now: datetime,
    work: Callable[[], Found | None],
) -> Found | None:
    """What `work` finds, unless the account has used up its attempts of this hour; None then, after the same work.

    Attempts of one account wait for each other until the transaction ends, so that parallel ones are all counted. Only
    a wrong one is written: a row that is taken back leaves traces (PostgreSQL keeps it, dead, with its transaction's
    number), and whoever reads them would know who has a conversation.
    """
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    who = attempt_pseudonym(keys, establishment_id, account_id, hour.isoformat())
    _wait_for_others(db, who)
    failed = db.scalar(
        select(CodeAttempt.count).where(CodeAttempt.establishment_id == establishment_id, CodeAttempt.who == who)
    )
    found = work()
    if found is not None and (failed or 0) < LIMIT:
        return found
    _count(db, establishment_id, who, hour)
    return None


def _wait_for_others(db: Session, who: bytes) -> None:
    """Holds what only one attempt of an account may hold, until the commit. SQLite has one writer at a time anyway."""
    if db.get_bind().dialect.name == "postgresql":
        anew(db)
        db.execute(select(func.pg_advisory_xact_lock(int.from_bytes(who[:8], "big", signed=True))))


def _count(db: Session, establishment_id: UUID, who: bytes, hour: datetime) -> None:
    insert = _INSERTS[db.get_bind().dialect.name](CodeAttempt).values(
        establishment_id=establishment_id, id=uuid4(), who=who, hour=hour, count=1
    )
    more = case((CodeAttempt.count < _ENOUGH, CodeAttempt.count + 1), else_=CodeAttempt.count)
    db.execute(insert.on_conflict_do_update(index_elements=["establishment_id", "who"], set_={"count": more}))


def forget(db: Session, now: datetime) -> None:
    """Deletes the counts of past hours, in all schools (a job; may run twice)."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    db.execute(delete(CodeAttempt).where(CodeAttempt.hour < hour), execution_options={"across": True})
