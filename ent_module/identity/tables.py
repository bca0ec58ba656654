"""Portals, accounts and role grants."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.identity.model import Profile, Role

_PROFILES = ", ".join(f"'{profile}'" for profile in Profile)
_ROLES = ", ".join(f"'{role}'" for role in Role)


class Portal(Base):
    """A portal from which people arrive. What its protocol needs stands in that protocol's own table."""

    __tablename__ = "ent_portal"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200), unique=True)
    origin: Mapped[str] = mapped_column(String(255))
    """The web origin of its pages, which may frame ours."""


class PortalEstablishment(Base):
    """An establishment that a portal speaks for: only these may it claim for its people."""

    __tablename__ = "ent_portal_establishment"

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_portal.id"), primary_key=True)
    establishment_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("ent_establishment.id"), primary_key=True, index=True
    )


class Account(OfEstablishment, Base):
    """Someone in one establishment. The pseudonym is a keyed digest; in another school the same person has another.

    The constraint keeps the promise that no pupil's and no parent's name is ever stored.
    """

    __tablename__ = "ent_account"
    __table_args__ = (
        UniqueConstraint("establishment_id", "pseudonym"),
        CheckConstraint(f"profile IN ({_PROFILES})", name="profile"),
        CheckConstraint("profile NOT IN ('pupil', 'parent') OR name = ''", name="no_name_of_families"),
    )

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_portal.id"))
    pseudonym: Mapped[bytes] = mapped_column(LargeBinary(32))
    profile: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200), default="")
    """Display name of an adult of the school, for colleagues; empty for pupils and parents."""


class Grant(OfEstablishment, Base):
    """A role of an account. It counts once a second person has confirmed it, where the role wants that."""

    __tablename__ = "ent_grant"
    __table_args__ = (
        UniqueConstraint("establishment_id", "account_id", "role"),
        ForeignKeyConstraint(["establishment_id", "account_id"], ["ent_account.establishment_id", "ent_account.id"]),
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_persons"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> account_id", name="not_oneself"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    proposed_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account that proposed it; empty for what the portal or the command line granted."""
    confirmed_by: Mapped[UUID | None] = mapped_column(Uuid)
    since: Mapped[date | None] = mapped_column(Date)
    """The day from which it counts; empty while it waits for the second person."""
