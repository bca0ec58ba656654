"""The sums of a territory: written once, when the schools that took over a proposal have their results, then kept."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.surveys.campaigns import cells
from ent_module.surveys.model import ABOVE, ANSWERED, State
from ent_module.surveys.release import Release
from ent_module.surveys.results import Counts, released
from ent_module.surveys.tables import Campaign, CampaignProposal, Closing, TerritorySum
from ent_module.surveys.territory import others, together
from ent_module.web.house import House

WAITING = timedelta(days=60)
"""How long after the proposed end schools are waited for. Our choice."""
_UNDER_WAY = (State.OPEN, State.ENDED, State.COUNTED, State.DESTROYED)
_ACROSS = {"across": True}


def add_up(house: House, now: datetime) -> None:
    """The job: adds up each proposal that has ended, once no school is under way or sixty days later; never again."""
    today = paris(now).date()
    with house.database.reading() as db:
        over = select(CampaignProposal).where(
            CampaignProposal.added_up_on.is_(None), CampaignProposal.closes_on < today
        )
        found = db.scalars(over, execution_options=_ACROSS).all()
        due = [
            (one.establishment_id, one.id)
            for one in found
            if one.closes_on + WAITING < today or not _under_way(db, one.id)
        ]
    for place in due:
        with house.database.writing() as db:
            proposal = db.get(CampaignProposal, place, with_for_update=True, populate_existing=True)
            if proposal is not None and proposal.added_up_on is None:
                proposal.added_up_on = today
                db.add_all(_sums(db, proposal))


def beside(db: Session, campaign: Campaign) -> Counts:
    """The sums that may stand beside a campaign's own numbers: of the other schools that followed the same proposal, of
    its kind, and that asked the same. Nothing where there are none."""
    if campaign.proposal_id is None:
        return {}
    rows = db.scalars(
        select(TerritorySum).where(
            TerritorySum.proposal_id == campaign.proposal_id,
            TerritorySum.level == campaign.level,
            TerritorySum.digest == campaign.digest,
        ),
        execution_options=_ACROSS,
    )
    sums = {row.item: {ANSWERED: row.answered, ABOVE: row.above} for row in rows}
    return others(sums, released(cells(db, campaign))) if campaign.added_up else sums


def _under_way(db: Session, proposal_id: UUID) -> bool:
    found = select(Campaign.id).where(Campaign.proposal_id == proposal_id, Campaign.state.in_(_UNDER_WAY)).limit(1)
    return db.scalar(found, execution_options=_ACROSS) is not None


def _sums(db: Session, proposal: CampaignProposal) -> Iterable[TerritorySum]:
    """Of each kind of school: only those that asked what most of them asked."""
    shown = (
        select(Campaign)
        .join(Closing, (Closing.establishment_id == Campaign.establishment_id) & (Closing.campaign_id == Campaign.id))
        .where(
            Campaign.proposal_id == proposal.id,
            Campaign.state == State.RELEASED,
            Closing.release == Release.SHOWN,
        )
    )
    kept = db.scalars(shown, execution_options=_ACROSS).all()
    for level in sorted({one.level for one in kept}):
        digests = Counter(one.digest for one in kept if one.level == level)
        digest = max(sorted(digests), key=digests.__getitem__)
        schools = [one for one in kept if (one.level, one.digest) == (level, digest)]
        for one in schools:
            one.added_up = True
        for item, told in together([released(cells(db, one)) for one in schools]).items():
            yield TerritorySum(
                establishment_id=proposal.establishment_id,
                proposal_id=proposal.id,
                level=level,
                digest=digest,
                item=item,
                answered=told[ANSWERED],
                above=told[ABOVE],
            )
