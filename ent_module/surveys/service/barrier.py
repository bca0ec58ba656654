"""In class all open their questionnaires first, and then all answer: whoever took a token has no time of their own.

A class gathers from when it is opened. Once its teacher says that all are there, it answers, and nobody of it is given
a token; for whoever comes late the teacher lets it gather again, which does not touch those who answer already. The
moment is the class's: nothing is noted of a pupil, neither who has a token nor who has begun.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ent_module.privacy import audit
from ent_module.surveys.model import State, Where
from ent_module.surveys.service.holding import hold
from ent_module.surveys.service.issuing import EndedError
from ent_module.surveys.tables import Campaign, CampaignClass

_TOGETHER = (Campaign.establishment_id == CampaignClass.establishment_id) & (Campaign.id == CampaignClass.campaign_id)


class NotInClassError(LookupError):
    """The class was not opened for this campaign, or does not answer in class."""


def begin(
    db: Session, establishment_id: UUID, campaign_id: UUID, class_code: str, by: UUID, now: datetime, today: date
) -> None:
    """The class answers from now on; a second time changes nothing. Raises NotInClassError, EndedError."""
    if _turn(db, establishment_id, campaign_id, class_code, now):
        audit.note(db, establishment_id, by, "survey.class_began", campaign_id, today)


def let_in(db: Session, establishment_id: UUID, campaign_id: UUID, class_code: str, by: UUID, today: date) -> None:
    """The class gathers again; a second time changes nothing. Raises NotInClassError, EndedError."""
    if _turn(db, establishment_id, campaign_id, class_code, None):
        audit.note(db, establishment_id, by, "survey.class_let_in", campaign_id, today)


def _turn(db: Session, establishment_id: UUID, campaign_id: UUID, class_code: str, since: datetime | None) -> bool:
    """Whether that changed anything. Tokens that are being signed meanwhile are waited for."""
    hold(db, campaign_id, alone=True)
    mine = (
        CampaignClass.establishment_id == establishment_id,
        CampaignClass.campaign_id == campaign_id,
        CampaignClass.class_code == class_code,
        CampaignClass.place == Where.CLASS,
    )
    state = db.scalar(select(Campaign.state).join(CampaignClass, _TOGETHER).where(*mine))
    if state is None:
        raise NotInClassError
    if state != State.OPEN:
        raise EndedError
    other: Any = CampaignClass.answering_since.is_(None) if since else CampaignClass.answering_since.is_not(None)
    turned = update(CampaignClass).where(*mine, other).values(answering_since=since).returning(CampaignClass.id)
    return db.execute(turned).first() is not None


def begun(db: Session, establishment_id: UUID, campaign_id: UUID) -> dict[UUID, bool]:
    """Which classes of an open campaign answer by now, of those that answer in class, by the ids of their rows; none
    where the campaign is not open."""
    rows = db.execute(
        select(CampaignClass.id, CampaignClass.answering_since.is_not(None).label("answering"))
        .join(Campaign, _TOGETHER)
        .where(
            CampaignClass.establishment_id == establishment_id,
            CampaignClass.campaign_id == campaign_id,
            CampaignClass.place == Where.CLASS,
            Campaign.state == State.OPEN,
        )
        .order_by(CampaignClass.id)
    )
    return {row.id: row.answering for row in rows}


def forget_moments(db: Session, establishment_id: UUID, campaign_id: UUID) -> None:
    """When classes began is of no use once a campaign has ended."""
    db.execute(
        update(CampaignClass)
        .where(CampaignClass.establishment_id == establishment_id, CampaignClass.campaign_id == campaign_id)
        .values(answering_since=None)
    )
