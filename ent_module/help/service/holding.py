"""Who holds the key of a conversation: giving it, taking it away, and asking who has it. The one place that writes
slots (`help.slots`).

Asked is always about the listeners of the conversation's levels as they are today: nothing in the database says whose a
slot is. Whoever is no listener at the moment at which slots are written anew has none afterwards.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.help import content_keys
from ent_module.help.model.moves import Lane
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults
from ent_module.help.service.adults import Adult
from ent_module.help.slots import SlotKey, filled, room_for, size_of
from ent_module.help.tables import KeySlots
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

Candidate = tuple[Adult, SlotKey]
LANES = tuple(Lane)


def candidates(db: Session, keys: Keys, establishment_id: UUID, lanes: Sequence[Lane] = LANES) -> list[Candidate]:
    """The listeners of these lanes today, of a school and of the levels above it, the nearest first, with what opens
    their slots."""
    found = {
        (one.establishment_id, one.account_id): one
        for level in adults.levels(db, establishment_id)
        for lane in lanes
        for one in adults.listeners(db, level, lane)
    }
    return [(one, SlotKey.of(keys, *place, one.key_version)) for place, one in found.items()]


def among(slots: bytes | None, place: Place, asked: Iterable[Candidate]) -> list[Adult]:
    """Those of the candidates who hold the key, in a fixed order of levels."""
    found = [adult for adult, key in asked if key.is_in(slots, place)]
    return sorted(found, key=lambda one: str(one.establishment_id))  # stable: by name within a level


def holders(db: Session, keys: Keys, place: Place, lanes: Sequence[Lane] = LANES) -> list[Adult]:
    """The listeners of today, of these lanes, who hold the key."""
    return among(_slots(db, place), place, candidates(db, keys, place.establishment_id, lanes))


def give(db: Session, keys: Keys, key: ConversationKey, given: Iterable[Adult]) -> None:
    """Gives the key to these adults too. Whoever asks holds the conversation."""
    mine = holders(db, keys, key.place)
    _write(db, keys, key, [*mine, *given])


def first_row(db: Session, keys: Keys, key: ConversationKey, given: Sequence[Adult]) -> dict[str, Any]:
    """The row that gives the key of a conversation that has just come to its first readers."""
    place, school = key.place, key.place.establishment_id
    slots = filled(key, _owners(keys, school, _whose(given)), _room_in(db, school, given))
    return {"establishment_id": school, "id": place.conversation_id, "slots": slots}


def _room_in(db: Session, establishment_id: UUID, given: Sequence[Adult]) -> int:
    """How many slots there are for these readers: as many as the school's whole group needs, so that their number does
    not tell whether somebody was left out."""
    return max(room_for(len(_whose(given))), room_for(len(adults.readers(db, establishment_id))))


def pass_on(db: Session, keys: Keys, key: ConversationKey, taking: Iterable[Adult]) -> None:
    """Gives the key to these adults, and takes it from everybody else. Whoever asks holds the conversation."""
    _write(db, keys, key, [*taking])


def forget(db: Session, keys: Keys, key: ConversationKey, gone: Callable[[Adult], bool]) -> None:
    """Takes the key from all of whom `gone` is true. Whoever asks holds the conversation."""
    _write(db, keys, key, [one for one in holders(db, keys, key.place) if not gone(one)])


def host_key(db: Session, keys: Keys, place: Place) -> ConversationKey | None:
    """The key from the host's own slot, for the clocks; None where it was altered, is not there, or its ek is lost."""
    slots = _slots(db, place)
    try:
        return _host_opened(keys, slots, place) if slots else None
    except UnsealError:
        return None


def _host_opened(keys: Keys, slots: bytes, place: Place) -> ConversationKey:
    ek = partial(content_keys.read, keys, place.conversation_id)
    return SlotKey.of_the_host(keys, place.establishment_id).opened(slots, place, ek)


def _slots(db: Session, place: Place) -> bytes | None:
    return db.scalar(
        select(KeySlots.slots).where(
            KeySlots.establishment_id == place.establishment_id, KeySlots.id == place.conversation_id
        )
    )


def _write(db: Session, keys: Keys, key: ConversationKey, readers: Sequence[Adult]) -> None:
    """All slots anew. There are as many as the school's whole group needs, or as there were before."""
    place, school = key.place, key.place.establishment_id
    row = db.get(KeySlots, (school, place.conversation_id), populate_existing=True)
    room = max(_room_in(db, school, readers), size_of(row.slots) if row else 0)
    if row is None:
        row = KeySlots(establishment_id=school, id=place.conversation_id)
        db.add(row)
    row.slots = filled(key, _owners(keys, school, _whose(readers)), room)
    db.flush()


def _whose(readers: Iterable[Adult]) -> set[tuple[UUID, UUID, int]]:
    return {(one.establishment_id, one.account_id, one.key_version) for one in readers}


def _owners(keys: Keys, establishment_id: UUID, whose: Iterable[tuple[UUID, UUID, int]]) -> list[SlotKey]:
    return [SlotKey.of_the_host(keys, establishment_id), *(SlotKey.of(keys, *one) for one in whose)]
