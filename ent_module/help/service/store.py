"""What the writer's side, the desk and the clocks do alike with the rows of a conversation."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.moves import MOVES, Direction, State, state_after
from ent_module.help.sealing import Place, ThreadKey
from ent_module.help.service.adults import Adult
from ent_module.help.tables import RANKS_THAT_WAIT, Conversation, Message, MoveLine, Note, Told
from ent_module.recall import once

_Numbered = type[Message] | type[Note] | type[MoveLine]


class NothingToOpenError(Exception):
    """There is nothing here for that person; whether it exists is not said."""


def locked(db: Session, place: Place) -> Conversation | None:
    """The conversation, held until the transaction ends, so that moves on it follow one another."""
    return db.scalar(
        select(Conversation)
        .where(Conversation.establishment_id == place.establishment_id, Conversation.id == place.conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def waits() -> ColumnElement[bool]:
    """The condition that a conversation waits for somebody (`moves.waits`)."""
    return Conversation.rank.in_(RANKS_THAT_WAIT)


def next_number(db: Session, table: _Numbered, place: Place) -> int:
    """The next number within a conversation. Whoever asks holds the conversation."""
    last = db.scalar(
        select(func.max(table.number)).where(
            table.establishment_id == place.establishment_id, table.conversation_id == place.conversation_id
        )
    )
    return (last or 0) + 1


def last_step(db: Session, place: Place) -> int:
    """The number of the last move of a conversation."""
    return next_number(db, MoveLine, place) - 1


def step(db: Session, place: Place, number: int) -> MoveLine | None:
    """The move of that number."""
    return db.scalar(
        select(MoveLine).where(
            MoveLine.establishment_id == place.establishment_id,
            MoveLine.conversation_id == place.conversation_id,
            MoveLine.number == number,
        )
    )


def passed_on(db: Session, place: Place) -> list[date]:
    """The days on which others were given it, because nobody had read it in time or nobody was left."""
    return list(
        db.scalars(
            select(MoveLine.day)
            .where(
                MoveLine.establishment_id == place.establishment_id,
                MoveLine.conversation_id == place.conversation_id,
                MoveLine.action.in_(PASSED_ON),
            )
            .order_by(MoveLine.number)
        )
    )


PASSED_ON = ("escalate", "rescue", "stand_in", "mailbox")
"""The moves of the clock by which others are told."""
NAMED = "named"
"""In a writer's first message: whether the name went with it."""


def said(text: str, now: datetime, on: str = "") -> dict[str, str]:
    """A writer's message as it is sealed: with its day, without the hour. `on`: what it is, where it is no message."""
    value = {"text": text, "day": paris(now).date().isoformat()}
    return {**value, "on": on} if on else value


def add_message(
    db: Session, thread: ThreadKey, direction: Direction, value: dict[str, str], digest: bytes, author: UUID | None
) -> None:
    """Adds a sealed message at the end of a thread. Does not check whether it is there already."""
    number = next_number(db, Message, thread.place)
    db.add(Message(**message_row(thread, direction, number, value, digest, author)))
    db.flush()


def message_row(
    thread: ThreadKey, direction: Direction, number: int, value: dict[str, str], digest: bytes, author: UUID | None
) -> dict[str, Any]:
    """A message as it is kept."""
    row_id = uuid4()
    return {
        "establishment_id": thread.place.establishment_id,
        "id": row_id,
        "conversation_id": thread.place.conversation_id,
        "direction": direction.value,
        "number": number,
        "author_id": author,
        "request_digest": digest,
        "sealed": thread.seal(value, row_id, direction, number),
    }


def messages(db: Session, place: Place) -> list[Message]:
    """The messages of a thread, in order."""
    return list(
        db.scalars(
            select(Message)
            .where(Message.establishment_id == place.establishment_id, Message.conversation_id == place.conversation_id)
            .order_by(Message.number)
        )
    )


def received(db: Session, establishment_id: UUID, digest: bytes) -> Message | None:
    """The message that this very form made, where it was sent before."""
    values = {"place": establishment_id, "digest": digest}
    return once(db, (Message, establishment_id, digest), lambda: db.scalar(_RECEIVED, values))


_RECEIVED = select(Message).where(
    Message.establishment_id == bindparam("place"), Message.request_digest == bindparam("digest")
)


def noted(db: Session, establishment_id: UUID, digest: bytes) -> bool:
    """Whether this very form made a note before."""
    return (
        db.scalar(select(Note.id).where(Note.establishment_id == establishment_id, Note.request_digest == digest))
        is not None
    )


def replace_marker(db: Session, place: Place, marker: bytes, new: bytes) -> None:
    """Puts chance in the place of somebody's sign."""
    row = db.scalar(
        select(Told).where(
            Told.establishment_id == place.establishment_id,
            Told.conversation_id == place.conversation_id,
            Told.marker == marker,
        )
    )
    if row is not None:
        row.marker = new


def move(
    db: Session,
    conversation: Conversation,
    name: str,
    day: date,
    by: Adult | None = None,
    *,
    state: State | None = None,
) -> None:
    """Brings a conversation where the move leads, and logs it. Who may, and from where, was checked before."""
    place = Place(conversation.establishment_id, conversation.id)
    before = State(conversation.state) if MOVES[name].since else None
    after = state or state_after(MOVES[name], State(conversation.state))
    conversation.state = after.value
    db.add(
        MoveLine(
            establishment_id=place.establishment_id,
            conversation_id=place.conversation_id,
            number=next_number(db, MoveLine, place),
            day=day,
            action=name,
            from_state=before.value if before else None,
            to_state=after.value,
            account_id=by.account_id if by else None,
            account_establishment_id=by.establishment_id if by else None,
        )
    )
    db.flush()


def forget_author(db: Session, account_id: UUID) -> None:
    """Empties an account's id wherever it stands as an author or as someone who acted, in all schools."""
    for table, column in (
        (Message, Message.author_id),
        (Note, Note.author_id),
        (MoveLine, MoveLine.account_id),
    ):
        db.execute(update(table).where(column == account_id).values({column: None}), execution_options={"across": True})
