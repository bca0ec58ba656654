"""Everything that a colleague who leaves still has goes to another one, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.help.model.moves import Lane, State
from ent_module.help.sealing import Place
from ent_module.help.service import acting, desk, store
from ent_module.help.service.doing import Act, BadTargetError, MoveRefusedError
from ent_module.help.tables import Conversation
from ent_module.identity.model import Person
from ent_module.web.house import Keys

_OPEN = Conversation.state != State.CLOSED.value


@dataclass(frozen=True)
class HandedOn:
    """What came of it: how many went over, and how many could not, since that colleague cannot read them."""

    done: int
    left: int


def holding(db: Session, keys: Keys, person: Person) -> tuple[Mapping[UUID, str], Mapping[UUID, str]]:
    """Of what this person may read: who has open conversations, and who could take them, by account."""
    holders: dict[UUID, str] = {}
    takers: dict[UUID, str] = {}
    for lane in Lane:
        for one in desk.each(db, keys, person, lane, _OPEN, Conversation.handled_by.is_not(None)):
            if one.header is None or one.row.handled_by is None:
                continue
            holders[one.row.handled_by] = desk.holder_name(db, one.row)
            place = Place(one.row.establishment_id, one.row.id)
            readers = desk.active_readers(db, keys, place, one.header.excluded)
            takers |= {reader.account_id: reader.name for reader in readers}
    return holders, takers


def hand_on(db: Session, keys: Keys, person: Person, whose: UUID, to: UUID, nonce: bytes, now: datetime) -> HandedOn:
    """Hands over each open conversation of that account which this person may read. The same form once more finds
    nothing left to do. Raises BadTargetError where it is the same account.
    """
    if whose == to:
        raise BadTargetError
    mine = [
        one.row.id
        for lane in Lane
        for one in desk.each(db, keys, person, lane, _OPEN, Conversation.handled_by == whose)
        if one.header is not None
    ]
    done = 0
    for conversation_id in mine:
        row = desk.held(db, keys, person, conversation_id, lock=True).row
        act = Act("hand_over", to=str(to), step=store.last_step(db, Place(row.establishment_id, row.id)), nonce=nonce)
        try:
            acting.perform(db, keys, person, conversation_id, act, now)
        except (BadTargetError, MoveRefusedError):
            continue
        done += 1
    return HandedOn(done, len(mine) - done)
