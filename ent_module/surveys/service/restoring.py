"""After a restore: campaigns that have keys and were not counted yet are forgotten, and may be begun anew.

Backups hold neither tokens nor ballots: whoever had a token would be given another. Whether this is a database that
came back is told by its mark (`privacy.generation`): until it has begun anew, it gives and takes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.privacy import generation
from ent_module.surveys.model import State
from ent_module.surveys.tables import Campaign, CampaignClass, Card, CardClass, Issuance, SealedBallot
from ent_module.web.house import House, KeyStore

_ACROSS = {"across": True}


RUNNING = (State.ANNOUNCED, State.OPEN, State.ENDED)
"""In these a campaign has keys."""
TROUBLE = (
    "the folder of survey keys (ENT_KEY_STORE) is not of the same time as the database: put the right folder in its "
    "place, or, where the database was restored, run: ent-module surveys begin-anew"
)


class NotRestoredError(Exception):
    """The database holds tokens, cards or ballots, which no backup does."""


class OtherGenerationError(Exception):
    """Surveys are running, and the database is of another time than the key store (TROUBLE)."""


@dataclass(frozen=True)
class Forgotten:
    """A campaign that its school may open anew."""

    id: UUID
    school: str
    questionnaire: str


def trouble(db: Session, store: KeyStore) -> str | None:
    """What keeps running surveys from giving and taking anything, in words for whoever runs it; None: nothing does."""
    running = select(Campaign.id).where(Campaign.state.in_(RUNNING)).limit(1)
    if generation.fits(db, store) or db.execute(running, execution_options=_ACROSS).first() is None:
        return None
    return TROUBLE


def keep_up(house: House, _now: datetime) -> None:
    """The job: the next mark for database and key store, so that an older copy of either is known by its own. Where no
    store is, there is none yet, or it is not mounted. Raises OtherGenerationError.
    """
    with house.database.writing() as db:
        if trouble(db, house.store) is not None:
            raise OtherGenerationError(TROUBLE)
        if house.store.is_there():
            generation.turn(db, house.store)


def begin_anew(db: Session, store: KeyStore) -> list[Forgotten]:
    """Forgets every campaign that was not counted when the backup was made.

    Raises NotRestoredError where tokens, cards or ballots are there, unless they are of another time than the keys.
    """
    of_ballots = (Issuance, Card, SealedBallot)
    if not store.is_there() or generation.fits(db, store):
        for table in of_ballots:
            if db.execute(select(table.id).limit(1), execution_options=_ACROSS).first() is not None:
                raise NotRestoredError
    found = db.scalars(
        select(Campaign).where(Campaign.state.in_(RUNNING)).order_by(Campaign.id),
        execution_options=_ACROSS,
    ).all()
    generation.forget(db)
    told = []
    for one in found:
        for part in (*of_ballots, CampaignClass, CardClass):
            db.execute(delete(part).where(part.establishment_id == one.establishment_id, part.campaign_id == one.id))
        db.execute(delete(Campaign).where(Campaign.establishment_id == one.establishment_id, Campaign.id == one.id))
        told.append(Forgotten(one.id, establishments.get(db, one.establishment_id).name, one.questionnaire))
    return told
