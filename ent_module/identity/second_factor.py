"""The second factor at the desk: whether it is the adult who is here, and not somebody with their portal password.

A portal's local admin can renew a colleague's password, so signing in there alone opens no message. An adult enrols a
device (an application that makes one-time codes) at the first opening of the desk. To enrol another one later takes a
second person of the group and 24 hours, as joining does, during which any member may stop it; it then opens only what
comes from then on (`Account.key_version`). There is no code on paper that goes round it.

A person has one device for all their schools, found by `Account.person`. The secret is sealed under a key of the
installation: the database alone makes no codes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ent_module.database import add_once, utc
from ent_module.establishments.calendar import paris
from ent_module.identity import one_time, service
from ent_module.identity.model import AT_THE_DESK, Membership, Person
from ent_module.identity.tables import Account, Grant, SecondFactor
from ent_module.privacy import audit
from ent_module.privacy.sealing import seal, unseal
from ent_module.web.house import Keys

LIMIT = 5
"""Wrong codes of one person in an hour; after them right ones are refused too, until the next hour."""
ENROLLED, RENEWED, WRONG, LIMITED = "factor.enrolled", "factor.renewed", "factor.refused", "factor.limited"


class Outcome(Enum):
    """What came of a code."""

    RIGHT = "right"
    ENROLLED = "enrolled"
    RENEWED = "renewed"
    """It was the other device's first one."""
    WRONG = "wrong"
    LIMITED = "limited"
    """Too many wrong ones; this one was not looked at."""
    LAST = "last"
    """Wrong, and the last that is looked at in this hour."""


@dataclass(frozen=True)
class Device:
    """What may be said of a person's device."""

    since: date
    serial: UUID
    asked_at: datetime | None = None
    """When another one was asked for."""
    counts_from: datetime | None = None
    """From when that one counts, once a second person has allowed it."""

    def is_due(self, now: datetime) -> bool:
        """Whether the other one counts in place of this one."""
        return self.counts_from is not None and self.counts_from <= now


# --- Reading ----------------------------------------------------------------------------------------------------------


def device(db: Session, person: Person) -> Device | None:
    """The device of whoever is here; None where there is none yet."""
    place = person.here
    row = db.execute(
        select(SecondFactor.since, SecondFactor.serial, SecondFactor.asked_at, SecondFactor.counts_from)
        .join(Account, Account.person == SecondFactor.person)
        .where(Account.establishment_id == place.establishment_id, Account.id == place.account_id)
    ).first()
    return _device(*row) if row is not None else None


def devices(db: Session, establishment_id: UUID) -> dict[UUID, Device]:
    """The devices of an establishment's adults, by account."""
    rows = db.execute(
        select(Account.id, SecondFactor.since, SecondFactor.serial, SecondFactor.asked_at, SecondFactor.counts_from)
        .join(SecondFactor, Account.person == SecondFactor.person)
        .where(Account.establishment_id == establishment_id)
    )
    return {row[0]: _device(*row[1:]) for row in rows}


def tentative(keys: Keys, person: Person, session: bytes, nonce: bytes) -> bytes:
    """The secret of a page on which a device is enrolled: nothing is kept of it before its first code has come."""
    return keys.derive("second-factor.new", person.here.account_id.bytes, session, nonce, length=one_time.SECRET)


# --- One's own device -------------------------------------------------------------------------------------------------


def enrol(db: Session, keys: Keys, person: Person, secret: bytes, typed: str, now: datetime) -> Outcome:
    """Enrols the first device, once a code shows that it was taken. Whoever has one is refused."""
    digest = digest_of(db, person.here)
    step = one_time.accepted(secret, typed, now)
    if digest is None or step is None:
        return Outcome.WRONG
    values = {"serial": uuid4(), "sealed": sealed(keys, digest, secret), "last_step": step, "wrong": 0}
    if not add_once(db, SecondFactor, person=digest, since=paris(now).date(), **values):
        return Outcome.WRONG
    note(db, person, ENROLLED, now)
    return Outcome.ENROLLED


def verify(db: Session, keys: Keys, person: Person, typed: str, now: datetime) -> Outcome:
    """Looks at a code. Attempts of one person wait for each other, so that parallel ones are all counted."""
    row = row_of(db, digest_of(db, person.here), lock=True)
    if row is None:
        return Outcome.WRONG
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if row.wrong_in is None or utc(row.wrong_in) != hour:
        row.wrong, row.wrong_in = 0, hour
    other = row.counts_from is not None and utc(row.counts_from) <= now
    secret = opened(keys, row.person, row.next_sealed if other else row.sealed)
    step = one_time.accepted(secret, typed, now, -1 if other else row.last_step)
    if row.wrong >= LIMIT:
        return Outcome.LIMITED
    if step is None:
        return _missed(db, person, row, now)
    row.last_step = step
    if other:
        _renew(db, row, now)
        note(db, person, RENEWED, now)
    db.flush()
    return Outcome.RENEWED if other else Outcome.RIGHT


def _missed(db: Session, person: Person, row: SecondFactor, now: datetime) -> Outcome:
    row.wrong += 1
    note(db, person, WRONG, now)
    if row.wrong >= LIMIT:
        note(db, person, LIMITED, now)
        return Outcome.LAST
    return Outcome.WRONG


def _renew(db: Session, row: SecondFactor, now: datetime) -> None:
    """The other device takes the place of this one, and opens nothing that came before."""
    if row.next_sealed is None:
        return
    row.sealed, row.serial, row.since = row.next_sealed, uuid4(), paris(now).date()
    drop_request(row)
    # Across establishments: one person's accounts, all of which the device opens.
    mine = update(Account).where(Account.person == row.person)
    db.execute(mine.values(key_version=Account.key_version + 1), execution_options={"across": True})


# --- Who leaves -------------------------------------------------------------------------------------------------------


def left(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Whoever leaves a group opens nothing that they could read there, should they come back; and who is at no desk any
    more has no device. It is for what two persons decide, or somebody of their own accord: a portal's group that is
    followed does not do away with a device, or whoever rules that group could enrol one of their own.
    """
    account = service.account_of(db, establishment_id, account_id)
    if account is None:
        return
    desks = _desks(db, account.person)
    if establishment_id not in desks:
        account.key_version += 1
        db.flush()
    if account.person is not None and not desks:
        forget(db, account.person)


def erase(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Removes the device of whoever has that account, unless they are at another desk with it."""
    account = service.account_of(db, establishment_id, account_id)
    if account is not None and account.person is not None and not _desks(db, account.person) - {establishment_id}:
        forget(db, account.person)


def forget(db: Session, person: bytes) -> None:
    """Removes somebody's device: the next opening of the desk enrols one."""
    row = row_of(db, person, lock=True)
    if row is not None:
        db.delete(row)
        db.flush()


def _desks(db: Session, person: bytes | None) -> set[UUID]:
    """Where a person is at a desk."""
    wanted = (
        select(Grant.establishment_id)
        .join(Account, (Account.establishment_id == Grant.establishment_id) & (Account.id == Grant.account_id))
        .where(
            Account.person == person,
            Grant.role.in_([role.value for role in AT_THE_DESK]),
            Grant.since.is_not(None),
            Grant.until.is_(None),
        )
    )
    # Across establishments: that is what the digest is for, and it finds one person's rows only.
    return set(db.scalars(wanted, execution_options={"across": True}))


# --- Rows -------------------------------------------------------------------------------------------------------------


def note(db: Session, person: Person, action: str, now: datetime) -> None:
    """A line in the trail of each school in whose group this person is."""
    for place in person.where(*AT_THE_DESK):
        audit.note(db, place.establishment_id, place.account_id, action, None, paris(now).date())


def _device(since: date, serial: UUID, asked_at: datetime | None, counts_from: datetime | None) -> Device:
    return Device(since, serial, utc(asked_at) if asked_at else None, utc(counts_from) if counts_from else None)


def digest_of(db: Session, place: Membership) -> bytes | None:
    """The person of an account, as in `Account.person`."""
    account = service.account_of(db, place.establishment_id, place.account_id)
    return account.person if account is not None else None


def row_of(db: Session, person: bytes | None, *, lock: bool = False) -> SecondFactor | None:
    """A person's row, held until the transaction ends where it is to be changed."""
    if person is None:
        return None
    wanted = select(SecondFactor).where(SecondFactor.person == person)
    return db.scalar(wanted.with_for_update() if lock else wanted, execution_options={"populate_existing": lock})


def drop_request(row: SecondFactor) -> None:
    """No other device is asked for any more."""
    row.next_sealed = row.asked_at = row.allowed_by = row.counts_from = None


def sealed(keys: Keys, person: bytes, secret: bytes) -> bytes:
    """The secret as the database keeps it, bound to its person."""
    return seal(keys.derive("second-factor", person), secret.hex(), b"secret", person)


def opened(keys: Keys, person: bytes, sealed: bytes | None) -> bytes:
    """The secret again. Raises UnsealError for what was sealed for somebody else."""
    return bytes.fromhex(unseal(keys.derive("second-factor", person), sealed or b"", b"secret", person))
