"""What a listener says of themself: days of presence, absence, standing in, and the address for notices."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.database import add_once
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help.model import notices
from ent_module.help.service import adults
from ent_module.help.tables import Listening, Notice
from ent_module.identity import service as identity
from ent_module.identity.model import Membership
from ent_module.privacy import audit
from ent_module.privacy.sealing import UnsealError, seal, unseal
from ent_module.web.house import Keys

LONGEST_ABSENCE = 60
"""Days; whoever is away for longer leaves the group."""


class NotPossibleError(Exception):
    """What a listener asked for is not possible; nothing was changed."""


@dataclass(frozen=True)
class Reached:
    """An address, and the language in which it was typed."""

    address: str
    language: str


def row_of(db: Session, establishment_id: UUID, account_id: UUID) -> Listening | None:
    """What that listener has said of themself; None for nothing."""
    return db.scalar(
        select(Listening).where(Listening.establishment_id == establishment_id, Listening.account_id == account_id)
    )


def _made(db: Session, me: Membership) -> Listening:
    where = {"establishment_id": me.establishment_id, "account_id": me.account_id}
    establishments.hold(db, me.establishment_id)
    add_once(db, Listening, **where, weekdays=notices.EVERY_DAY, stands_in=False, on_call=False)
    return db.scalars(select(Listening).filter_by(**where), execution_options={"populate_existing": True}).one()


def rows(db: Session, establishment_id: UUID) -> dict[UUID, Listening]:
    """What the listeners of an establishment have said of themselves, by account."""
    return dict(adults.said(db, establishment_id))


def is_away(row: Listening | None, today: date) -> bool:
    """Whether that listener is away today."""
    return row is not None and row.away_until is not None and row.away_until >= today


def somebody_away(db: Session, today: date) -> set[UUID]:
    """The establishments in which a listener is away today."""
    found = select(Listening.establishment_id).where(Listening.away_until >= today).distinct()
    return set(db.scalars(found, execution_options={"across": True}))


# --- Presence ---------------------------------------------------------------------------------------------------------


def set_days(db: Session, me: Membership, days: list[str], *, stands_in: bool, on_call: bool) -> None:
    """Keeps the days of presence, and whether one stands in. Raises NotPossibleError where no day is left, or fewer
    than two members would read from the beginning.
    """
    mask = notices.weekdays(days)
    if not mask:
        raise NotPossibleError
    before = row_of(db, me.establishment_id, me.account_id)
    if stands_in and not (before and before.stands_in):
        for lane in adults.lanes_of(db, me.establishment_id, me.account_id):
            regular = [one for one in adults.regulars(db, me.establishment_id, lane) if one.account_id != me.account_id]
            if len(regular) < adults.WANTED:
                raise NotPossibleError
    row = _made(db, me)
    row.weekdays, row.on_call, row.stands_in = mask, on_call, stands_in
    db.flush()


def go_away(db: Session, keys: Keys, me: Membership, until: date, today: date) -> None:
    """Away until that day, included; those of the same lane who stand in are told, or all of it where nobody does.

    Raises NotPossibleError for a day that is past or too far.
    """
    if not 0 <= (until - today).days <= LONGEST_ABSENCE:
        raise NotPossibleError
    row = _made(db, me)
    row.away_until = until
    db.flush()
    for lane in adults.lanes_of(db, me.establishment_id, me.account_id):
        group = [one for one in adults.listeners(db, me.establishment_id, lane) if one.account_id != me.account_id]
        standing_in = [one for one in group if one.account_id in _stand_ins(db, me.establishment_id)]
        for one in standing_in or group:
            owe(db, keys, one.establishment_id, one.account_id, notices.Kind.NEWS, today, me.account_id.bytes, b"away")
    audit.note(db, me.establishment_id, me.account_id, "listener.away", None, today)


def come_back(db: Session, me: Membership, today: date) -> None:
    """There again."""
    row = _made(db, me)
    if row.away_until is not None:
        row.away_until = None
        audit.note(db, me.establishment_id, me.account_id, "listener.back", None, today)


def _stand_ins(db: Session, establishment_id: UUID) -> set[UUID]:
    return {account for account, row in rows(db, establishment_id).items() if row.stands_in}


# --- The address ------------------------------------------------------------------------------------------------------


def set_address(db: Session, keys: Keys, me: Membership, typed: str, language: str, today: date) -> None:
    """Keeps an address, to be checked by a link sent there; an empty one forgets it. Raises NotPossibleError for what
    is none, and for the sixth one of a day.
    """
    row = _made(db, me)
    if not typed.strip():
        row.address, row.checked_on = None, None
        return
    address = notices.address(typed)
    asked = db.scalar(
        select(func.count()).where(
            Notice.establishment_id == me.establishment_id,
            Notice.account_id == me.account_id,
            Notice.kind == notices.Kind.CHECK,
            Notice.day == today,
        )
    )
    if address is None or (asked or 0) >= notices.CHECKS_A_DAY:
        raise NotPossibleError
    row.address = seal(_key(keys, me.establishment_id), {"to": address, "in": language}, me.account_id.bytes)
    row.checked_on = None
    db.flush()
    owe(db, keys, me.establishment_id, me.account_id, notices.Kind.CHECK, today, row.address)


def reached(keys: Keys, row: Listening) -> Reached | None:
    """The address of a listener; None where there is none, or where it was altered."""
    if row.address is None:
        return None
    try:
        value = unseal(_key(keys, row.establishment_id), row.address, row.account_id.bytes)
    except UnsealError:
        return None
    return Reached(value["to"], value["in"])


def token(keys: Keys, row: Listening) -> str:
    """What the link of a check has in it: another one for each address that is typed, and nothing is stored of it."""
    place = (row.establishment_id.bytes, row.account_id.bytes, row.address or b"")
    return keys.derive("notice-check", *place, length=16).hex()


def check(db: Session, keys: Keys, me: Membership, given: str, today: date) -> bool:
    """Follows the link of a check, as the listener who typed the address. False where it is not theirs, or is old."""
    row = row_of(db, me.establishment_id, me.account_id)
    if row is None or row.address is None or token(keys, row) != given:
        return False
    row.checked_on = row.checked_on or today
    db.flush()
    return True


def _key(keys: Keys, establishment_id: UUID) -> bytes:
    return keys.derive("notice-address", establishment_id.bytes)


# --- What is owed -----------------------------------------------------------------------------------------------------


def mark(keys: Keys, account_id: UUID | None, kind: notices.Kind, *what: bytes) -> bytes:
    """By what one notice is known from another: without the host's key nobody learns what it is for."""
    return keys.derive("notice", account_id.bytes if account_id else b"", kind.value.encode(), *what, length=16)


def owe(
    db: Session,
    keys: Keys,
    establishment_id: UUID,
    account_id: UUID | None,
    kind: notices.Kind,
    day: date,
    *what: bytes,
) -> None:
    """Notes that somebody is to be told, once a day for the same thing. It leaves with the tick."""
    found = mark(keys, account_id, kind, day.isoformat().encode(), *what)
    keep(db, establishment_id, account_id, kind, notices.State.OWED, day, found)


def keep(
    db: Session,
    establishment_id: UUID,
    account_id: UUID | None,
    kind: notices.Kind,
    state: notices.State,
    day: date,
    mark: bytes,
) -> None:
    """Keeps a notice, unless the same one is there already."""
    values = {"account_id": account_id, "kind": kind.value, "state": state.value, "day": day, "mark": mark}
    add_once(db, Notice, establishment_id=establishment_id, **values)


def tell_group(db: Session, keys: Keys, establishment_id: UUID, what: bytes, now: datetime) -> None:
    """Tells all members of a group, and the mailbox of the level above, that the group has changed: not how."""
    day = paris(now).date()
    for one in identity.holders(db, establishment_id, *adults.LISTENS.values()):
        owe(db, keys, establishment_id, one.id, notices.Kind.NEWS, day, what)
    for level in adults.levels(db, establishment_id)[1:]:
        if establishments.own(db, level, "mailbox"):
            owe(db, keys, level, None, notices.Kind.NEWS, day, what)
            return


def forget(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Erases what an adult has said of themself and what they were sent."""
    for table in (Listening, Notice):
        for row in db.scalars(
            select(table).where(table.establishment_id == establishment_id, table.account_id == account_id)
        ):
            db.delete(row)
    db.flush()
