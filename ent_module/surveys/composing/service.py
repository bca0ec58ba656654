"""A school's drafts: begun, gone on with, changed, and kept as questionnaires of its own."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.surveys import content, own, sensitive
from ent_module.surveys.composing.checks import Verdict, finished, verdict
from ent_module.surveys.composing.draft import Draft
from ent_module.surveys.composing.names import name_of
from ent_module.surveys.composing.texts import forget_repeated
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.parts import Audience
from ent_module.surveys.tables import OwnQuestionnaire, QuestionnaireDraft

MOST = 10


class FullError(Exception):
    """The school has as many drafts as it may have."""


class NotReadyError(ValueError):
    """Something speaks against keeping the draft."""


def rows(db: Session, establishment_id: UUID) -> list[QuestionnaireDraft]:
    """The school's drafts, the one that was changed last first."""
    found = select(QuestionnaireDraft).where(QuestionnaireDraft.establishment_id == establishment_id)
    return list(db.scalars(found.order_by(QuestionnaireDraft.changed_on.desc(), QuestionnaireDraft.name)))


def begin(db: Session, establishment_id: UUID, draft: Draft, today: date) -> UUID:
    """Keeps a new draft. Raises FullError."""
    establishments.hold(db, establishment_id)
    if len(rows(db, establishment_id)) >= MOST:
        raise FullError
    row = QuestionnaireDraft(
        establishment_id=establishment_id, name=draft.asked["id"], data=draft.to_data(), changed_on=today
    )
    db.add(row)
    db.flush()
    return row.id


def begin_from(db: Session, establishment_id: UUID, asked: Questionnaire, today: date) -> UUID:
    """A draft that goes on from a questionnaire which the school may see: one of its own becomes the next version, one
    of the shelf a new one. Where such a draft has been begun, that one. Raises FullError."""
    level = establishments.get(db, establishment_id).kind
    if asked.id in content.questionnaires():
        wanted = asked if sensitive.are_asked(db, establishment_id) else asked.without_sensitive
        return begin(db, establishment_id, Draft.from_shelf(wanted, name_of(asked.title["fr"]), level), today)
    begun = next((row for row in rows(db, establishment_id) if row.name == asked.id), None)
    if begun is not None:
        return begun.id
    draft = Draft.from_own(asked, level)
    forget_repeated(draft)
    return begin(db, establishment_id, draft, today)


def load(db: Session, establishment_id: UUID, draft_id: UUID) -> Draft:
    """A draft of that school. Raises LookupError."""
    return Draft.from_data(_row(db, establishment_id, draft_id).data)


def hold(db: Session, establishment_id: UUID, draft_id: UUID) -> Draft:
    """A draft to be changed: until the transaction ends, nobody else changes it. Raises LookupError."""
    establishments.hold(db, establishment_id)
    return load(db, establishment_id, draft_id)


def save(db: Session, establishment_id: UUID, draft_id: UUID, draft: Draft, today: date) -> None:
    """Keeps a changed draft. Raises LookupError."""
    row = _row(db, establishment_id, draft_id)
    row.data, row.changed_on = draft.to_data(), today


def judge(db: Session, establishment_id: UUID, draft: Draft) -> Verdict:
    """What speaks against keeping a draft, by the numbers of the school."""
    level = establishments.get(db, establishment_id).kind
    pupils = own.pupils(db, establishment_id) if draft.audience is Audience.PUPILS else None
    return verdict(draft, level, pupils)


def keep(db: Session, establishment_id: UUID, draft_id: UUID, by: UUID, today: date) -> OwnQuestionnaire:
    """Keeps a draft as a questionnaire of the school's own; the draft goes.

    Raises LookupError, NotReadyError, and own.RefusedError.
    """
    draft = hold(db, establishment_id, draft_id)
    if not judge(db, establishment_id, draft).is_good:
        raise NotReadyError
    kept = own.keep(db, establishment_id, finished(draft), by, today)
    db.delete(_row(db, establishment_id, draft_id))
    return kept


def remove(db: Session, establishment_id: UUID, draft_id: UUID) -> None:
    """Throws a draft away. Raises LookupError."""
    establishments.hold(db, establishment_id)
    db.delete(_row(db, establishment_id, draft_id))


def _row(db: Session, establishment_id: UUID, draft_id: UUID) -> QuestionnaireDraft:
    row = db.get(QuestionnaireDraft, (establishment_id, draft_id), populate_existing=True)
    if row is None:
        raise LookupError(draft_id)
    return row
