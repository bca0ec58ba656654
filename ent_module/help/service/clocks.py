"""Clocks: when nobody takes it in time, the next level can read; when no reader is left, others are given the key.

Works with the master key, since no listener is there. Whoever the writer left out is never given a key here either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import PARIS, paris
from ent_module.help.model.moves import State, waits
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults, channel, desk, holding, store
from ent_module.help.service.adults import Adult
from ent_module.help.tables import Conversation, KeySlots
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

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.release is not None or bool(self.to)

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
    places, unreadable, without_reader = [], 0, 0
    for row in db.execute(_OPEN, execution_options=_ACROSS).all():
        place = Place(row.establishment_id, row.id)
        readers = holding.among(row.slots, place, asked(row.establishment_id))
        if not _may_change(row, readers, paris(now).date()):
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
        row.escalated_on = today if plan.move == "escalate" else row.escalated_on
        store.move(db, row, plan.move, today)


def _plan(db: Session, keys: Keys, row: Conversation, readers: Sequence[Adult], now: datetime) -> _Plan:
    """What is to be done: release what somebody has who left the group; where every reader has left, give it to those
    who would be given such a message today; where nobody took it in time, to the next level that has somebody.
    """
    holder = row.handled_by
    gone = None if holder is None or any(one.account_id == holder for one in readers) else holder
    runs = waits(State(row.state), held=holder is not None and gone is None)
    if readers and not (runs and _last_day(db, row) < paris(now).date()):
        return _Plan(gone)
    move = "escalate" if readers else "rescue"
    key = holding.host_key(db, keys, Place(row.establishment_id, row.id))
    header = desk.header_of(key, row)
    if header is None:
        return _Plan(gone, move=move)
    if readers:
        to = adults.next_level(db, row.establishment_id, header.excluded, readers)
    else:
        to = adults.eligible(db, row.establishment_id, header.excluded)
    return _Plan(gone, key, to, move)


def _last_day(db: Session, row: Conversation) -> date:
    """The day by which somebody should have taken it: the one the writer was told; each level has as long again."""
    if row.escalated_on is None:
        return row.due_on
    return channel.due_day(db, row.establishment_id, datetime.combine(row.escalated_on, time(), PARIS))


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
    store.forget_author(db, account_id)
