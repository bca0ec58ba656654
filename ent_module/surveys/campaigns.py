"""What may be asked about campaigns: which are open, for whom, how many took part, what came of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.recall import remembered
from ent_module.surveys.card_counts import card_classes, cards_made
from ent_module.surveys.card_rules import For, Limit, limits
from ent_module.surveys.content import by_digest
from ent_module.surveys.model import Questionnaire, State, Where
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.plan import Readers, class_key
from ent_module.surveys.protocol import Cohort, PublishedKeys
from ent_module.surveys.release import WHOLE, Cell, LevelCell, of_level
from ent_module.surveys.tables import (
    AskedQuestionnaire,
    Campaign,
    CampaignClass,
    Closing,
    Issuance,
    ResultCell,
    SealedBallot,
)

STARTED = CampaignClass.place.is_not(None)
"""Classes for which a campaign is open; others of its audience wait for their teachers."""
_OF_PUPILS = CampaignClass.class_code.not_in(WHOLE_SCHOOL.values())
"""No teacher starts or watches parents or staff, whatever a portal calls a class."""
STEP = 5
"""Ballots that have arrived are told in such steps, so that a number never tells when one pupil sent."""


def asked(db: Session, campaign: Campaign) -> Questionnaire:
    """The questionnaire as this campaign asks it, whatever the shelf holds by now."""
    if on_shelf := by_digest().get(campaign.digest):
        return on_shelf
    return Questionnaire.from_data(db.get_one(AskedQuestionnaire, campaign.digest).data)


def told(db: Session, campaign: Campaign) -> Questionnaire:
    """The questionnaire as the results of this campaign tell it."""
    return asked(db, campaign).as_told


def audience(db: Session, campaign: Campaign) -> list[CampaignClass]:
    """The classes that were listed for a campaign, and those that joined it, by name."""
    return list(
        db.scalars(
            select(CampaignClass)
            .where(
                CampaignClass.establishment_id == campaign.establishment_id,
                CampaignClass.campaign_id == campaign.id,
            )
            .order_by(CampaignClass.class_code)
        )
    )


def classes_of(db: Session, campaign: Campaign) -> list[str]:
    """The classes for which a campaign is open, by name."""
    return [row.class_code for row in audience(db, campaign) if row.place is not None]


def campaign_of(db: Session, establishment_id: UUID, campaign_id: UUID) -> Campaign | None:
    """A campaign of that establishment."""
    return db.get(Campaign, (establishment_id, campaign_id))


def campaigns(db: Session, establishment_id: UUID) -> list[Campaign]:
    """The campaigns of an establishment, the newest first."""
    return list(
        db.scalars(
            select(Campaign)
            .where(Campaign.establishment_id == establishment_id)
            .order_by(Campaign.opened_on.desc(), Campaign.questionnaire)
        )
    )


def shared(db: Session, establishment_id: UUID) -> list[Campaign]:
    """The released campaigns whose results all who work at the school may read, the newest first."""
    return [
        one for one in campaigns(db, establishment_id) if one.state == State.RELEASED and one.readers == Readers.ADULTS
    ]


def is_shared(db: Session, establishment_id: UUID) -> bool:
    """Whether there are such results, as home pages say it: remembered for a few seconds."""
    key = ("shared", establishment_id)
    return remembered(db, key, (Campaign.__tablename__,), lambda: bool(shared(db, establishment_id)))


def running(db: Session, establishment_id: UUID, questionnaire: str, year: int) -> Campaign | None:
    """The campaign of that questionnaire and school year that is open, or announced: there is one at most."""
    return db.scalar(
        select(Campaign)
        .where(
            Campaign.establishment_id == establishment_id,
            Campaign.questionnaire == questionnaire,
            Campaign.school_year == year,
            Campaign.state.in_([State.ANNOUNCED, State.OPEN]),
        )
        .order_by(Campaign.number)
        .limit(1)
    )


def asked_before(db: Session, establishment_id: UUID, questionnaire: str, year: int) -> bool:
    """Whether a campaign of that questionnaire and school year has ended."""
    ended = select(Campaign.id).where(
        Campaign.establishment_id == establishment_id,
        Campaign.questionnaire == questionnaire,
        Campaign.school_year == year,
        Campaign.state.not_in([State.DRAFT, State.ANNOUNCED, State.OPEN]),
    )
    return db.scalar(ended.limit(1)) is not None


def open_for(db: Session, establishment_id: UUID, classes: Sequence[str]) -> list[Campaign]:
    """The campaigns that are open for one of these classes, the oldest first."""
    if not classes:
        return []
    return list(
        db.scalars(
            select(Campaign)
            .where(
                Campaign.establishment_id == establishment_id,
                Campaign.state == State.OPEN,
                Campaign.id.in_(
                    select(CampaignClass.campaign_id).where(
                        CampaignClass.establishment_id == establishment_id,
                        CampaignClass.class_code.in_(classes),
                        STARTED,
                    )
                ),
            )
            .order_by(Campaign.opened_on, Campaign.id)
        )
    )


def is_open_for(db: Session, establishment_id: UUID, classes: Sequence[str]) -> bool:
    """Whether anything is open for one of these classes, as home pages say it: remembered for a few seconds."""
    rests_on = (Campaign.__tablename__, CampaignClass.__tablename__)
    key = ("asked", establishment_id, *classes)
    return remembered(db, key, rests_on, lambda: bool(open_for(db, establishment_id, classes)))


@dataclass(frozen=True)
class Progress:
    """How many of a class have a questionnaire before them or behind them, and nothing else; once the campaign has
    ended, not even that."""

    campaign: Campaign
    class_code: str
    opened: int | None
    """Tokens that were signed. Who has one may have sent it, or not: nobody can tell."""
    pupils: int | None
    cards: Mapping[For, int]
    """That were made, by what they are for."""
    limits: Mapping[For, Limit]
    alone: bool | None
    """Whether it answers by cards alone (True), or is to once a second adult agrees (False)."""
    in_class: bool
    """Whether all of it open first, and then all answer (`service.barrier`)."""
    answering_since: datetime | None
    """Since when it answers then, as clocks in Paris show it."""


def progress(db: Session, establishment_id: UUID, classes: Iterable[str]) -> list[Progress]:
    """How many of these classes have answered, by campaign, the newest first."""
    rows = db.execute(
        select(Campaign, CampaignClass)
        .join(
            CampaignClass,
            (CampaignClass.establishment_id == Campaign.establishment_id) & (CampaignClass.campaign_id == Campaign.id),
        )
        .where(Campaign.establishment_id == establishment_id, CampaignClass.class_code.in_(list(classes)))
        .where(STARTED, _OF_PUPILS)
        .order_by(Campaign.opened_on.desc(), CampaignClass.class_code)
    ).all()
    running = {campaign.id for campaign, _row in rows if campaign.state == State.OPEN}
    opened = {one: opened_now(db, establishment_id, one) for one in running}
    made = {one: cards_made(db, establishment_id, one) for one in running}
    alone = {one: card_classes(db, establishment_id, one) for one in running}
    return [
        Progress(
            campaign,
            row.class_code,
            opened[campaign.id].get(row.class_code, 0) if campaign.id in running else None,
            row.pupils or row.enrolled,
            made[campaign.id].get(row.class_code, {}) if campaign.id in running else {},
            limits(row.class_code, row.enrolled or row.pupils, opened[campaign.id], made[campaign.id])
            if campaign.id in running
            else {},
            alone[campaign.id].get(row.class_code) if campaign.id in running else None,
            row.place == Where.CLASS,
            row.answering_since and paris(row.answering_since),
        )
        for campaign, row in rows
    ]


@dataclass(frozen=True)
class Waiting:
    """A class that a campaign was announced for, and that has not been started."""

    campaign: Campaign
    class_code: str
    """As the portal names it."""


def waiting(db: Session, establishment_id: UUID, classes: Sequence[str]) -> list[Waiting]:
    """Which of these classes a teacher may start, today or once the day has come; the first day first."""
    found = db.execute(
        select(Campaign, CampaignClass.class_code)
        .join(
            CampaignClass,
            (CampaignClass.establishment_id == Campaign.establishment_id) & (CampaignClass.campaign_id == Campaign.id),
        )
        .where(
            Campaign.establishment_id == establishment_id,
            Campaign.state.in_([State.ANNOUNCED, State.OPEN]),
            CampaignClass.place.is_(None),
            _OF_PUPILS,
        )
        .order_by(Campaign.opened_on, CampaignClass.class_code)
    ).all()
    mine = {class_key(code): code for code in classes}
    return [Waiting(campaign, mine[key]) for campaign, code in found if (key := class_key(code)) in mine]


@dataclass(frozen=True)
class Standing:
    """How far a campaign is. `taken` is in steps while ballots arrive; None where few took part in one that was
    counted."""

    taken: int | None
    classes: int
    closing: Closing | None
    audience: Audience
    replaced: int
    """Cards that were made for lost questionnaires."""
    cohorts: tuple[tuple[Cohort, int], ...] = ()
    """While it is open, each cohort and how many ballots have arrived of it, in steps; none where there is only one."""
    invited: int | None = None
    """Of parents or staff, how many were invited, as it was announced; None where pupils are asked, or nobody said."""


def standing(db: Session, campaign: Campaign) -> Standing:
    """How many took part in a campaign, in how many classes."""
    closing, audience = closing_of(db, campaign.establishment_id, campaign.id), asked(db, campaign).audience
    invited = None if audience is Audience.PUPILS else invited_to(campaign)
    if closing is not None:
        replaced = json.loads(closing.record).get("replaced", 0) if closing.record else 0
        taken = closing.taken and in_steps(closing.taken)
        return Standing(taken, closing.classes, closing, audience, replaced, invited=invited)
    by_cohort = _arrived(db, campaign)
    cohorts = cohorts_of(campaign) if campaign.state == State.OPEN else ()
    told = tuple((one, by_cohort.get(one.id, 0)) for one in cohorts if len(cohorts) > 1)
    made = cards_made(db, campaign.establishment_id, campaign.id)
    replaced = sum(one.get(For.LOST, 0) for one in made.values())
    taken, classes = sum(by_cohort.values()), len(classes_of(db, campaign))
    return Standing(taken, classes, None, audience, replaced, told, invited)


def cohorts_of(campaign: Campaign) -> tuple[Cohort, ...]:
    """Whom results are about; nobody before a campaign has its keys."""
    return PublishedKeys.read(campaign.keys).cohorts if campaign.keys else ()


def invited_to(campaign: Campaign) -> int | None:
    """How many its only cohort has, as the list of keys says it to everyone; None where nobody said."""
    return next((one.enrolled for one in cohorts_of(campaign)), None)


def arrived(db: Session, campaign: Campaign) -> int:
    """How many ballots have arrived, of the whole school: what the steps of its cohorts add up to, so that it tells
    nothing that these do not."""
    return sum(_arrived(db, campaign).values())


def _arrived(db: Session, campaign: Campaign) -> dict[UUID, int]:
    """The same by cohort."""
    rows = db.execute(
        select(SealedBallot.cohort_id, func.count())
        .where(SealedBallot.establishment_id == campaign.establishment_id, SealedBallot.campaign_id == campaign.id)
        .group_by(SealedBallot.cohort_id)
    )
    return {cohort_id: in_steps(count) for cohort_id, count in rows}


def in_steps(count: int) -> int:
    """The last full step."""
    return count - count % STEP


def closing_of(db: Session, establishment_id: UUID, campaign_id: UUID) -> Closing | None:
    """How a campaign was counted; None before its keys are destroyed, when there is nothing to be read of it."""
    return db.scalar(
        _released().where(Closing.establishment_id == establishment_id, Closing.campaign_id == campaign_id)
    )


def _released() -> Select[Closing]:
    """The closings of which results may be read."""
    together = (Campaign.establishment_id == Closing.establishment_id) & (Campaign.id == Closing.campaign_id)
    return select(Closing).join(Campaign, together).where(Campaign.state == State.RELEASED)


def cells(db: Session, campaign: Campaign) -> list[Cell]:
    """What was released of the whole school: item, choice (or ANSWERED, ABOVE), count."""
    return of_level(all_cells(db, campaign), WHOLE)


def all_cells(db: Session, campaign: Campaign) -> list[LevelCell]:
    """The same of the school and of its levels, with the level (or WHOLE) first."""
    rows = db.execute(
        select(ResultCell.level, ResultCell.item, ResultCell.choice, ResultCell.count)
        .where(ResultCell.establishment_id == campaign.establishment_id, ResultCell.campaign_id == campaign.id)
        .order_by(ResultCell.level, ResultCell.item, ResultCell.choice)
    )
    return [(level, item, choice, count) for level, item, choice, count in rows]


def opened_now(db: Session, establishment_id: UUID, campaign_id: UUID) -> dict[str, int]:
    """How many of each class had a token signed; classes without anyone are left out."""
    rows = db.execute(
        select(Issuance.class_code, func.count())
        .where(Issuance.establishment_id == establishment_id, Issuance.campaign_id == campaign_id)
        .group_by(Issuance.class_code)
    )
    return {code: count for code, count in rows}  # noqa: C416  # a result is not typed as pairs


def keys_named(db: Session, digest: str) -> bytes | None:
    """The list of public keys with that digest, of whichever school: everyone may have it."""
    return db.scalar(select(Campaign.keys).where(Campaign.keys_digest == digest).execution_options(across=True))


def for_pupil(
    db: Session, establishment_id: UUID, campaign_id: UUID, classes: Sequence[str]
) -> tuple[Campaign, CampaignClass] | None:
    """A campaign with the first of these classes for which it was opened; None where it was opened for none."""
    values = {"establishment": establishment_id, "campaign": campaign_id, "classes": list(classes)}
    found = db.execute(_for_pupil(), values).first()
    return None if found is None else (found[0], found[1])


@cache
def _for_pupil() -> Select[Campaign, CampaignClass]:
    """Made once: it is asked whenever a questionnaire is opened."""
    return (
        select(Campaign, CampaignClass)
        .join(
            CampaignClass,
            (CampaignClass.establishment_id == Campaign.establishment_id) & (CampaignClass.campaign_id == Campaign.id),
        )
        .where(
            Campaign.establishment_id == bindparam("establishment"),
            Campaign.id == bindparam("campaign"),
            CampaignClass.class_code.in_(bindparam("classes", expanding=True)),
            STARTED,
        )
        .order_by(CampaignClass.class_code)
        .limit(1)
    )
