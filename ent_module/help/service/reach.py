"""What a listener can read, over all schools of theirs: found by slots, since no row says who may read what.

What is asked here looks over several schools on purpose: what binds it is the person's own accounts.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.help.model.moves import Lane
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults
from ent_module.help.slots import SlotKey
from ent_module.help.tables import CLOSED, Conversation, KeySlots
from ent_module.identity.model import Membership, Person
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

Opened = tuple[Membership, ConversationKey | None]
"""The account that was given a key, and the key unless it was altered."""
_AT_ONCE = 100
"""So many conversations are in memory while many are gone through."""
_AT_MOST = 2_000
"""So many slots are in memory while conversations are walked."""
_ACROSS = {"across": True}
_OF_IT = (KeySlots.establishment_id == Conversation.establishment_id) & (KeySlots.id == Conversation.id)


def listener_accounts(person: Person, lane: Lane = Lane.GROUP) -> tuple[Membership, ...]:
    """The person's accounts that are a listener's of that lane today."""
    return person.where(adults.LISTENS[lane])


def everywhere(person: Person) -> tuple[Membership, ...]:
    """The person's accounts that are a listener's of any lane today."""
    return person.where(*adults.LISTENS.values())


_ORDER = (Conversation.rank, Conversation.due_on, Conversation.received_slot, Conversation.id)
_Order = tuple[Any, ...]
"""The values of _ORDER, the conversation's id last."""


class Reader:
    """A person's accounts that are a listener's of one lane today, with what opens their slots."""

    def __init__(self, keys: Keys, person: Person, lane: Lane = Lane.GROUP) -> None:
        self.accounts, self.lane = listener_accounts(person, lane), lane
        self._keys = [SlotKey.of(keys, one.establishment_id, one.account_id, one.key_version) for one in self.accounts]

    def holds(self, slots: bytes | None, place: Place) -> bool:
        """Whether one of these accounts was given the key."""
        return any(key.is_in(slots, place) for key in self._keys)

    def opened(self, slots: bytes | None, place: Place) -> Opened | None:
        """The account that was given the key, and the key unless it was altered; None where none was."""
        for account, key in zip(self.accounts, self._keys, strict=True):
            if slots is not None and key.is_in(slots, place):
                try:
                    return account, key.opened(slots, place)
                except UnsealError:
                    return account, None
        return None

    def places(self, db: Session) -> list[list[UUID]]:
        """The schools whose conversations it may have been given: each of its own by itself, since there nearly
        everything can be read; all those of levels above together, since there little can.
        """
        own = sorted({one.establishment_id for one in self.accounts if one.kind.is_school})
        levels = {one.establishment_id for one in self.accounts if not one.kind.is_school}
        below = {school.id for level in levels for school in establishments.schools_below(db, level)}
        found = [[school] for school in own]
        return [*found, sorted(below.difference(own))] if below.difference(own) else found


def _walked(db: Session, reader: Reader, places: Sequence[UUID], first: int, *, closed: bool) -> Iterator[_Order]:
    """What can be read of these schools' conversations, in the inbox's order: they are walked as far as is asked for,
    and each is recognised by its slots alone, since nothing else says who may read it.
    """
    shown = Conversation.rank == CLOSED if closed else Conversation.rank < CLOSED
    where = (
        Conversation.establishment_id == places[0] if len(places) == 1 else Conversation.establishment_id.in_(places)
    )
    walk = select(*_ORDER, Conversation.establishment_id, KeySlots.slots).outerjoin(KeySlots, _OF_IT)
    walk, size = walk.where(where, shown, Conversation.lane == reader.lane.value).order_by(*_ORDER), first
    rows: Sequence[Any] = db.execute(walk.limit(size), execution_options=_ACROSS).all()
    while rows:
        for *order, place, slots in rows:
            if reader.holds(slots, Place(place, order[-1])):
                yield tuple(order)
        if len(rows) < size:
            return
        last, size = rows[-1][: len(_ORDER)], min(2 * size, _AT_MOST)
        rows = db.execute(walk.where(tuple_(*_ORDER) > tuple_(*last)).limit(size), execution_options=_ACROSS).all()


def page_of(db: Session, reader: Reader, *, start: int, length: int, closed: bool) -> list[Conversation]:
    """So many from there on in the inbox's order, and one more where more follows: the schools' lists merged."""
    needed = start + length + 1
    walks = [_walked(db, reader, places, needed, closed=closed) for places in reader.places(db)]
    order = list(islice(merge(*walks), start, needed))
    place = {row[-1]: number for number, row in enumerate(order)}
    rows = db.scalars(select(Conversation).where(Conversation.id.in_(place)), execution_options=_ACROSS)
    return sorted(rows, key=lambda row: place[row.id])


def keys_of(db: Session, reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Opened]:
    """For each conversation, the account that reads it and its key. One that lost it a moment ago has none."""
    rows = db.scalars(select(KeySlots).where(KeySlots.id.in_(ids)), execution_options=_ACROSS)
    found = {row.id: reader.opened(row.slots, Place(row.establishment_id, row.id)) for row in rows}
    return {one: opened for one, opened in found.items() if opened is not None}


def matching(db: Session, reader: Reader, *conditions: Any) -> Iterator[tuple[Conversation, ConversationKey | None]]:
    """All of the reader's lane of which these conditions hold and that this reader was given, with its key, in the
    inbox's order. What others read is passed over by its slots alone; rows are opened a few at a time.
    """
    places = [school for some in reader.places(db) for school in some]
    walk = select(Conversation.establishment_id, Conversation.id, KeySlots.slots).join(KeySlots, _OF_IT)
    walk = walk.where(Conversation.establishment_id.in_(places), Conversation.lane == reader.lane.value, *conditions)
    mine: dict[UUID, ConversationKey | None] = {}
    for place, one, slots in db.execute(walk.order_by(*_ORDER), execution_options=_ACROSS).all():
        if (opened := reader.opened(slots, Place(place, one))) is not None:
            mine[one] = opened[1]
    ids = list(mine)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        rows = db.scalars(select(Conversation).where(Conversation.id.in_(some)), execution_options=_ACROSS)
        found = {row.id: row for row in rows}
        yield from ((found[one], mine[one]) for one in some if one in found)
