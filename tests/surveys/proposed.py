"""What a level above proposes to its schools, and what they told together, as rows."""

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from ent_module.surveys.tables import Campaign, CampaignProposal, TerritorySum
from tests.support.town import DEPARTEMENT, Town


def propose(town: Town, end: date) -> CampaignProposal:
    """What the département proposes to its schools."""
    with town.house.database.writing() as db:
        proposal = CampaignProposal(
            establishment_id=town.schools[DEPARTEMENT],
            questionnaire="school-climate",
            school_year=2026,
            opens_on=end - timedelta(days=20),
            closes_on=end,
            proposed_on=end - timedelta(days=40),
        )
        db.add(proposal)
    return proposal


def change(db: Session, campaign: Campaign, **values: object) -> None:
    """Sets columns of a campaign."""
    db.execute(
        update(Campaign)
        .where(Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
        .values(**values)
    )


def beside(town: Town, campaign: Campaign) -> None:
    """The campaign followed a proposal, and the other schools have their results: a fifth of 300."""
    proposal = propose(town, campaign.closes_on)
    with town.house.database.writing() as db:
        change(db, campaign, proposal_id=proposal.id)
        about = {"level": campaign.level, "digest": campaign.digest, "item": "bullied", "answered": 300, "above": 60}
        db.add(TerritorySum(establishment_id=proposal.establishment_id, proposal_id=proposal.id, **about))
