"""A campaign is opened, with its keys, by the first class that joins."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import school_year
from ent_module.privacy import audit
from ent_module.surveys import campaign_keys, cohorts
from ent_module.surveys.model import LEVELS, Joining, Questionnaire, State, announced_end
from ent_module.surveys.protocol import fingerprint
from ent_module.surveys.service.holding import hold
from ent_module.surveys.tables import AskedQuestionnaire, Campaign, CampaignClass
from ent_module.web.house import KeyStore


class NotASchoolError(Exception):
    """Only schools ask their pupils."""


class ClosedCampaignError(Exception):
    """This year's campaign has ended, and stays so."""


def open_class(
    db: Session,
    store: KeyStore,
    establishment_id: UUID,
    questionnaire: Questionnaire,
    joining: Joining,
    by: UUID,
    today: date,
) -> Campaign:
    """Opens this year's campaign for a class; the first class opens the campaign. Twice is once.

    Raises NotASchoolError, ClosedCampaignError.
    """
    school = establishments.get(db, establishment_id)
    if school.kind not in LEVELS:
        raise NotASchoolError
    campaign = _this_years(db, establishment_id, questionnaire, today)
    if campaign is None:
        campaign = _open(db, store, establishment_id, questionnaire, today)
    hold(db, campaign.id)
    db.refresh(campaign)
    if campaign.state != State.OPEN:
        raise ClosedCampaignError
    joined = _insert(
        db,
        CampaignClass,
        establishment_id=establishment_id,
        campaign_id=campaign.id,
        class_code=joining.class_code,
        opened_by=by,
        pupils=joining.pupils,
        place=joining.where,
    )
    if joined:
        audit.note(db, establishment_id, by, "survey.opened", campaign.id, today)
    return campaign


def _this_years(db: Session, establishment_id: UUID, questionnaire: Questionnaire, today: date) -> Campaign | None:
    return db.scalar(
        select(Campaign).where(
            Campaign.establishment_id == establishment_id,
            Campaign.questionnaire == questionnaire.id,
            Campaign.school_year == school_year(today),
        )
    )


def _open(db: Session, store: KeyStore, establishment_id: UUID, questionnaire: Questionnaire, today: date) -> Campaign:
    """The campaign of this school year with keys of its own. Of those made at one moment, one stays."""
    school = establishments.get(db, establishment_id)
    campaign_id, digest, (cohort,) = uuid4(), questionnaire.digest, cohorts.whole()
    document = campaign_keys.make(store, campaign_id, digest, [cohort]).document
    _insert(db, AskedQuestionnaire, digest=digest, data=dict(questionnaire.data))
    made = _insert(
        db,
        Campaign,
        establishment_id=establishment_id,
        id=campaign_id,
        questionnaire=questionnaire.id,
        version=questionnaire.version,
        digest=digest,
        level=school.kind,
        school_year=school_year(today),
        opened_on=today,
        closes_on=announced_end(today, establishments.calendar(db, establishment_id).is_school_day),
        cohort_id=cohort.id,
        keys=document,
        keys_digest=fingerprint(document),
    )
    if not made:
        store.destroy(campaign_id)
    found = _this_years(db, establishment_id, questionnaire, today)
    if found is None:
        raise LookupError("a campaign that is there cannot be read")
    return found


def _insert(db: Session, row: type[Any], **values: Any) -> bool:
    """Adds a row unless one with the same key is there. PostgreSQL would log a refused key with its value and time."""
    insert = insert_postgresql if db.get_bind().dialect.name == "postgresql" else insert_sqlite
    # What comes back tells whether it was added: SQLAlchemy keeps no row count of an INSERT on PostgreSQL.
    statement = insert(row.__table__).on_conflict_do_nothing().returning(*row.__table__.primary_key)
    return db.execute(statement, values).first() is not None
