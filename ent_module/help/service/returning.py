"""Coming back with the code, and writing again.

Opening leaves no trace of who did it. Only wrong codes are counted, under a name that changes every hour.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help import codes, content_keys
from ent_module.help.model import clock, meeting, steps
from ent_module.help.model.moves import Direction, Lane, State
from ent_module.help.model.outcomes import has_acted
from ent_module.help.sealing import Place, ReturnKey, ThreadKey, request_digest
from ent_module.help.service import attempts, channel, desk, store
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.tables import Conversation, Message, ReturnCode
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys


@dataclass(frozen=True)
class ThreadMessage:
    """One message as the writer reads it. `text` is None where it was altered and cannot be opened."""

    mine: bool
    who: str
    text: str | None
    day: date | None
    on: str = ""
    """What it is, where it is no message (`steps`)."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What else was kept with it: when and where an appointment is."""


@dataclass(frozen=True)
class Opened:
    """What a code opens: a thread, and nothing of what the group writes for itself."""

    key: ThreadKey
    messages: list[ThreadMessage]
    named: bool = False
    """Whether the writer's name is known to those who read."""
    lane: Lane = Lane.GROUP
    """Who reads it."""
    closed: bool = False
    acted: bool = False
    """Whether an adult has acted: all that is told of the outcome."""
    passed_on: tuple[date, ...] = ()
    """The days on which nobody had read it in time, and others were given it."""

    @property
    def booked(self) -> meeting.Booked | None:
        """The appointment that counts, while the thread is open."""
        return None if self.closed else meeting.current(self.messages, self.messages)

    @property
    def asks_whether_it_helped(self) -> bool:
        """At the end, once."""
        return self.closed and bool(self.messages) and self.messages[-1].on != steps.HELPED


def open_with_code(db: Session, keys: Keys, school: UUID, account_id: UUID, typed: str, now: datetime) -> Opened | None:
    """The thread that the typed words open in this school, whoever typed them; None otherwise.

    Never issued, erased and one too many attempts: the same answer after the same work. The account only counts
    wrong codes.
    """
    key = attempts.limited(db, keys, school, account_id, now, lambda: _thread_key(db, keys, school, typed))
    return None if key is None else read_thread(db, key)


def read_thread(db: Session, key: ThreadKey) -> Opened:
    """The thread that this key opens."""
    rows = store.messages(db, key.place)
    conversation = db.get(Conversation, (key.place.establishment_id, key.place.conversation_id))
    messages = [_as_writer_reads(key, one) for one in rows]
    closed = conversation is not None and conversation.state == State.CLOSED
    return Opened(
        key,
        messages,
        named=_is_named(key, rows),
        lane=Lane.GROUP if conversation is None else Lane(conversation.lane),
        closed=closed,
        acted=closed and conversation is not None and has_acted(conversation.outcome),
        passed_on=tuple(store.passed_on(db, key.place)),
    )


def _is_named(key: ThreadKey, rows: Sequence[Message]) -> bool:
    values = [unsealed(key, one) for one in rows]
    return any(store.NAMED in value or value.get("on") == steps.NAME for value in values)


def who_reads(db: Session, keys: Keys, key: ThreadKey) -> list[channel.Called]:
    """How those are called who can read the thread today."""
    return channel.called(db, key.place.establishment_id, desk.active_readers(db, keys, key.place))


def _thread_key(db: Session, keys: Keys, school: UUID, typed: str) -> ThreadKey | None:
    """The thread key behind the typed words. As much is derived, looked up and tried for any words."""
    tried = [ReturnKey.of(seed or secrets.token_bytes(10), school) for seed in codes.seeds(typed)]
    row = db.scalar(
        select(ReturnCode).where(
            ReturnCode.establishment_id == school, ReturnCode.lookup.in_([key.lookup for key in tried])
        )
    )
    place = Place(school, row.conversation_id if row else uuid4())
    nothing = tried[0].wrap(ThreadKey(place, bytes(32), bytes(32)))
    mine = next((key for key in tried if row and key.lookup == row.lookup), tried[0])
    try:
        opened = mine.unwrap(row.wrapped if row else nothing, place, bytes(32))
        return replace(opened, ek=content_keys.read(keys, place.conversation_id)) if row else None
    except UnsealError:  # an ek that is lost answers as a code that never was
        return None


def _as_writer_reads(key: ThreadKey, message: Message) -> ThreadMessage:
    value = unsealed(key, message)
    return ThreadMessage(
        mine=message.direction == Direction.IN,
        who=value.get("from", ""),
        text=value.get("text"),
        day=date.fromisoformat(value["day"]) if value else None,
        on=value.get("on", ""),
        more={name: value[name] for name in meeting.FIELDS if name in value},
    )


def unsealed(key: ThreadKey, message: Message) -> dict[str, Any]:
    """A message's values; an empty dictionary where somebody altered or moved it, so that the others can be read."""
    try:
        value: dict[str, Any] = key.unseal(message.sealed, message.id, Direction(message.direction), message.number)
    except UnsealError:
        return {}
    return value


def write_again(db: Session, keys: Keys, key: ThreadKey, text: str, nonce: bytes, now: datetime, on: str = "") -> date:
    """Adds the writer's next message and starts the clock again, also where it was closed. Returns the day by which it
    is read. `on`: what it is, where it is no message; that it helped starts no clock.

    The same form once more adds nothing. Raises NothingToOpenError where the conversation was erased meanwhile.
    """
    school = key.place.establishment_id
    conversation = store.locked(db, key.place)
    if conversation is None:
        raise NothingToOpenError
    content = {"conversation": str(key.place.conversation_id), "message": text, **({"on": on} if on else {})}
    digest = request_digest(keys, school, nonce, content)
    if store.received(db, school, digest) is None:
        store.add_message(db, key, Direction.IN, store.said(text, now, on), digest, None)
        if not steps.is_quiet(on, text):
            conversation.due_on = channel.due_day(db, school, now, lane=Lane(conversation.lane))
            conversation.received_slot = clock.slot(now)
            conversation.escalated_on = None
            store.move(db, conversation, "written_again", paris(now).date())
    return conversation.due_on
