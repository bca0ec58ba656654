"""Which packs a school may ask: those that whoever runs the installation has allowed it, or a level above it.

Allowed is not asked: every question of a pack is sensitive, so that the school's head decides too (`sensitive`).
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.surveys import content
from ent_module.surveys.model import Questionnaire

SETTING = "survey_packs"


def allowed(db: Session, establishment_id: UUID) -> dict[str, Questionnaire]:
    """The packs that are allowed there, by id."""
    names = establishments.published(db, establishment_id, SETTING, ())
    return {name: pack for name, pack in content.packs().items() if name in names}


def allow(db: Session, establishment_id: UUID, names: Collection[str]) -> None:
    """Allows these packs, and no other, to an establishment and to those below that have no list of their own."""
    establishments.draft(db, establishment_id, SETTING, sorted(names))
    establishments.publish(db, establishment_id, SETTING)
