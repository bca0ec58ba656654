"""How the room forgets accounts: of adults who announced, opened or ended. Whose a ballot is nobody knows."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from ent_module.surveys.tables import Campaign, CampaignClass, CampaignProposal, CardClass, Closing


def erase(db: Session, establishment_id: UUID, account_id: UUID) -> None:
    """Forgets which account announced, opened, closed or had cards made. Pseudonyms of pupils go with the closing."""
    for table, column in (
        (CampaignClass, CampaignClass.opened_by),
        (Campaign, Campaign.announced_by),
        (Campaign, Campaign.ended_by),
        (CampaignProposal, CampaignProposal.proposed_by),
        (Closing, Closing.closed_by),
        (CardClass, CardClass.asked_by),
        (CardClass, CardClass.confirmed_by),
    ):
        db.execute(
            update(table).where(table.establishment_id == establishment_id, column == account_id).values({column: None})
        )
