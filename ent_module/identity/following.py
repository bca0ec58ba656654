"""An establishment's listening group that follows a group of its portal: what was read there becomes roles here.

Reading is the business of whoever speaks with the portal (`sign_in`); here is what follows from it. A group takes back
only what it gave: whom two persons took in stays, and whom they took out stays out for as long as the portal's group
names them. A look that fails changes nothing, and neither does an empty group after a full one, until somebody of the
school confirms it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ent_module.database import utc
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.identity.model import Membership, Profile, Role
from ent_module.identity.service import grant, pseudonym, revoke
from ent_module.identity.tables import Account, FollowedGroup, FollowedSeat, Grant, Portal
from ent_module.privacy import audit
from ent_module.web.house import Keys

EVERY = timedelta(minutes=15)
JOINED, LEFT, EMPTIED = "listener.followed", "listener.unfollowed", "listener.emptying_confirmed"


@dataclass(frozen=True)
class Follow:
    """Which group of which portal an establishment's listening group follows."""

    establishment_id: UUID
    portal_id: UUID
    path: str


@dataclass(frozen=True)
class Standing:
    """How following goes, for those who set up."""

    portal: str
    path: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    """The last look that failed, where none has succeeded since."""
    failure: str
    awaited: int
    """How many members have never come."""
    waits_to_empty: bool
    """The portal's group is empty, and nobody has confirmed that ours should be."""


def follow(db: Session, establishment_id: UUID, portal_id: UUID, path: str) -> None:
    """Lets the listening group follow that group from now on, instead of any other."""
    row = _row(db, establishment_id)
    if row is None:
        row = FollowedGroup(establishment_id=establishment_id)
        db.add(row)
    row.portal_id, row.path = portal_id, path
    row.tried_at = row.succeeded_at = row.failed_at = None
    row.failure, row.awaited, row.waits_to_empty, row.may_empty = "", 0, False, False
    db.flush()


def stop(db: Session, establishment_id: UUID) -> None:
    """Stops following. Its members stay, as if two persons had taken them in, and whom two persons took out, or take
    out from now on, is not brought back by following again."""
    for seat in _seats(db, establishment_id):
        seat.gave = None
    if (row := _row(db, establishment_id)) is not None:
        db.delete(row)
    db.flush()


def due(db: Session, now: datetime) -> list[Follow]:
    """The groups that nobody has looked at for EVERY."""
    wanted = select(FollowedGroup).where(or_(FollowedGroup.tried_at.is_(None), FollowedGroup.tried_at <= now - EVERY))
    rows = db.scalars(wanted, execution_options={"across": True})
    return [Follow(row.establishment_id, row.portal_id, row.path) for row in rows]


def fail(db: Session, follow: Follow, failure: str, now: datetime) -> None:
    """Notes that the portal's group could not be read. Nothing else changes."""
    row = _current(db, follow)
    if row is not None:
        row.tried_at, row.failed_at, row.failure = now, now, failure


def apply(db: Session, keys: Keys, follow: Follow, members: Collection[str], now: datetime) -> None:
    """Makes the listening group what the portal's group is, as far as that may be; `members` are its subjects."""
    establishments.hold(db, follow.establishment_id)
    row = _current(db, follow)
    if row is None:
        return
    seats = _seats(db, follow.establishment_id)
    row.tried_at = now
    row.waits_to_empty = not members and not row.may_empty and any(_is_given(db, seat) for seat in seats)
    if row.waits_to_empty:
        return
    accounts = _accounts(db, keys, follow, members)
    _take_back(db, [seat for seat in seats if seat.account_id not in accounts], paris(now).date())
    followed = {seat.account_id for seat in seats}
    for account_id, account in accounts.items():
        if account_id not in followed and Profile(account.profile).is_adult_at_school:
            _give(db, account, paris(now).date())
    row.awaited = len(set(members)) - len(accounts)
    row.succeeded_at, row.failed_at, row.failure, row.may_empty = now, None, "", False


def _accounts(db: Session, keys: Keys, follow: Follow, members: Collection[str]) -> dict[UUID, Account]:
    """The accounts of the members who have come at least once, known by the portal and their subject alone."""
    place, portal = follow.establishment_id, follow.portal_id
    digests = [pseudonym(keys, place, portal, subject) for subject in members]
    found = db.scalars(select(Account).where(Account.establishment_id == place, Account.pseudonym.in_(digests)))
    return {account.id: account for account in found}


def _counting(db: Session, place: UUID, account_id: UUID) -> Grant | None:
    """The place in the listening group that counts now."""
    return db.scalar(
        select(Grant).where(
            Grant.establishment_id == place,
            Grant.account_id == account_id,
            Grant.role == Role.LISTENER.value,
            Grant.since.is_not(None),
            Grant.until.is_(None),
        )
    )


def _is_given(db: Session, seat: FollowedSeat) -> bool:
    """Whether the place that counts now is the one that the portal's group gave."""
    found = _counting(db, seat.establishment_id, seat.account_id)
    return found is not None and found.id == seat.gave


def _give(db: Session, account: Account, day: date) -> None:
    """Gives a place to a member who has none, and notes of whoever has one that the group names them too."""
    place, gave = account.establishment_id, None
    if _counting(db, place, account.id) is None:
        grant(db, place, account.id, Role.LISTENER, day)
        gave = _counting(db, place, account.id)
        audit.note(db, place, account.id, JOINED, None, day)
    db.add(FollowedSeat(establishment_id=place, account_id=account.id, gave=gave.id if gave else None))


def _take_back(db: Session, seats: Sequence[FollowedSeat], day: date) -> None:
    for seat in seats:
        if _is_given(db, seat):
            revoke(db, seat.establishment_id, seat.account_id, Role.LISTENER)
            audit.note(db, seat.establishment_id, seat.account_id, LEFT, None, day)
        db.delete(seat)


def confirm_emptying(db: Session, by: Membership, day: date) -> None:
    """Lets the next look empty the group, as the portal's is. Nothing happens where nothing waits for that."""
    establishments.hold(db, by.establishment_id)
    row = _row(db, by.establishment_id)
    if row is not None and row.waits_to_empty:
        row.may_empty, row.waits_to_empty, row.tried_at = True, False, None
        audit.note(db, by.establishment_id, by.account_id, EMPTIED, None, day)


def standing(db: Session, establishment_id: UUID) -> Standing | None:
    """How following goes; None where the group follows none."""
    row = _row(db, establishment_id)
    if row is None:
        return None
    return Standing(
        portal=db.get_one(Portal, row.portal_id).name,
        path=row.path,
        succeeded_at=utc(row.succeeded_at) if row.succeeded_at else None,
        failed_at=utc(row.failed_at) if row.failed_at else None,
        failure=row.failure,
        awaited=row.awaited,
        waits_to_empty=row.waits_to_empty,
    )


def left(db: Session, establishment_id: UUID, since: date) -> list[tuple[str, date]]:
    """The names of those whom the portal's group took out on that day or later, with the day."""
    lines = audit.lines(db, establishment_id, (LEFT,), since)
    names = {one: db.get(Account, (establishment_id, one)) for one in {line.account_id for line in lines}}
    return [(account.name, line.day) for line in lines if (account := names[line.account_id]) is not None]


def _row(db: Session, establishment_id: UUID) -> FollowedGroup | None:
    return db.scalar(select(FollowedGroup).where(FollowedGroup.establishment_id == establishment_id))


def _current(db: Session, follow: Follow) -> FollowedGroup | None:
    """The row that was looked at; None where another group is followed meanwhile."""
    row = _row(db, follow.establishment_id)
    same = row is not None and (row.portal_id, row.path) == (follow.portal_id, follow.path)
    return row if same else None


def _seats(db: Session, establishment_id: UUID) -> list[FollowedSeat]:
    return list(db.scalars(select(FollowedSeat).where(FollowedSeat.establishment_id == establishment_id)))
