"""What was given: logged by whoever gave it, seen by nobody else."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import days_of_school_year
from ent_module.identity.model import Membership
from ent_module.lessons.model.given import Given
from ent_module.lessons.tables import LessonSession


def log(db: Session, who: Membership, given: Given) -> None:
    """Keeps that a lesson was given. The same lesson, class, day and parts a second time is the first one again."""
    row = LessonSession(
        establishment_id=who.establishment_id,
        account_id=who.account_id,
        lesson=given.lesson,
        class_name=given.class_name,
        day=given.day,
        parts=given.parts,
        minutes=given.minutes,
        remote=given.remote,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # sent twice: the unique constraint knows, also when both arrive at once
        again = _mine(who).where(
            LessonSession.lesson == given.lesson,
            LessonSession.class_name == given.class_name,
            LessonSession.day == given.day,
            LessonSession.parts == given.parts,
        )
        if db.scalar(again) is None:  # another constraint was hurt
            raise


def given_this_year(db: Session, who: Membership, today: date) -> list[Given]:
    """What someone gave in this school year, the latest first."""
    start, end = days_of_school_year(today)
    rows = db.scalars(
        _mine(who)
        .where(LessonSession.day.between(start, end))
        .order_by(LessonSession.day.desc(), LessonSession.class_name, LessonSession.lesson, LessonSession.parts)
    )
    return [Given(r.lesson, r.class_name, r.day, r.parts, r.minutes, r.remote, r.id) for r in rows]


def remove(db: Session, who: Membership, session_id: UUID) -> bool:
    """Takes back what one logged oneself. False where there is no such session of one's own."""
    row = db.scalar(_mine(who).where(LessonSession.id == session_id))
    if row is not None:
        db.delete(row)
        db.flush()
    return row is not None


def erase(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Removes what an account logged."""
    db.execute(
        delete(LessonSession).where(
            LessonSession.establishment_id == establishment_id, LessonSession.account_id == account_id
        )
    )


def _mine(who: Membership) -> Select[LessonSession]:
    return select(LessonSession).where(
        LessonSession.establishment_id == who.establishment_id, LessonSession.account_id == who.account_id
    )
