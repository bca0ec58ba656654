"""Conversations. What is not sealed here is what the group needs to sort its work; nothing of it tells who wrote.

No exact time stands in these tables, and no account of a writer: the columns for either do not exist.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment
from ent_module.help.model import notices
from ent_module.help.model.moves import MOVES, WAITING, Direction, Lane, State
from ent_module.help.model.outcomes import Outcome
from ent_module.help.model.retention import Reason

_STATES = ", ".join(f"'{state}'" for state in State)
_DIRECTIONS = ", ".join(f"'{direction}'" for direction in Direction)
_WAITING = ", ".join(f"'{state}'" for state in sorted(WAITING))
_MOVES = ", ".join(f"'{name}'" for name in MOVES)
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in Outcome)
_REASONS = ", ".join(f"'{reason}'" for reason in Reason)
_LANES = ", ".join(f"'{lane}'" for lane in Lane)
_KINDS = ", ".join(f"'{kind}'" for kind in notices.Kind)
_NOTICES = ", ".join(f"'{state}'" for state in notices.State)


def _of_conversation() -> ForeignKeyConstraint:
    """What belongs to a conversation goes with it."""
    return ForeignKeyConstraint(
        ["establishment_id", "conversation_id"],
        ["ent_conversation.establishment_id", "ent_conversation.id"],
        ondelete="CASCADE",
    )


CLOSED, RANKS_THAT_WAIT = 9, (0, 2)
_RANK = (
    f"CASE WHEN state = '{State.CLOSED}' THEN {CLOSED} ELSE CASE WHEN urgent THEN 0 ELSE 2 END"
    f" + CASE WHEN state IN ({_WAITING}) OR handled_by IS NULL THEN 0 ELSE 1 END END"
)


class Conversation(OfEstablishment, Base):
    """Someone's message to the listening group, and all that follows from it."""

    __tablename__ = "ent_conversation"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("(handled_by IS NULL) = (handled_by_establishment IS NULL)", name="handler"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint(f"lane IN ({_LANES})", name="lane"),
        Index(None, "establishment_id", "state", "due_on"),
        Index(None, "establishment_id", "rank", "due_on", "received_slot", "id"),
    )

    state: Mapped[str] = mapped_column(String(12))
    urgent: Mapped[bool] = mapped_column(Boolean)
    due_on: Mapped[date] = mapped_column(Date)
    """The day by which the writer was told that it is read."""
    received_slot: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """In UTC, rounded down to the half hour: an exact time would link the message to whoever was signed in then."""
    handled_by: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the adult who has it; its establishment may be a level above the school's."""
    handled_by_establishment: Mapped[UUID | None] = mapped_column(Uuid)
    escalated_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the next level was given the key, because nobody had read it; empty again at a new message."""
    rank: Mapped[int] = mapped_column(SmallInteger, Computed(_RANK, persisted=True))
    """Where the inbox has it, kept by the database: urgent (0, 1) before others (2, 3), each first what waits for
    somebody (`moves.waits`); 9 when closed."""
    outcome: Mapped[str | None] = mapped_column(String(20))
    """How it ended; empty again once it is reopened."""
    lane: Mapped[str] = mapped_column(String(8), default=Lane.GROUP.value, server_default=Lane.GROUP.value)
    """Whose queue it is in. Only that lane's adults are ever given its key."""
    header: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: what the writer chose, whom to leave out, the name where it was given."""


class Message(OfEstablishment, Base):
    """One message of a thread, sealed under the thread key. The digest makes a form sent twice one message."""

    __tablename__ = "ent_message"
    __table_args__ = (
        _of_conversation(),
        UniqueConstraint("establishment_id", "conversation_id", "number"),
        UniqueConstraint("establishment_id", "request_digest"),
        CheckConstraint(f"direction IN ({_DIRECTIONS})", name="direction"),
        CheckConstraint("direction = 'out' OR author_id IS NULL", name="writers_have_no_account"),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    direction: Mapped[str] = mapped_column(String(3))
    number: Mapped[int] = mapped_column(SmallInteger)
    author_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Account of the adult who answers."""
    request_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Keyed digest of the form's token and content."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Note(OfEstablishment, Base):
    """A note that only the group reads, sealed under the desk key."""

    __tablename__ = "ent_note"
    __table_args__ = (
        _of_conversation(),
        UniqueConstraint("establishment_id", "conversation_id", "number"),
        UniqueConstraint("establishment_id", "request_digest"),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(SmallInteger)
    author_id: Mapped[UUID | None] = mapped_column(Uuid)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class KeySlots(OfEstablishment, Base):
    """The conversation's key for whoever may read it (`help.slots`); its id is the conversation's."""

    __tablename__ = "ent_key_slots"
    __table_args__ = (
        ForeignKeyConstraint(
            ["establishment_id", "id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            ondelete="CASCADE",
        ),
    )

    slots: Mapped[bytes] = mapped_column(LargeBinary)


class KeyWrap(OfEstablishment, Base):
    """Of an earlier program: the key, wrapped for one listener. Nothing is added any more, and `ent-module upgrade`
    empties it (`service.carrying`).
    """

    __tablename__ = "ent_conversation_key"
    __table_args__ = (
        _of_conversation(),
        UniqueConstraint("establishment_id", "conversation_id", "reader_establishment_id", "account_id"),
        Index(None, "reader_establishment_id", "account_id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    reader_establishment_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(SmallInteger)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class Told(OfEstablishment, Base):
    """A sign by which one head, or the office, recognises that the conversation is among those of which their page may
    say that something waits. Nobody is sent anything.

    Every conversation has `writing.TOLD_ROWS` rows; those that nobody needs hold chance. So neither their number nor
    what stands in them tells who was left out, unless one has the host's key.
    """

    __tablename__ = "ent_told"
    __table_args__ = (_of_conversation(), Index(None, "establishment_id", "conversation_id"))

    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    marker: Mapped[bytes] = mapped_column(LargeBinary(16))


class ReturnCode(OfEstablishment, Base):
    """The thread key, wrapped for whoever has the code. The code itself is nowhere."""

    __tablename__ = "ent_return_code"
    __table_args__ = (
        _of_conversation(),
        UniqueConstraint("establishment_id", "lookup"),
        UniqueConstraint("establishment_id", "conversation_id"),
    )

    lookup: Mapped[bytes] = mapped_column(LargeBinary(16))
    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[date] = mapped_column(Date)


class MoveLine(OfEstablishment, Base):
    """One move of a conversation: which, on what day, from where to where, by whom. The writer's have no account."""

    __tablename__ = "ent_move"
    __table_args__ = (
        _of_conversation(),
        UniqueConstraint("establishment_id", "conversation_id", "number"),
        CheckConstraint(f"action IN ({_MOVES})", name="action"),
        CheckConstraint(
            "action NOT IN ('sent', 'written_again') OR account_id IS NULL", name="writers_have_no_account"
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date] = mapped_column(Date)
    action: Mapped[str] = mapped_column(String(16))
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    account_establishment_id: Mapped[UUID | None] = mapped_column(Uuid)


class Hold(OfEstablishment, Base):
    """A conversation that is not to be erased; its id is the conversation's. Another adult than this one lifts it."""

    __tablename__ = "ent_hold"
    __table_args__ = (
        ForeignKeyConstraint(
            ["establishment_id", "id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(f"reason IN ({_REASONS})", name="reason"),
    )

    reason: Mapped[str] = mapped_column(String(12))
    day: Mapped[date] = mapped_column(Date)
    account_id: Mapped[UUID] = mapped_column(Uuid)


class Erased(OfEstablishment, Base):
    """That a conversation was erased: its id is what the conversation's was, so that its ek is destroyed for certain.

    `slots` are the tags of those who could read it, and chance in the place of each key: a report counts for a reader
    what that reader had, and for whoever was left out there is nothing to count.
    """

    __tablename__ = "ent_erased"
    __table_args__ = (Index(None, "day"),)

    day: Mapped[date] = mapped_column(Date)
    by_itself: Mapped[bool] = mapped_column(Boolean)
    """When its time was over; else by one of the group."""
    slots: Mapped[bytes] = mapped_column(LargeBinary)


class CodeAttempt(OfEstablishment, Base):
    """Wrong codes of one account in one hour, under a name that changes every hour. Right ones leave no row."""

    __tablename__ = "ent_code_attempt"
    __table_args__ = (UniqueConstraint("establishment_id", "who"),)

    who: Mapped[bytes] = mapped_column(LargeBinary(32))
    hour: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    count: Mapped[int] = mapped_column(SmallInteger)


class Listening(OfEstablishment, Base):
    """What a listener says of themself: when they are there, and where notices reach them. No row: always, nowhere."""

    __tablename__ = "ent_listening"
    __table_args__ = (
        UniqueConstraint("establishment_id", "account_id"),
        CheckConstraint("checked_on IS NULL OR address IS NOT NULL", name="checked"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    weekdays: Mapped[int] = mapped_column(SmallInteger, default=notices.EVERY_DAY)
    """The days of presence as bits, Monday the lowest."""
    away_until: Mapped[date | None] = mapped_column(Date)
    """Away, that day included."""
    stands_in: Mapped[bool] = mapped_column(Boolean, default=False)
    """Reads only what the others have not taken in time, or while they are away."""
    on_call: Mapped[bool] = mapped_column(Boolean, default=False)
    """Has agreed to the school's rota, if it has one."""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: an e-mail address."""
    checked_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the link sent there was followed. Nothing else is sent before."""


class Notice(OfEstablishment, Base):
    """A mail that is owed or was sent, so that none leaves twice. It says to whom, not what for: the mark is a keyed
    digest. No time stands here, nor any conversation.
    """

    __tablename__ = "ent_notice"
    __table_args__ = (
        UniqueConstraint("establishment_id", "mark"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"state IN ({_NOTICES})", name="state"),
        Index(None, "state"),
    )

    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Empty: the mailbox of that level."""
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    day: Mapped[date] = mapped_column(Date)
    mark: Mapped[bytes] = mapped_column(LargeBinary(16))
