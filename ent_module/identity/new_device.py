"""Another device in place of the one that was enrolled: its owner asks, a second person allows it, and it counts 24
hours later. Until then any member may stop it, and so may its owner.

The second person is somebody of the desk, whose own device has just shown who they are: neither a local admin nor a
head, who may have renewed the password under which it is asked for. Both see the same number: the one who asks says it
aloud, so that what is allowed is that person's device and not somebody's who has only come under their account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.database import utc
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.identity import one_time, service
from ent_module.identity.likeness import accounts_like
from ent_module.identity.model import AT_THE_DESK, CONFIRMERS, TO_THINK, Membership, Person
from ent_module.identity.second_factor import Outcome, devices, digest_of, drop_request, note, opened, row_of, sealed
from ent_module.identity.tables import SecondFactor
from ent_module.privacy import audit
from ent_module.web.house import Keys

ASKED, ALLOWED, STOPPED = "factor.asked", "factor.allowed", "factor.stopped"


class NotPossibleError(Exception):
    """That step is not possible, or no more: it was decided meanwhile, or takes another person. Nothing was changed."""


class UnknownMemberError(LookupError):
    """Nobody of that desk has this account."""


@dataclass(frozen=True)
class Request:
    """A member who wants to enrol another device, as the group's page shows it."""

    account_id: UUID
    name: str
    number: str
    """What stands on that member's page too."""
    asked_at: datetime
    counts_from: datetime | None
    barred: frozenset[UUID]
    """The accounts behind which the same person may stand."""

    def may_be_allowed_by(self, someone: Membership) -> bool:
        """Whether that is a second person: somebody of the desk, who has a device too."""
        return self.counts_from is None and someone.has(*AT_THE_DESK) and someone.account_id not in self.barred


def requests(db: Session, keys: Keys, establishment_id: UUID) -> list[Request]:
    """Who of the desk of an establishment has asked for another device that does not count yet, by name."""
    adults = service.holders(db, establishment_id, *AT_THE_DESK)
    asking = {device.person: device for device in _asked(db, [one.person for one in adults if one.person is not None])}
    found = []
    for one in adults:
        row = asking.get(one.person) if one.person is not None else None
        if row is not None and row.asked_at is not None and not _moment_passed(row.counts_from):
            number = one_time.number_of(opened(keys, row.person, row.next_sealed))
            from_when = utc(row.counts_from) if row.counts_from else None
            barred = accounts_like(db, establishment_id, one.id)
            found.append(Request(one.id, one.name, number, utc(row.asked_at), from_when, barred))
    return found


def number(db: Session, keys: Keys, person: Person) -> str:
    """The number of the other device that whoever is here has asked for; empty where they have not."""
    row = row_of(db, digest_of(db, person.here))
    return one_time.number_of(opened(keys, row.person, row.next_sealed)) if row and row.next_sealed else ""


# --- One's own --------------------------------------------------------------------------------------------------------


def ask(db: Session, keys: Keys, person: Person, secret: bytes, typed: str, now: datetime) -> Outcome:
    """Asks for another device, that shows a code already. It counts only once somebody else has allowed it.

    Asked for anew, what was allowed before is not any more: it was for another secret.
    """
    row = row_of(db, digest_of(db, person.here), lock=True)
    if row is None or one_time.accepted(secret, typed, now) is None:
        return Outcome.WRONG
    drop_request(row)
    row.next_sealed, row.asked_at = sealed(keys, row.person, secret), now
    note(db, person, ASKED, now)
    return Outcome.ENROLLED


def take_back(db: Session, person: Person, now: datetime) -> None:
    """Stops one's own request: it was not oneself, or the device was found again. Raises NotPossibleError."""
    row = row_of(db, digest_of(db, person.here), lock=True)
    if row is None or row.next_sealed is None:
        raise NotPossibleError
    drop_request(row)
    note(db, person, STOPPED, now)


# --- The second person ------------------------------------------------------------------------------------------------


def allow(db: Session, keys: Keys, by: Membership, account_id: UUID, seen: str, now: datetime) -> None:
    """The second person allows the other device whose number they saw. It counts 24 hours later.

    Raises NotPossibleError for whoever is not a second person, and where it is another device by now;
    UnknownMemberError.
    """
    found, row = _asked_by(db, keys, by, account_id)
    has_device = by.account_id in devices(db, by.establishment_id)
    if not has_device or not found.may_be_allowed_by(by) or found.number != seen:
        raise NotPossibleError
    row.allowed_by, row.counts_from = by.account_id, now + TO_THINK
    _note_of(db, by, account_id, ALLOWED, now)


def stop(db: Session, keys: Keys, by: Membership, account_id: UUID, now: datetime) -> None:
    """Whoever may decide in the group stops a request, as long as the other device does not count. Raises
    NotPossibleError, UnknownMemberError."""
    _found, row = _asked_by(db, keys, by, account_id)
    if not by.has(*CONFIRMERS, *AT_THE_DESK):
        raise NotPossibleError
    drop_request(row)
    _note_of(db, by, account_id, STOPPED, now)


def _asked_by(db: Session, keys: Keys, by: Membership, account_id: UUID) -> tuple[Request, SecondFactor]:
    establishments.hold(db, by.establishment_id)
    members = service.holders(db, by.establishment_id, *AT_THE_DESK)
    account = next((one for one in members if one.id == account_id), None)
    if account is None:
        raise UnknownMemberError
    row = row_of(db, account.person, lock=True)
    found = next((one for one in requests(db, keys, by.establishment_id) if one.account_id == account_id), None)
    if found is None or row is None:
        raise NotPossibleError
    return found, row


# --- Rows -------------------------------------------------------------------------------------------------------------


def _note_of(db: Session, by: Membership, account_id: UUID, action: str, now: datetime) -> None:
    db.flush()
    audit.note(db, by.establishment_id, by.account_id, action, account_id, paris(now).date())


def _asked(db: Session, persons: Sequence[bytes]) -> list[SecondFactor]:
    wanted = select(SecondFactor).where(SecondFactor.person.in_(persons), SecondFactor.next_sealed.is_not(None))
    return list(db.scalars(wanted))


def _moment_passed(moment: datetime | None) -> bool:
    return moment is not None and utc(moment) <= datetime.now(UTC)
