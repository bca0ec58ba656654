"""What the tests of a class that answers in class share: it is opened, it begins, and a browser asks whether it has."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ent_module.surveys.model import Where
from ent_module.surveys.service import barrier
from ent_module.surveys.tables import Campaign, CampaignClass
from tests.support.town import Town
from tests.surveys.campaign import DAY, NOON, started

CLASS, NEXT_DOOR = "6e B", "5e A"
LATER = NOON + timedelta(minutes=12)


def begin(town: Town, db: Session, campaign: Campaign, class_code: str = CLASS, *, school: str = "") -> None:
    """Alba says that all have opened."""
    place = town.schools[school] if school else campaign.establishment_id
    barrier.begin(db, place, campaign.id, class_code, town.membership("alba").account_id, NOON, DAY)


def let_in(town: Town, db: Session, campaign: Campaign) -> None:
    """Alba lets the class open again."""
    by = town.membership("alba").account_id
    barrier.let_in(db, campaign.establishment_id, campaign.id, CLASS, by, DAY)


def begun(town: Town, campaign: Campaign) -> TestResponse:
    """What every browser of the school asks."""
    client = town.app.test_client(use_cookies=False)
    return client.get(f"/ent-ballots/begun/{campaign.establishment_id}/{campaign.id}")


def in_class(town: Town, *classes: str) -> Campaign:
    """A campaign that these classes answer in class, or the one, committed."""
    return started(town, *(classes or (CLASS,)), where=Where.CLASS)


def moments(db: Session) -> list[datetime | None]:
    """Since when each class answers."""
    found = db.scalars(select(CampaignClass.answering_since).execution_options(across=True))
    return [one and (one if one.tzinfo else one.replace(tzinfo=UTC)) for one in found]
