"""Campaigns, who took part, ballots, and what remains of them: only numbers that may be shown.

Nothing in a ballot says whose it is: no account, no class, no time, no sequence. SQLite keeps ballots and participation
without a row number, in the order of their random keys.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.surveys.model import LEVELS
from ent_module.surveys.release import Release


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_LEVELS = _listed(LEVELS)
NO_ROW_NUMBER = {"sqlite_with_rowid": False}


def _of_campaign() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["establishment_id", "campaign_id"], ["ent_campaign.establishment_id", "ent_campaign.id"]
    )


class AskedQuestionnaire(Base):
    """A questionnaire as some campaign asked it: kept by its digest, and never changed."""

    __tablename__ = "ent_questionnaire"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class OwnQuestionnaire(OfEstablishment, Base):
    """A questionnaire that a school brought from elsewhere, as its next campaign will ask it."""

    __tablename__ = "ent_own_questionnaire"
    __table_args__ = (UniqueConstraint("establishment_id", "name"),)

    name: Mapped[str] = mapped_column(String(40))
    """The id in its data, by which campaigns name it."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    created_on: Mapped[date] = mapped_column(Date)
    """The day on which this version was kept."""


class Campaign(OfEstablishment, Base):
    """A questionnaire asked in a school, once a school year. `closed` is the last state: nothing opens it again."""

    __tablename__ = "ent_campaign"
    __table_args__ = (
        UniqueConstraint("establishment_id", "questionnaire", "school_year"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(f"level IN ({_LEVELS})", name="level"),
    )

    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64), ForeignKey("ent_questionnaire.digest"))
    level: Mapped[str] = mapped_column(String(10))
    school_year: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(6), default="open")
    opened_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    """The end that was announced."""


class CampaignClass(OfEstablishment, Base):
    """A class for which a campaign was opened."""

    __tablename__ = "ent_campaign_class"
    __table_args__ = (UniqueConstraint("establishment_id", "campaign_id", "class_code"), _of_campaign())

    campaign_id: Mapped[UUID] = mapped_column(Uuid)
    class_code: Mapped[str] = mapped_column(String(80))
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the teacher; empty once that account is erased."""
    pupils: Mapped[int | None] = mapped_column(Integer)
    """How many pupils the teacher says there are, for the ring; nothing else rests on it."""


class Participation(OfEstablishment, Base):
    """Someone has answered. `id` is a keyed digest of the campaign and the account, so that nobody answers twice."""

    __tablename__ = "ent_participation"
    __table_args__ = (_of_campaign(), NO_ROW_NUMBER)

    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    class_code: Mapped[str] = mapped_column(String(80))


class Ballot(OfEstablishment, Base):
    """Somebody's answers. They are added up at the closing, and the row is deleted."""

    __tablename__ = "ent_ballot"
    __table_args__ = (CheckConstraint(f"level IN ({_LEVELS})", name="level"), _of_campaign(), NO_ROW_NUMBER)

    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    level: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, list[str]]] = mapped_column(JSON)


class ResultCell(OfEstablishment, Base):
    """One number that may be shown: how many gave an answer, in the whole school. What stays hidden has no row.

    `choice` may also be ANSWERED or ABOVE (`model`).
    """

    __tablename__ = "ent_result_cell"
    __table_args__ = (
        UniqueConstraint("establishment_id", "campaign_id", "item", "choice"),
        CheckConstraint("count >= 0", name="count"),
        _of_campaign(),
    )

    campaign_id: Mapped[UUID] = mapped_column(Uuid)
    item: Mapped[str] = mapped_column(String(40))
    choice: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(Integer)


class Closing(OfEstablishment, Base):
    """The end of a campaign, whether its results are released, and how many took part."""

    __tablename__ = "ent_closing"
    __table_args__ = (
        UniqueConstraint("establishment_id", "campaign_id"),
        CheckConstraint(f"release IN ({_listed(Release)})", name="release"),
        _of_campaign(),
    )

    campaign_id: Mapped[UUID] = mapped_column(Uuid)
    closed_on: Mapped[date] = mapped_column(Date)
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    release: Mapped[str] = mapped_column(String(10))
    """Whether there are results to read, or why not (`release.Release`)."""
    taken: Mapped[int | None] = mapped_column(Integer)
    """Ballots, blank ones included; empty where they are few. How many are blank, and of which class, is not kept."""
    classes: Mapped[int] = mapped_column(Integer)
    """Classes in which someone took part."""
