"""A campaign opens: straight away for a class, where nothing was announced; else on its day.

Whoever opens straight away says that families were told. What was announced opens by the job of the tick, or as soon
as a teacher starts a class on that day; then its classes are started one by one, or all at once where pupils answer
at home. Parents and staff have no teacher: on the day, all of them may answer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, true, update
from sqlalchemy.orm import Session

from ent_module.database import add_once
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris, school_year
from ent_module.privacy import audit
from ent_module.surveys import campaign_keys, campaigns, cohorts
from ent_module.surveys.model import DAYS_OPEN, LEVELS, Joining, Questionnaire, State, Where, announced_end
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.plan import Told, class_key
from ent_module.surveys.protocol import PublishedKeys, fingerprint, of_keys
from ent_module.surveys.service.holding import hold
from ent_module.surveys.tables import AskedQuestionnaire, Campaign, CampaignClass
from ent_module.web.house import House, KeyStore


class NotASchoolError(Exception):
    """Only schools ask their pupils."""


class OtherAudienceError(NotASchoolError):
    """Pupils are asked by class, parents and staff as a whole school, once the head has announced it; neither is asked
    what is for others."""


class ClosedCampaignError(Exception):
    """The campaign has ended, and stays so."""


class NotYetError(Exception):
    """The campaign was announced for a later day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class NotListedError(Exception):
    """The class is not in the audience that was announced."""


@dataclass(frozen=True)
class Opener:
    """Who opens, and when."""

    account_id: UUID
    today: date


def open_class(
    db: Session,
    store: KeyStore,
    establishment_id: UUID,
    questionnaire: Questionnaire,
    joining: Joining,
    by: UUID,
    today: date,
    *,
    days: int = DAYS_OPEN,
) -> Campaign:
    """Starts a class of pupils in the campaign that runs; where none does, it opens one, for so many days. Twice is
    once.

    Raises NotASchoolError, OtherAudienceError, ClosedCampaignError, NotYetError, NotListedError.
    """
    school = establishments.get(db, establishment_id)
    if school.kind not in LEVELS:
        raise NotASchoolError
    if questionnaire.audience is not Audience.PUPILS or joining.class_code in WHOLE_SCHOOL.values():
        raise OtherAudienceError
    campaign = campaigns.running(db, establishment_id, questionnaire.id, school_year(today))
    if campaign is None:
        campaign = _open(db, store, establishment_id, questionnaire, Opener(by, today), days)
    hold(db, campaign.id)
    db.refresh(campaign)
    if campaign.state == State.ANNOUNCED:
        _open_announced(db, campaign, today)
    if campaign.state != State.OPEN:
        raise ClosedCampaignError
    if _join(db, campaign, joining, by):
        audit.note(db, establishment_id, by, "survey.opened", campaign.id, today)
    return campaign


def open_due(house: House, now: datetime) -> None:
    """The job: opens what was announced for today, or for a day on which no tick came."""
    today = paris(now).date()
    found = select(Campaign.establishment_id, Campaign.id).where(
        Campaign.state == State.ANNOUNCED, Campaign.opened_on <= today
    )
    with house.database.reading() as db:
        due = [(row.establishment_id, row.id) for row in db.execute(found, execution_options={"across": True})]
    for place in due:
        with house.database.writing() as db:
            hold(db, place[1])
            campaign = db.get(Campaign, place)
            if campaign is not None and campaign.state == State.ANNOUNCED:
                _open_announced(db, campaign, today)


def _open_announced(db: Session, campaign: Campaign, today: date) -> None:
    """Opens it; at home nobody else has to start anything, nor where adults are asked. Raises NotYetError before its
    day."""
    if today < campaign.opened_on:
        raise NotYetError(campaign.opened_on)
    mine = (Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
    db.execute(update(Campaign).where(*mine, Campaign.state == State.ANNOUNCED).values(state=State.OPEN))
    by_themselves = true() if campaign.place == Where.HOME else CampaignClass.class_code.in_(WHOLE_SCHOOL.values())
    db.execute(
        update(CampaignClass)
        .where(
            CampaignClass.establishment_id == campaign.establishment_id,
            CampaignClass.campaign_id == campaign.id,
            CampaignClass.place.is_(None),
            by_themselves,
        )
        .values(place=campaign.place)
    )
    db.refresh(campaign)


def _join(db: Session, campaign: Campaign, joining: Joining, by: UUID) -> bool:
    """Whether the class was not started before. Raises NotListedError."""
    if not campaign.listed:
        return add_once(
            db,
            CampaignClass,
            establishment_id=campaign.establishment_id,
            campaign_id=campaign.id,
            class_code=joining.class_code,
            opened_by=by,
            pupils=joining.pupils,
            place=joining.where,
            cohort_id=PublishedKeys.read(campaign.keys).cohorts[0].id,
        )
    row = listed_as(campaigns.audience(db, campaign), joining.class_code)
    if row is None:
        raise NotListedError
    started = db.execute(
        update(CampaignClass)
        .where(CampaignClass.establishment_id == campaign.establishment_id, CampaignClass.id == row.id)
        # where it was listed in other signs, pupils come with those of the portal
        .where(CampaignClass.place.is_(None) | (CampaignClass.class_code != joining.class_code))
        .values(
            class_code=joining.class_code,
            opened_by=by,
            pupils=joining.pupils,
            place=joining.where,
            answering_since=None,
        )
        .returning(CampaignClass.id)
    )
    return started.first() is not None


def listed_as(audience: list[CampaignClass], class_code: str) -> CampaignClass | None:
    """The class of an audience that the portal calls so: by its very name, else by what spellings have in common."""
    same = [row for row in audience if class_key(row.class_code) == class_key(class_code)]
    return next((row for row in same if row.class_code == class_code), next(iter(same), None))


def _open(
    db: Session, store: KeyStore, establishment_id: UUID, questionnaire: Questionnaire, opener: Opener, days: int
) -> Campaign:
    """A campaign for the whole school with keys of its own: drafted, announced and opened at once. Of those made at
    one moment, one stays. Raises ClosedCampaignError where this year's has ended."""
    school, year = establishments.get(db, establishment_id), school_year(opener.today)
    number = next_number(db, establishment_id, questionnaire.id, year)
    if not may_open(db, establishment_id, questionnaire, year):
        raise ClosedCampaignError
    campaign_id, (cohort,) = uuid4(), cohorts.whole()
    document = campaign_keys.make(store, campaign_id, questionnaire.digest, [cohort]).document
    keep(db, questionnaire)
    made = add_once(
        db,
        Campaign,
        establishment_id=establishment_id,
        id=campaign_id,
        questionnaire=questionnaire.id,
        version=questionnaire.version,
        digest=questionnaire.digest,
        level=school.kind,
        school_year=year,
        number=number,
        opened_on=opener.today,
        closes_on=announced_end(opener.today, establishments.calendar(db, establishment_id).is_school_day, days),
        announced_on=opener.today,
        announced_by=opener.account_id,
        told=Told.SAID,
        keys=document,
        keys_digest=fingerprint(document),
    )
    if made:
        audit.note(db, establishment_id, opener.account_id, "survey.keys", of_keys(document), opener.today)
    else:
        store.destroy(campaign_id)
    found = campaigns.running(db, establishment_id, questionnaire.id, year)
    if found is None:
        raise LookupError("a campaign that is there cannot be read")
    return found


def may_open(db: Session, establishment_id: UUID, questionnaire: Questionnaire, year: int) -> bool:
    """Whether a teacher may open a campaign straight away where none runs. Only what asks about a lesson or a trip is
    opened so once more: a latecomer would begin another campaign for one class alone."""
    return questionnaire.feedback or not campaigns.asked_before(db, establishment_id, questionnaire.id, year)


def next_number(db: Session, establishment_id: UUID, questionnaire: str, year: int) -> int:
    """The number of the questionnaire's next campaign of that school year."""
    found = select(func.max(Campaign.number)).where(
        Campaign.establishment_id == establishment_id,
        Campaign.questionnaire == questionnaire,
        Campaign.school_year == year,
    )
    return (db.scalar(found) or 0) + 1


def keep(db: Session, questionnaire: Questionnaire) -> None:
    """Keeps a questionnaire as it is asked now."""
    add_once(db, AskedQuestionnaire, digest=questionnaire.digest, data=dict(questionnaire.data))
