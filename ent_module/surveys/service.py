"""Three verbs: open, submit, close.

The verbs are the whole way in and out of the ballots, so that sealed ballots can replace what stands behind them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import school_year
from ent_module.privacy import audit
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys.campaigns import asked, closing_of, taken_now, token
from ent_module.surveys.model import (
    ANSWERED,
    LEVELS,
    Answers,
    Questionnaire,
    Reading,
    announced_end,
    read_answers,
)
from ent_module.surveys.release import Release, Sums, decide, release
from ent_module.surveys.tables import (
    AskedQuestionnaire,
    Ballot,
    Campaign,
    CampaignClass,
    Closing,
    Participation,
    ResultCell,
)
from ent_module.web.house import Keys


class Outcome(StrEnum):
    """What became of a ballot."""

    TAKEN = "taken"
    ALREADY = "already"
    CLOSED = "closed"
    NOT_ASKED = "not_asked"


class NotASchoolError(Exception):
    """Only schools ask their pupils."""


class ClosedCampaignError(Exception):
    """This year's campaign is closed, and stays so."""


class UnknownCampaignError(LookupError):
    """The establishment has no such campaign."""


class BadAnswersError(ValueError):
    """Answers that the questionnaire does not have; `reading` tells which."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(len(reading.problems))
        self.reading = reading


def open(  # noqa: A001  # one of the three verbs, always called by its module's name
    db: Session,
    _keys: Keys,
    establishment_id: UUID,
    questionnaire: Questionnaire,
    class_code: str,
    by: UUID,
    today: date,
    *,
    pupils: int | None = None,
) -> Campaign:
    """Opens this year's campaign for a class; the first class opens the campaign. Twice is once.

    Raises NotASchoolError, ClosedCampaignError.
    """
    level = establishments.get(db, establishment_id).kind
    if level not in LEVELS:
        raise NotASchoolError
    campaign = _this_years(db, establishment_id, questionnaire, level, today)
    if campaign.state != "open":
        raise ClosedCampaignError
    joined = _insert(
        db,
        CampaignClass,
        establishment_id=establishment_id,
        campaign_id=campaign.id,
        class_code=class_code,
        opened_by=by,
        pupils=pupils,
    )
    if joined:
        audit.note(db, establishment_id, by, "survey.opened", campaign.id, today)
    return campaign


def _this_years(db: Session, establishment_id: UUID, questionnaire: Questionnaire, level: str, today: date) -> Campaign:
    """The campaign of this school year, made where there is none, and held against a closing meanwhile."""
    digest = questionnaire.digest
    _insert(db, AskedQuestionnaire, digest=digest, data=dict(questionnaire.data))
    _insert(
        db,
        Campaign,
        establishment_id=establishment_id,
        questionnaire=questionnaire.id,
        version=questionnaire.version,
        digest=digest,
        level=level,
        school_year=school_year(today),
        opened_on=today,
        closes_on=announced_end(today, establishments.calendar(db, establishment_id).is_school_day),
    )
    return db.scalars(
        select(Campaign)
        .where(
            Campaign.establishment_id == establishment_id,
            Campaign.questionnaire == questionnaire.id,
            Campaign.school_year == school_year(today),
        )
        .with_for_update(read=True),
        execution_options={"populate_existing": True},
    ).one()


def submit(
    db: Session,
    keys: Keys,
    establishment_id: UUID,
    campaign_id: UUID,
    account_id: UUID,
    classes: Sequence[str],
    answers: Answers,
) -> Outcome:
    """Takes one ballot of one pupil of these classes. A second one, even at the same moment, is ALREADY and changes
    nothing.

    Raises BadAnswersError, which carries the answers as they were read.
    """
    found = db.execute(_ASKED, {"establishment": establishment_id, "campaign": campaign_id, "classes": list(classes)})
    campaign, class_code = found.first() or (None, "")
    if campaign is None:
        return Outcome.NOT_ASKED
    if campaign.state != "open":
        return Outcome.CLOSED
    reading = read_answers(asked(db, campaign), campaign.level, answers)
    if reading.problems:
        raise BadAnswersError(reading)
    place = {"establishment_id": establishment_id, "campaign_id": campaign_id}
    if not _insert(db, Participation, **place, id=token(keys, campaign, account_id), class_code=class_code):
        return Outcome.ALREADY
    _insert(db, Ballot, **place, id=uuid4(), level=campaign.level, answers=reading.answers)
    return Outcome.TAKEN


_ASKED = (
    select(Campaign, CampaignClass.class_code)
    .join(
        CampaignClass,
        (CampaignClass.establishment_id == Campaign.establishment_id) & (CampaignClass.campaign_id == Campaign.id),
    )
    .where(
        Campaign.establishment_id == bindparam("establishment"),
        Campaign.id == bindparam("campaign"),
        CampaignClass.class_code.in_(bindparam("classes", expanding=True)),
    )
    .order_by(CampaignClass.class_code)
    .limit(1)
    # Held against a closing until this ballot is committed; ballots do not wait for each other.
    .with_for_update(read=True, of=Campaign)
    .execution_options(populate_existing=True)
)
"""A campaign with a class of the pupil for which it was opened."""


def close(db: Session, establishment_id: UUID, campaign_id: UUID, by: UUID, today: date) -> Closing:
    """Ends a campaign for good: ballots are added up and deleted with the tokens of those who took part.

    What may not be shown is not kept: no number of one class, no cell that stays hidden, no cell at all of a campaign
    too small to be shown.

    A second closing changes nothing and returns the first. Raises UnknownCampaignError.
    """
    closed_now = db.scalar(
        update(Campaign)
        .where(Campaign.establishment_id == establishment_id, Campaign.id == campaign_id, Campaign.state == "open")
        .values(state="closed")
        .returning(Campaign.id)
    )
    if closed_now is None:
        if (done := closing_of(db, establishment_id, campaign_id)) is None:
            raise UnknownCampaignError
        return done
    groups = taken_now(db, establishment_id, campaign_id)
    kept = _release(db, db.get_one(Campaign, (establishment_id, campaign_id)), list(groups.values()))
    taken = sum(groups.values())
    done = Closing(
        establishment_id=establishment_id,
        campaign_id=campaign_id,
        closed_on=today,
        closed_by=by,
        release=kept,
        taken=taken if taken >= FLOOR else None,
        classes=len(groups),
    )
    db.add(done)
    for table in (Ballot, Participation):
        db.execute(delete(table).where(table.establishment_id == establishment_id, table.campaign_id == campaign_id))
    audit.note(db, establishment_id, by, "survey.closed", campaign_id, today)
    db.flush()
    return done


def _release(db: Session, campaign: Campaign, groups: list[int]) -> Release:
    """Adds the ballots up in memory and writes what may be read of the sums; says whether that is anything."""
    sums, counted = _add_up(db, campaign)
    decided = decide(counted, groups)
    if decided is Release.SHOWN:
        place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
        cells = sorted(release(sums, asked(db, campaign), campaign.level))
        db.add_all(ResultCell(**place, item=item, choice=choice, count=count) for item, choice, count in cells)
    return decided


def _add_up(db: Session, campaign: Campaign) -> tuple[Sums, int]:
    """The sums over all ballots, and how many are not blank."""
    sums: Sums = Counter()
    counted = 0
    ballots = select(Ballot.answers).where(
        Ballot.establishment_id == campaign.establishment_id, Ballot.campaign_id == campaign.id
    )
    for answers in db.scalars(ballots):
        counted += bool(answers)
        for item, chosen in answers.items():
            sums.update((item, choice) for choice in (ANSWERED, *chosen))
    return sums, counted


def erase(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Forgets which account opened or closed. Whose a ballot is nobody knows; tokens go with the closing."""
    db.execute(
        update(CampaignClass)
        .where(CampaignClass.establishment_id == establishment_id, CampaignClass.opened_by == account_id)
        .values(opened_by=None)
    )
    db.execute(
        update(Closing)
        .where(Closing.establishment_id == establishment_id, Closing.closed_by == account_id)
        .values(closed_by=None)
    )


def _insert(db: Session, row: type[Any], **values: Any) -> bool:
    """Adds a row unless one with the same key is there. PostgreSQL would log a refused key with its value and time."""
    return db.execute(_insert_once(row.__table__, db.get_bind().dialect.name), values).first() is not None


@cache
def _insert_once(table: Table, dialect: str) -> Any:
    insert = insert_postgresql if dialect == "postgresql" else insert_sqlite
    # What comes back tells whether it was added: SQLAlchemy keeps no row count of an INSERT on PostgreSQL.
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key)
