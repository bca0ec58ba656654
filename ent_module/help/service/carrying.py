"""Keys that an earlier program wrapped for each listener, brought into slots: a step of `ent-module upgrade`.

A migration cannot do it, since it has no master key. What was written before there was an ek (`help.content_keys`)
opens no more, as nothing of that time was ever released: the desk says so and lets it be erased. What does not open
stays where it is, and is counted.
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.slots import SlotKey, filled, room_for
from ent_module.help.tables import KeySlots, KeyWrap
from ent_module.privacy import sealing
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

_ACROSS = {"across": True}


def left(db: Session) -> list[Place]:
    """The conversations whose keys are still wrapped in the old way."""
    found = select(KeyWrap.establishment_id, KeyWrap.conversation_id).distinct()
    return [Place(*row) for row in db.execute(found, execution_options=_ACROSS)]


def carry_over(db: Session, keys: Keys, place: Place) -> bool:
    """Brings one conversation's keys into slots. Returns whether any opened; where none did, nothing changes."""
    mine = (KeyWrap.establishment_id == place.establishment_id) & (KeyWrap.conversation_id == place.conversation_id)
    wraps = db.scalars(select(KeyWrap).where(mine)).all()
    key = next((key for wrap in wraps if (key := _opened(keys, place, wrap)) is not None), None)
    if key is None:
        return False
    whose = {(wrap.reader_establishment_id, wrap.account_id) for wrap in wraps}
    owners = [SlotKey.of_the_host(keys, place.establishment_id), *(SlotKey.of(keys, *one) for one in whose)]
    slots = filled(key, owners, room_for(len(whose)))
    db.add(KeySlots(establishment_id=place.establishment_id, id=place.conversation_id, slots=slots))
    db.execute(delete(KeyWrap).where(mine))
    db.flush()
    return True


def _opened(keys: Keys, place: Place, wrap: KeyWrap) -> ConversationKey | None:
    level, who = wrap.reader_establishment_id, wrap.account_id
    private = sealing.private_key(_seed(keys, level, who, wrap.version))
    try:
        bound = (*place.parts, b"listener", level.bytes, who.bytes)
        return ConversationKey(place, sealing.unwrap(wrap.wrapped, private, *bound), bytes(32))
    except UnsealError:
        return None


def _seed(keys: Keys, level: UUID, who: UUID, version: int) -> bytes:
    return keys.derive("help.listener", level.bytes, who.bytes, version.to_bytes(2, "big"))
