"""The audit trail: who did what to which object on which day. No text, no exact time, no sequence number.

And the check value of the master key (`installation`).
"""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment


class AuditLine(OfEstablishment, Base):
    """One act of an adult. A pupil's acts leave no line."""

    __tablename__ = "ent_audit"

    day: Mapped[date] = mapped_column(Date)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID | None] = mapped_column(Uuid)


class KeyCheck(Base):
    """Under which key this database is filled: a value that the key gives, and that does not give the key."""

    __tablename__ = "ent_key_check"

    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary(32))
