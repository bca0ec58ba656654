"""What campaigns are told of code cards: how many were made for each class, and which classes answer by cards alone."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.recall import remembered
from ent_module.surveys.card_rules import For
from ent_module.surveys.tables import Card, CardClass


def cards_made(db: Session, establishment_id: UUID, campaign_id: UUID) -> dict[str, dict[For, int]]:
    """How many cards each class was given, by what they are for."""
    rows = db.execute(
        select(Card.class_code, Card.purpose, func.count())
        .where(Card.establishment_id == establishment_id, Card.campaign_id == campaign_id)
        .group_by(Card.class_code, Card.purpose)
    )
    found: dict[str, dict[For, int]] = {}
    for code, purpose, count in rows:
        found.setdefault(code, {})[For(purpose)] = count
    return found


def card_classes(db: Session, establishment_id: UUID, campaign_id: UUID) -> dict[str, bool]:
    """The classes that answer by cards alone, or are to: whether a second adult has agreed."""
    found = select(CardClass).where(
        CardClass.establishment_id == establishment_id, CardClass.campaign_id == campaign_id
    )
    return {row.class_code: row.confirmed for row in db.scalars(found)}


def card_classes_known(db: Session, establishment_id: UUID, campaign_id: UUID) -> dict[str, bool]:
    """The same, as pupils' pages say it: remembered for a few seconds."""
    key = ("card-classes", establishment_id, campaign_id)
    rests_on = (CardClass.__tablename__,)
    return remembered(db, key, rests_on, lambda: card_classes(db, establishment_id, campaign_id))
