"""Lessons that were given."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.lessons.model.given import MINUTES, PARTS

_PARTS = ", ".join(f"'{one}'" for one in PARTS)


class LessonSession(OfEstablishment, Base):
    """A lesson that someone gave to a class. The same form sent twice makes one row: the constraint says so."""

    __tablename__ = "ent_lesson_session"
    __table_args__ = (
        ForeignKeyConstraint(["establishment_id", "account_id"], ["ent_account.establishment_id", "ent_account.id"]),
        UniqueConstraint("establishment_id", "account_id", "day", "class_name", "lesson", "parts"),
        CheckConstraint(f"parts IN ({_PARTS})", name="parts"),
        CheckConstraint(f"minutes BETWEEN {MINUTES.start} AND {MINUTES.stop - 1}", name="minutes"),
        Index("ix_ent_lesson_session_account", "establishment_id", "account_id", "day"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    """Who gave it, and who alone sees it."""
    lesson: Mapped[str] = mapped_column(String(80))
    """The lesson's slug."""
    class_name: Mapped[str] = mapped_column(String(200))
    """The portal's name of the class; no pupil."""
    day: Mapped[date] = mapped_column(Date)
    parts: Mapped[str] = mapped_column(String(2))
    minutes: Mapped[int] = mapped_column(Integer)
    remote: Mapped[bool] = mapped_column(Boolean)
