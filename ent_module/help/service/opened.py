"""One conversation opened at the desk: its thread, its notes, what happened, and what can be done next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help import content_keys
from ent_module.help.model import clock, meeting
from ent_module.help.model.moves import Direction, Lane, State, waits
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults, erasing, lanes, passing_on, retention, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.desk import (
    Held,
    Readable,
    active_readers,
    closing_needs_words,
    header_of,
    held,
    holder_name,
    holds,
)
from ent_module.help.service.header import Header
from ent_module.help.service.leaving_out import can_be_marked
from ent_module.help.service.linking import NOTES, Linked, linked
from ent_module.help.service.returning import unsealed
from ent_module.help.tables import Message, MoveLine, Note
from ent_module.identity import service as identity
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys


@dataclass(frozen=True)
class Said:
    """A message or a note, opened. `text` is None where it was altered."""

    incoming: bool
    who: str
    text: str | None
    day: date | None
    on: str = ""
    """Of a note: the move that it goes with."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What else was kept with it: an outcome, a reference."""

    @property
    def booked(self) -> date | None:
        """The day on which the agenda has it; of an appointment the agenda knows more (`model.meeting`)."""
        if self.on == meeting.MEET:
            return None
        return date.fromisoformat(self.more["on_day"]) if "on_day" in self.more else None


@dataclass(frozen=True)
class Step:
    """A line of what happened."""

    day: date
    action: str
    who: str


@dataclass(frozen=True)
class Opened:
    """Everything that the page of one conversation shows."""

    id: UUID
    school_id: UUID
    school: str
    state: State
    urgent: bool
    due_on: date
    received_on: date
    waiting: clock.Waiting | None
    header: Header | None
    messages: list[Said]
    notes: list[Said]
    steps: list[Step]
    last_step: int
    """The number of the last step: a form of the page says what it was made for."""
    holder: str
    mine: bool
    can_go_to: list[Adult]
    """Colleagues who can read it already; oneself too while a colleague has it."""
    can_go_up: bool
    """Whether the next level has someone who can be given it."""
    nobody_above: bool
    """It is late, and no level above has anybody who could be given it, or who has it already."""
    code: bool
    """Whether the writer reads the answer here."""
    closing_needs_words: bool
    can_be_erased: bool
    """Whether it is closed with an outcome, or lost, and nothing holds it."""
    lost: bool = False
    """Whether its ek is gone: nobody will ever read it again."""
    held_for: str = ""
    """The reason for which it is held, if it is."""
    can_be_lifted: bool = False
    """Whether somebody else than this reader has held it."""
    erased_on: date | None = None
    """When it goes by itself."""
    outcome: str | None = None
    lane: Lane = Lane.GROUP
    can_be_marked: Sequence[Adult] = ()
    """Adults of whom a reader may say that they are named in it."""
    can_go_to_lane: bool = False
    """Whether there is somebody of the lane under professional secrecy who may be given it."""
    links: Sequence[Linked] = ()
    """Other conversations on the same situation, which this person may read too."""
    booked: meeting.Booked | None = None
    """The appointment that counts."""


def open_conversation(db: Session, keys: Keys, person: Person, conversation_id: UUID, now: datetime) -> Opened:
    """Opens a conversation: leaves an audit line, and from now on it has been read. Raises NothingToOpenError.

    What somebody has taken, only they have read: a colleague's look must not hide that the writer has written again.
    """
    found = held(db, keys, person, conversation_id, lock=True)
    today = paris(now).date()
    audit.note(db, found.row.establishment_id, found.me.account_id, "message.opened", found.row.id, today)
    if found.row.state == State.NEW and (found.row.handled_by is None or holds(person, found.row)):
        after = State.READ if found.row.handled_by is None else State.IN_PROGRESS
        store.move(db, found.row, "read", today, found.me, state=after)
    db.flush()
    return shown(db, keys, person, found, now)


def export(db: Session, keys: Keys, person: Person, conversation_id: UUID, now: datetime) -> Opened:
    """The conversation to be printed, word for word: an audit line says by whom. Raises NothingToOpenError."""
    found = held(db, keys, person, conversation_id, lock=True)
    day = paris(now).date()
    audit.note(db, found.row.establishment_id, found.me.account_id, "message.exported", found.row.id, day)
    db.flush()
    return shown(db, keys, person, found, now)


def shown(db: Session, keys: Keys, person: Person, found: Held, now: datetime) -> Opened:
    """The conversation as its page shows it."""
    row, state = found.row, State(found.row.state)
    hold, lost = erasing.hold_on(db, row), found.key is None and content_keys.is_lost(keys, row.id)
    place = Place(row.establishment_id, row.id)
    header = header_of(found.key, row)
    excluded = header.excluded if header else ()
    readers = active_readers(db, keys, place, excluded)
    able = passing_on.takers(db, keys, place, header, Lane(row.lane))
    taken_by_other = row.handled_by is not None and not holds(person, row)
    can_go_up = header is not None and bool(
        adults.next_level(db, place.establishment_id, excluded, readers, Lane(row.lane))
    )
    waiting = (
        clock.waiting(establishments.calendar(db, row.establishment_id), now, row.due_on)
        if waits(state, held=row.handled_by is not None)
        else None
    )
    notes, messages = _notes_of(db, place, found.key), _messages(db, place, found.key)
    return Opened(
        id=row.id,
        school_id=row.establishment_id,
        school=establishments.get(db, row.establishment_id).name,
        state=state,
        urgent=row.urgent,
        due_on=row.due_on,
        received_on=paris(row.received_slot).date(),
        waiting=waiting,
        header=header,
        messages=messages,
        notes=[one for one in notes if one.on not in NOTES],
        steps=_steps(db, place),
        last_step=store.last_step(db, place),
        holder=holder_name(db, row),
        mine=holds(person, row),
        can_go_to=[one for one in able if one.account_id != found.me.account_id or taken_by_other],
        can_go_up=can_go_up,
        nobody_above=header is not None and not can_go_up and _is_late(waiting) and not _is_above(db, place, readers),
        code=header is not None and header.answer.has_code,
        closing_needs_words=closing_needs_words(row, header),
        can_be_erased=hold is None and (lost or (state is State.CLOSED and row.outcome is not None)),
        lost=lost,
        held_for=hold.reason if hold else "",
        can_be_lifted=hold is not None and all(one.account_id != hold.account_id for one in person.memberships),
        erased_on=None if hold else retention.goes_on(db, row),
        outcome=row.outcome if state is State.CLOSED else None,
        lane=Lane(row.lane),
        can_be_marked=can_be_marked(db, keys, place, header, found.me) if header else (),
        can_go_to_lane=header is not None and Lane(row.lane) is Lane.GROUP and lanes.can_take(db, place, excluded),
        links=linked(db, keys, person, [(one.on, one.more) for one in notes]),
        booked=meeting.current(notes, messages),
    )


def _is_late(waiting: clock.Waiting | None) -> bool:
    return waiting is not None and waiting.kind is clock.Wait.LATE


def _is_above(db: Session, place: Place, readers: Iterable[Adult]) -> bool:
    """Whether somebody reads it of a level above those whose messages these are."""
    own = {place.establishment_id, *(one.establishment_id for one in adults.readers(db, place.establishment_id))}
    return any(one.establishment_id not in own for one in readers)


def _messages(db: Session, place: Place, key: ConversationKey | None) -> list[Said]:
    thread = key.thread if key else None
    rows = store.messages(db, place)
    return [_said(unsealed(thread, row) if thread else {}, incoming=row.direction == Direction.IN) for row in rows]


def texts(db: Session, some: Sequence[Readable]) -> dict[UUID, list[str]]:
    """All that can be read in each of these: messages and notes, for whoever looks for words in them."""
    keys = {one.row.id: one.key for one in some if one.key}
    found: dict[UUID, list[str]] = {place: [] for place in keys}
    wanted = {one.row.establishment_id for one in some}
    # Columns, not objects: whoever looks through thousands would make as many of them for nothing.
    columns = select(Message.conversation_id, Message.id, Message.direction, Message.number, Message.sealed)
    of_these = Message.establishment_id.in_(wanted), Message.conversation_id.in_(keys)
    messages: Any = db.execute(columns.where(*of_these))
    for message in messages:
        found[message.conversation_id].append(unsealed(keys[message.conversation_id].thread, message).get("text", ""))
    for note in db.scalars(select(Note).where(Note.establishment_id.in_(wanted), Note.conversation_id.in_(keys))):
        found[note.conversation_id].append(_unsealed_note(keys[note.conversation_id], note).get("text", ""))
    return found


def messages_of(db: Session, one: Readable) -> list[Said]:
    """The messages of a conversation."""
    return _messages(db, Place(one.row.establishment_id, one.row.id), one.key)


def notes_of(db: Session, one: Readable) -> list[Said]:
    """The notes of a conversation."""
    return _notes_of(db, Place(one.row.establishment_id, one.row.id), one.key)


def _notes_of(db: Session, place: Place, key: ConversationKey | None) -> list[Said]:
    rows = db.scalars(
        select(Note)
        .where(Note.establishment_id == place.establishment_id, Note.conversation_id == place.conversation_id)
        .order_by(Note.number)
    )
    return [_said(_unsealed_note(key, row), incoming=False) for row in rows]


def _unsealed_note(key: ConversationKey | None, row: Note) -> dict[str, str]:
    try:
        value: dict[str, str] = key.desk.unseal(row.sealed, row.id, row.number) if key else {}
    except UnsealError:
        return {}
    return value


_PLAIN = frozenset({"text", "day", "from", "on"})


def _said(value: dict[str, str], *, incoming: bool) -> Said:
    day = date.fromisoformat(value["day"]) if value else None
    more = {name: said for name, said in value.items() if name not in _PLAIN}
    return Said(incoming, value.get("from", ""), value.get("text"), day, value.get("on", ""), more)


def steps_of(db: Session, one: Readable) -> list[Step]:
    """What happened with a conversation, the earliest first."""
    return _steps(db, Place(one.row.establishment_id, one.row.id))


def _steps(db: Session, place: Place) -> list[Step]:
    rows = list(
        db.scalars(
            select(MoveLine)
            .where(
                MoveLine.establishment_id == place.establishment_id, MoveLine.conversation_id == place.conversation_id
            )
            .order_by(MoveLine.number)
        )
    )
    names = _names(db, rows)
    return [Step(row.day, row.action, names.get(row.account_id, "") if row.account_id else "") for row in rows]


def _names(db: Session, rows: Iterable[MoveLine]) -> dict[UUID, str]:
    wanted = {
        (row.account_establishment_id, row.account_id)
        for row in rows
        if row.account_id and row.account_establishment_id
    }
    accounts = [identity.account_of(db, establishment_id, account_id) for establishment_id, account_id in wanted]
    return {account.id: account.name for account in accounts if account}
