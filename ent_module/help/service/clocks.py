"""Clocks: when nobody takes it in time, the next adult is told; when no reader is left, others are given the key.

Works with the master key, since no listener is there. Whoever the writer left out is never given a key here either.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.moves import State, waits
from ent_module.help.sealing import ConversationKey, Place, unwrap_for
from ent_module.help.service import channel, desk, store
from ent_module.help.service.header import Header
from ent_module.help.tables import Conversation, KeyWrap
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

_ACROSS = {"across": True}


def places_to_look_at(db: Session) -> list[Place]:
    """All conversations that are not closed, in all schools."""
    rows = db.execute(
        select(Conversation.establishment_id, Conversation.id).where(Conversation.state != State.CLOSED.value),
        execution_options=_ACROSS,
    )
    return [Place(establishment_id, conversation_id) for establishment_id, conversation_id in rows]


def tick(db: Session, keys: Keys, place: Place, now: datetime) -> None:
    """Looks after one conversation. Running it twice changes nothing more."""
    row = store.locked(db, place)
    if row is None or row.state == State.CLOSED:
        return
    readers = desk.active_readers(db, place)
    if row.handled_by is not None and not any(one.account_id == row.handled_by for one in readers):
        row.handled_by = row.handled_by_establishment = None  # has left the group: nobody has it any more
    late = _waits(row) and row.due_on < paris(now).date() and row.escalated_on is None
    if readers and not late:
        return
    key = _key(db, keys, place)
    header = desk.header_of(key, row)
    if key is None or header is None:
        return
    if not readers:
        _rescue(db, keys, key, header, row, paris(now).date())
    if late:
        _escalate(db, keys, key, header, row, paris(now).date())


def _waits(row: Conversation) -> bool:
    return waits(State(row.state), held=row.handled_by is not None)


def _rescue(db: Session, keys: Keys, key: ConversationKey, header: Header, row: Conversation, today: date) -> None:
    """Every reader has left: those who would be given such a message today are given this one."""
    readers = channel.eligible(db, key.place.establishment_id, header.excluded)
    if readers:
        store.give_key(db, keys, key, readers)
        store.move(db, row, "rescue", today)


def _escalate(db: Session, keys: Keys, key: ConversationKey, header: Header, row: Conversation, today: date) -> None:
    """Tells the next level. Where it has nobody, the clock tries again the next time."""
    readers = desk.active_readers(db, key.place)
    above = channel.next_level(db, key.place.establishment_id, header.excluded, readers)
    if not above:
        return
    store.give_key(db, keys, key, above)
    row.escalated_on = today
    store.move(db, row, "escalate", today)


def _key(db: Session, keys: Keys, place: Place) -> ConversationKey | None:
    """The conversation's key, from whichever wrap still opens."""
    for wrap in store.holders(db, place):
        try:
            return unwrap_for(keys, place, wrap.wrapped, wrap.reader_establishment_id, wrap.account_id, wrap.version)
        except UnsealError:
            continue
    return None


# --- Erasure ----------------------------------------------------------------------------------------------------------


def erase_account(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Removes what the room keeps on an adult's account: keys, authorship, what they had taken.

    Of a pupil or a parent it keeps nothing. The last key of an open conversation stays until the clock has given
    others one: a message never vanishes with the adult who had it.
    """
    wraps = db.scalars(
        select(KeyWrap).where(KeyWrap.reader_establishment_id == establishment_id, KeyWrap.account_id == account_id),
        execution_options=_ACROSS,
    ).all()
    for wrap in wraps:
        place = Place(wrap.establishment_id, wrap.conversation_id)
        row = store.locked(db, place)
        if row is None:
            continue
        if row.handled_by == account_id:
            row.handled_by = row.handled_by_establishment = None
        if row.state == State.CLOSED or len(store.holders(db, place)) > 1:
            db.delete(wrap)
    db.flush()
    store.forget_author(db, account_id)
