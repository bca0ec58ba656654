"""A campaign whose key is in two shares, for tests: made as its head makes it, but cheaper to guess."""

from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import update

from ent_module.privacy import custody
from ent_module.privacy.custody import Cost, Shares
from ent_module.surveys.model import Custody
from ent_module.surveys.protocol import PublishedKeys, fingerprint
from ent_module.surveys.tables import Campaign
from tests.support.town import Town
from tests.surveys.campaign import reread, started

CHEAP = Cost(64, 1)
"""For tests, where hundreds of guesses would take minutes."""


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


def entrusted(town: Town, *classes: str) -> Entrusted:
    """An open campaign of these classes."""
    campaign, shares = started(town, *classes), custody.draw()
    key = ec.generate_private_key(ec.SECP256R1())
    wrapped = custody.wrap(key, shares, campaign.id, custody.COST)
    keys = replace(PublishedKeys.read(campaign.keys), sealing=custody.public_of(wrapped)).document
    values = {
        "custody": Custody.SHARED,
        "wrapped": wrapped,
        "rehearsed_on": campaign.opened_on,
        "keys": keys,
        "keys_digest": fingerprint(keys),
    }
    mine = (Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
    with town.house.database.writing() as db:
        db.execute(update(Campaign).where(*mine).values(**values))
    (town.house.settings.resolved_key_store / campaign.id.hex / "sealing").unlink()
    return Entrusted(reread(town, campaign), shares, key)
