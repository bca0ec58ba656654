"""The end of a campaign, in steps that can each be repeated: ended, counted, destroyed, released.

A head ends it, on the announced day or later. The jobs of the tick do the rest once what was on its way has had time
to arrive; where the key is in two shares they count nothing, and wait until it has been unlocked (`shares`) and its
paper torn up. A step that finds its work done does nothing; one that is interrupted has done nothing.
"""

from contextlib import closing as closed
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from ent_module.database import Database
from ent_module.privacy import audit
from ent_module.surveys.model import Custody, State
from ent_module.surveys.release import Release
from ent_module.surveys.service.barrier import forget_moments
from ent_module.surveys.service.counting import count, give_up
from ent_module.surveys.service.holding import hold
from ent_module.surveys.service.restoring import TROUBLE, OtherGenerationError, trouble
from ent_module.surveys.tables import Campaign, Closing
from ent_module.web.house import House, KeyStore

PATIENCE = timedelta(days=30)
"""How long after the end the two shares of a key are waited for; then nobody opens the ballots any more."""


class UnknownCampaignError(LookupError):
    """The establishment has no such campaign."""


class TooEarlyError(Exception):
    """Pupils and families were told a later day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


def end(db: Session, establishment_id: UUID, campaign_id: UUID, by: UUID, now: datetime, today: date) -> None:
    """Ends a campaign for good: nobody is given a token any more. A second time changes nothing.

    Raises UnknownCampaignError, TooEarlyError.
    """
    hold(db, campaign_id, alone=True)
    campaign = db.get(Campaign, (establishment_id, campaign_id), populate_existing=True)
    if campaign is None:
        raise UnknownCampaignError
    if campaign.state in {State.DRAFT, State.ANNOUNCED} or (
        campaign.state == State.OPEN and today < campaign.closes_on
    ):
        raise TooEarlyError(campaign.closes_on)
    if campaign.state == State.OPEN:
        campaign.state, campaign.ended_at, campaign.ended_by = State.ENDED, now, by
        db.flush()
        forget_moments(db, establishment_id, campaign_id)
        audit.note(db, establishment_id, by, "survey.closed", campaign_id, today)


def paper_gone(db: Session, establishment_id: UUID, campaign_id: UUID, by: UUID, today: date) -> None:
    """Notes that the two shares of a counted campaign's key are torn up; a second time changes nothing."""
    noted = db.scalar(
        update(Campaign)
        .where(
            Campaign.establishment_id == establishment_id,
            Campaign.id == campaign_id,
            Campaign.custody == Custody.SHARED,
            Campaign.state.in_([State.COUNTED, State.DESTROYED]),
            Campaign.shredded_on.is_(None),
        )
        .values(shredded_on=today)
        .returning(Campaign.id)
    )
    if noted is not None:
        audit.note(db, establishment_id, by, "survey.paper_gone", campaign_id, today)


def finish(house: House, now: datetime) -> None:
    """The job: takes every campaign that has ended as far as it can go by now.

    One that cannot go on keeps no other school waiting; what held the last of them up is raised in the end.
    """
    held_up = _out_of_step(house) or _count(house, now)
    for establishment_id, campaign_id in _in(house.database, State.COUNTED, now):
        destroy(house.database, house.store, establishment_id, campaign_id)
    for establishment_id, campaign_id in _in(house.database, State.DESTROYED, now):
        _step(house.database, establishment_id, campaign_id, State.DESTROYED, State.RELEASED, _paper_is_gone())
    if held_up is not None:
        raise held_up


def _count(house: House, now: datetime) -> Exception | None:
    """Counts what needs nobody's share, and deletes what nobody came for in time; what held the last of them up."""
    held_up, grace = None, timedelta(minutes=house.settings.grace_minutes)
    for place in _in(house.database, State.ENDED, now - PATIENCE, Custody.SHARED):
        give_up(house.database, house.keys, *place)
    for place in _in(house.database, State.ENDED, now - grace, Custody.SIMPLE):
        try:
            count(house.database, house.store, house.keys, *place)
        except Exception as error:  # noqa: BLE001  # the next school's turn
            held_up = error
    return held_up


def _out_of_step(house: House) -> Exception | None:
    """What keeps everything from being counted: a database that came back knows neither all tokens nor all ballots."""
    with house.database.reading() as db:
        return OtherGenerationError(TROUBLE) if trouble(db, house.store) else None


def _in(
    database: Database, state: State, ended_until: datetime, custody: Custody | None = None
) -> list[tuple[UUID, UUID]]:
    found = select(Campaign.establishment_id, Campaign.id).where(
        Campaign.state == state, Campaign.ended_at <= ended_until
    )
    if custody is not None:
        found = found.where(Campaign.custody == custody)
    with database.reading() as db:
        return [(row.establishment_id, row.id) for row in db.execute(found, execution_options={"across": True})]


def destroy(database: Database, store: KeyStore, establishment_id: UUID, campaign_id: UUID) -> bool:
    """Removes the keys of a counted campaign, the wrapped one too, and on SQLite what the log still holds of it.

    False where somebody was reading and the log could not be emptied: the next tick tries again.
    """
    store.destroy(campaign_id)
    with database.writing() as db:
        db.execute(
            update(Campaign)
            .where(
                Campaign.establishment_id == establishment_id,
                Campaign.id == campaign_id,
                Campaign.state == State.COUNTED,
                Campaign.wrapped.is_not(None),
            )
            .values(wrapped=None)
        )
    if not _log_is_empty(database):
        return False
    _step(database, establishment_id, campaign_id, State.COUNTED, State.DESTROYED)
    return True


def _log_is_empty(database: Database) -> bool:
    """Whether SQLite's write-ahead log was emptied: beside a reader it says « busy », without an error."""
    if database.engine.dialect.name != "sqlite":
        return True
    raw = database.engine.raw_connection()
    raw.detach()  # it waits less than the others, and is not given back
    with closed(raw.cursor()) as cursor:
        cursor.execute("PRAGMA busy_timeout=500")
        busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    raw.close()
    return not busy


def _paper_is_gone() -> ColumnElement[bool]:
    """Nothing is released while somebody may still have the shares of a key that did open ballots."""
    unopened = exists().where(
        Closing.establishment_id == Campaign.establishment_id,
        Closing.campaign_id == Campaign.id,
        Closing.release == Release.UNOPENED,
    )
    return (Campaign.custody == Custody.SIMPLE) | Campaign.shredded_on.is_not(None) | unopened


def _step(
    database: Database,
    establishment_id: UUID,
    campaign_id: UUID,
    before: State,
    after: State,
    *more: ColumnElement[bool],
) -> None:
    with database.writing() as db:
        db.execute(
            update(Campaign)
            .where(
                Campaign.establishment_id == establishment_id,
                Campaign.id == campaign_id,
                Campaign.state == before,
                *more,
            )
            .values(state=after)
        )
