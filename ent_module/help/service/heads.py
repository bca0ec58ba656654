"""What a head is told: that something waits or is urgent, in words, without a number and without a text.

Only what bears the head's own sign counts. A writer who leaves the head out gives no sign, and every page of the head
is then the same as if the message did not exist.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.moves import WAITING, State
from ent_module.help.sealing import told_marker
from ent_module.help.tables import Conversation, Told
from ent_module.identity.model import Membership
from ent_module.web.house import Keys


class Situation(StrEnum):
    """What a head needs to know of the channel, the gravest first."""

    URGENT = "urgent"
    """Something urgent is open."""
    LATE = "late"
    """Something has not been read by its day."""
    UNREAD = "unread"
    QUIET = "quiet"


def situation(db: Session, keys: Keys, head: Membership, now: datetime) -> Situation:
    """The gravest thing that this head may know of."""
    today = paris(now).date()
    found = Situation.QUIET
    for urgent, state, due_on in _open(db, keys, head):
        if urgent:
            return Situation.URGENT
        if state in WAITING:
            found = Situation.LATE if due_on < today or found is Situation.LATE else Situation.UNREAD
    return found


def _open(db: Session, keys: Keys, head: Membership) -> list[tuple[bool, str, date]]:
    rows = db.execute(
        select(Conversation.id, Told.marker, Conversation.urgent, Conversation.state, Conversation.due_on)
        .join(
            Told, (Told.establishment_id == Conversation.establishment_id) & (Told.conversation_id == Conversation.id)
        )
        .where(
            Conversation.establishment_id == head.establishment_id,
            Conversation.state != State.CLOSED.value,
            Conversation.urgent | Conversation.state.in_([state.value for state in WAITING]),
        )
    )
    return [
        (urgent, state, due_on)
        for conversation_id, marker, urgent, state, due_on in rows
        if marker == told_marker(keys, head.establishment_id, head.account_id, conversation_id)
    ]
