"""The questionnaires that a school may ask: those of the shelf, and its own, which it brought from elsewhere.

A campaign keeps its questionnaire as it was when it opened (`tables.AskedQuestionnaire`), whatever is replaced or
removed here afterwards.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.privacy import audit
from ent_module.surveys import content, packs, sensitive
from ent_module.surveys.background import Narrow, too_narrow
from ent_module.surveys.interchange.xlsform_write import write_xlsform
from ent_module.surveys.model import Item, Questionnaire
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.tables import Campaign, CampaignClass, OwnQuestionnaire
from ent_module.web.content import MalformedError

PREFIX = "own-"
"""How the id of a school's own questionnaire begins, so that it never becomes one of the shelf's."""
MOST = 40
LARGEST = 512 * 1024
_CONTROL = re.compile(r"\\u00[01][0-9a-f]")
"""A control sign as JSON writes it."""


class RefusedError(ValueError):
    """A questionnaire that is not kept; `checked` tells why."""

    def __init__(self, checked: "Checked") -> None:
        super().__init__(len(checked.faults))
        self.checked = checked


class UsedError(Exception):
    """A campaign has asked this questionnaire: it stays."""


@dataclass(frozen=True)
class Checked:
    """A questionnaire as it would be kept."""

    data: dict[str, Any]
    replaces: int | None
    """The version that it would replace."""
    faults: tuple[str, ...]
    narrow: Narrow | None
    full: bool = False
    """Whether the school has as many as it may have."""

    @property
    def is_good(self) -> bool:
        """Whether it may be kept."""
        return not self.faults and self.narrow is None and not self.full


def questionnaires_for(
    db: Session, establishment_id: UUID, audiences: Collection[Audience] = (Audience.PUPILS,)
) -> dict[str, Questionnaire]:
    """What a school may ask of these, by id: the shelf's first, then its own; sensitive questions and texts only where
    its head has decided so. Those without a question for its level are left out."""
    level = establishments.get(db, establishment_id).kind
    found = sensitive.as_decided(db, establishment_id, _whole(db, establishment_id))
    return {name: asked for name, asked in found.items() if asked.audience in audiences and asked.for_level(level)}


def decided_on(db: Session, establishment_id: UUID, what: sensitive.Wanted) -> list[tuple[Questionnaire, list[Item]]]:
    """The questions that a school may ask only where its head decides so, by questionnaire."""
    level = establishments.get(db, establishment_id).kind
    found = (
        (one, [item for item in one.items(level) if what.means(item)]) for one in _whole(db, establishment_id).values()
    )
    return [(one, items) for one, items in found if items]


def _whole(db: Session, establishment_id: UUID) -> dict[str, Questionnaire]:
    own = {row.name: Questionnaire.from_data(row.data) for row in rows(db, establishment_id)}
    return content.questionnaires() | packs.allowed(db, establishment_id) | own


def rows(db: Session, establishment_id: UUID) -> list[OwnQuestionnaire]:
    """The school's own questionnaires, the oldest first."""
    found = select(OwnQuestionnaire).where(OwnQuestionnaire.establishment_id == establishment_id)
    return list(db.scalars(found.order_by(OwnQuestionnaire.created_on, OwnQuestionnaire.name)))


def by_digest(db: Session, establishment_id: UUID, digest: str) -> Questionnaire | None:
    """The questionnaire of that digest, if the school may see it."""
    own = (Questionnaire.from_data(row.data) for row in rows(db, establishment_id))
    found = {one.digest: one for whole in own for one in whole.variants}
    return found.get(digest) or content.by_digest().get(digest)


def check(db: Session, establishment_id: UUID, data: Mapping[str, Any]) -> Checked:
    """What would be kept of that data, and what speaks against it."""
    name = PREFIX + str(data.get("id", "")).removeprefix(PREFIX)[: 40 - len(PREFIX)].strip("-")
    before = _row(db, establishment_id, name)
    last = int(before.data["version"]) if before is not None else None
    ours = {**data, "id": name, "version": 1 if last is None else last + 1}
    faults = _faults(ours, name)
    narrow = None
    if not faults:
        level = establishments.get(db, establishment_id).kind
        asked = Questionnaire.from_data(ours)
        narrow = too_narrow(asked, level, pupils(db, establishment_id) if asked.audience is Audience.PUPILS else None)
        if not asked.for_level(level):
            faults = (f"no question is for the level {level}",)
    full = before is None and len(rows(db, establishment_id)) >= MOST
    return Checked(ours, last, faults, narrow, full)


def _faults(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The mistakes that the check of the shelf finds; and what would keep it from being taken along."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    if len(text) > LARGEST or _CONTROL.search(text):
        return ("the questionnaire is too long, or has signs that nobody sees",)
    try:
        found = tuple(fault.message for fault in content.faults(text, name))
        if not found:
            write_xlsform(data)
    except MalformedError as error:
        found = (error.fault.message,)
    except RecursionError:
        found = ("the questionnaire is nested too deeply",)
    except ValueError as error:
        found = (str(error),)
    return found


def keep(db: Session, establishment_id: UUID, data: Mapping[str, Any], by: UUID, today: date) -> OwnQuestionnaire:
    """Keeps a questionnaire; one of the same name becomes its next version. The same one twice is kept once.

    Raises RefusedError.
    """
    establishments.hold(db, establishment_id)
    checked = check(db, establishment_id, data)
    if not checked.is_good:
        raise RefusedError(checked)
    name, digest = checked.data["id"], Questionnaire.from_data(checked.data).digest
    row = _row(db, establishment_id, name)
    if row is not None and {**row.data, "version": 0} == {**checked.data, "version": 0}:
        return row
    if row is None:
        row = OwnQuestionnaire(establishment_id=establishment_id, name=name)
        db.add(row)
    row.data, row.digest, row.created_on = checked.data, digest, today
    db.flush()
    audit.note(db, establishment_id, by, "survey.kept", row.id, today)
    return row


def remove(db: Session, establishment_id: UUID, digest: str, by: UUID, today: date) -> bool:
    """Removes one of the school's own; False where it has none of that digest. Raises UsedError."""
    establishments.hold(db, establishment_id)
    row = next((one for one in rows(db, establishment_id) if one.digest == digest), None)
    if row is None:
        return False
    if row.name in used(db, establishment_id):
        raise UsedError
    db.delete(row)
    audit.note(db, establishment_id, by, "survey.removed", row.id, today)
    return True


def used(db: Session, establishment_id: UUID) -> set[str]:
    """The ids of the questionnaires that campaigns of the school ask or have asked."""
    return set(db.scalars(select(Campaign.questionnaire).where(Campaign.establishment_id == establishment_id)))


def pupils(db: Session, establishment_id: UUID) -> int | None:
    """How many pupils the head or teachers have counted in the school's classes; None where nobody has. Parents and
    staff are no pupils."""
    largest = (
        select(func.max(func.coalesce(CampaignClass.enrolled, CampaignClass.pupils)).label("pupils"))
        .where(
            CampaignClass.establishment_id == establishment_id,
            CampaignClass.class_code.not_in(WHOLE_SCHOOL.values()),
        )
        .group_by(CampaignClass.class_code)
        .subquery()
    )
    counted: int | None = db.scalar(select(func.sum(largest.c.pupils)))
    return counted


def _row(db: Session, establishment_id: UUID, name: str) -> OwnQuestionnaire | None:
    return db.scalar(
        select(OwnQuestionnaire).where(
            OwnQuestionnaire.establishment_id == establishment_id, OwnQuestionnaire.name == name
        )
    )
