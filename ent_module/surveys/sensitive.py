"""Whether a school asks sensitive questions: decided by its head, for the campaigns that open from then on.

Nobody above a school decides it: who would listen to its pupils is known there only.
"""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.privacy import audit

SETTING = "sensitive_questions"


def are_asked(db: Session, establishment_id: UUID) -> bool:
    """Whether campaigns that open now ask them. Off until a head has decided otherwise."""
    return bool(establishments.own(db, establishment_id, SETTING, default=False))


def decide(db: Session, establishment_id: UUID, *, asked: bool, by: UUID, today: date) -> None:
    """Keeps the head's decision. The same one twice is written once."""
    establishments.hold(db, establishment_id)
    if are_asked(db, establishment_id) is asked:
        return
    establishments.draft(db, establishment_id, SETTING, asked)
    establishments.publish(db, establishment_id, SETTING)
    audit.note(db, establishment_id, by, "survey.sensitive" if asked else "survey.not_sensitive", None, today)
