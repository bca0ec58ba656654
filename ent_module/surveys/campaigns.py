"""What may be asked about campaigns: which are open, for whom, how many took part, what came of them."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.recall import remembered
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.tables import AskedQuestionnaire, Campaign, CampaignClass, Closing, Participation, ResultCell
from ent_module.web.house import Keys


def asked(db: Session, campaign: Campaign) -> Questionnaire:
    """The questionnaire as this campaign asks it, whatever the shelf holds by now."""
    on_shelf = questionnaires().get(campaign.questionnaire)
    if on_shelf is not None and on_shelf.digest == campaign.digest:
        return on_shelf
    return Questionnaire.from_data(db.get_one(AskedQuestionnaire, campaign.digest).data)


def classes_of(db: Session, campaign: Campaign) -> list[str]:
    """The classes for which a campaign is open, by name."""
    return list(
        db.scalars(
            select(CampaignClass.class_code)
            .where(
                CampaignClass.establishment_id == campaign.establishment_id,
                CampaignClass.campaign_id == campaign.id,
            )
            .order_by(CampaignClass.class_code)
        )
    )


def campaign_of(db: Session, establishment_id: UUID, campaign_id: UUID) -> Campaign | None:
    """A campaign of that establishment."""
    return db.get(Campaign, (establishment_id, campaign_id))


def campaigns(db: Session, establishment_id: UUID) -> list[Campaign]:
    """The campaigns of an establishment, the newest first."""
    return list(
        db.scalars(
            select(Campaign)
            .where(Campaign.establishment_id == establishment_id)
            .order_by(Campaign.opened_on.desc(), Campaign.questionnaire)
        )
    )


def open_for(db: Session, establishment_id: UUID, classes: Sequence[str]) -> list[Campaign]:
    """The campaigns that are open for one of these classes, the oldest first."""
    if not classes:
        return []
    return list(
        db.scalars(
            select(Campaign)
            .where(
                Campaign.establishment_id == establishment_id,
                Campaign.state == "open",
                Campaign.id.in_(
                    select(CampaignClass.campaign_id).where(
                        CampaignClass.establishment_id == establishment_id, CampaignClass.class_code.in_(classes)
                    )
                ),
            )
            .order_by(Campaign.opened_on, Campaign.id)
        )
    )


def is_open_for(db: Session, establishment_id: UUID, classes: Sequence[str]) -> bool:
    """Whether anything is open for one of these classes, as home pages say it: remembered for a few seconds."""
    rests_on = (Campaign.__tablename__, CampaignClass.__tablename__)
    key = ("asked", establishment_id, *classes)
    return remembered(db, key, rests_on, lambda: bool(open_for(db, establishment_id, classes)))


def has_answered(db: Session, keys: Keys, campaign: Campaign, account_id: UUID) -> bool:
    """Whether that account took part. After the closing nobody can tell any more."""
    return db.get(Participation, (campaign.establishment_id, token(keys, campaign, account_id))) is not None


@dataclass(frozen=True)
class Progress:
    """How many of a class have answered, and nothing else; after the closing, not even that."""

    campaign: Campaign
    class_code: str
    taken: int | None
    pupils: int | None


def progress(db: Session, establishment_id: UUID, classes: Iterable[str]) -> list[Progress]:
    """How many of these classes have answered, by campaign, the newest first."""
    rows = db.execute(
        select(Campaign, CampaignClass)
        .join(
            CampaignClass,
            (CampaignClass.establishment_id == Campaign.establishment_id) & (CampaignClass.campaign_id == Campaign.id),
        )
        .where(Campaign.establishment_id == establishment_id, CampaignClass.class_code.in_(list(classes)))
        .order_by(Campaign.opened_on.desc(), CampaignClass.class_code)
    ).all()
    taken = {
        campaign.id: taken_now(db, establishment_id, campaign.id) for campaign, _row in rows if campaign.state == "open"
    }
    return [
        Progress(
            campaign,
            row.class_code,
            taken[campaign.id].get(row.class_code, 0) if campaign.id in taken else None,
            row.pupils,
        )
        for campaign, row in rows
    ]


@dataclass(frozen=True)
class Standing:
    """How far a campaign is, for the whole school. `taken` is None where few took part in a closed one."""

    taken: int | None
    classes: int
    closing: Closing | None


def standing(db: Session, campaign: Campaign) -> Standing:
    """How many took part in a campaign, in how many classes."""
    closing = closing_of(db, campaign.establishment_id, campaign.id)
    if closing is not None:
        return Standing(closing.taken, closing.classes, closing)
    taken = taken_now(db, campaign.establishment_id, campaign.id)
    return Standing(sum(taken.values()), len(classes_of(db, campaign)), None)


def closing_of(db: Session, establishment_id: UUID, campaign_id: UUID) -> Closing | None:
    """How a campaign ended; None while it is open."""
    return db.scalar(
        select(Closing).where(Closing.establishment_id == establishment_id, Closing.campaign_id == campaign_id)
    )


def cells(db: Session, campaign: Campaign) -> list[tuple[str, str, int]]:
    """What was released of a closed campaign: item, choice (or ANSWERED, ABOVE), count."""
    rows = db.execute(
        select(ResultCell.item, ResultCell.choice, ResultCell.count)
        .where(ResultCell.establishment_id == campaign.establishment_id, ResultCell.campaign_id == campaign.id)
        .order_by(ResultCell.item, ResultCell.choice)
    )
    return [(item, choice, count) for item, choice, count in rows]


def taken_now(db: Session, establishment_id: UUID, campaign_id: UUID) -> dict[str, int]:
    """How many took part in each class of an open campaign; classes without anyone are left out."""
    rows = db.execute(
        select(Participation.class_code, func.count())
        .where(Participation.establishment_id == establishment_id, Participation.campaign_id == campaign_id)
        .group_by(Participation.class_code)
    )
    return {code: count for code, count in rows}  # noqa: C416  # a result is not typed as pairs


def token(keys: Keys, campaign: Campaign, account_id: UUID) -> UUID:
    """What tells that an account took part in this campaign; without the host's key it tells nobody who."""
    key = keys.derive("survey-participation", campaign.establishment_id.bytes, campaign.id.bytes)
    return UUID(bytes=hmac.digest(key, account_id.bytes, "sha256")[:16])
