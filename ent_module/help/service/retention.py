"""What is erased by itself once its time is over, what waits for that, and what was erased.

A conversation goes when it was closed with an outcome, its school's months are over and nothing holds it. What cannot
go is told to those who read it, and to nobody else.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help.model import retention
from ent_module.help.model.moves import Lane, State
from ent_module.help.sealing import Place
from ent_module.help.service import erasing, reach, store
from ent_module.help.service.desk import Readable, each
from ent_module.help.tables import CLOSED, Conversation, Erased, MoveLine
from ent_module.identity.model import Person
from ent_module.web.house import Keys

SETTING = "kept_months"
_ACROSS = {"across": True}


def months(db: Session, establishment_id: UUID) -> int:
    """How long that school keeps what is closed."""
    return retention.months_of(establishments.published(db, establishment_id, SETTING))


def closed_on(db: Session, place: Place) -> date | None:
    """The day of the last closing."""
    return db.scalar(
        select(func.max(MoveLine.day)).where(
            MoveLine.establishment_id == place.establishment_id,
            MoveLine.conversation_id == place.conversation_id,
            MoveLine.action == "close",
        )
    )


def due(db: Session, now: datetime) -> list[Place]:
    """The conversations of all schools whose time is over, were nothing in the way; none in July and August."""
    today = paris(now).date()
    if today.month in retention.SUMMER:
        return []
    last = (
        select(MoveLine.establishment_id, MoveLine.conversation_id, func.max(MoveLine.day).label("day"))
        .join(
            Conversation,
            (Conversation.establishment_id == MoveLine.establishment_id)
            & (Conversation.id == MoveLine.conversation_id),
        )
        .where(MoveLine.action == "close", Conversation.rank == CLOSED, Conversation.outcome.is_not(None))
        .group_by(MoveLine.establishment_id, MoveLine.conversation_id)
    )
    rows = db.execute(last, execution_options=_ACROSS).all()
    kept = {school: months(db, school) for school in {row[0] for row in rows}}
    return [Place(school, one) for school, one, day in rows if retention.is_due(day, kept[school], today)]


def erase_if_due(db: Session, place: Place, now: datetime) -> bool:
    """Erases one conversation, looked at again now that it is locked. Returns whether it went."""
    row, today = store.locked(db, place), paris(now).date()
    if row is None or row.state != State.CLOSED or row.outcome is None or erasing.hold_on(db, row) is not None:
        return False
    day = closed_on(db, place)
    if day is None or not retention.is_due(day, months(db, place.establishment_id), today):
        return False
    erasing.erase_rows(db, row, today, by_itself=True)
    return True


def goes_on(db: Session, row: Conversation) -> date | None:
    """When it goes by itself, unless somebody holds it; None while it is open or has no outcome."""
    day = closed_on(db, Place(row.establishment_id, row.id))
    if row.state != State.CLOSED or row.outcome is None or day is None:
        return None
    return retention.erased_on(day, months(db, row.establishment_id))


@dataclass(frozen=True)
class Kept:
    """A conversation that its reader sees on the page of what is kept."""

    id: UUID
    school: str
    closed_on: date | None
    erased_on: date | None
    """None where it waits for an outcome, or is held."""
    held: bool
    lost: bool


def kept(db: Session, keys: Keys, person: Person) -> list[Kept]:
    """All closed conversations that this person may read: first what waits for somebody, then what goes next."""
    found = [
        _kept(db, one)
        for lane in Lane
        if reach.listener_accounts(person, lane)
        for one in each(db, keys, person, lane, Conversation.rank == CLOSED)
    ]
    return sorted(found, key=lambda one: (one.erased_on or date.min, str(one.id)))


def _kept(db: Session, one: Readable) -> Kept:
    row = one.row
    day, held = closed_on(db, Place(row.establishment_id, row.id)), erasing.hold_on(db, row) is not None
    return Kept(
        id=row.id,
        school=establishments.get(db, row.establishment_id).name,
        closed_on=day,
        erased_on=None if held else goes_on(db, row),
        held=held,
        lost=one.key is None,
    )


@dataclass(frozen=True)
class Month:
    """How many conversations were erased in a month."""

    first: date
    by_itself: int
    by_hand: int


def report(db: Session, keys: Keys, person: Person) -> list[Month]:
    """What was erased, by month, of what this person could read, the latest month first."""
    readers = [reach.Reader(keys, person, lane) for lane in Lane]
    schools = sorted({school for reader in readers for some in reader.places(db) for school in some})
    rows = db.scalars(select(Erased).where(Erased.establishment_id.in_(schools)))
    return _months(
        row for row in rows if any(one.holds(row.slots, Place(row.establishment_id, row.id)) for one in readers)
    )


def report_of(db: Session, establishment_id: UUID) -> list[Month]:
    """The same of a whole school, for whoever runs the host and reads everything anyway."""
    return _months(db.scalars(select(Erased).where(Erased.establishment_id == establishment_id)))


def _months(rows: Any) -> list[Month]:
    counted: Counter[tuple[date, bool]] = Counter((row.day.replace(day=1), row.by_itself) for row in _each(rows))
    firsts = sorted({first for first, _by_itself in counted}, reverse=True)
    return [Month(first, counted[first, True], counted[first, False]) for first in firsts]


def _each(rows: Any) -> Iterator[Erased]:
    yield from rows
