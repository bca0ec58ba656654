"""Sessions of browsers, and what is on its way to another tab. A row is worth nothing without the cookie, or the token:
its content is encrypted under the key that only these hold."""

from datetime import datetime

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base


class SessionRow(Base):
    """One browser's session. Never touched by a visit: a row that moves with each page would tell who was here when."""

    __tablename__ = "ent_session"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the id in the cookie."""
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    """In UTC, rounded up to the hour."""


class HandOver(Base):
    """Something on its way from a frame to a new tab. Goes with the first use, or after a minute."""

    __tablename__ = "ent_hand_over"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the id in the token."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
