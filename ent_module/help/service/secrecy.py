"""The door of nurse and social worker for a writer: whether one can write to them alone, and what is true of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.help.model.moves import Lane
from ent_module.help.service import adults, channel


@dataclass(frozen=True)
class UnderSecrecy:
    """Nurse and social worker, as a writer may choose that they alone read."""

    readers: list[channel.Called]
    due_on: date
    another_may_read: bool
    """Whether somebody of a level above, under the same secrecy, is given it where nobody has read by that day."""


def under_secrecy(db: Session, establishment_id: UUID, now: datetime) -> UnderSecrecy | None:
    """Who of that lane would read a message. None: it cannot be addressed, since nobody of the school itself has the
    role, or one alone would read, levels above included: one alone falls ill, and may be the one written about.
    """
    if not adults.listeners(db, establishment_id, Lane.SECRECY):
        return None
    found = adults.eligible(db, establishment_id, (), Lane.SECRECY)
    if len(found) < adults.WANTED:
        return None
    due_on = channel.due_day(db, establishment_id, now, lane=Lane.SECRECY)
    another = bool(adults.next_level(db, establishment_id, (), found, Lane.SECRECY))
    return UnderSecrecy(channel.called(db, establishment_id, found), due_on, another)
