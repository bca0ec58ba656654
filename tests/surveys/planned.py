"""Campaigns that a head drafts and announces, for tests: at the collège, for three classes."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from ent_module.surveys.campaigns import asked
from ent_module.surveys.model import Questionnaire, Where
from ent_module.surveys.plan import NOTICE, Listed, Notice, Plan, Readers, Told, level_of
from ent_module.surveys.service import planning
from ent_module.surveys.tables import Campaign
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import OPENED, climate

FIRST, END = OPENED + NOTICE, OPENED + timedelta(days=24)
"""What is announced on OPENED opens then and ends then."""
CLASSES = (("6e B", 26), ("5e A", 24), ("4e C", 25))


def plan(
    *,
    questionnaire: Questionnaire | None = None,
    opens_on: date = FIRST,
    closes_on: date = END,
    place: Where = Where.CLASS,
    readers: Readers = Readers.HEAD,
    classes: Sequence[tuple[str, int]] = CLASSES,
) -> planning.Drafted:
    """What the head drafts."""
    listed = tuple(Listed(name, enrolled, level_of(name, "college")) for name, enrolled in classes)
    one = questionnaire or climate()
    return planning.Drafted(one, Plan(one.id, opens_on, closes_on, readers, place, listed))


def draft(town: Town, db: Session, drafted: planning.Drafted | None = None, day: date = OPENED) -> Campaign:
    """A draft of the head of the collège."""
    head, school = town.membership("head").account_id, town.schools[COLLEGE]
    return planning.draft(db, school, drafted or plan(), head, day)


def announce(town: Town, db: Session, campaign: Campaign, day: date = OPENED) -> Campaign:
    """The head announces it by the notice."""
    head, told = town.membership("head").account_id, Notice(Told.NOTICE, day)
    return planning.announce(
        db, town.house.store, campaign.establishment_id, campaign.id, asked(db, campaign), told, head, day
    )


def announced(town: Town, drafted: planning.Drafted | None = None, day: date = OPENED) -> Campaign:
    """One that is announced, committed."""
    with town.house.database.writing() as db:
        return announce(town, db, draft(town, db, drafted, day), day)
