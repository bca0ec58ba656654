"""Whether a school's channel is open, and what a writer is told: who reads, whom one may address or leave out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris, school_year
from ent_module.help.model import clock
from ent_module.help.model.moves import Lane
from ent_module.help.model.notices import EVERY_DAY, named
from ent_module.help.service import listening
from ent_module.help.service.adults import (
    WANTED,
    Adult,
    eligible,
    heads,
    next_level,
    readers,
    who_can_be_left_out,
)
from ent_module.help.tables import Listening
from ent_module.identity import service as identity
from ent_module.recall import remembered


class TooFewReadersError(Exception):
    """The channel cannot open: there are fewer than two active listeners."""


class Reason(StrEnum):
    """Why a channel is open or closed."""

    OPEN = "open"
    SWITCHED_OFF = "switched_off"
    TOO_FEW_READERS = "too_few_readers"
    NOT_CONFIRMED = "not_confirmed"
    """A school year has begun, and by the end of September nobody has said that the group is still the right one."""


_FIRST_YEAR = 2026
"""The school year of what was opened before that was noted."""


@dataclass(frozen=True)
class ChannelStatus:
    """A school's channel: whether one can write, how many adults would read, and how many there must be."""

    open: bool
    readers: int
    wanted: int
    reason: Reason


# --- Open or closed ---------------------------------------------------------------------------------------------------


def channel_status(db: Session, establishment_id: UUID) -> ChannelStatus:
    """Whether one can write: only where someone of the school has opened it, never because a level above has.

    Only with two active listeners: a channel that nobody reads is worse than none.
    """
    count = len(readers(db, establishment_id))
    setting: dict[str, Any] = establishments.own(db, establishment_id, "channel", {})
    if count < WANTED:
        reason = Reason.TOO_FEW_READERS
    elif not setting.get("open", False):
        reason = Reason.SWITCHED_OFF
    elif today_in_paris() > confirmed_until(db, establishment_id):
        reason = Reason.NOT_CONFIRMED
    else:
        reason = Reason.OPEN
    return ChannelStatus(reason is Reason.OPEN, count, WANTED, reason)


def today_in_paris() -> date:
    """The day as the schools have it."""
    return paris(datetime.now(UTC)).date()


def confirmed_until(db: Session, establishment_id: UUID) -> date:
    """Until when the group counts as confirmed: the 30th of September of the next school year."""
    setting: dict[str, Any] = establishments.own(db, establishment_id, "channel", {})
    return date(int(setting.get("year", _FIRST_YEAR)) + 1, 9, 30)


def wants_confirming(db: Session, establishment_id: UUID, today: date) -> bool:
    """Whether the group of an open channel is still that of a school year before."""
    setting: dict[str, Any] = establishments.own(db, establishment_id, "channel", {})
    return bool(setting.get("open")) and int(setting.get("year", _FIRST_YEAR)) < school_year(today)


def confirm_group(db: Session, establishment_id: UUID, today: date) -> None:
    """Somebody who answers for the group says that it is the right one for this school year. Raises
    TooFewReadersError.
    """
    if len(readers(db, establishment_id)) < WANTED:
        raise TooFewReadersError
    setting: dict[str, Any] = establishments.own(db, establishment_id, "channel", {})
    establishments.draft(db, establishment_id, "channel", {**setting, "year": school_year(today)})
    establishments.publish(db, establishment_id, "channel")


def is_open(db: Session, establishment_id: UUID) -> bool:
    """Whether one can write, as home pages say it: remembered for a few seconds; whoever writes is told as it is."""
    rests_on = (*establishments.TABLES, *identity.TABLES, Listening.__tablename__)
    return remembered(db, ("channel", establishment_id), rests_on, lambda: channel_status(db, establishment_id).open)


def open_channel(db: Session, establishment_id: UUID) -> None:
    """Opens the channel. Raises TooFewReadersError where fewer than two active listeners would read."""
    if len(readers(db, establishment_id)) < WANTED:
        raise TooFewReadersError
    _set(db, establishment_id, is_open=True)


def close_channel(db: Session, establishment_id: UUID) -> None:
    """Closes the channel to new messages. Threads that exist go on."""
    _set(db, establishment_id, is_open=False)


def _set(db: Session, establishment_id: UUID, *, is_open: bool) -> None:
    establishments.draft(db, establishment_id, "channel", {"open": is_open, "year": school_year(today_in_paris())})
    establishments.publish(db, establishment_id, "channel")


# --- What the page says -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A contact card of the school: whom one can go and see, where and when."""

    id: str
    name: str
    role: str
    place: str
    hours: str
    account_id: str


def cards(db: Session, establishment_id: UUID) -> list[Card]:
    """The school's contact cards (setting `cards`), in its own order."""
    given: list[dict[str, Any]] = establishments.published(db, establishment_id, "cards", [])
    return [Card(*(str(card.get(name) or "") for name in Card.__dataclass_fields__)) for card in given]


@dataclass(frozen=True)
class Called:
    """How an adult is called before the writer: name, function or place of work, and whether they are head."""

    name: str
    office: str = ""
    is_head: bool = False

    @property
    def plain(self) -> str:
        """In one line, for those who know them."""
        return ", ".join(part for part in (self.name, self.office) if part)


def called(db: Session, establishment_id: UUID, adults: Iterable[Adult]) -> list[Called]:
    """How these adults are called before the writer.

    A card is typed by hand: it adds a function, never another name than the portal's, since by that name a pupil leaves
    an adult out. Those of a level above who have no card bear the name of their level.
    """
    found = []
    by_account = {card.account_id: card for card in cards(db, establishment_id) if card.account_id}
    heads_here = {head.account_id for head in heads(db, establishment_id)}
    for adult in adults:
        card = by_account.get(str(adult.account_id))
        office = card.role if card else ""
        if not office and adult.establishment_id != establishment_id:
            office = establishments.get(db, adult.establishment_id).name
        name = adult.name or (card.name if card else "")
        found.append(Called(name, office, adult.is_office or adult.account_id in heads_here))
    return found


def addressed(db: Session, establishment_id: UUID) -> list[tuple[str, Called]]:
    """To whom one may address oneself, by the id of the card: only adults who read, since others get nothing."""
    by_account = {str(one.account_id): one for one in readers(db, establishment_id)}
    listed = [card for card in cards(db, establishment_id) if card.id and card.account_id in by_account]
    names = called(db, establishment_id, [by_account[card.account_id] for card in listed])
    return [(card.id, name) for card, name in zip(listed, names, strict=True)]


@dataclass(frozen=True)
class BeforeWriting:
    """What a writer is told before writing. All of it is true when the message is sent a moment later."""

    readers: list[Called]
    due_on: date
    is_open_now: bool
    another_may_read: bool
    """Whether someone of a level above is given it where nobody has read by the due day."""
    own_words: dict[str, str]
    cards: list[Card]
    to: list[tuple[str, Called]]
    to_see: list[Card]
    """Cards of those who do not read: one goes and sees them."""
    leave_out: list[tuple[UUID, Called]]
    alone: list[tuple[UUID, Called]]
    """Those of whom one may be asked to read alone, with another as stand-in: nobody who is away."""


LONGER = 3
"""So many school days at most may the group's days of presence put off what a writer is told."""


def due_day(
    db: Session, establishment_id: UUID, now: datetime, days: int | None = None, lane: Lane = Lane.GROUP
) -> date:
    """By when a message of now is read (setting `response_days`, in school days on which somebody of its lane is
    there); or any other number of such days.
    """
    wanted = int(establishments.published(db, establishment_id, "response_days", 1)) if days is None else days
    calendar = establishments.calendar(db, establishment_id)
    return clock.due_day(calendar, now, wanted, _present(db, establishment_id, lane), LONGER)


def there(db: Session, establishment_id: UUID, some: Sequence[Adult], today: date) -> list[Adult]:
    """Those of these adults of whom nobody knows that they are away."""
    levels = {establishment_id, *(one.establishment_id for one in some)}
    said = {account: row for level in levels for account, row in listening.rows(db, level).items()}
    return [one for one in some if not listening.is_away(said.get(one.account_id), today)]


def days_to_sort(db: Session, establishment_id: UUID) -> int:
    """How many days somebody has who has read a message, to take it, hand it over or close it (setting `triage_days`
    counts from its arrival, `response_days` among them)."""
    response = int(establishments.published(db, establishment_id, "response_days", 1))
    return max(int(establishments.published(db, establishment_id, "triage_days", 2)) - response, 1)


def _present(db: Session, establishment_id: UUID, lane: Lane) -> frozenset[str]:
    """The days of the week on which somebody is there who reads from the beginning."""
    said = listening.rows(db, establishment_id)
    group = readers(db, establishment_id, lane) if said else []
    masks = [said[one.account_id].weekdays if one.account_id in said else EVERY_DAY for one in group]
    return frozenset(day for mask in masks or [EVERY_DAY] for day in named(mask))


def before_writing(db: Session, establishment_id: UUID, now: datetime, excluded: Sequence[Adult] = ()) -> BeforeWriting:
    """Everything that the page says before the form, for a writer who leaves these adults out."""
    group = eligible(db, establishment_id, excluded)
    everyone = there(db, establishment_id, readers(db, establishment_id), paris(now).date())
    leave_out = who_can_be_left_out(db, establishment_id)
    words: dict[str, Any] = establishments.published(db, establishment_id, "words", {})
    listed, to = cards(db, establishment_id), addressed(db, establishment_id)
    return BeforeWriting(
        readers=called(db, establishment_id, group),
        due_on=due_day(db, establishment_id, now),
        is_open_now=establishments.calendar(db, establishment_id).is_open(now),
        another_may_read=bool(next_level(db, establishment_id, excluded, group)),
        own_words=words.get("before") or {},
        cards=listed,
        to=to,
        to_see=[card for card in listed if card.id not in dict(to) and (card.name or card.role)],
        leave_out=list(
            zip([one.account_id for one in leave_out], called(db, establishment_id, leave_out), strict=True)
        ),
        alone=list(zip([one.account_id for one in everyone], called(db, establishment_id, everyone), strict=True)),
    )
