"""Paper cards: a code that answers once, drawn from a bag by whoever has no account, no script, or lost the token.

With a card the server sees the answers while it seals them, and keeps nothing of them; the pages say so.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.privacy import ballot_seal
from ent_module.privacy.typed import ALPHABET, grouped, typed_code
from ent_module.surveys import campaign_keys, campaigns, card_counts, card_rules
from ent_module.surveys.card_rules import For, Limit
from ent_module.surveys.model import State
from ent_module.surveys.protocol import PublishedKeys, SentBallot, named_by
from ent_module.surveys.service.holding import hold
from ent_module.surveys.service.issuing import EndedError
from ent_module.surveys.service.pool import Outcome, put
from ent_module.surveys.tables import Campaign, CampaignClass, Card, SealedBallot
from ent_module.web.house import Keys, KeyStore

_LENGTH = 16
"""Signs of a code: 80 bits."""


class TooManyCardsError(ValueError):
    """The class has its cards: of that kind so many in all (`limit`), and so many may still be made."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


class CardsAloneError(Exception):
    """The class answers by cards alone, or is to: it has these and no others."""


@dataclass(frozen=True)
class Drawn:
    """What a card opens."""

    campaign: Campaign
    cohort_id: UUID
    bound: bytes
    """What its ballot is named by and bound to."""
    used: bool


def make(
    db: Session,
    keys: Keys,
    establishment_id: UUID,
    campaign_id: UUID,
    class_code: str,
    count: int,
    purpose: For = For.SOME,
) -> list[str]:
    """New codes for some of a class or for lost questionnaires, to be printed now: they are kept nowhere.

    Raises EndedError, LookupError for a class without the campaign, TooManyCardsError, CardsAloneError.
    """
    hold(db, campaign_id, alone=True)  # sheets that are made at the same moment count each other
    joined = db.scalar(
        select(CampaignClass).where(
            CampaignClass.establishment_id == establishment_id,
            CampaignClass.campaign_id == campaign_id,
            CampaignClass.class_code == class_code,
            CampaignClass.place.is_not(None),
        )
    )
    if joined is None:
        raise LookupError(class_code)
    if db.get_one(Campaign, (establishment_id, campaign_id)).state != State.OPEN:
        raise EndedError
    if class_code in card_counts.card_classes(db, establishment_id, campaign_id):
        raise CardsAloneError
    opened = campaigns.opened_now(db, establishment_id, campaign_id)
    made = card_counts.cards_made(db, establishment_id, campaign_id)
    limit = card_rules.limits(class_code, joined.enrolled or joined.pupils, opened, made)[purpose]
    if not 1 <= count <= limit.left:
        raise TooManyCardsError(limit)
    return add(db, keys, establishment_id, campaign_id, class_code, count, purpose)


def add(
    db: Session, keys: Keys, establishment_id: UUID, campaign_id: UUID, class_code: str, count: int, purpose: For
) -> list[str]:
    """So many new codes. Their rows are added in an order that is not the sheet's."""
    codes = {
        _code(keys, text): text for text in ("".join(map(secrets.choice, [ALPHABET] * _LENGTH)) for _ in range(count))
    }
    joined = select(CampaignClass.cohort_id).where(
        CampaignClass.establishment_id == establishment_id,
        CampaignClass.campaign_id == campaign_id,
        CampaignClass.class_code == class_code,
    )
    place = {"establishment_id": establishment_id, "campaign_id": campaign_id}
    mine = {"class_code": class_code, "cohort_id": db.scalars(joined).one(), "purpose": purpose}
    db.add_all(Card(**place, **mine, id=one) for one in sorted(codes))
    db.flush()
    return [grouped(text) for text in codes.values()]


def drawn(db: Session, keys: Keys, store: KeyStore, typed: str) -> Drawn | None:
    """What the card with that code opens, in whichever school; None for a code that no card has.

    Raises LostKeyError.
    """
    text = typed_code(typed)
    if len(text) != _LENGTH:
        return None
    # A card is not bound to a school by whoever holds it: its code is.
    card = db.scalar(select(Card).where(Card.id == _code(keys, text)).execution_options(across=True))
    if card is None:
        return None
    bound = campaign_keys.card(store, card.campaign_id, text)
    used = db.get(SealedBallot, (card.establishment_id, named_by(bound))) is not None
    campaign = db.get_one(Campaign, (card.establishment_id, card.campaign_id))
    return Drawn(campaign, card.cohort_id, bound, used)


def send(db: Session, card: Drawn, answers: bytes, since: datetime) -> Outcome:
    """Seals the answers of a card's holder and adds them to the pool. What was sent before with the card stays.

    Raises ValueError for answers beyond what a ballot holds.
    """
    campaign = card.campaign
    sealing = ballot_seal.public_key(PublishedKeys.read(campaign.keys).sealing)
    sealed = ballot_seal.seal(sealing, campaign.id, card.cohort_id, card.bound, answers)
    return put(db, campaign.establishment_id, campaign.id, SentBallot(card.cohort_id, card.bound, b"", sealed), since)


def _code(keys: Keys, text: str) -> UUID:
    return UUID(bytes=hmac.digest(keys.derive("ballot-card"), text.encode(), "sha256")[:16])
