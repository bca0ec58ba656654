"""The writer's side: sending, coming back with the code, writing again.

Nothing here keeps an account: sending and opening leave no trace of who did it. Only wrong codes are counted, under a
name that changes every hour.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help import codes
from ent_module.help.model import clock
from ent_module.help.model.draft import Answer, Draft
from ent_module.help.model.moves import Direction, State
from ent_module.help.sealing import (
    ConversationKey,
    Place,
    ReturnKey,
    ThreadKey,
    code_seed,
    office_marker,
    request_digest,
    told_marker,
)
from ent_module.help.service import adults, attempts, channel, desk, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header, Writer
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.tables import Conversation, Message, ReturnCode, Told
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

TOLD_ROWS = 8
"""How many signs there are that something waits, one of them the office's; rows that nobody needs mean nothing."""


class ClosedError(Exception):
    """The channel is closed."""


class NoReaderError(Exception):
    """Nobody is left who could read."""


@dataclass(frozen=True)
class Receipt:
    """What the writer is told once the message is committed."""

    readers: list[channel.Called]
    due_on: date
    answer: Answer
    urgent: bool
    another_may_read: bool
    code: list[str] | None
    """The words of the return code, where the answer is read here."""


# --- Sending ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Arrival:
    """A message about to be kept."""

    header: Header
    text: str
    readers: list[Adult]
    seed: bytes | None
    digest: bytes
    due_on: date
    now: datetime


def send(db: Session, keys: Keys, writer: Writer, draft: Draft, nonce: bytes, now: datetime) -> Receipt:
    """Seals and keeps a message; the same form once more gives the same receipt and keeps nothing.

    The draft has no problems. Raises ClosedError, NoReaderError, and LookupError for an adult who cannot be left out.
    """
    school = writer.establishment_id
    if not channel.channel_status(db, school).open:
        raise ClosedError
    excluded = tuple(adults.adults_of(db, school, draft.without))
    readers = adults.eligible(db, school, excluded)
    if not readers:
        raise NoReaderError
    content = {**draft.as_json(), "audience": draft.audience.value}
    to = tuple(one.plain for card_id, one in channel.addressed(db, school) if card_id in draft.to)
    arrival = _Arrival(
        header=Header.of(writer, draft, to, excluded),
        text=draft.message,
        readers=readers,
        seed=code_seed(keys, school, nonce, content) if draft.wanted.has_code else None,
        digest=request_digest(keys, school, nonce, content),
        due_on=channel.due_day(db, school, now),
        now=now,
    )
    return Receipt(
        readers=channel.called(db, school, readers),
        due_on=_kept_once(db, keys, school, arrival),
        answer=draft.wanted,
        urgent=draft.danger == "yes",
        another_may_read=bool(adults.next_level(db, school, excluded, readers)),
        code=codes.written(arrival.seed, writer.language) if arrival.seed else None,
    )


def _kept_once(db: Session, keys: Keys, school: UUID, arrival: _Arrival) -> date:
    """Keeps the message unless this very form was received before. Returns the day by which it is read."""
    if store.received(db, school, arrival.digest) is None:
        try:
            with db.begin_nested():
                _keep(db, keys, school, arrival)
        except IntegrityError:
            # The same form came twice at the same time and the other one was first; anything else is an error.
            if store.received(db, school, arrival.digest) is None:
                raise
    message = store.received(db, school, arrival.digest)
    found = message and db.get(Conversation, (school, message.conversation_id))
    return found.due_on if found else arrival.due_on


def _keep(db: Session, keys: Keys, school: UUID, arrival: _Arrival) -> None:
    place = Place(school, uuid4())
    key = ConversationKey.fresh(place)
    conversation = Conversation(
        establishment_id=school,
        id=place.conversation_id,
        state=State.NEW.value,
        urgent=arrival.header.danger == "yes",
        due_on=arrival.due_on,
        received_slot=clock.slot(arrival.now),
        header=key.seal_header(arrival.header.as_json()),
    )
    db.add(conversation)
    db.flush()
    store.add_message(db, key.thread, Direction.IN, _text(arrival.text, arrival.now), arrival.digest, None)
    store.give_key(db, keys, key, arrival.readers)
    _mark_who_may_be_told(db, keys, place, arrival.header.excluded)
    if arrival.seed:
        _keep_code(db, ReturnKey.of(arrival.seed, school), key.thread, paris(arrival.now).date())
    store.move(db, conversation, "sent", paris(arrival.now).date())


def _text(text: str, now: datetime) -> dict[str, str]:
    return {"text": text, "day": paris(now).date().isoformat()}


def _keep_code(db: Session, code: ReturnKey, thread: ThreadKey, day: date) -> None:
    db.add(
        ReturnCode(
            establishment_id=thread.place.establishment_id,
            lookup=code.lookup,
            conversation_id=thread.place.conversation_id,
            wrapped=code.wrap(thread),
            created=day,
        )
    )
    db.flush()


def _mark_who_may_be_told(db: Session, keys: Keys, place: Place, excluded: tuple[Adult, ...]) -> None:
    """One sign for each head who was not left out, one for the office where nobody was, and chance in the other rows.

    Whoever is left out may become head: the office's sign would tell them.
    """
    out = adults.left_out(db, place.establishment_id, excluded)
    heads = [one for one in adults.heads(db, place.establishment_id) if not adults.among(one, out)]
    markers = [told_marker(keys, one.establishment_id, one.account_id, place.conversation_id) for one in heads]
    if not excluded:
        markers.insert(0, office_marker(keys, place.establishment_id, place.conversation_id))
    markers = markers[:TOLD_ROWS]
    markers += [secrets.token_bytes(16) for _row in range(TOLD_ROWS - len(markers))]
    db.add_all(
        Told(establishment_id=place.establishment_id, conversation_id=place.conversation_id, marker=marker)
        for marker in sorted(markers)
    )
    db.flush()


# --- Coming back ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ThreadMessage:
    """One message as the writer reads it. `text` is None where it was altered and cannot be opened."""

    mine: bool
    who: str
    text: str | None
    day: date | None


@dataclass(frozen=True)
class Opened:
    """What a code opens: a thread, and nothing of what the group writes for itself."""

    key: ThreadKey
    messages: list[ThreadMessage]


def open_with_code(db: Session, keys: Keys, school: UUID, account_id: UUID, typed: str, now: datetime) -> Opened | None:
    """The thread that the typed words open in this school, whoever typed them; None otherwise.

    Never issued, erased and one too many attempts: the same answer after the same work. The account only counts
    wrong codes.
    """
    key = attempts.limited(db, keys, school, account_id, now, lambda: _thread_key(db, school, typed))
    return None if key is None else read_thread(db, key)


def read_thread(db: Session, key: ThreadKey) -> Opened:
    """The thread that this key opens."""
    return Opened(key, [_as_writer_reads(key, one) for one in store.messages(db, key.place)])


def who_reads(db: Session, key: ThreadKey) -> list[channel.Called]:
    """How those are called who can read the thread today."""
    return channel.called(db, key.place.establishment_id, desk.active_readers(db, key.place))


def _thread_key(db: Session, school: UUID, typed: str) -> ThreadKey | None:
    """The thread key behind the typed words. As much is derived, looked up and tried for any words."""
    keys = [ReturnKey.of(seed or secrets.token_bytes(10), school) for seed in codes.seeds(typed)]
    row = db.scalar(
        select(ReturnCode).where(
            ReturnCode.establishment_id == school, ReturnCode.lookup.in_([key.lookup for key in keys])
        )
    )
    place = Place(school, row.conversation_id if row else uuid4())
    nothing = keys[0].wrap(ThreadKey(place, bytes(32)))
    mine = next((key for key in keys if row and key.lookup == row.lookup), keys[0])
    try:
        opened = mine.unwrap(row.wrapped if row else nothing, place)
    except UnsealError:
        return None
    return opened if row else None


def _as_writer_reads(key: ThreadKey, message: Message) -> ThreadMessage:
    value = unsealed(key, message)
    return ThreadMessage(
        mine=message.direction == Direction.IN,
        who=value.get("from", ""),
        text=value.get("text"),
        day=date.fromisoformat(value["day"]) if value else None,
    )


def unsealed(key: ThreadKey, message: Message) -> dict[str, Any]:
    """A message's values; an empty dictionary where somebody altered or moved it, so that the others can be read."""
    try:
        value: dict[str, Any] = key.unseal(message.sealed, message.id, Direction(message.direction), message.number)
    except UnsealError:
        return {}
    return value


def write_again(db: Session, keys: Keys, key: ThreadKey, text: str, nonce: bytes, now: datetime) -> date:
    """Adds the writer's next message and starts the clock again. Returns the day by which it is read.

    The same form once more adds nothing. Raises NothingToOpenError where the conversation was erased meanwhile.
    """
    school = key.place.establishment_id
    conversation = store.locked(db, key.place)
    if conversation is None:
        raise NothingToOpenError
    content = {"conversation": str(key.place.conversation_id), "message": text}
    digest = request_digest(keys, school, nonce, content)
    if store.received(db, school, digest) is None:
        conversation.due_on = channel.due_day(db, school, now)
        conversation.received_slot = clock.slot(now)
        conversation.escalated_on = None
        store.add_message(db, key, Direction.IN, _text(text, now), digest, None)
        store.move(db, conversation, "written_again", paris(now).date())
    return conversation.due_on
