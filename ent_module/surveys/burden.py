"""How often pupils are asked: at most twice a school year, besides what is asked about a lesson or a trip.

It hinders nobody: a head and a teacher say that they know, before a third time.
"""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.surveys.campaigns import asked
from ent_module.surveys.joining import overlap
from ent_module.surveys.model import Questionnaire, State
from ent_module.surveys.parts import Audience
from ent_module.surveys.plan import class_key
from ent_module.surveys.tables import Campaign, CampaignClass

MOST = 2


def asked_enough(
    db: Session,
    establishment_id: UUID,
    questionnaire: Questionnaire,
    classes: Collection[str],
    year: int,
    but: UUID | None = None,
) -> list[str]:
    """Those of these classes that would be asked once more than MOST in that school year, whatever the campaign `but`
    does."""
    if not _counts(questionnaire):
        return []
    found = select(Campaign).where(
        Campaign.establishment_id == establishment_id,
        Campaign.school_year == year,
        Campaign.state != State.DRAFT,
        Campaign.id != but,
    )
    times: Counter[str] = Counter()
    for campaign in db.scalars(found):
        if _counts(asked(db, campaign)):
            names = _classes(db, campaign)
            times.update(code for code in classes if any(_same(code, name) for name in names))
    return [code for code in classes if times[code] >= MOST]


def _counts(questionnaire: Questionnaire) -> bool:
    return questionnaire.audience is Audience.PUPILS and not questionnaire.feedback


def _classes(db: Session, campaign: Campaign) -> list[str]:
    found = select(CampaignClass.class_code).where(
        CampaignClass.establishment_id == campaign.establishment_id, CampaignClass.campaign_id == campaign.id
    )
    return list(db.scalars(found))


def _same(one: str, other: str) -> bool:
    """Whether the two may have pupils in common."""
    return class_key(one) == class_key(other) or overlap(one, other)
