"""Writing the audit trail. Reading it is for later; nothing that a person wrote ever goes in."""

from datetime import date
from uuid import UUID

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
