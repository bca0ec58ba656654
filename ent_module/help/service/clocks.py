"""Clocks: when nobody takes it in time, the next level can read; when no reader is left, others are given the key.

Works with the master key, since no listener is there. Whoever the writer left out is never given a key here either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import PARIS, paris
from ent_module.help.model.moves import Lane, State, waits
from ent_module.help.model.notices import Kind
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults, channel, desk, holding, listening, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header
from ent_module.help.tables import Conversation, KeySlots, MoveLine
from ent_module.identity import second_factor
from ent_module.identity import service as identity
from ent_module.privacy import audit
from ent_module.web.house import Keys

_ACROSS = {"across": True}


@dataclass(frozen=True)
class _Plan:
    """What the clock would do with a conversation now."""

    release: UUID | None = None
    """The account that has it and reads it no longer."""
    key: ConversationKey | None = None
    to: Sequence[Adult] = ()
    """Those who are given the key, by the move of that name."""
    move: str = ""
    mailbox: UUID | None = None
    """The level to whose mailbox it is told that nobody at any level has taken something."""

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.release is not None or bool(self.to) or self.mailbox is not None

    @property
    def stuck(self) -> bool:
        """Whether somebody should be given the key, and nothing can be known of whom."""
        return bool(self.move) and self.key is None


@dataclass(frozen=True)
class Due:
    """What one look at all open conversations finds."""

    places: list[Place]
    """Those that change now."""
    unreadable: int
    """How many should be given to others and do not open."""
    without_reader: int
    """How many nobody can read, with nobody to give them to."""


def due(db: Session, keys: Keys, now: datetime) -> Due:
    """Looks at all open conversations, in all schools. Changes nothing.

    Headers are opened only of those that have waited too long or that nobody reads.
    """
    asked = cache(partial(holding.candidates, db, keys))
    away = listening.somebody_away(db, paris(now).date())
    places, unreadable, without_reader = [], 0, 0
    for row in db.execute(_OPEN, execution_options=_ACROSS).all():
        place = Place(row.establishment_id, row.id)
        readers = holding.among(row.slots, place, asked(row.establishment_id, (Lane(row.lane),)))
        if row.establishment_id not in away and not _may_change(row, readers, paris(now).date()):
            continue
        plan = _plan(db, keys, db.get_one(Conversation, (place.establishment_id, row.id)), readers, now)
        places += [place] if plan.changes else []
        unreadable += plan.stuck
        without_reader += not readers and not plan.stuck and not plan.to
    return Due(places, unreadable, without_reader)


_OPEN = (
    select(
        Conversation.establishment_id,
        Conversation.id,
        Conversation.handled_by,
        Conversation.due_on,
        Conversation.lane,
        KeySlots.slots,
    )
    .outerjoin(
        KeySlots, (KeySlots.establishment_id == Conversation.establishment_id) & (KeySlots.id == Conversation.id)
    )
    .where(Conversation.state != State.CLOSED.value)
)


def _may_change(row: Any, readers: Sequence[Adult], today: date) -> bool:
    """Whether it is worth a closer look: nobody reads it, whoever has it has gone, or its day is over."""
    gone = row.handled_by is not None and not any(one.account_id == row.handled_by for one in readers)
    return not readers or gone or row.due_on < today


def tick(db: Session, keys: Keys, place: Place, now: datetime) -> None:
    """Looks after one conversation. Running it twice changes nothing more."""
    row, today = store.locked(db, place), paris(now).date()
    if row is None or row.state == State.CLOSED:
        return
    plan = _plan(db, keys, row, desk.active_readers(db, keys, place), now)
    if plan.release is not None:
        row.handled_by = row.handled_by_establishment = None
        audit.note(db, place.establishment_id, plan.release, "message.released", row.id, today)
    if plan.key is not None and plan.to:
        holding.give(db, keys, plan.key, plan.to)
        row.escalated_on = today if plan.move in _RUNGS else row.escalated_on
        store.move(db, row, plan.move, today)
    if plan.mailbox is not None:
        listening.owe(db, keys, plan.mailbox, None, Kind.MAILBOX, today, row.id.bytes)
        store.move(db, row, "mailbox", today)


def _plan(db: Session, keys: Keys, row: Conversation, readers: Sequence[Adult], now: datetime) -> _Plan:
    """What is to be done: release what somebody has who left the group; where every reader has left, give it to those
    who would be given such a message today; where nobody took it in time, to the next level that has somebody.
    """
    holder = row.handled_by
    gone = None if holder is None or any(one.account_id == holder for one in readers) else holder
    runs = waits(State(row.state), held=holder is not None and gone is None)
    today, lane = paris(now).date(), Lane(row.lane)
    late = runs and _last_day(db, row) < today
    deserted = runs and not late and _all_away(db, row.establishment_id, readers, today)
    if readers and not late and not deserted:
        return _Plan(gone)
    key = holding.host_key(db, keys, Place(row.establishment_id, row.id))
    header = desk.header_of(key, row)
    if header is None:
        return _Plan(gone, move="escalate" if readers else "rescue")
    if not readers:
        to = _rescuers(db, row.establishment_id, header, lane)
        told = None if to else _mailbox(db, row, header.excluded, today - _TOLD_AGAIN)
        return _Plan(gone, key, to, "rescue", told)
    to = adults.next_level(db, row.establishment_id, header.excluded, _passed_over(db, row, header, readers), lane)
    to = to or adults.next_level(db, row.establishment_id, header.excluded, readers, lane)
    if not to and late:
        since = max(row.due_on, row.escalated_on or row.due_on)
        return _Plan(gone, key, mailbox=_mailbox(db, row, header.excluded, since))
    return (
        _Plan(gone, key, to, "stand_in" if _stand_in(row, to) else "escalate")
        if late or _stand_in(row, to)
        else _Plan(gone)
    )


def _passed_over(db: Session, row: Conversation, header: Header, readers: Sequence[Adult]) -> Sequence[Adult]:
    """Who is not the next to read it: those who do, and at the school all whom the writer did not choose to."""
    here = adults.stand_ins(db, row.establishment_id, Lane(row.lane)) if header.only else []
    return [*readers, *(one for one in here if not adults.among(one, header.only))]


def _rescuers(db: Session, establishment_id: UUID, header: Header, lane: Lane) -> Sequence[Adult]:
    """Who is given what nobody reads any more. Where the writer wanted one adult alone and a stand-in: those of the two
    who listen; else a level above, before anybody else at the school, whom the writer did not choose.
    """
    found = adults.eligible(db, establishment_id, header.excluded, lane)
    if not header.only:
        return found
    chosen = [one for one in found if adults.among(one, header.only)]
    group = [*adults.listeners(db, establishment_id, lane)]
    return chosen or adults.next_level(db, establishment_id, header.excluded, group, lane) or found


_TOLD_AGAIN = timedelta(days=7)
"""How long a level's mailbox has before it is told again of what nobody can read."""
_RUNGS = frozenset({"stand_in", "escalate"})


def _stand_in(row: Conversation, to: Sequence[Adult]) -> bool:
    """Whether these are the school's own."""
    return bool(to) and all(one.establishment_id == row.establishment_id for one in to)


def _all_away(db: Session, establishment_id: UUID, readers: Sequence[Adult], today: date) -> bool:
    """Whether everybody at the school who reads it is away: then whoever stands in does not wait for the last day."""
    here = [one for one in readers if one.establishment_id == establishment_id]
    if not here or len(here) < len(readers):
        return False
    rows = listening.rows(db, establishment_id)
    return all(listening.is_away(rows.get(one.account_id), today) for one in here)


def _mailbox(db: Session, row: Conversation, excluded: Sequence[Adult], since: date) -> UUID | None:
    """The nearest level above with a mailbox, unless somebody left out works there; None where it was told after that
    day.
    """
    of_it = (MoveLine.establishment_id == row.establishment_id) & (MoveLine.conversation_id == row.id)
    if db.scalar(select(MoveLine.id).where(of_it, MoveLine.action == "mailbox", MoveLine.day > since)):
        return None
    for level in adults.levels(db, row.establishment_id)[1:]:
        there = [Adult.of(one) for one in identity.adults(db, level)]
        if establishments.own(db, level, "mailbox") and not any(adults.among(one, there) for one in excluded):
            return level
    return None


def _last_day(db: Session, row: Conversation) -> date:
    """The day by which somebody should have taken it: the one the writer was told; each level has as long again. What
    was read has until the day by which it is sorted.
    """
    school, lane = row.establishment_id, Lane(row.lane)
    last = row.due_on
    if row.escalated_on is not None:
        last = channel.due_day(db, school, datetime.combine(row.escalated_on, time(), PARIS), lane=lane)
    if row.state == State.READ:
        to_sort = channel.days_to_sort(db, school)
        last = channel.due_day(db, school, datetime.combine(last, time(), PARIS), to_sort, lane)
    return last


# --- Erasure ----------------------------------------------------------------------------------------------------------


def erase_account(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Removes what the room keeps on an adult's account: authorship, what they had taken.

    Of a pupil or a parent it keeps nothing.

    Slots stay: nothing says whose one is, and without the account nobody derives what opens it. A message never
    vanishes with the adult who had it: the clock gives it to others.
    """
    mine = (Conversation.handled_by == account_id) & (Conversation.handled_by_establishment == establishment_id)
    free = {Conversation.handled_by: None, Conversation.handled_by_establishment: None}
    db.execute(update(Conversation).where(mine).values(free), execution_options=_ACROSS)
    listening.forget(db, establishment_id, account_id)
    store.forget_author(db, account_id)
    second_factor.erase(db, establishment_id, account_id)
