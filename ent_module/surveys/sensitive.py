"""Whether a school asks sensitive questions, and questions that are answered in words: two decisions of its head, each
for the campaigns that open from then on.

Nobody above a school decides it: who would listen to its pupils is known there only.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.privacy import audit
from ent_module.surveys.model import Item, Questionnaire


class Wanted(StrEnum):
    """What is asked only where a head wants it, by the name of the setting."""

    SENSITIVE = "sensitive_questions"
    TEXTS = "text_questions"

    def means(self, item: Item) -> bool:
        """Whether that question is one of these."""
        return item.is_text if self is Wanted.TEXTS else item.sensitive is not None


_NOTED = {
    Wanted.SENSITIVE: ("survey.not_sensitive", "survey.sensitive"),
    Wanted.TEXTS: ("survey.no_texts", "survey.texts"),
}


def are_asked(db: Session, establishment_id: UUID, what: Wanted = Wanted.SENSITIVE) -> bool:
    """Whether campaigns that open now ask them. Off until a head has decided otherwise."""
    return bool(establishments.own(db, establishment_id, what, default=False))


def as_decided(db: Session, establishment_id: UUID, found: Mapping[str, Questionnaire]) -> dict[str, Questionnaire]:
    """These questionnaires, by any name, as the school asks them."""
    grave, texts = (are_asked(db, establishment_id, what) for what in (Wanted.SENSITIVE, Wanted.TEXTS))
    asked = {name: one if grave else one.without_sensitive for name, one in found.items()}
    return {name: one if texts else one.without_texts for name, one in asked.items()}


def decide(
    db: Session, establishment_id: UUID, *, asked: bool, by: UUID, today: date, what: Wanted = Wanted.SENSITIVE
) -> None:
    """Keeps the head's decision. The same one twice is written once."""
    establishments.hold(db, establishment_id)
    if are_asked(db, establishment_id, what) is asked:
        return
    establishments.draft(db, establishment_id, what, asked)
    establishments.publish(db, establishment_id, what)
    audit.note(db, establishment_id, by, _NOTED[what][asked], None, today)
