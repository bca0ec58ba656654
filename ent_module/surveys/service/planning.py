"""A campaign before it opens: drafted, changed, discarded; announced, or called off until its day.

Small actions of the head, each of which finds its work done the second time. `opening` takes it from there.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import school_year
from ent_module.privacy import audit, custody
from ent_module.surveys import campaign_keys, campaigns
from ent_module.surveys.cohorts import Enrolled, divide
from ent_module.surveys.model import LEVELS, Custody, Questionnaire, State
from ent_module.surveys.plan import OTHER, Notice, Plan, in_time
from ent_module.surveys.protocol import fingerprint, of_keys
from ent_module.surveys.service.closing import UnknownCampaignError
from ent_module.surveys.service.holding import hold
from ent_module.surveys.service.opening import NotASchoolError, OtherAudienceError, keep, next_number
from ent_module.surveys.tables import Campaign, CampaignClass
from ent_module.web.house import KeyStore


class AnnouncedError(Exception):
    """What was announced changes no more."""


class OpenError(Exception):
    """What has opened is not called off: it is ended, on its last day."""


class TooSoonError(Exception):
    """Families, or the adults who are asked, would not know long enough before the first day."""


class NotRehearsedError(Exception):
    """Nobody has tried the two shares of its key: a mistake in them would be found when it is too late."""


class RunningError(Exception):
    """Another campaign of the questionnaire is announced or open: it ends first."""


@dataclass(frozen=True)
class Drafted:
    """What is written of a draft."""

    questionnaire: Questionnaire
    plan: Plan

    @property
    def values(self) -> dict[str, object]:
        """The columns of the campaign."""
        return {
            "questionnaire": self.questionnaire.id,
            "version": self.questionnaire.version,
            "digest": self.questionnaire.digest,
            "school_year": school_year(self.plan.opens_on),
            "opened_on": self.plan.opens_on,
            "closes_on": self.plan.closes_on,
            "readers": self.plan.readers,
            "place": self.plan.place,
        }


def draft(
    db: Session, establishment_id: UUID, drafted: Drafted, by: UUID, today: date, proposal_id: UUID | None = None
) -> Campaign:
    """A new draft, which nobody sees but the head. `proposal_id`: what a level above proposed, and it takes over.

    Raises NotASchoolError.
    """
    school = establishments.get(db, establishment_id)
    if school.kind not in LEVELS:
        raise NotASchoolError
    establishments.hold(db, establishment_id)
    keep(db, drafted.questionnaire)
    year = school_year(drafted.plan.opens_on)
    campaign = Campaign(
        establishment_id=establishment_id,
        id=uuid4(),
        level=school.kind,
        state=State.DRAFT,
        number=next_number(db, establishment_id, drafted.questionnaire.id, year),
        listed=True,
        keys=b"",
        keys_digest="",
        proposal_id=proposal_id,
        **drafted.values,
    )
    db.add(campaign)
    db.flush()
    _list(db, campaign, drafted.plan)
    audit.note(db, establishment_id, by, "survey.drafted", campaign.id, today)
    return campaign


def change(db: Session, establishment_id: UUID, campaign_id: UUID, drafted: Drafted) -> None:
    """Changes a draft; with another questionnaire it is no longer what was proposed.

    Raises UnknownCampaignError, AnnouncedError.
    """
    campaign = _draft(db, establishment_id, campaign_id)
    if drafted.questionnaire.id != campaign.questionnaire:
        campaign.proposal_id = None
    keep(db, drafted.questionnaire)
    year = school_year(drafted.plan.opens_on)
    if (drafted.questionnaire.id, year) != (campaign.questionnaire, campaign.school_year):
        establishments.hold(db, establishment_id)
        campaign.number = next_number(db, establishment_id, drafted.questionnaire.id, year)
    for name, value in drafted.values.items():
        setattr(campaign, name, value)
    _list(db, campaign, drafted.plan)


def entrust(db: Session, establishment_id: UUID, campaign_id: UUID, wrapped: bytes | None) -> None:
    """Gives the key of a draft to two adults, or (None) to the machine. What was chosen before opens nothing any more.

    Raises UnknownCampaignError, AnnouncedError.
    """
    campaign = _draft(db, establishment_id, campaign_id)
    campaign.custody = Custody.SIMPLE if wrapped is None else Custody.SHARED
    campaign.wrapped, campaign.rehearsed_on = wrapped, None
    db.flush()


def rehearsed(db: Session, establishment_id: UUID, campaign_id: UUID, wrapped: bytes, today: date) -> None:
    """Notes that the two shares of a draft's key have opened `wrapped`, unless there are others meanwhile.

    Raises UnknownCampaignError, AnnouncedError.
    """
    campaign = _draft(db, establishment_id, campaign_id)
    if campaign.wrapped == wrapped:
        campaign.rehearsed_on = today
        db.flush()


def set_levels(db: Session, establishment_id: UUID, campaign_id: UUID, levels: dict[str, str]) -> None:
    """Corrects the levels of classes of a draft, by name. Raises UnknownCampaignError, AnnouncedError."""
    campaign = _draft(db, establishment_id, campaign_id)
    for row in campaigns.audience(db, campaign):
        row.level = levels.get(row.class_code, row.level)
    db.flush()


def discard(db: Session, establishment_id: UUID, campaign_id: UUID, by: UUID, today: date) -> None:
    """Forgets a draft; a second time changes nothing. Raises AnnouncedError."""
    try:
        campaign = _draft(db, establishment_id, campaign_id)
    except UnknownCampaignError:
        return
    _forget(db, campaign)
    audit.note(db, establishment_id, by, "survey.discarded", campaign_id, today)


def announce(
    db: Session,
    store: KeyStore,
    establishment_id: UUID,
    campaign_id: UUID,
    questionnaire: Questionnaire,
    notice: Notice,
    by: UUID,
    today: date,
) -> Campaign:
    """Freezes a draft with `questionnaire` as it is now, and makes its keys. A second time changes nothing.

    Raises UnknownCampaignError, OtherAudienceError where it asks others by now, TooSoonError, NotRehearsedError,
    RunningError.
    """
    campaign = _held(db, establishment_id, campaign_id)
    if campaign.state != State.DRAFT:
        return campaign
    if questionnaire.audience is not campaigns.asked(db, campaign).audience:
        raise OtherAudienceError
    if not in_time(notice, campaign.opened_on, questionnaire.audience) or campaign.opened_on < today:
        raise TooSoonError
    if campaign.custody == Custody.SHARED and campaign.rehearsed_on is None:
        raise NotRehearsedError
    establishments.hold(db, establishment_id)
    if campaigns.running(db, establishment_id, campaign.questionnaire, campaign.school_year) is not None:
        raise RunningError
    keep(db, questionnaire)
    campaign.version, campaign.digest = questionnaire.version, questionnaire.digest
    _make_keys(db, store, campaign)
    campaign.state = State.ANNOUNCED
    campaign.announced_on, campaign.announced_by = today, by
    campaign.told, campaign.told_on = notice.told, notice.told_on
    db.flush()
    audit.note(db, establishment_id, by, "survey.announced", campaign_id, today)
    audit.note(db, establishment_id, by, "survey.keys", of_keys(campaign.keys), today)
    return campaign


def _make_keys(db: Session, store: KeyStore, campaign: Campaign) -> None:
    """New keys for the cohorts into which the classes are divided for good; those of an announcement that came to
    nothing are in nobody's hands. What two shares open is there already."""
    store.destroy(campaign.id)
    audience = campaigns.audience(db, campaign)
    groups = divide(Enrolled(row.class_code, row.level or OTHER, row.enrolled or 0) for row in audience)
    sealing = custody.public_of(campaign.wrapped or b"")
    made = campaign_keys.make(store, campaign.id, campaign.digest, groups, sealing)
    campaign.keys, campaign.keys_digest = made.document, fingerprint(made.document)
    cohort_of = {code: group.id for group in groups for code in group.classes}
    for row in audience:
        row.cohort_id = cohort_of[row.class_code]


def call_off(db: Session, store: KeyStore, establishment_id: UUID, campaign_id: UUID, by: UUID, today: date) -> None:
    """Forgets a campaign that was announced, and destroys its keys; a second time changes nothing.

    Raises OpenError once it has opened.
    """
    try:
        campaign = _held(db, establishment_id, campaign_id)
    except UnknownCampaignError:
        return
    if campaign.state != State.ANNOUNCED:
        raise OpenError
    store.destroy(campaign_id)
    _forget(db, campaign)
    audit.note(db, establishment_id, by, "survey.called_off", campaign_id, today)


def _held(db: Session, establishment_id: UUID, campaign_id: UUID) -> Campaign:
    """A campaign that nobody else changes until the transaction ends. Raises UnknownCampaignError."""
    hold(db, campaign_id, alone=True)
    campaign = db.get(Campaign, (establishment_id, campaign_id), populate_existing=True)
    if campaign is None:
        raise UnknownCampaignError
    return campaign


def _draft(db: Session, establishment_id: UUID, campaign_id: UUID) -> Campaign:
    campaign = _held(db, establishment_id, campaign_id)
    if campaign.state != State.DRAFT:
        raise AnnouncedError
    return campaign


def _forget(db: Session, campaign: Campaign) -> None:
    _unlist(db, campaign)
    db.execute(
        delete(Campaign).where(Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
    )


def _list(db: Session, campaign: Campaign, plan: Plan) -> None:
    """The classes of a draft, instead of those that were listed before; a level that was corrected stays."""
    before = {row.class_code: row.level for row in campaigns.audience(db, campaign)}
    _unlist(db, campaign)
    db.add_all(
        CampaignClass(
            establishment_id=campaign.establishment_id,
            campaign_id=campaign.id,
            class_code=one.name,
            enrolled=one.enrolled,
            level=before.get(one.name) or one.level,
        )
        for one in plan.classes
    )
    db.flush()


def _unlist(db: Session, campaign: Campaign) -> None:
    db.execute(
        delete(CampaignClass).where(
            CampaignClass.establishment_id == campaign.establishment_id, CampaignClass.campaign_id == campaign.id
        )
    )
