"""What a listener can read, over all schools of theirs: found by slots, since no row says who may read what.

What is asked here looks over several schools on purpose: what binds it is the person's own accounts.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.help import content_keys
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
_IN_PARTS = {**_ACROSS, "yield_per": _AT_MOST}
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
        self.accounts, self.lane, self._host = listener_accounts(person, lane), lane, keys
        self._keys = [SlotKey.of(keys, one.establishment_id, one.account_id, one.key_version) for one in self.accounts]

    def holds(self, slots: bytes | None, place: Place) -> bool:
        """Whether one of these accounts was given the key."""
        return any(key.is_in(slots, place) for key in self._keys)

    def opened(self, slots: bytes | None, place: Place) -> Opened | None:
        """The account that was given the key, and the key unless it was altered or lost; None where none was."""
        for account, key in zip(self.accounts, self._keys, strict=True):
            if (opened := key.found(slots, place)) is not None:
                try:
                    return account, opened(partial(content_keys.read, self._host, place.conversation_id))
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

    def may_be_in(self, db: Session) -> list[UUID]:
        """All these schools."""
        return [school for some in self.places(db) for school in some]


def _walked(
    db: Session, reader: Reader, places: Sequence[UUID], first: int, *, closed: bool
) -> Iterator[tuple[UUID, _Order]]:
    """What can be read of these schools' conversations, in the inbox's order: they are walked as far as is asked for,
    and each is recognised by its slots alone, since nothing else says who may read it. Yields school and place in it.
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
                yield place, tuple(order)
        if len(rows) < size:
            return
        last, size = rows[-1][: len(_ORDER)], min(2 * size, _AT_MOST)
        rows = db.execute(walk.where(tuple_(*_ORDER) > tuple_(*last)).limit(size), execution_options=_ACROSS).all()


def page_of(db: Session, reader: Reader, *, start: int, length: int, closed: bool) -> list[Conversation]:
    """So many from there on in the inbox's order, and one more where more follows: the schools' lists merged."""
    needed = start + length + 1
    walks = [_walked(db, reader, places, needed, closed=closed) for places in reader.places(db)]
    order = list(islice(merge(*walks, key=itemgetter(1)), start, needed))
    place = {row[-1]: number for number, (_school, row) in enumerate(order)}
    rows = _these(db, [(school, row[-1]) for school, row in order])
    return sorted(rows, key=lambda row: place[row.id])


def _these(db: Session, places: Sequence[tuple[UUID, UUID]]) -> list[Conversation]:
    """The conversations of these schools and ids. By their schools too: else the database would go through all."""
    schools, ids = {school for school, _one in places}, [one for _school, one in places]
    wanted = select(Conversation).where(Conversation.establishment_id.in_(schools), Conversation.id.in_(ids))
    return list(db.scalars(wanted))


def keys_of(db: Session, reader: Reader, rows: Sequence[Conversation]) -> dict[UUID, Opened]:
    """For each conversation, the account that reads it and its key. One that lost it a moment ago has none."""
    schools, ids = {row.establishment_id for row in rows}, [row.id for row in rows]
    wanted = select(KeySlots.establishment_id, KeySlots.id, KeySlots.slots)
    held = db.execute(wanted.where(KeySlots.establishment_id.in_(schools), KeySlots.id.in_(ids)))
    found = {one: reader.opened(slots, Place(school, one)) for school, one, slots in held}
    return {one: opened for one, opened in found.items() if opened is not None}


def matching(db: Session, reader: Reader, *conditions: Any) -> Iterator[tuple[Conversation, ConversationKey | None]]:
    """All of the reader's lane of which these conditions hold and that this reader was given, with its key, in the
    inbox's order. What others read is passed over by its slots alone; rows are opened a few at a time.
    """
    places = reader.may_be_in(db)
    walk = select(Conversation.establishment_id, Conversation.id, KeySlots.slots).join(KeySlots, _OF_IT)
    walk = walk.where(Conversation.establishment_id.in_(places), Conversation.lane == reader.lane.value, *conditions)
    mine: dict[tuple[UUID, UUID], ConversationKey | None] = {}
    for place, one, slots in db.execute(walk.order_by(*_ORDER), execution_options=_IN_PARTS):
        if (opened := reader.opened(slots, Place(place, one))) is not None:
            mine[place, one] = opened[1]
    order = list(mine)
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        found = {(row.establishment_id, row.id): row for row in _these(db, some)}
        yield from ((found[one], mine[one]) for one in some if one in found)
