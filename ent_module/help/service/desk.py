"""The listening group's desk: one inbox over all schools of a person, and one conversation opened.

What a person may read is what has been wrapped to one of their accounts that is a listener's today; nothing else is
counted, listed or told apart from what does not exist.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import exists, false, or_, select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import SchoolCalendar
from ent_module.help.model import clock
from ent_module.help.model.moves import Lane, State, waits
from ent_module.help.sealing import ConversationKey, Place, unwrap_for
from ent_module.help.service import adults, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.tables import CLOSED, Conversation, KeyWrap
from ent_module.identity import service as identity
from ent_module.identity.model import Membership, Person
from ent_module.privacy.sealing import UnsealError
from ent_module.web.house import Keys

PER_PAGE = 20
_AT_ONCE = 100
"""So many conversations are in memory while all that wait are counted."""
# The desk looks over all schools of the person on purpose: what binds it is the person's own accounts.
_ACROSS = {"across": True}
_OF_IT = (KeyWrap.establishment_id == Conversation.establishment_id) & (KeyWrap.conversation_id == Conversation.id)


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


def listener_accounts(person: Person, lane: Lane = Lane.GROUP) -> tuple[Membership, ...]:
    """The person's accounts that are a listener's of that lane today."""
    return person.where(adults.LISTENS[lane])


def everywhere(person: Person) -> tuple[Membership, ...]:
    """The person's accounts that are a listener's of any lane today."""
    return person.where(*adults.LISTENS.values())


def _mine(accounts: Sequence[Membership]) -> Any:
    """The condition that a wrap is for one of these accounts."""
    return or_(
        false(),
        *(
            (KeyWrap.reader_establishment_id == one.establishment_id) & (KeyWrap.account_id == one.account_id)
            for one in accounts
        ),
    )


def _readable(accounts: Sequence[Membership]) -> Any:
    """The condition that a conversation can be read with one of these accounts."""
    return exists().where(_OF_IT, _mine(accounts))


_ORDER = (Conversation.rank, Conversation.due_on, Conversation.received_slot, Conversation.id)


def _of_account(account: Membership, *, closed: bool, lane: Lane) -> Any:
    """What one account can read, in the inbox's order, as the parts of that order.

    At a school nearly everything there can be read: its conversations are walked in their order, as far as a page
    needs. At a level above little of what all its schools have was given to the account: that little is sorted.
    """
    shown = Conversation.rank == CLOSED if closed else Conversation.rank < CLOSED
    found = select(*_ORDER).where(shown, Conversation.lane == lane.value).order_by(*_ORDER)
    if account.kind.is_school:
        return found.where(Conversation.establishment_id == account.establishment_id, _readable([account]))
    return found.join(KeyWrap, _OF_IT).where(_mine([account]))


def _rows(db: Session, accounts: Sequence[Membership], *, start: int, closed: bool, lane: Lane) -> list[Conversation]:
    """One page, and one more where more follows: the accounts' lists merged."""
    needed = start + PER_PAGE + 1
    lists = [
        db.execute(_of_account(one, closed=closed, lane=lane).limit(needed), execution_options=_ACROSS).all()
        for one in accounts
    ]
    order = sorted({tuple(row) for found in lists for row in found})[start:needed]
    place = {row[-1]: number for number, row in enumerate(order)}
    rows = db.scalars(select(Conversation).where(Conversation.id.in_(place)), execution_options=_ACROSS)
    return sorted(rows, key=lambda row: place[row.id])


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
    accounts = listener_accounts(person, lane)
    mine, heading = adults.accounts_of(db, person), cache(adults.heads)
    rows = _rows(db, accounts, start=(page - 1) * PER_PAGE, closed=closed, lane=lane)
    wraps = _wraps(db, accounts, [row.id for row in rows])
    headers = {row.id: header_of(_key(keys, wraps[row.id]), row) for row in rows if row.id in wraps}
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


def _wraps(db: Session, accounts: Sequence[Membership], ids: Sequence[UUID]) -> dict[UUID, KeyWrap]:
    """For each conversation, one wrap that this person can open. One that lost it a moment ago has none."""
    found = db.scalars(
        select(KeyWrap).where(KeyWrap.conversation_id.in_(ids), _mine(accounts)), execution_options=_ACROSS
    )
    return {wrap.conversation_id: wrap for wrap in found}


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


def _key(keys: Keys, wrap: KeyWrap) -> ConversationKey | None:
    place = Place(wrap.establishment_id, wrap.conversation_id)
    try:
        return unwrap_for(keys, place, wrap.wrapped, wrap.reader_establishment_id, wrap.account_id, wrap.version)
    except UnsealError:
        return None


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
    accounts, mine, heading = listener_accounts(person, lane), adults.accounts_of(db, person), cache(adults.heads)
    wanted = select(Conversation, KeyWrap).join(KeyWrap, _OF_IT)
    found = db.execute(
        wanted.where(*conditions, Conversation.lane == lane.value, _mine(accounts)).order_by(*_ORDER),
        execution_options={**_ACROSS, "yield_per": _AT_ONCE},
    )
    for _id, (pair, *_same) in groupby(found, key=lambda pair: pair[0].id):
        row, wrap = pair
        key = _key(keys, wrap)
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
    """The reader's account for which the key was wrapped."""


def held(db: Session, keys: Keys, person: Person, conversation_id: UUID, *, lock: bool = False) -> Held:
    """The conversation, for one of this person's accounts.

    Raises NothingToOpenError for whoever holds no key of it, or is left out under any account.
    """
    wrap = _wraps(db, everywhere(person), [conversation_id]).get(conversation_id)
    if wrap is None:
        raise NothingToOpenError
    place = Place(wrap.establishment_id, wrap.conversation_id)
    row = store.locked(db, place) if lock else db.get(Conversation, (place.establishment_id, place.conversation_id))
    mine, key = adults.accounts_of(db, person), _key(keys, wrap)
    if row is None or _is_left_out(db, mine, row, header_of(key, row)):
        raise NothingToOpenError
    listening = {one.account_id for one in listener_accounts(person, Lane(row.lane))}
    me = next((one for one in mine if one.account_id == wrap.account_id and one.account_id in listening), None)
    if me is None:
        raise NothingToOpenError
    return Held(row, key, replace(me, name=person.name))


def active_readers(db: Session, place: Place, excluded: Sequence[Adult] = ()) -> list[Adult]:
    """The adults who hold a key of it and are listeners today, but for those left out."""
    held_by = [(wrap.reader_establishment_id, wrap.account_id) for wrap in store.holders(db, place)]
    row = db.get(Conversation, (place.establishment_id, place.conversation_id))
    lane = Lane.GROUP if row is None else Lane(row.lane)
    found = reading(held_by, partial(adults.listeners, db, lane=lane))
    out = adults.left_out(db, place.establishment_id, excluded)
    return [one for one in found if not adults.among(one, out)]


def reading(held_by: Collection[tuple[UUID, UUID]], listening: Callable[[UUID], Iterable[Adult]]) -> list[Adult]:
    """Of these accounts (level, account), the adults who listen today. `listening`: the listeners of one level."""
    return [
        adult
        for level in sorted({level for level, _account in held_by}, key=str)
        for adult in listening(level)
        if (level, adult.account_id) in held_by
    ]
