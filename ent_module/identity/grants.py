"""Roles that two persons give and take: one proposes, a second one confirms; leaving needs nobody.

Who does something is a Membership, so everything happens in the establishment that the person is working in. Each
step leaves a line in the audit trail. Two persons decide, not two accounts: whoever could be the first one under
another account may not be the second (`likeness`). That the accounts differ is kept by the
constraints of `ent_grant` as well.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from ent_module.database import utc
from ent_module.establishments import service as establishments
from ent_module.identity import second_factor
from ent_module.identity.likeness import accounts_like
from ent_module.identity.model import CONFIRMERS, PROPOSERS, TO_THINK, Membership, Profile, Role, Seat
from ent_module.identity.tables import Account, Grant
from ent_module.privacy import audit

FIRST = 2
"""The first members of a group that never had as many count at once: there is nothing yet that they could read."""


class Reason(StrEnum):
    """Why something about a role is refused."""

    MAY_NOT_PROPOSE = "may_not_propose"
    NOT_AN_ADULT = "not_an_adult"
    THERE_ALREADY = "there_already"
    NEEDS_ANOTHER = "needs_another"
    """The second person is neither the one who proposed nor the one whom it is about."""
    NOTHING_WAITS = "nothing_waits"
    """It was decided meanwhile."""


class GrantRefusedError(Exception):
    """The step is not possible; `reason` says why, and nothing was changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class UnknownSeatError(LookupError):
    """There is no such place in that group of the establishment."""


def seats(db: Session, establishment_id: UUID, role: Role) -> list[Seat]:
    """The places of a group that count or wait, by name."""
    rows = db.execute(_seats(establishment_id, role).where(Grant.until.is_(None)))
    return [_seat(row, _barred(db, row[0])) for row in rows]


def changes(db: Session, establishment_id: UUID, role: Role, since: date) -> list[Seat]:
    """The places that began or ended on that day or later, the latest first."""
    rows = db.execute(_seats(establishment_id, role).where((Grant.since >= since) | (Grant.until >= since)))
    found = [_seat(row) for row in rows]
    return sorted(found, key=lambda seat: seat.until or seat.since or since, reverse=True)


def possible_seconds(db: Session, establishment_id: UUID, seat: Seat) -> list[str]:
    """The names of those who may decide on what waits."""
    rows = db.execute(
        select(Account.id, Account.name)
        .join(Grant, (Grant.establishment_id == Account.establishment_id) & (Grant.account_id == Account.id))
        .where(
            Grant.establishment_id == establishment_id,
            Grant.role.in_([role.value for role in CONFIRMERS]),
            Grant.since.is_not(None),
            Grant.until.is_(None),
            or_(Grant.counts_from.is_(None), Grant.counts_from <= datetime.now(UTC)),
        )
        .distinct()
        .order_by(Account.name)
    )
    return [name for account_id, name in rows if account_id not in seat.barred]


def propose(db: Session, by: Membership, account_id: UUID, role: Role, day: date) -> None:
    """Proposes an adult of the establishment for a role. Raises GrantRefusedError."""
    establishments.hold(db, by.establishment_id)
    if not by.has(*PROPOSERS[role]):
        raise GrantRefusedError(Reason.MAY_NOT_PROPOSE)
    account = db.get(Account, (by.establishment_id, account_id))
    if account is None or not Profile(account.profile).is_adult_at_school:
        raise GrantRefusedError(Reason.NOT_AN_ADULT)
    if any(seat.account_id == account_id for seat in seats(db, by.establishment_id, role)):
        raise GrantRefusedError(Reason.THERE_ALREADY)
    made = Grant(
        establishment_id=by.establishment_id, account_id=account_id, role=role.value, proposed_by=by.account_id
    )
    db.add(made)
    db.flush()
    _note(db, by, made, "proposed", day)


def confirm(db: Session, by: Membership, role: Role, seat_id: UUID, day: date) -> None:
    """The second person says yes to a proposal. Raises GrantRefusedError, UnknownSeatError."""
    row = _waiting(db, by, role, seat_id)
    if role is Role.LISTENER and _ever(db, by.establishment_id) >= FIRST:
        row.counts_from = datetime.now(UTC) + TO_THINK
    row.confirmed_by, row.since = by.account_id, day
    _note(db, by, row, "confirmed", day)


def refuse(db: Session, by: Membership, role: Role, seat_id: UUID, day: date) -> None:
    """Drops a proposal: the second person, the one proposed, or the one who proposed and thinks again."""
    row = _row(db, by, role, seat_id)
    if row.since is not None:
        raise GrantRefusedError(Reason.NOTHING_WAITS)
    if by.account_id not in {row.account_id, row.proposed_by} and not by.has(*CONFIRMERS):
        raise GrantRefusedError(Reason.NEEDS_ANOTHER)
    _note(db, by, row, "refused", day)
    db.delete(row)
    db.flush()


def stop(db: Session, by: Membership, role: Role, seat_id: UUID, day: date) -> None:
    """Drops what two persons have decided and does not count yet: any one who may decide, and whom it is about."""
    row = _row(db, by, role, seat_id)
    if row.since is None or _begins(row) is None:
        raise GrantRefusedError(Reason.NOTHING_WAITS)
    if by.account_id != row.account_id and not by.has(*CONFIRMERS):
        raise GrantRefusedError(Reason.NEEDS_ANOTHER)
    _note(db, by, row, "stopped", day)
    db.delete(row)
    db.flush()


def propose_end(db: Session, by: Membership, role: Role, seat_id: UUID, day: date) -> None:
    """Proposes that someone's role ends. Raises GrantRefusedError, UnknownSeatError."""
    row = _row(db, by, role, seat_id)
    if not by.has(*PROPOSERS[role]):
        raise GrantRefusedError(Reason.MAY_NOT_PROPOSE)
    if row.since is None or row.leave_proposed_by is not None:
        raise GrantRefusedError(Reason.THERE_ALREADY)
    row.leave_proposed_by = by.account_id
    _note(db, by, row, "end_proposed", day)


def confirm_end(db: Session, by: Membership, role: Role, seat_id: UUID, day: date) -> None:
    """The second person says yes to an end. Raises GrantRefusedError, UnknownSeatError."""
    row = _waiting(db, by, role, seat_id, ending=True)
    row.leave_confirmed_by, row.until = by.account_id, day
    _left(db, row)
    _note(db, by, row, "end_confirmed", day)


def keep(db: Session, by: Membership, role: Role, seat_id: UUID, day: date) -> None:
    """Drops the proposal of an end: the second person, or the one who proposed it and thinks again."""
    row = _row(db, by, role, seat_id)
    if row.leave_proposed_by is None:
        raise GrantRefusedError(Reason.NOTHING_WAITS)
    if by.account_id in accounts_like(db, row.establishment_id, row.account_id) or not by.has(*CONFIRMERS):
        raise GrantRefusedError(Reason.NEEDS_ANOTHER)
    row.leave_proposed_by = None
    _note(db, by, row, "end_refused", day)


def leave(db: Session, by: Membership, role: Role, day: date) -> None:
    """Ends one's own role at once. Raises UnknownSeatError where one has none."""
    establishments.hold(db, by.establishment_id)
    mine = next((s for s in seats(db, by.establishment_id, role) if s.account_id == by.account_id and s.since), None)
    if mine is None:
        raise UnknownSeatError
    row = _row(db, by, role, mine.id)
    row.leave_proposed_by, row.until = by.account_id, day
    _left(db, row)
    _note(db, by, row, "left", day)


def _left(db: Session, row: Grant) -> None:
    db.flush()
    if row.role == Role.LISTENER:
        second_factor.left(db, row.establishment_id, row.account_id)


def _ever(db: Session, establishment_id: UUID) -> int:
    """How many have ever been in the listening group."""
    ever = select(func.count(Grant.account_id.distinct())).where(
        Grant.establishment_id == establishment_id, Grant.role == Role.LISTENER.value, Grant.since.is_not(None)
    )
    return db.scalar(ever) or 0


def _begins(row: Grant) -> datetime | None:
    """From when a role counts that does not count yet."""
    begins = utc(row.counts_from) if row.counts_from else None
    return begins if begins and begins > datetime.now(UTC) else None


def _seats(establishment_id: UUID, role: Role) -> Select[Grant, str]:
    return (
        select(Grant, Account.name)
        .join(Account, (Grant.establishment_id == Account.establishment_id) & (Grant.account_id == Account.id))
        .where(Grant.establishment_id == establishment_id, Grant.role == role.value)
        .order_by(Account.name)
    )


def _barred(db: Session, row: Grant) -> frozenset[UUID]:
    """Who may not be the second person for what waits: whoever proposed it and whom it is about."""
    first = row.proposed_by if row.since is None else row.leave_proposed_by
    return accounts_like(db, row.establishment_id, first, row.account_id) if first is not None else frozenset()


def _seat(row: Row[Grant, str], barred: frozenset[UUID] = frozenset()) -> Seat:
    grant, name = row
    return Seat(
        id=grant.id,
        account_id=grant.account_id,
        name=name,
        role=Role(grant.role),
        since=grant.since,
        until=grant.until,
        proposed_by=grant.proposed_by,
        leave_proposed_by=grant.leave_proposed_by,
        barred=barred,
        counts_from=_begins(grant),
    )


def _row(db: Session, by: Membership, role: Role, seat_id: UUID) -> Grant:
    """A place that counts or waits in a group of the establishment, which nobody else decides on meanwhile."""
    establishments.hold(db, by.establishment_id)
    found = db.scalar(
        select(Grant).where(
            Grant.establishment_id == by.establishment_id, Grant.id == seat_id, Grant.role == role.value
        ),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise UnknownSeatError
    if found.until is not None:
        raise GrantRefusedError(Reason.NOTHING_WAITS)
    return found


def _waiting(db: Session, by: Membership, role: Role, seat_id: UUID, *, ending: bool = False) -> Grant:
    """A place on whose start or end that person may decide as the second one."""
    row = _row(db, by, role, seat_id)
    first = row.leave_proposed_by if ending else row.proposed_by
    if first is None or (not ending and row.since is not None):
        raise GrantRefusedError(Reason.NOTHING_WAITS)
    if not by.has(*CONFIRMERS) or by.account_id in _barred(db, row):
        raise GrantRefusedError(Reason.NEEDS_ANOTHER)
    return row


def _note(db: Session, by: Membership, row: Grant, what: str, day: date) -> None:
    db.flush()
    audit.note(db, by.establishment_id, by.account_id, f"{row.role}.{what}", row.id, day)
