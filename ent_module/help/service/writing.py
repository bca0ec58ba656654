"""Sending a message. Nothing here keeps an account: it leaves no trace of who did it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from ent_module.database import Row, add_together
from ent_module.establishments.calendar import paris
from ent_module.help import codes, content_keys
from ent_module.help.model import clock
from ent_module.help.model.draft import Answer, Draft
from ent_module.help.model.moves import Direction, Lane, State
from ent_module.help.sealing import (
    ConversationKey,
    Place,
    ReturnKey,
    code_seed,
    office_marker,
    request_digest,
    told_marker,
)
from ent_module.help.service import adults, channel, desk, holding, secrecy, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header, Writer
from ent_module.help.service.whom import whom
from ent_module.help.tables import Conversation, KeySlots, Message, MoveLine, ReturnCode, Told
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
    lane: Lane = Lane.GROUP
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
    if not who.readers or (who.lane is Lane.SECRECY and secrecy.under_secrecy(db, school, now) is None):
        raise NoReaderError
    to = tuple(one.plain for card_id, one in channel.addressed(db, school) if card_id in draft.to)
    arrival = _Arrival(
        header=Header.of(writer, draft, to, who.excluded, who.only),
        text=draft.message,
        readers=who.readers,
        lane=who.lane,
        heads_told=not who.in_doubt and who.lane is Lane.GROUP,  # of that lane a head is told nothing
        seed=_seed(keys, school, nonce, draft),
        digest=request_digest(keys, school, nonce, _content(draft)),
        due_on=channel.due_day(db, school, now, lane=who.lane),
        now=now,
    )
    another_may_read = bool(adults.next_level(db, school, who.excluded, who.readers, who.lane))
    receipt = _receipt(db, writer, draft, who.readers, arrival.due_on, another_may_read, arrival.seed)
    if _keep(db, keys, school, arrival):
        return receipt
    # The same form came twice at the same time, and the other one was first.
    return sent_before(db, keys, writer, draft, nonce) or receipt


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
        another_may_read = bool(adults.next_level(db, school, excluded, readers, Lane(row.lane)))
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


def _keep(db: Session, keys: Keys, school: UUID, arrival: _Arrival) -> bool:
    """Keeps the message. Returns False, and keeps nothing, where this very form has come in the same moment."""
    place = Place(school, uuid4())
    key = ConversationKey.fresh(place, content_keys.fresh(keys, place.conversation_id))
    said = store.said(arrival.text, arrival.now)
    if arrival.header.name:  # the thread's own key does not open the header
        said[store.NAMED] = "yes"
    message = store.message_row(key.thread, Direction.IN, 1, said, arrival.digest, None)
    return add_together(db, (Message, message), *_with_it(db, keys, key, arrival))


def _with_it(db: Session, keys: Keys, key: ConversationKey, arrival: _Arrival) -> Iterator[Row]:
    """The other rows of a conversation that begins, itself first."""
    place, day = key.place, paris(arrival.now).date()
    yield Conversation, _conversation(place, key, arrival)
    yield KeySlots, holding.first_row(db, keys, key, arrival.readers)

    def of_it(**more: Any) -> dict[str, Any]:
        return {
            "establishment_id": place.establishment_id,
            "id": uuid4(),
            "conversation_id": place.conversation_id,
            **more,
        }

    for marker in sorted(_markers(db, keys, place, arrival)):
        yield Told, of_it(marker=marker)
    if arrival.seed:
        code = ReturnKey.of(arrival.seed, place.establishment_id)
        yield ReturnCode, of_it(lookup=code.lookup, wrapped=code.wrap(key.thread), created=day)
    yield MoveLine, of_it(number=1, day=day, action="sent", to_state=State.NEW.value)


def _conversation(place: Place, key: ConversationKey, arrival: _Arrival) -> dict[str, Any]:
    return {
        "establishment_id": place.establishment_id,
        "id": place.conversation_id,
        "state": State.NEW.value,
        "urgent": arrival.header.danger == "yes",
        "due_on": arrival.due_on,
        "lane": arrival.lane.value,
        "received_slot": clock.slot(arrival.now),
        "header": key.seal_header(arrival.header.as_json()),
    }


def _markers(db: Session, keys: Keys, place: Place, arrival: _Arrival) -> list[bytes]:
    """One sign for each head who was not left out, one for the office where nobody was, and chance for the other rows.

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
    return [*markers, *(secrets.token_bytes(16) for _row in range(TOLD_ROWS - len(markers)))]


# What an adult of the lane under professional secrecy passes on arrives in the group as a message does (`lanes.share`).
Arrival, keep_arrival = _Arrival, _keep
