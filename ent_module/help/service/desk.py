"""The listening group's desk: one inbox over all schools of a person, and one conversation opened.

What a person may read is what one of their accounts that is a listener's today holds a key of; nothing else is
counted, listed or told apart from what does not exist.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import SchoolCalendar
from ent_module.help.model import clock
from ent_module.help.model.moves import Lane, State, waits
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults, holding, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header
from ent_module.help.service.reach import Reader, keys_of, matching, page_of
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.tables import Conversation, KeySlots
from ent_module.identity import service as identity
from ent_module.identity.model import Person
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

PER_PAGE = 20
_AT_ONCE = 100
"""So many conversations are in memory while all that wait are counted."""
# The desk looks over all schools of the person on purpose: what binds it is the person's own accounts.
_ACROSS = {"across": True}


@dataclass(frozen=True)
class Line:
    """One line of the inbox. No text of a message is ever in it. `header` is None where it was altered."""

    id: UUID
    school: str
    state: State
    urgent: bool
    waiting: clock.Waiting | None
    """Only while the clock runs."""
    header: Header | None
    holder: str
    mine: bool
    escalated: bool


@dataclass(frozen=True)
class Inbox:
    """One page of the inbox."""

    lines: list[Line]
    page: int
    more: bool


def inbox(
    db: Session,
    keys: Keys,
    person: Person,
    now: datetime,
    *,
    page: int = 1,
    closed: bool = False,
    lane: Lane = Lane.GROUP,
) -> Inbox:
    """One page: urgent first, then what waits for somebody, then by due day and by how long it has been there."""
    reader = Reader(keys, person, lane)
    mine, heading = adults.accounts_of(db, person), cache(adults.heads)
    rows = page_of(db, reader, start=(page - 1) * PER_PAGE, length=PER_PAGE, closed=closed)
    held_keys = keys_of(db, reader, rows)
    headers = {row.id: header_of(held_keys[row.id][1], row) for row in rows if row.id in held_keys}
    found = [
        (row, headers[row.id])
        for row in rows[:PER_PAGE]
        if row.id in headers and not _is_left_out(db, mine, row, headers[row.id], heading)
    ]
    return Inbox(lines(db, person, found, now), page, more=len(rows) > PER_PAGE)


def lines(
    db: Session, person: Person, found: Iterable[tuple[Conversation, Header | None]], now: datetime
) -> list[Line]:
    """These conversations as lines, for whoever may read them."""
    pairs = list(found)
    schools = _schools(db, {row.establishment_id for row, _header in pairs})
    return [_line(db, person, row, header, schools[row.establishment_id], now) for row, header in pairs]


def _schools(db: Session, ids: set[UUID]) -> dict[UUID, tuple[str, SchoolCalendar]]:
    return {
        place: (one.name, establishments.calendar(db, place))
        for place, one in establishments.known(db, sorted(ids)).items()
    }


def _is_left_out(
    db: Session,
    mine: Sequence[Adult],
    row: Conversation,
    header: Header | None,
    heading: Callable[[Session, UUID], list[Adult]] = adults.heads,
) -> bool:
    """Whether one of these accounts is of somebody left out: then none of them reads, whatever key it was given.

    Where the header does not open nobody is known to be: the one who holds the key then sees that it is damaged.
    """
    out = adults.left_out(db, row.establishment_id, header.excluded, heading) if header else []
    return any(adults.among(one, out) for one in mine)


def _line(
    db: Session,
    person: Person,
    row: Conversation,
    header: Header | None,
    place: tuple[str, SchoolCalendar],
    now: datetime,
) -> Line:
    school, calendar = place
    state = State(row.state)
    clock_runs = waits(state, held=row.handled_by is not None)
    return Line(
        id=row.id,
        school=school,
        state=state,
        urgent=row.urgent,
        waiting=clock.waiting(calendar, now, row.due_on) if clock_runs else None,
        header=header,
        holder=holder_name(db, row),
        mine=holds(person, row),
        escalated=row.escalated_on is not None,
    )


def header_of(key: ConversationKey | None, row: Conversation) -> Header | None:
    """The header; None where key or header were altered, or cannot be understood."""
    try:
        return None if key is None else Header.from_json(key.unseal_header(row.header))
    except (UnsealError, ValueError):
        return None


def closing_needs_words(row: Conversation, header: Header | None) -> bool:
    """Whether it is closed only with a line on what was done: an urgent one, or one that asks for a visit."""
    return row.urgent or (header is not None and not header.answer.has_code)


def holder_name(db: Session, row: Conversation) -> str:
    """Who has the conversation; empty where nobody has."""
    if row.handled_by is None or row.handled_by_establishment is None:
        return ""
    account = identity.account_of(db, row.handled_by_establishment, row.handled_by)
    return account.name if account else ""


def holds(person: Person, row: Conversation) -> bool:
    """Whether this person has it."""
    return any(one.account_id == row.handled_by for one in person.memberships)


@dataclass(frozen=True)
class Unread:
    """What a listener's tile says."""

    count: int
    urgent: int


@dataclass(frozen=True)
class Readable:
    """A conversation that this person may read. Key and header are None where they were altered."""

    row: Conversation
    key: ConversationKey | None
    header: Header | None


def each(db: Session, keys: Keys, person: Person, lane: Lane, *conditions: Any) -> Iterator[Readable]:
    """All conversations of a lane that this person may read and of which that holds, in the inbox's order.

    Whom the writer leaves out stands sealed in each, so each is opened: a tenth of a millisecond, a few at a time.
    """
    mine, heading = adults.accounts_of(db, person), cache(adults.heads)
    for row, key in matching(db, Reader(keys, person, lane), *conditions):
        header = header_of(key, row)
        if not _is_left_out(db, mine, row, header, heading):
            yield Readable(row, key, header)


def unread(db: Session, keys: Keys, person: Person, lane: Lane = Lane.GROUP) -> Unread:
    """How many of the conversations that this person can read wait for somebody, and how many of these are urgent."""
    count = urgent = 0
    for one in each(db, keys, person, lane, store.waits()):
        count, urgent = count + 1, urgent + one.row.urgent
    return Unread(count, urgent)


# --- One conversation (what is in it: `opened`) -----------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A conversation in the hands of someone who may read it."""

    row: Conversation
    key: ConversationKey | None
    me: Adult
    """The reader's account that was given the key."""


def held(db: Session, keys: Keys, person: Person, conversation_id: UUID, *, lock: bool = False) -> Held:
    """The conversation, for one of this person's accounts.

    Raises NothingToOpenError for whoever holds no key of it, or is left out under any account.
    """
    schools = {place for lane in Lane for place in Reader(keys, person, lane).may_be_in(db)}
    slots = db.scalar(select(KeySlots).where(KeySlots.establishment_id.in_(schools), KeySlots.id == conversation_id))
    place = Place(slots.establishment_id, conversation_id) if slots else None
    before = db.get(Conversation, (place.establishment_id, conversation_id)) if place else None
    lane = Lane(before.lane) if before else Lane.GROUP
    opened = Reader(keys, person, lane).opened(slots.slots, place) if slots and place else None
    if place is None or opened is None:
        raise NothingToOpenError
    row = store.locked(db, place) if lock else db.get(Conversation, (place.establishment_id, place.conversation_id))
    mine, (account, key) = adults.accounts_of(db, person), opened
    if row is None or row.lane != lane or _is_left_out(db, mine, row, header_of(key, row)):
        raise NothingToOpenError
    me = next((one for one in mine if one.account_id == account.account_id), None)
    if me is None:
        raise NothingToOpenError
    return Held(row, key, replace(me, name=person.name))


def active_readers(db: Session, keys: Keys, place: Place, excluded: Sequence[Adult] = ()) -> list[Adult]:
    """The adults who hold a key of it and are listeners today, but for those left out."""
    row = db.get(Conversation, (place.establishment_id, place.conversation_id))
    found = holding.holders(db, keys, place, (Lane.GROUP if row is None else Lane(row.lane),))
    out = adults.left_out(db, place.establishment_id, excluded)
    return [one for one in found if not adults.among(one, out)]
