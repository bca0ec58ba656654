"""Campaigns that a head drafts and announces, for tests: at the collège, for three classes, for parents or staff."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from ent_module.surveys.campaigns import asked
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Questionnaire, Where
from ent_module.surveys.parts import WHOLE_SCHOOL
from ent_module.surveys.plan import ANSWERED_AT, NOTICE, OTHER, Listed, Notice, Plan, Readers, Told, level_of
from ent_module.surveys.service import opening, planning
from ent_module.surveys.tables import Campaign
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import NOON, OPENED, climate, reread

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


def plan_for_adults(
    name: str, *, invited: int = 240, opens_on: date = FIRST, closes_on: date = END
) -> planning.Drafted:
    """The same, of a questionnaire for parents or staff."""
    one = questionnaires()[name]
    listed = (Listed(WHOLE_SCHOOL[one.audience], invited, OTHER),)
    place = ANSWERED_AT[one.audience]
    return planning.Drafted(one, Plan(one.id, opens_on, closes_on, Readers.HEAD, place, listed))


def opened_for_adults(
    town: Town, name: str, *, invited: int = 240, opens_on: date = FIRST, closes_on: date = END
) -> Campaign:
    """One that was announced to them, and that the tick has opened on its day."""
    drafted = plan_for_adults(name, invited=invited, opens_on=opens_on, closes_on=closes_on)
    campaign = announced(town, drafted, opens_on - NOTICE)
    opening.open_due(town.house, datetime.combine(opens_on, NOON.timetz()))
    return reread(town, campaign)


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
