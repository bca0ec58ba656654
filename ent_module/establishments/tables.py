"""Establishments and what they set for themselves."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.establishments.model import Kind

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class Establishment(Base):
    """A school, or a level above schools."""

    __tablename__ = "ent_establishment"
    __table_args__ = (CheckConstraint(f"kind IN ({_KINDS})", name="kind"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    uai: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(10), default="B")
    """School holidays: A, B, C, or `other` for Corsica and overseas."""
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("ent_establishment.id"), index=True)
    """The level above: an école's circonscription, a collège's département …"""


class Setting(OfEstablishment, Base):
    """One thing that an establishment decides: as it is drafted and as it is published."""

    __tablename__ = "ent_setting"
    __table_args__ = (UniqueConstraint("establishment_id", "name"),)

    name: Mapped[str] = mapped_column(String(40))
    draft: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    published: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
