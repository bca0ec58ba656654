"""Portals, accounts, role grants, and groups of portals that give roles."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.identity.model import Profile, Role

_PROFILES = ", ".join(f"'{profile}'" for profile in Profile)
_NAMELESS = ", ".join(f"'{profile}'" for profile in Profile if not profile.is_adult_at_school)
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

    The constraints keep the promises that no pupil's and no parent's name is ever stored, that nothing links a pupil's
    or a parent's accounts in several schools, and that an adult's accounts are known as one person's.
    """

    __tablename__ = "ent_account"
    __table_args__ = (
        UniqueConstraint("establishment_id", "pseudonym"),
        CheckConstraint(f"profile IN ({_PROFILES})", name="profile"),
        CheckConstraint(f"profile NOT IN ({_NAMELESS}) OR name = ''", name="no_name_of_families"),
        CheckConstraint(f"(profile IN ({_NAMELESS})) = (person IS NULL)", name="person_of_adults"),
        CheckConstraint(f"(profile IN ({_NAMELESS})) = (first_seen IS NULL)", name="first_seen_of_adults"),
    )

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_portal.id"))
    pseudonym: Mapped[bytes] = mapped_column(LargeBinary(32))
    profile: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200), default="")
    """Display name of an adult of the school, for colleagues; empty for everybody else."""
    person: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    """Keyed digest of an adult's subject at the portal, the same in every school; empty for everybody else."""
    first_seen: Mapped[date | None] = mapped_column(Date)
    """The day of an adult's first visit, so that an operator can tell two of one name; empty for everybody else."""
    key_version: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    """Raised when its owner leaves a listening group or enrols another device: what they could read before opens no
    more, whoever comes under this account."""


class SecondFactor(Base):
    """The device by which an adult shows at the desk that it is they who are here, and not only their portal account.

    One for all schools of a person: their digest is the key, as in `Account.person`. Secrets are sealed.
    """

    __tablename__ = "ent_second_factor"
    __table_args__ = (
        CheckConstraint("(next_sealed IS NULL) = (asked_at IS NULL)", name="asked"),
        CheckConstraint("(allowed_by IS NULL) = (counts_from IS NULL)", name="allowed"),
        CheckConstraint("counts_from IS NULL OR next_sealed IS NOT NULL", name="allows_something"),
    )

    person: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    serial: Mapped[UUID] = mapped_column(Uuid)
    """Another one for each device: what was opened with an earlier one is closed."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    """The time step of the last code that was accepted: neither it nor an earlier one is accepted again."""
    since: Mapped[date] = mapped_column(Date)
    wrong: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Wrong codes in that hour."""
    wrong_in: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of another device that was asked for."""
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    allowed_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the member who allowed it: the second person."""
    counts_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """From when the other device takes the place of this one."""


class Grant(OfEstablishment, Base):
    """A role of an account, from the day it counts to the day it ends. Rows that ended stay, as its history.

    That two accounts decide is kept here, not in the code: neither the start nor the end of a role that someone
    proposed counts before a second person has confirmed it, who is neither the one who proposed nor the one whom
    it is about. Leaving by oneself needs nobody. All of them are accounts of the same establishment. That two accounts
    are two persons is for `grants` to see.
    """

    __tablename__ = "ent_grant"
    __table_args__ = (
        *(
            ForeignKeyConstraint(
                ["establishment_id", column],
                ["ent_account.establishment_id", "ent_account.id"],
                name=f"fk_ent_grant_{column}",
            )
            for column in ("account_id", "proposed_by", "confirmed_by", "leave_proposed_by", "leave_confirmed_by")
        ),
        Index(
            "uq_ent_grant_standing",
            "establishment_id",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        CheckConstraint(
            "confirmed_by IS NULL OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by)", name="two_persons"
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> account_id", name="not_oneself"),
        CheckConstraint("since IS NULL OR proposed_by IS NULL OR confirmed_by IS NOT NULL", name="begins_confirmed"),
        CheckConstraint(
            "leave_confirmed_by IS NULL OR (leave_proposed_by IS NOT NULL AND leave_confirmed_by <> leave_proposed_by)",
            name="leave_two_persons",
        ),
        CheckConstraint("leave_confirmed_by IS NULL OR leave_confirmed_by <> account_id", name="leave_not_oneself"),
        CheckConstraint(
            "until IS NULL OR (since IS NOT NULL AND leave_proposed_by IS NOT NULL"
            " AND (leave_proposed_by = account_id OR leave_confirmed_by IS NOT NULL))",
            name="ends_confirmed",
        ),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    proposed_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account that proposed it; empty for what the portal or the command line granted."""
    confirmed_by: Mapped[UUID | None] = mapped_column(Uuid)
    since: Mapped[date | None] = mapped_column(Date)
    """The day on which it was given; empty while it waits for the second person."""
    counts_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Of a listener whom two persons have decided on: the moment from which it counts, a day later. Empty: at once."""
    leave_proposed_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account that proposed the end; the account itself where someone leaves."""
    leave_confirmed_by: Mapped[UUID | None] = mapped_column(Uuid)
    until: Mapped[date | None] = mapped_column(Date)
    """The day on which it ended; empty while it counts or waits."""


class FollowedGroup(OfEstablishment, Base):
    """A group of the portal that an establishment's listening group follows, and how looking at it went."""

    __tablename__ = "ent_followed_group"
    __table_args__ = (UniqueConstraint("establishment_id"),)

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_portal.id"))
    path: Mapped[str] = mapped_column(String(255))
    tried_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """The last failure, until a look succeeds."""
    failure: Mapped[str] = mapped_column(String(20))
    awaited: Mapped[int] = mapped_column(Integer)
    """How many members have never come. No names: a group that was chosen by mistake may be one of pupils."""
    waits_to_empty: Mapped[bool] = mapped_column(Boolean)
    """The portal's group is empty while ours is not: nothing changes until somebody confirms it."""
    may_empty: Mapped[bool] = mapped_column(Boolean)


class FollowedSeat(OfEstablishment, Base):
    """A listener whom the portal's group names: it gave the place, or found one and leaves it.

    Whom two persons take out keeps this row while the group names them, so that it does not bring them back: also while
    nobody follows the group, should it be followed again.
    """

    __tablename__ = "ent_followed_seat"
    __table_args__ = (
        UniqueConstraint("establishment_id", "account_id"),
        ForeignKeyConstraint(
            ["establishment_id", "account_id"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_followed_seat_account_id",
        ),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    gave: Mapped[UUID | None] = mapped_column(Uuid)
    """The place (`Grant`) that the group gave, and no other, it takes back; empty where it found one."""
