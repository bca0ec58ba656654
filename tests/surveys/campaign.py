"""What the tests of this room share: a campaign at the collège, and ballots of pupils without names."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.database import OfEstablishment
from ent_module.surveys import service
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Answers, Questionnaire
from ent_module.surveys.service import Outcome
from ent_module.surveys.tables import Campaign
from tests.support.town import COLLEGE, Town

DAY = date(2026, 11, 12)
CLIMATE = "school-climate"
CALM: Answers = {"bullied": ["never"], "safety_school": ["agree"]}
HURT: Answers = {"bullied": ["weekly"], "told": ["friend", "family"]}


def climate() -> Questionnaire:
    return questionnaires()[CLIMATE]


def start(
    town: Town, db: Session, *classes: str, uai: str = COLLEGE, asked: Questionnaire | None = None, day: date = DAY
) -> Campaign:
    """A campaign that Alba opened for these classes."""
    alba, school = town.membership("alba").account_id, town.schools[uai]
    return [service.open(db, town.house.keys, school, asked or climate(), code, alba, day) for code in classes][-1]


def started(town: Town, *classes: str, uai: str = COLLEGE) -> Campaign:
    """The same, committed."""
    with town.house.database.writing() as db:
        return start(town, db, *classes, uai=uai)


def answer(
    town: Town, db: Session, campaign: Campaign, class_code: str, answers: Answers, account: UUID | None = None
) -> Outcome:
    """One ballot, of a pupil who has never come before unless an account is given."""
    mine, place = account or uuid4(), campaign.establishment_id
    return service.submit(db, town.house.keys, place, campaign.id, mine, [class_code], answers)


def fill(town: Town, campaign: Campaign, ballots: dict[str, list[Answers]]) -> None:
    """The ballots of whole classes, committed."""
    with town.house.database.writing() as db:
        for class_code, several in ballots.items():
            for answers in several:
                assert answer(town, db, campaign, class_code, answers) is Outcome.TAKEN


def shut(town: Town, campaign: Campaign, day: date = DAY) -> None:
    """The head closes it, committed."""
    with town.house.database.writing() as db:
        service.close(db, campaign.establishment_id, campaign.id, town.membership("head").account_id, day)


def rows(db: Session, table: type[OfEstablishment]) -> int:
    """How many rows a table has, in all schools."""
    return db.scalar(select(func.count()).select_from(table).execution_options(across=True)) or 0
