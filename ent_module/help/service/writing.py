"""Sending a message. Nothing here keeps an account: it leaves no trace of who did it."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help import codes, content_keys
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
from ent_module.help.service import adults, channel, desk, holding, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header, Writer
from ent_module.help.service.whom import whom
from ent_module.help.tables import Conversation, ReturnCode, Told
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
    heads_told: bool = True
    """Whether heads who are not left out may be told that something waits."""


def send(db: Session, keys: Keys, writer: Writer, draft: Draft, nonce: bytes, now: datetime) -> Receipt:
    """Seals and keeps a message; the same form once more gives the same receipt and keeps nothing.

    The draft has no problems. Raises ClosedError, NoReaderError, and LookupError for an adult who cannot be left out.
    """
    school = writer.establishment_id
    if (known := sent_before(db, keys, writer, draft, nonce)) is not None:
        return known
    if not channel.channel_status(db, school).open:
        raise ClosedError
    who = whom(db, school, draft)
    if not who.readers:
        raise NoReaderError
    to = tuple(one.plain for card_id, one in channel.addressed(db, school) if card_id in draft.to)
    arrival = _Arrival(
        header=Header.of(writer, draft, to, who.excluded, who.only),
        text=draft.message,
        readers=who.readers,
        heads_told=not who.in_doubt,
        seed=_seed(keys, school, nonce, draft),
        digest=request_digest(keys, school, nonce, _content(draft)),
        due_on=channel.due_day(db, school, now),
        now=now,
    )
    due_on = _kept_once(db, keys, school, arrival)
    another_may_read = bool(adults.next_level(db, school, who.excluded, who.readers))
    return _receipt(db, writer, draft, who.readers, due_on, another_may_read, arrival.seed)


def sent_before(db: Session, keys: Keys, writer: Writer, draft: Draft, nonce: bytes) -> Receipt | None:
    """The receipt of this very form where it has arrived, naming those who can read it today; None where it has not.

    That the channel is closed meanwhile, or a card taken away, undoes nothing.
    """
    school = writer.establishment_id
    message = store.received(db, school, request_digest(keys, school, nonce, _content(draft)))
    row = db.get(Conversation, (school, message.conversation_id)) if message else None
    if row is None:
        return None
    readers = desk.active_readers(db, keys, Place(school, row.id))
    try:
        excluded = whom(db, school, draft).excluded
        another_may_read = bool(adults.next_level(db, school, excluded, readers))
    except LookupError:  # an account that is gone: nothing is said of who else may read
        another_may_read = False
    return _receipt(db, writer, draft, readers, row.due_on, another_may_read, _seed(keys, school, nonce, draft))


def _receipt(
    db: Session,
    writer: Writer,
    draft: Draft,
    readers: list[Adult],
    due_on: date,
    another_may_read: bool,  # noqa: FBT001  # a field of the receipt
    seed: bytes | None,
) -> Receipt:
    return Receipt(
        readers=channel.called(db, writer.establishment_id, readers),
        due_on=due_on,
        answer=draft.wanted,
        urgent=draft.danger == "yes",
        another_may_read=another_may_read,
        code=codes.written(seed, writer.language) if seed else None,
    )


def _content(draft: Draft) -> dict[str, Any]:
    return {**draft.as_json(), "audience": draft.audience.value}


def _seed(keys: Keys, school: UUID, nonce: bytes, draft: Draft) -> bytes | None:
    """The return code of that form, where the answer is read here."""
    return code_seed(keys, school, nonce, _content(draft)) if draft.wanted.has_code else None


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
    key = ConversationKey.fresh(place, content_keys.fresh(keys, place.conversation_id))
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
    said = store.said(arrival.text, arrival.now)
    if arrival.header.name:  # the thread's own key does not open the header
        said[store.NAMED] = "yes"
    store.add_message(db, key.thread, Direction.IN, said, arrival.digest, None)
    holding.give(db, keys, key, arrival.readers)
    _mark_who_may_be_told(db, keys, place, arrival)
    if arrival.seed:
        _keep_code(db, ReturnKey.of(arrival.seed, school), key.thread, paris(arrival.now).date())
    store.move(db, conversation, "sent", paris(arrival.now).date())


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


def _mark_who_may_be_told(db: Session, keys: Keys, place: Place, arrival: _Arrival) -> None:
    """One sign for each head who was not left out, one for the office where nobody was, and chance in the other rows.

    Whoever is left out may become head: the office's sign would tell them. Where an adult of the school is concerned of
    whom nobody knows who it is, no head has a sign.
    """
    excluded = arrival.header.excluded
    out = adults.left_out(db, place.establishment_id, excluded)
    known = adults.heads(db, place.establishment_id) if arrival.heads_told else []
    heads = [one for one in known if not adults.among(one, out)]
    markers = [told_marker(keys, one.establishment_id, one.account_id, place.conversation_id) for one in heads]
    if not excluded and arrival.heads_told:
        markers.insert(0, office_marker(keys, place.establishment_id, place.conversation_id))
    markers = markers[:TOLD_ROWS]
    markers += [secrets.token_bytes(16) for _row in range(TOLD_ROWS - len(markers))]
    db.add_all(
        Told(establishment_id=place.establishment_id, conversation_id=place.conversation_id, marker=marker)
        for marker in sorted(markers)
    )
    db.flush()


# What an adult of the lane under professional secrecy passes on arrives in the group as a message does (`lanes.share`).
Arrival, keep_arrival = _Arrival, _keep
