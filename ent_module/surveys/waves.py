"""Which campaigns of a school have results to read, what was released of them, and beside what it may be read."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.recall import remembered
from ent_module.surveys.campaigns import cells, told
from ent_module.surveys.comparison import Comparison, Wave, compare
from ent_module.surveys.guides import guide_of
from ent_module.surveys.model import State
from ent_module.surveys.plan import Readers
from ent_module.surveys.release import Release
from ent_module.surveys.results import released
from ent_module.surveys.service import territory
from ent_module.surveys.tables import Campaign, Closing


def released_among(db: Session, establishment_id: UUID, campaign_ids: Collection[UUID]) -> set[UUID]:
    """Those of these campaigns that have results to read."""
    found = (
        select(Campaign.id)
        .join(
            Closing,
            (Closing.establishment_id == Campaign.establishment_id) & (Closing.campaign_id == Campaign.id),
        )
        .where(
            Campaign.establishment_id == establishment_id,
            Campaign.id.in_(campaign_ids),
            Campaign.state == State.RELEASED,
            Closing.release == Release.SHOWN,
        )
    )
    return set(db.scalars(found))


def shown(db: Session, establishment_id: UUID, campaign_id: UUID, *, shared: bool) -> tuple[UUID, ...] | None:
    """The earlier waves of a campaign that has results to read, the newest first; None for any other campaign, and for
    another school's. `shared`: only of what all who work at the school may read.

    Remembered for a few seconds once there are results. That there are none yet is not: another process may just have
    released them.
    """
    tables = (Campaign.__tablename__, Closing.__tablename__)
    key = ("released", establishment_id, campaign_id, shared)

    def asked_now() -> tuple[UUID, ...] | None:
        return _shown(db, establishment_id, campaign_id, shared=shared)

    found = remembered(db, key, tables, asked_now)
    return asked_now() if found is None else found


def _shown(db: Session, establishment_id: UUID, campaign_id: UUID, *, shared: bool) -> tuple[UUID, ...] | None:
    if not released_among(db, establishment_id, {campaign_id}):
        return None
    one = db.get_one(Campaign, (establishment_id, campaign_id))
    if shared and one.readers != Readers.ADULTS:
        return None
    return tuple(wave.id for wave in earlier(db, one, shared=shared))


def earlier(db: Session, campaign: Campaign, *, shared: bool) -> list[Campaign]:
    """The earlier waves with results to read: same school, questionnaire and level; the newest first. `shared`: those
    that all who work at the school may read."""
    return list(
        db.scalars(
            select(Campaign)
            .join(
                Closing,
                (Closing.establishment_id == Campaign.establishment_id) & (Closing.campaign_id == Campaign.id),
            )
            .where(
                Campaign.establishment_id == campaign.establishment_id,
                Campaign.questionnaire == campaign.questionnaire,
                Campaign.level == campaign.level,
                Campaign.opened_on < campaign.opened_on,
                Campaign.state == State.RELEASED,
                Closing.release == Release.SHOWN,
                *([Campaign.readers == Readers.ADULTS] if shared else []),
            )
            .order_by(Campaign.opened_on.desc(), Campaign.id)
        )
    )


def compared(db: Session, campaign: Campaign, before: Campaign, waves: int) -> tuple[Comparison, ...]:
    """What may be said of two waves, of which the earlier was chosen among as many."""
    now, then = (Wave(told(db, one), released(cells(db, one))) for one in (campaign, before))
    first = [told.item for told in guide_of(now.asked).figures]
    return compare(now, then, campaign.level, first, waves)


def beside_territory(db: Session, campaign: Campaign) -> tuple[Comparison, ...]:
    """What may be said of a school beside the others of its territory; nothing where there are no sums of these."""
    sums = territory.beside(db, campaign)
    questionnaire = told(db, campaign)
    own, all_others = (Wave(questionnaire, counts) for counts in (released(cells(db, campaign)), sums))
    first = [figure.item for figure in guide_of(questionnaire).figures]
    return compare(own, all_others, campaign.level, first)
