"""Changing an establishment's settings: drafts that two admins cannot overwrite unknowingly, and publishing them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind, Standing
from ent_module.help.service import adults, channel
from ent_module.identity import grants
from ent_module.identity import service as identity
from ent_module.identity.model import CONFIRMERS, PROPOSERS, Membership, Person, Role, Seat
from ent_module.privacy import audit
from ent_module.setup import model, seen
from ent_module.web.house import Keys

DEFAULTS: dict[str, Any] = {"cards": [], "hours": None, "words": {"before": {}}, "response_days": 1}
"""The settings that have a page, and what counts where nobody has entered anything."""


class ChangedMeanwhileError(Exception):
    """Someone else has changed what was shown; nothing was written."""


class AdultHasACardError(Exception):
    """Another card is linked to the same account: pupils would see one adult twice, and leave out half."""


class TooManyCardsError(Exception):
    """There are as many cards as a page bears."""


def shown(db: Session, establishment_id: UUID, name: str) -> Any:
    """A setting as its page shows it: the draft, else what is published, else the default."""
    return establishments.drafted(db, establishment_id, name, DEFAULTS[name])


def is_unchanged(db: Session, keys: Keys, establishment_id: UUID, name: str, given: str) -> bool:
    """Whether a setting is as it was shown. Raises seen.TamperedError."""
    return seen.unchanged(keys, establishment_id, name, shown(db, establishment_id, name), given)


def save(db: Session, keys: Keys, establishment_id: UUID, name: str, value: Any, given: str) -> None:
    """Keeps a draft. Raises ChangedMeanwhileError, seen.TamperedError."""
    establishments.hold(db, establishment_id)
    current = shown(db, establishment_id, name)
    if not is_unchanged(db, keys, establishment_id, name, given) and current != value:
        raise ChangedMeanwhileError
    own = establishments.standing(db, establishment_id, name) in {Standing.DRAFTED, Standing.PUBLISHED}
    if current != value or not own:
        establishments.draft(db, establishment_id, name, value)


def save_and_publish(db: Session, keys: Keys, by: Membership, name: str, value: Any, given: str, day: date) -> None:
    """Makes what is on the screen what everyone sees. Raises ChangedMeanwhileError, seen.TamperedError."""
    save(db, keys, by.establishment_id, name, value, given)
    _publish(db, by, name, day)


def publish(db: Session, keys: Keys, by: Membership, name: str, given: str, day: date) -> None:
    """Publishes the draft that was shown. Raises ChangedMeanwhileError, seen.TamperedError."""
    establishments.hold(db, by.establishment_id)
    if not is_unchanged(db, keys, by.establishment_id, name, given):
        raise ChangedMeanwhileError
    _publish(db, by, name, day)


def _publish(db: Session, by: Membership, name: str, day: date) -> None:
    if establishments.publish(db, by.establishment_id, name):
        audit.note(db, by.establishment_id, by.account_id, f"settings.{name}.published", None, day)


def discard(db: Session, keys: Keys, establishment_id: UUID, name: str, given: str) -> None:
    """Drops the draft that was shown. Raises ChangedMeanwhileError, seen.TamperedError."""
    establishments.hold(db, establishment_id)
    if not is_unchanged(db, keys, establishment_id, name, given):
        raise ChangedMeanwhileError
    establishments.discard(db, establishment_id, name)


# --- Contact cards ----------------------------------------------------------------------------------------------------


def card_token(keys: Keys, establishment_id: UUID, card_id: str, card: dict[str, Any] | None) -> str:
    """The hidden field for one card as it is shown; None for one that is not there yet."""
    return seen.token(keys, establishment_id, f"card {card_id}", card)


def card_unchanged(db: Session, keys: Keys, establishment_id: UUID, card_id: str, given: str) -> bool:
    """Whether a card is as it was shown. Raises seen.TamperedError."""
    card = model.card_of(shown(db, establishment_id, "cards"), card_id)
    return seen.unchanged(keys, establishment_id, f"card {card_id}", card, given)


def save_card(db: Session, keys: Keys, establishment_id: UUID, card: dict[str, Any], given: str) -> None:
    """Adds a card or changes the one of its id. Other cards may change meanwhile: only this one is compared.

    Raises ChangedMeanwhileError, AdultHasACardError, TooManyCardsError, seen.TamperedError.
    """
    establishments.hold(db, establishment_id)
    cards = shown(db, establishment_id, "cards")
    current = model.card_of(cards, card["id"])
    if not card_unchanged(db, keys, establishment_id, card["id"], given) and current != card:
        raise ChangedMeanwhileError
    if model.others_account(cards, card):
        raise AdultHasACardError
    if current is None and len(cards) >= model.CARDS:
        raise TooManyCardsError
    if current != card:
        establishments.draft(db, establishment_id, "cards", model.with_card(cards, card))


def card_adults(db: Session, establishment_id: UUID) -> list[tuple[str, str]]:
    """To whom a card may be linked: the school's adults, and at an école those of the level above who read for it."""
    found = [(str(one.id), one.name) for one in identity.adults(db, establishment_id)]
    for one in adults.readers(db, establishment_id):
        if one.establishment_id != establishment_id:
            place = establishments.get(db, one.establishment_id).name
            found.append((str(one.account_id), f"{one.name} ({place})"))
    return found


def remove_card(db: Session, keys: Keys, establishment_id: UUID, card_id: str, given: str) -> None:
    """Takes a card away. Raises ChangedMeanwhileError, seen.TamperedError."""
    establishments.hold(db, establishment_id)
    if not card_unchanged(db, keys, establishment_id, card_id, given):
        raise ChangedMeanwhileError
    cards = shown(db, establishment_id, "cards")
    establishments.draft(db, establishment_id, "cards", model.without_card(cards, card_id))


def move_card(db: Session, establishment_id: UUID, card_id: str, steps: int) -> bool:
    """Moves a card by so many places. False where there is no such card."""
    establishments.hold(db, establishment_id)
    cards = shown(db, establishment_id, "cards")
    if model.card_of(cards, card_id) is None:
        return False
    establishments.draft(db, establishment_id, "cards", model.moved(cards, card_id, steps))
    return True


# --- What pupils will see ---------------------------------------------------------------------------------------------


def before_writing(db: Session, establishment_id: UUID, now: datetime) -> channel.BeforeWriting:
    """What pupils would be told if everything drafted were published; made by the help room's own code."""
    with establishments.as_if_published(db, establishment_id):
        return channel.before_writing(db, establishment_id, now)


# --- Groups -----------------------------------------------------------------------------------------------------------


def may_propose_to(db: Session, establishment_id: UUID, role: Role) -> list[tuple[UUID, str]]:
    """The adults who could be proposed: those of the establishment who have no place in the group yet, by name."""
    taken = {seat.account_id for seat in grants.seats(db, establishment_id, role)}
    return [(one.id, one.name) for one in identity.adults(db, establishment_id) if one.id not in taken]


def name_of(db: Session, establishment_id: UUID, account_id: UUID) -> str:
    """The name of an adult of the establishment."""
    found = identity.account_of(db, establishment_id, account_id)
    return found.name if found is not None else ""


def closes_without(db: Session, establishment_id: UUID, seat: Seat) -> bool:
    """Whether the channel would close if that member of the listening group went."""
    status = channel.channel_status(db, establishment_id)
    place = establishments.get(db, establishment_id)
    is_open = status.open if Kind(place.kind).is_school else status.readers >= status.wanted
    if seat.role is not Role.LISTENER or seat.waits or not is_open:
        return False
    rest = {one.account_id for one in adults.readers(db, establishment_id)} - {seat.account_id}
    if place.kind == Kind.ECOLE and place.parent_id is not None:  # the group above joins at an école
        rest |= {one.account_id for one in adults.listeners(db, place.parent_id)}
    return len(rest) < status.wanted


@dataclass(frozen=True)
class Waiting:
    """How many proposals of one group of a school wait for this person's word."""

    place: Membership
    role: Role
    count: int


def waiting(db: Session, person: Person) -> list[Waiting]:
    """What waits for this person, the school in which they work first."""
    found = []
    for place in sorted(person.where(*CONFIRMERS), key=lambda place: place != person.here):
        for role in PROPOSERS:
            seats = grants.seats(db, place.establishment_id, role)
            count = sum((seat.waits or seat.may_end) and seat.may_be_decided_by(place) for seat in seats)
            if count:
                found.append(Waiting(place, role, count))
    return found


def can_two_decide(db: Session, establishment_id: UUID) -> bool:
    """Whether there are two people of whom one can propose and the other confirm."""
    return len(identity.holders(db, establishment_id, *CONFIRMERS)) >= 2


# --- The channel ------------------------------------------------------------------------------------------------------

_OPENED, _CLOSED = "channel.opened", "channel.closed"


@dataclass(frozen=True)
class Switched:
    """That someone opened or closed a school's channel."""

    day: date
    name: str
    opened: bool


def switched(db: Session, establishment_id: UUID, since: date) -> list[Switched]:
    """Who opened and closed a school's channel on that day or later."""
    return [
        Switched(line.day, name_of(db, establishment_id, line.account_id), line.action == _OPENED)
        for line in audit.lines(db, establishment_id, (_OPENED, _CLOSED), since)
    ]


def written_to(db: Session, place: Membership) -> dict[UUID, str]:
    """The schools whose pupils the group of that place reads: its own, or the écoles below; with their names."""
    if place.kind.is_school:
        return {place.establishment_id: place.name}
    return {one.id: one.name for one in establishments.below(db, place.establishment_id) if one.kind == Kind.ECOLE}


def closed_to_pupils(db: Session, person: Person, since: date) -> list[str]:
    """The names of schools in which nobody can write, for those who read there or head them.

    Of the écoles below one's group, only those that someone closed of late: most may never have opened.
    """
    found: dict[UUID, str] = {}
    for place in person.where(Role.LISTENER, Role.HEAD):
        for school_id, name in written_to(db, place).items():
            own = school_id == place.establishment_id
            if (own or switched(db, school_id, since)) and not channel.channel_status(db, school_id).open:
                found[school_id] = name
    return sorted(found.values())


def open_channel(db: Session, by: Membership, day: date) -> None:
    """Opens the channel. Raises help's TooFewReadersError."""
    establishments.hold(db, by.establishment_id)
    channel.open_channel(db, by.establishment_id)
    audit.note(db, by.establishment_id, by.account_id, _OPENED, None, day)


def confirm_group(db: Session, by: Membership, day: date) -> None:
    """Says that the group is the right one for this school year. Raises help's TooFewReadersError."""
    establishments.hold(db, by.establishment_id)
    channel.confirm_group(db, by.establishment_id, day)
    audit.note(db, by.establishment_id, by.account_id, "group.confirmed", None, day)


def close_channel(db: Session, by: Membership, day: date) -> None:
    """Closes the channel to new messages."""
    establishments.hold(db, by.establishment_id)
    channel.close_channel(db, by.establishment_id)
    audit.note(db, by.establishment_id, by.account_id, _CLOSED, None, day)
