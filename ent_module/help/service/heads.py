"""What a head is told: that something waits or is urgent, in words, without a number and without a text.

Only what bears the head's own sign counts, or the sign of the office: that one tells a head who comes here for the
first time after the message. A writer who leaves anybody out gives no sign of the office, since whoever is left out may
become head; a head who is left out has no sign either, and every page of theirs is then the same as if the message did
not exist. Other heads have signs of their own.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.moves import Lane, State, waits
from ent_module.help.sealing import office_marker, told_marker
from ent_module.help.service import store
from ent_module.help.tables import Conversation, Told
from ent_module.identity.model import Membership
from ent_module.web.house import Keys


class Situation(StrEnum):
    """What a head needs to know of the channel, the gravest first."""

    URGENT = "urgent"
    """Something urgent is open."""
    LATE = "late"
    """Something has not been read and taken by its day."""
    UNREAD = "unread"
    QUIET = "quiet"


def situation(db: Session, keys: Keys, head: Membership, now: datetime) -> Situation:
    """The gravest thing that this head may know of."""
    today = paris(now).date()
    found = Situation.QUIET
    for row in _open(db, keys, head):
        if row.urgent:
            return Situation.URGENT
        if waits(State(row.state), held=row.handled_by is not None):
            found = Situation.LATE if row.due_on < today or found is Situation.LATE else Situation.UNREAD
    return found


def _open(db: Session, keys: Keys, head: Membership) -> list[Conversation]:
    rows = db.execute(
        select(Conversation, Told.marker)
        .join(
            Told, (Told.establishment_id == Conversation.establishment_id) & (Told.conversation_id == Conversation.id)
        )
        .where(
            Conversation.establishment_id == head.establishment_id,
            Conversation.state != State.CLOSED.value,
            Conversation.lane == Lane.GROUP.value,  # of what is under professional secrecy a head is told nothing
            Conversation.urgent | store.waits(),
        )
    )
    school, account = head.establishment_id, head.account_id
    return [
        row
        for row, marker in rows
        if marker in {told_marker(keys, school, account, row.id), office_marker(keys, school, row.id)}
    ]
