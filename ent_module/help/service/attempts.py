"""Wrong codes are counted, so that codes cannot be tried one after the other.

Counted by account, never by network address: a whole school has one address. A failure of one account delays no other,
and sending a message is never limited. A right code leaves no row, since it would tell who has a conversation.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ent_module.help.sealing import attempt_pseudonym
from ent_module.help.tables import CodeAttempt
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

    The attempt is counted first, which makes parallel ones wait for each other, and forgotten again where it was right.
    """
    savepoint = db.begin_nested()
    count = _count(db, keys, establishment_id, account_id, now)
    found = work()
    if found is None or count > LIMIT:
        savepoint.commit()
        return None
    savepoint.rollback()
    return found


def _count(db: Session, keys: Keys, establishment_id: UUID, account_id: UUID, now: datetime) -> int:
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    insert = _INSERTS[db.get_bind().dialect.name](CodeAttempt).values(
        establishment_id=establishment_id,
        id=uuid4(),
        who=attempt_pseudonym(keys, establishment_id, account_id, hour.isoformat()),
        hour=hour,
        count=1,
    )
    more = case((CodeAttempt.count < _ENOUGH, CodeAttempt.count + 1), else_=CodeAttempt.count)
    counted = insert.on_conflict_do_update(index_elements=["establishment_id", "who"], set_={"count": more}).returning(
        CodeAttempt.count
    )
    return int(db.execute(counted).scalar_one())


def forget(db: Session, now: datetime) -> None:
    """Deletes the counts of past hours, in all schools (a job; may run twice)."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    db.execute(delete(CodeAttempt).where(CodeAttempt.hour < hour), execution_options={"across": True})
