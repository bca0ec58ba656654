"""Erasing a conversation: its rows, and its ek in the store apart, whatever happens in between.

In one transaction the rows go and a line says that they went; by that line the next tick destroys the ek, and again
where the store comes back from a copy. Never before the line is committed: an erasing that is undone loses nothing.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help import content_keys
from ent_module.help.model.retention import REPORTED_MONTHS
from ent_module.help.slots import without_keys
from ent_module.help.tables import Conversation, Erased, Hold, KeySlots
from ent_module.web.house import Keys

_ACROSS = {"across": True}
_SEEN_AGAIN = 2 * content_keys.COPIES_LIVE
"""For so long an ek that comes back from a copy is destroyed again."""
_KEPT = timedelta(days=31 * (REPORTED_MONTHS + 1))


def hold_on(db: Session, row: Conversation) -> Hold | None:
    """What holds a conversation."""
    return db.get(Hold, (row.establishment_id, row.id))


def erase_rows(db: Session, row: Conversation, day: date, *, by_itself: bool) -> None:
    """Removes a conversation with all that belongs to it. Whoever asks has locked it and checked that it may go."""
    slots = db.get(KeySlots, (row.establishment_id, row.id))
    db.add(
        Erased(
            establishment_id=row.establishment_id,
            id=row.id,
            day=day,
            by_itself=by_itself,
            slots=without_keys(slots.slots) if slots else b"",
        )
    )
    if slots is not None:
        db.expunge(slots)  # the database deletes it with the conversation
    db.delete(row)
    db.flush()


def finish(db: Session, keys: Keys, now: datetime) -> None:
    """Destroys each ek of what was erased and is still there, or there again."""
    since = paris(now).date() - _SEEN_AGAIN
    for one in db.scalars(select(Erased.id).where(Erased.day >= since), execution_options=_ACROSS):
        content_keys.store(keys).destroy(one)


def forget(db: Session, now: datetime) -> None:
    """Deletes the lines of which no report speaks any more."""
    before = paris(now).date() - _KEPT
    db.execute(delete(Erased).where(Erased.day < before), execution_options=_ACROSS)
