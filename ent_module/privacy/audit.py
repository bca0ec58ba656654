"""The audit trail: writing it, reading what a page shows of it, and looking whether it is whole.

Nothing that a person wrote ever goes in.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from ent_module.database import add_once
from ent_module.privacy.audit_chain import Found, beginning, digest_of, walked
from ent_module.privacy.tables import AuditHead, AuditLine

_WAITING = "ent.audit"


def note(db: Session, establishment_id: UUID, account_id: UUID, action: str, object_id: UUID | None, day: date) -> None:
    """One line: an adult's account did `action` (a fixed word such as `message.opened`) to an object.

    Lines are added at the end of the transaction, since from then on nobody else can add one of that establishment: so
    nobody waits for longer than a commit takes, and nobody who waits holds what somebody else waits for.
    """
    line = AuditLine(
        establishment_id=establishment_id,
        id=uuid4(),
        account_id=account_id,
        action=action,
        object_id=object_id,
        day=day,
    )
    if db.in_nested_transaction():  # it goes with what is undone to a savepoint
        _append(db, [line])
    else:
        _waiting(db).append(line)


def _waiting(db: Session) -> list[AuditLine]:
    """The lines that this session is to add."""
    if _WAITING not in db.info:
        db.info[_WAITING] = []
        event.listen(db, "before_commit", _add_waiting)
        event.listen(db, "after_soft_rollback", _forget_waiting)
    waiting: list[AuditLine] = db.info[_WAITING]
    return waiting


def _add_waiting(db: Session) -> None:
    if not db.in_nested_transaction() and (waiting := db.info.get(_WAITING)):
        lines = list(waiting)
        waiting.clear()
        _append(db, lines)


def _forget_waiting(db: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:  # going back to a savepoint undoes nothing that waits here
        db.info[_WAITING].clear()


def _append(db: Session, lines: Sequence[AuditLine]) -> None:
    """Puts lines at the end of their establishments' trails, always in the same order of establishments."""
    ordered = sorted(lines, key=lambda line: line.establishment_id)  # stable: what was done first stands first
    for establishment_id, theirs in groupby(ordered, key=lambda line: line.establishment_id):
        head = _held_head(db, establishment_id)
        for line in theirs:
            line.previous = head.digest
            line.digest = head.digest = digest_of(line)
            db.add(line)
    db.flush()


def _held_head(db: Session, establishment_id: UUID) -> AuditHead:
    """The end of an establishment's trail, held until the transaction ends."""
    add_once(db, AuditHead, establishment_id=establishment_id, digest=beginning(establishment_id))
    return db.scalars(
        select(AuditHead)
        .where(AuditHead.establishment_id == establishment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def lines(db: Session, establishment_id: UUID, actions: Collection[str], since: date) -> list[AuditLine]:
    """What was done of these actions in an establishment on that day or later, the latest day first."""
    _add_waiting(db)
    found = select(AuditLine).where(
        AuditLine.establishment_id == establishment_id, AuditLine.action.in_(actions), AuditLine.day >= since
    )
    return list(db.scalars(found.order_by(AuditLine.day.desc(), AuditLine.action)))


def verified(db: Session, establishment_id: UUID, noted: Iterable[bytes] = ()) -> Found:
    """Looks whether an establishment's trail is whole. `noted`: digests of its head that were written down before."""
    table: Any = AuditLine.__table__
    rows: Any = db.execute(select(table).where(table.c.establishment_id == establishment_id))
    head = db.get(AuditHead, establishment_id, populate_existing=True)
    return walked(establishment_id, rows, head.digest if head else None, noted)
