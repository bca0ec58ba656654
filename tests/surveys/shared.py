"""A campaign whose key is in two shares, for tests: made as its head makes it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from ent_module.privacy import custody
from ent_module.privacy.custody import Shares
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.plan import NOTICE
from ent_module.surveys.service import planning
from ent_module.surveys.tables import Campaign
from tests.support.town import Town
from tests.surveys.campaign import start
from tests.surveys.planned import announce, draft, plan


@dataclass(frozen=True)
class Entrusted:
    """The campaign, what its two holders have on paper, and the key, which nobody has."""

    campaign: Campaign
    shares: Shares
    key: ec.EllipticCurvePrivateKey

    @property
    def typed(self) -> dict[str, str]:
        """What they type."""
        return {"phrase": " ".join(self.shares.phrase), "paper": custody.written_paper(self.shares.paper)}


def entrusted(town: Town, *classes: str, asked: Questionnaire | None = None) -> Entrusted:
    """An open campaign of these classes of the collège, of which the last day was yesterday: it may have ended by now,
    whatever the hour."""
    last = (datetime.now(UTC) - timedelta(days=1)).date()
    first, shares, key = last - timedelta(days=14), custody.draw(), ec.generate_private_key(ec.SECP256R1())
    drafted = plan(questionnaire=asked, opens_on=first, closes_on=last, classes=[(name, 30) for name in classes])
    with town.house.database.writing() as db:
        campaign = draft(town, db, drafted, first - NOTICE)
        wrapped = custody.wrap(key, shares, campaign.id, custody.COST)
        place = (campaign.establishment_id, campaign.id)
        planning.entrust(db, *place, wrapped)
        planning.rehearsed(db, *place, wrapped, first - NOTICE)
        announce(town, db, campaign, first - NOTICE)
        campaign = start(town, db, *classes, asked=asked, day=first)
    return Entrusted(campaign, shares, key)
