"""The audit trail: writing it, and reading what a page shows of it. Nothing that a person wrote ever goes in."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.privacy.tables import AuditLine


def note(db: Session, establishment_id: UUID, account_id: UUID, action: str, object_id: UUID | None, day: date) -> None:
    """One line: an adult's account did `action` (a fixed word such as `message.opened`) to an object."""
    db.add(
        AuditLine(
            establishment_id=establishment_id,
            account_id=account_id,
            action=action,
            object_id=object_id,
            day=day,
        )
    )


def lines(db: Session, establishment_id: UUID, actions: Collection[str], since: date) -> list[AuditLine]:
    """What was done of these actions in an establishment on that day or later, the latest day first."""
    found = select(AuditLine).where(
        AuditLine.establishment_id == establishment_id, AuditLine.action.in_(actions), AuditLine.day >= since
    )
    return list(db.scalars(found.order_by(AuditLine.day.desc(), AuditLine.action)))
