"""After a restore: campaigns that have keys and were not counted yet are forgotten, and may be begun anew.

Backups hold neither tokens nor ballots: whoever had a token would be given another.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.surveys.model import State
from ent_module.surveys.tables import Campaign, CampaignClass, Card, Issuance, SealedBallot

_ACROSS = {"across": True}


class NotRestoredError(Exception):
    """The database holds tokens, cards or ballots, which no backup does."""


@dataclass(frozen=True)
class Forgotten:
    """A campaign that its school may open anew."""

    id: UUID
    school: str
    questionnaire: str


def begin_anew(db: Session) -> list[Forgotten]:
    """Forgets every campaign that was not counted when the backup was made. Raises NotRestoredError."""
    for table in (Issuance, Card, SealedBallot):
        if db.execute(select(table.id).limit(1), execution_options=_ACROSS).first() is not None:
            raise NotRestoredError
    found = db.scalars(
        select(Campaign).where(Campaign.state.in_([State.ANNOUNCED, State.OPEN, State.ENDED])).order_by(Campaign.id),
        execution_options=_ACROSS,
    ).all()
    told = []
    for one in found:
        db.execute(
            delete(CampaignClass).where(
                CampaignClass.establishment_id == one.establishment_id, CampaignClass.campaign_id == one.id
            )
        )
        db.execute(delete(Campaign).where(Campaign.establishment_id == one.establishment_id, Campaign.id == one.id))
        told.append(Forgotten(one.id, establishments.get(db, one.establishment_id).name, one.questionnaire))
    return told
