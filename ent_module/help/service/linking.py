"""Two conversations that concern one situation.

The link is a sealed note on each side, and only that: no line of what happened and no number tells of it. It is shown
to whoever may read both; for anyone else the other one does not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.help.model.moves import Refusal
from ent_module.help.service import desk
from ent_module.help.service.doing import Act, BadTargetError, Context, MoveRefusedError, add_note
from ent_module.help.service.header import Header
from ent_module.help.service.store import NothingToOpenError
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.web.house import Keys

LINK, UNLINK = "link", "unlink"
NOTES = frozenset({LINK, UNLINK})
"""Of the notes of a conversation, those that are no words of anybody."""
_OTHER = "other"


@dataclass(frozen=True)
class Linked:
    """The other conversation, as a line of the inbox says it."""

    id: UUID
    header: Header | None


def linked(db: Session, keys: Keys, person: Person, notes: Iterable[tuple[str, Mapping[str, str]]]) -> list[Linked]:
    """The conversations that these notes link and that this person may read too, once each. In: what the notes are, and
    what was kept with them, in order."""
    found, others = [], dict[UUID, None]()
    for on, more in notes:
        if on == LINK and _OTHER in more:
            others[UUID(more[_OTHER])] = None
        elif on == UNLINK and _OTHER in more:
            others.pop(UUID(more[_OTHER]), None)
    for other in others:
        try:
            held = desk.held(db, keys, person, other)
        except NothingToOpenError:
            continue
        found.append(Linked(other, desk.header_of(held.key, held.row)))
    return found


def link(
    db: Session,
    keys: Keys,
    person: Person,
    one_id: UUID,
    other_id: UUID,
    nonce: bytes,
    now: datetime,
    *,
    on: str = LINK,
) -> None:
    """Links two conversations that this person may read, or unlinks them. The same form once more changes nothing.

    Raises NothingToOpenError where the first is not theirs to read, BadTargetError where the other is not, is of
    another lane or is the same; MoveRefusedError where one of them was altered.
    """
    # In one order, so that two adults who link the same two never wait for each other.
    sides = {}
    for place in sorted({one_id, other_id}):
        try:
            act = Act(on, nonce=nonce, more={_OTHER: str(other_id if place == one_id else one_id)})
            sides[place] = _side(db, keys, person, place, act, now)
        except NothingToOpenError:
            if place == one_id:
                raise
            raise BadTargetError from None
    if len(sides) < 2 or len({one.row.lane for one in sides.values()}) > 1:  # two sides
        raise BadTargetError
    for here, there in ((one_id, other_id), (other_id, one_id)):
        context = sides[here]
        value = context.signed(on=on, **{_OTHER: str(there)})
        if add_note(context, context.key, context.digest(), value):
            audit.note(db, context.row.establishment_id, context.me.account_id, "message.note", here, context.today)


def _side(db: Session, keys: Keys, person: Person, conversation_id: UUID, act: Act, now: datetime) -> Context:
    found = desk.held(db, keys, person, conversation_id, lock=True)
    header = desk.header_of(found.key, found.row)
    if found.key is None or header is None:
        raise MoveRefusedError(Refusal.STATE)
    return Context(db, keys, found.row, found.key, header, found.me, act, now)
