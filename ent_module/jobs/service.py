"""The tick: runs each room's jobs once, where nobody else is at it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.jobs.tables import Lease
from ent_module.web.house import House

LEASE = timedelta(minutes=10)
Job = Callable[[House, datetime], None]
log = structlog.get_logger("ent")


def take(db: Session, name: str, holder: str, now: datetime) -> bool:
    """Takes the lease of a job for LEASE. False where another holder has it."""
    taken = db.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.until <= now, Lease.holder == holder))
        .values(holder=holder, until=now + LEASE)
        .returning(Lease.name)
    ).first()
    if taken is not None:
        return True
    if db.scalar(select(Lease.name).where(Lease.name == name)) is not None:
        return False
    try:
        with db.begin_nested():
            db.add(Lease(name=name, holder=holder, until=now + LEASE))
    except IntegrityError:  # another tick was first
        return False
    return True


def give_back(db: Session, name: str, holder: str, now: datetime, *, succeeded: bool) -> None:
    """Ends the lease, and notes that the job went well."""
    values = {"until": now, "succeeded_at": now} if succeeded else {"until": now}
    db.execute(update(Lease).where(Lease.name == name, Lease.holder == holder).values(values))


def tick(house: House, now: datetime) -> dict[str, str]:
    """Runs every job once. Returns for each: `done`, `busy` (another tick has it) or `failed`."""
    holder = uuid4().hex
    return {name: _run(house, name, work, holder, now) for room in house.rooms for name, work in room.jobs}


def _run(house: House, name: str, work: Job, holder: str, now: datetime) -> str:
    """What became of one job. A failure stops no other job, and only its kind is logged: its text may be a pupil's."""
    try:
        with house.database.writing() as db:
            if not take(db, name, holder, now):
                return "busy"
        try:
            work(house, now)
        except Exception:
            _end(house, name, holder, now, succeeded=False)
            raise
        _end(house, name, holder, now, succeeded=True)
    except Exception as error:  # noqa: BLE001  # the next job's turn
        log.error("job failed", job=name, kind=type(error).__name__)
        return "failed"
    return "done"


def _end(house: House, name: str, holder: str, now: datetime, *, succeeded: bool) -> None:
    with house.database.writing() as db:
        give_back(db, name, holder, now, succeeded=succeeded)
