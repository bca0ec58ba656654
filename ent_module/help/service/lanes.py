"""The lane of nurse and social worker: a queue of their own under professional secrecy.

Nothing of it is in the group's queue, counts or search, nor in what a head is told: only its adults are given its keys.
What the group hands to the lane leaves the group. What the lane passes on to the group is a new message in the adult's
own words, no more than is needed (article L226-2-2 of the code de l'action sociale et des familles): the thread stays.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from ent_module.help.model.draft import Answer
from ent_module.help.model.moves import Lane, Refusal
from ent_module.help.sealing import Place, office_marker, told_marker
from ent_module.help.service import adults, channel, holding, store, writing
from ent_module.help.service.adults import Adult
from ent_module.help.service.doing import (
    BadTargetError,
    Context,
    MoveRefusedError,
    hold,
    keep_note,
    need_text,
    start_clock,
)


def can_take(db: Session, place: Place, excluded: Sequence[Adult]) -> bool:
    """Whether the lane has somebody, of the school or above, whom the writer did not leave out."""
    return bool(adults.eligible(db, place.establishment_id, excluded, Lane.SECRECY))


def to_lane(context: Context) -> bool:
    """The group hands a conversation to the lane, says why, and reads it no longer."""
    _in(context, Lane.GROUP)
    need_text(context)
    excluded = context.header.excluded
    taking = adults.eligible(context.db, context.place.establishment_id, excluded, Lane.SECRECY)
    if not taking:
        raise BadTargetError
    keep_note(context)
    context.row.lane = Lane.SECRECY.value
    holding.pass_on(context.db, context.keys, context.key, taking)
    _tell_no_head(context)
    hold(context, None)
    return start_clock(context)


def _in(context: Context, lane: Lane) -> None:
    if context.row.lane != lane:
        raise MoveRefusedError(Refusal.STATE)


def _tell_no_head(context: Context) -> None:
    school = context.place.establishment_id
    signs = [
        told_marker(context.keys, school, one.account_id, context.row.id) for one in adults.heads(context.db, school)
    ]
    for sign in (*signs, office_marker(context.keys, school, context.row.id)):
        store.replace_marker(context.db, context.place, sign, secrets.token_bytes(16))


def share(context: Context) -> bool:
    """The lane passes on to the group what it needs to know: a new message, in the adult's own words, with the pupil's
    name only where that is chosen. Whom the writer leaves out is left out of it too.
    """
    _in(context, Lane.SECRECY)
    need_text(context)
    school = context.place.establishment_id
    readers = adults.eligible(context.db, school, context.header.excluded)
    if not readers:
        raise BadTargetError
    digest = context.digest()
    if store.received(context.db, school, digest) is not None:
        return False
    named = context.act.more.get("named") == "yes"
    header = replace(context.header, answer=Answer.VISIT, what=(), often="", to=())
    header = header if named else replace(header, name="", classes=())
    due_on = channel.due_day(context.db, school, context.now)
    arrival = writing.Arrival(header, context.act.text, readers, None, digest, due_on, context.now)
    writing.keep_arrival(context.db, context.keys, school, arrival)
    keep_note(context)
    return True
