"""A campaign whose classes were counted before it opened, so that it has a cohort for each level."""

from collections.abc import Mapping

from sqlalchemy import update

from ent_module.surveys import campaign_keys
from ent_module.surveys.cohorts import Enrolled, divide
from ent_module.surveys.protocol import fingerprint
from ent_module.surveys.tables import Campaign, CampaignClass
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import reread, started

CLASSES: Mapping[str, tuple[str, int]] = {
    "6e A": ("6e", 30),
    "6e B": ("6e", 30),
    "5e A": ("5e", 30),
    "5e B": ("5e", 30),
    "4e C": ("4e", 30),
    "4e D": ("4e", 30),
}
"""Class → its level, and how many pupils it has."""


def divided(town: Town, classes: Mapping[str, tuple[str, int]] = CLASSES, uai: str = COLLEGE) -> Campaign:
    """A campaign that is open for these classes, with a key for each cohort, committed."""
    campaign, store = started(town, *classes, uai=uai), town.house.store
    groups = divide(Enrolled(code, level, enrolled) for code, (level, enrolled) in classes.items())
    store.destroy(campaign.id)
    document = campaign_keys.make(store, campaign.id, campaign.digest, groups).document
    with town.house.database.writing() as db:
        mine = (Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
        db.execute(update(Campaign).where(*mine).values(keys=document, keys_digest=fingerprint(document)))
        for group in groups:
            db.execute(
                update(CampaignClass)
                .where(
                    CampaignClass.establishment_id == campaign.establishment_id,
                    CampaignClass.campaign_id == campaign.id,
                    CampaignClass.class_code.in_(group.classes),
                )
                .values(cohort_id=group.id)
            )
    return reread(town, campaign)
