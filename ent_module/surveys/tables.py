"""Campaigns, who took a token, sealed ballots, and what remains of them: only numbers that may be shown.

Nobody can open a ballot before the closing, and no row ever says what one holds: at the closing they are opened in
memory, in random order, and added up. Nor does a ballot say whose it is: its token was signed without being seen.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.surveys.card_rules import LARGEST, For
from ent_module.surveys.model import LEVELS, Custody, State, Where
from ent_module.surveys.plan import Readers, Told
from ent_module.surveys.release import WHOLE, Release


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


class QuestionnaireDraft(OfEstablishment, Base):
    """A questionnaire that a school is composing (`composing.draft`): nobody is asked it before it is kept."""

    __tablename__ = "ent_questionnaire_draft"
    __table_args__ = (UniqueConstraint("establishment_id", "name"),)

    name: Mapped[str] = mapped_column(String(40))
    """The id in its data: one that goes on from a kept questionnaire becomes its next version."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_on: Mapped[date] = mapped_column(Date)


class Campaign(OfEstablishment, Base):
    """A questionnaire asked in a school. States go one way only, and none is left twice."""

    __tablename__ = "ent_campaign"
    __table_args__ = (
        UniqueConstraint("establishment_id", "questionnaire", "school_year", "number", name="uq_ent_campaign_number"),
        CheckConstraint(f"state IN ({_listed(State)})", name="state"),
        CheckConstraint(f"level IN ({_LEVELS})", name="level"),
        CheckConstraint(f"readers IN ({_listed(Readers)})", name="readers"),
        CheckConstraint(f"place IN ({_listed(Where)})", name="place"),
        CheckConstraint(f"told IN ({_listed(Told)})", name="told"),
        CheckConstraint("(state = 'draft') = (announced_on IS NULL)", name="announced"),
        CheckConstraint("state <> 'draft' OR keys_digest = ''", name="keys"),
        CheckConstraint(f"custody IN ({_listed(Custody)})", name="custody"),
    )

    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64), ForeignKey("ent_questionnaire.digest"))
    level: Mapped[str] = mapped_column(String(10))
    school_year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    """Which of the questionnaire's campaigns of the school year it is, from 1 on."""
    state: Mapped[str] = mapped_column(String(10), default=State.OPEN)
    opened_on: Mapped[date] = mapped_column(Date)
    """The day from which it is open, announced before."""
    closes_on: Mapped[date] = mapped_column(Date)
    """The end that was announced: nobody ends it before."""
    readers: Mapped[str] = mapped_column(String(10), default=Readers.HEAD)
    """Who reads results (`plan.Readers`)."""
    listed: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether its classes were listed before it was announced; else each class that a teacher opens joins."""
    place: Mapped[str] = mapped_column(String(6), default=Where.SHARED)
    """Where classes answer unless their teachers say otherwise (`model.Where`)."""
    announced_on: Mapped[date | None] = mapped_column(Date)
    announced_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the head, or of the teacher who opened it straight away; empty once that account is erased."""
    told: Mapped[str | None] = mapped_column(String(10))
    """How families were told (`plan.Told`)."""
    told_on: Mapped[date | None] = mapped_column(Date)
    """On which day, as the head states it."""
    proposal_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    """What a level above proposed, where the head took it over (`CampaignProposal`)."""
    added_up: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether its numbers are in the sums of the territory (`TerritorySum`)."""
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the head; empty once that account is erased."""
    keys: Mapped[bytes] = mapped_column(LargeBinary)
    """The list of public keys, as everyone fetches it (`protocol.PublishedKeys`); none before it is announced."""
    keys_digest: Mapped[str] = mapped_column(String(64))
    custody: Mapped[str] = mapped_column(String(6), default=Custody.SIMPLE)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What opens ballots, as two shares open it (`privacy.custody`); empty in the simple mode and once destroyed."""
    rehearsed_on: Mapped[date | None] = mapped_column(Date)
    """When the two shares were tried, before the opening."""
    tried_in: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """The hour of `tries`: how often the shares were tried in it, right or wrong."""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    shredded_on: Mapped[date | None] = mapped_column(Date)
    """When the head said that phrase and paper are torn up."""


class CampaignProposal(OfEstablishment, Base):
    """A questionnaire and a window that a level above proposes to its schools. The establishment is that level."""

    __tablename__ = "ent_campaign_proposal"

    questionnaire: Mapped[str] = mapped_column(String(40))
    school_year: Mapped[int] = mapped_column(Integer)
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    proposed_on: Mapped[date] = mapped_column(Date)
    proposed_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the referent; empty once that account is erased."""
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    added_up_on: Mapped[date | None] = mapped_column(Date)
    """When the numbers of its schools were added up, once for all (`TerritorySum`)."""


class TerritorySum(OfEstablishment, Base):
    """What the schools that followed a proposal told of one question, added up. The establishment is the level above.

    Never changed: two sums of which one has a school more would tell that school's numbers.
    """

    __tablename__ = "ent_territory_sum"
    __table_args__ = (
        UniqueConstraint("establishment_id", "proposal_id", "level", "item", name="uq_ent_territory_sum"),
        ForeignKeyConstraint(
            ["establishment_id", "proposal_id"], ["ent_campaign_proposal.establishment_id", "ent_campaign_proposal.id"]
        ),
        CheckConstraint("above >= 0 AND above <= answered", name="above"),
    )

    proposal_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    level: Mapped[str] = mapped_column(String(10))
    """Of which kind of schools."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of the questionnaire that they asked."""
    item: Mapped[str] = mapped_column(String(40))
    answered: Mapped[int] = mapped_column(Integer)
    above: Mapped[int] = mapped_column(Integer)


class CampaignClass(OfEstablishment, Base):
    """A class of a campaign's audience, or one that joined it. It has been opened for it once it has a place."""

    __tablename__ = "ent_campaign_class"
    __table_args__ = (
        UniqueConstraint("establishment_id", "campaign_id", "class_code"),
        CheckConstraint(f"place IN ({_listed(Where)})", name="place"),
        CheckConstraint(f"answering_since IS NULL OR place = '{Where.CLASS}'", name="answering"),
        _of_campaign(),
    )

    campaign_id: Mapped[UUID] = mapped_column(Uuid)
    class_code: Mapped[str] = mapped_column(String(80))
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the teacher; empty once that account is erased."""
    place: Mapped[str | None] = mapped_column(String(6))
    """Where the class answers (`model.Where`); empty until it may."""
    pupils: Mapped[int | None] = mapped_column(Integer)
    """How many pupils the teacher says there are, for the ring; nothing else rests on it."""
    level: Mapped[str | None] = mapped_column(String(10))
    """The level of its pupils (`plan.LEVELS_OF`), where the head has listed the class."""
    enrolled: Mapped[int | None] = mapped_column(Integer)
    """How many pupils it has, where the head has listed it."""
    cohort_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Whom its pupils' answers are counted with (`protocol.Cohort`), from when the campaign has its keys."""
    answering_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """In class, from when its pupils answer: nobody of it is given a token any more (`service.barrier`)."""


class Issuance(OfEstablishment, Base):
    """Someone has had a token signed. `id` is a keyed digest of the campaign and the account, so that each has one.

    Whether a ballot was sent with it nobody can tell: the token is not in here, only the digest of its blinded form.
    """

    __tablename__ = "ent_issuance"
    __table_args__ = (_of_campaign(), NO_ROW_NUMBER)

    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    cohort_id: Mapped[UUID] = mapped_column(Uuid)
    class_code: Mapped[str] = mapped_column(String(80))
    blinded: Mapped[bytes] = mapped_column(LargeBinary)


class SealedBallot(Base):
    """Somebody's answers, sealed, with the token that entitles to send them; deleted at the closing.

    It refers to no other row by a constraint: PostgreSQL would write down a lock of the campaign for each ballot.
    """

    __tablename__ = "ent_sealed_ballot"
    __table_args__ = (NO_ROW_NUMBER,)

    establishment_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    cohort_id: Mapped[UUID] = mapped_column(Uuid)
    card: Mapped[bool] = mapped_column(Boolean)
    """Sent with a card: `prepared` is the digest of its code, and there is no signature."""
    prepared: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


# Ballots are as random as can be and fit into a page: they are neither compressed nor kept apart in pieces.
for _column in ("prepared", "signature", "sealed"):
    # SQLAlchemy gives DDL no types; the three names stand in the line above
    _storage = DDL(f"ALTER TABLE ent_sealed_ballot ALTER {_column} SET STORAGE MAIN")  # type: ignore[no-untyped-call]
    event.listen(SealedBallot.__table__, "after_create", _storage.execute_if(dialect="postgresql"))


class Card(OfEstablishment, Base):
    """A paper card with a code to answer once. `id` is a keyed digest of the code."""

    __tablename__ = "ent_ballot_card"
    __table_args__ = (CheckConstraint(f"purpose IN ({_listed(For)})", name="purpose"), _of_campaign(), NO_ROW_NUMBER)

    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    cohort_id: Mapped[UUID] = mapped_column(Uuid)
    class_code: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(6))
    """What it is for (`card_rules.For`)."""


class CardClass(OfEstablishment, Base):
    """A class that is to answer by cards alone: one adult has asked, and a second one has confirmed or not yet.

    Each of them prints one half of the cards, once it is confirmed.
    """

    __tablename__ = "ent_card_class"
    __table_args__ = (
        UniqueConstraint("establishment_id", "campaign_id", "class_code"),
        CheckConstraint(f"pupils BETWEEN 1 AND {LARGEST}", name="pupils"),
        CheckConstraint("asked_by <> confirmed_by", name="two"),
        _of_campaign(),
    )

    campaign_id: Mapped[UUID] = mapped_column(Uuid)
    class_code: Mapped[str] = mapped_column(String(80))
    pupils: Mapped[int] = mapped_column(Integer)
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    asked_by: Mapped[UUID | None] = mapped_column(Uuid)
    confirmed_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Accounts of the two adults; empty once erased."""


class SpentToken(Base):
    """A token that was counted, with its signature: what `verify` checks. Kept in the order of its random id."""

    __tablename__ = "ent_spent_token"
    __table_args__ = (NO_ROW_NUMBER,)

    establishment_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    prepared: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class ResultCell(OfEstablishment, Base):
    """One number that may be shown: how many gave an answer, in the whole school or a level. What stays hidden has no
    row.

    `choice` may also be ANSWERED or ABOVE (`model`).
    """

    __tablename__ = "ent_result_cell"
    __table_args__ = (
        UniqueConstraint("establishment_id", "campaign_id", "level", "item", "choice", name="uq_ent_result_cell"),
        CheckConstraint("count >= 0", name="count"),
        _of_campaign(),
    )

    campaign_id: Mapped[UUID] = mapped_column(Uuid)
    level: Mapped[str] = mapped_column(String(80), default=WHOLE)
    """Of whom it is told: WHOLE, or a cohort's (`protocol.Cohort.level`)."""
    item: Mapped[str] = mapped_column(String(40))
    choice: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(Integer)


class SurveyText(OfEstablishment, Base):
    """What somebody wrote in answer to a question, as it may be read: of the whole school, beside nothing else.

    Neither its place nor its id tells when it came, or which others its writer wrote (`written.kept`).
    """

    __tablename__ = "ent_survey_text"
    __table_args__ = (_of_campaign(), NO_ROW_NUMBER)

    campaign_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    item: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    """That it is one of those that were kept at the closing (`service.record`)."""


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
    """Classes in which someone took a token or a card."""
    record: Mapped[bytes] = mapped_column(LargeBinary)
    """The closing record (`service.record`): what was issued, sent, counted, in figures of the whole school."""
    record_signature: Mapped[bytes] = mapped_column(LargeBinary)
