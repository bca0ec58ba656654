"""A class that answers by cards alone, which takes two adults: one asks, another one of the school confirms.

No code exists before both have. Then each prints one half, once: whoever held all cards of a class could send all but
one of its ballots, and would know that one.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from ent_module.privacy import audit
from ent_module.surveys.card_counts import card_classes
from ent_module.surveys.card_rules import HALVES, For, half
from ent_module.surveys.model import State
from ent_module.surveys.service.cards import add
from ent_module.surveys.service.holding import hold
from ent_module.surveys.service.issuing import EndedError
from ent_module.surveys.tables import Campaign, CampaignClass, Card, CardClass, Issuance
from ent_module.web.house import Keys


class AnsweredAlreadyError(Exception):
    """Somebody of the class has a token or a card already, and might answer twice."""


class OnePersonError(Exception):
    """Who has asked cannot confirm."""


class PrintedError(Exception):
    """This half has been printed: its codes are kept nowhere."""


@dataclass(frozen=True)
class Request:
    """A class that is to answer by cards alone, or does, as one adult sees it."""

    id: UUID
    campaign: Campaign
    class_code: str
    pupils: int
    mine: bool
    """I have asked."""
    confirmed: bool
    to_print: int
    """Cards of my half that are not printed yet."""


def ask(
    db: Session, establishment_id: UUID, campaign_id: UUID, class_code: str, pupils: int, by: UUID, today: date
) -> None:
    """Asks for cards for a whole class. Twice is once. Raises LookupError, EndedError, AnsweredAlreadyError."""
    hold(db, campaign_id, alone=True)
    joined = select(CampaignClass.id).where(
        CampaignClass.establishment_id == establishment_id,
        CampaignClass.campaign_id == campaign_id,
        CampaignClass.class_code == class_code,
    )
    if db.scalar(joined) is None:
        raise LookupError(class_code)
    if class_code in card_classes(db, establishment_id, campaign_id):
        return
    _check(db, establishment_id, campaign_id, class_code)
    place = {"establishment_id": establishment_id, "campaign_id": campaign_id, "class_code": class_code}
    db.add(CardClass(**place, pupils=pupils, confirmed=False, asked_by=by))
    audit.note(db, establishment_id, by, "survey.cards_asked", campaign_id, today)


def confirm(db: Session, establishment_id: UUID, request_id: UUID, by: UUID, today: date) -> None:
    """The second adult agrees: from now on the class has no tokens. Twice is once.

    Raises LookupError, also for a third adult; OnePersonError, EndedError, AnsweredAlreadyError.
    """
    found = _held(db, establishment_id, request_id)
    if found.asked_by == by:
        raise OnePersonError
    if found.confirmed and found.confirmed_by != by:
        raise LookupError(request_id)
    if found.confirmed:
        return
    _check(db, establishment_id, found.campaign_id, found.class_code)
    found.confirmed, found.confirmed_by = True, by
    audit.note(db, establishment_id, by, "survey.cards_confirmed", found.campaign_id, today)


def withdraw(db: Session, establishment_id: UUID, request_id: UUID, by: UUID) -> None:
    """Takes back what one has asked for, before it is confirmed; later nothing happens.

    Raises LookupError, also for what somebody else has asked for.
    """
    found = _held(db, establishment_id, request_id)
    if found.asked_by != by:
        raise LookupError(request_id)
    if not found.confirmed:
        db.delete(found)


def print_half(db: Session, keys: Keys, establishment_id: UUID, request_id: UUID, by: UUID) -> tuple[str, list[str]]:
    """The class and the codes of this adult's half. Raises LookupError, EndedError, PrintedError."""
    found = _held(db, establishment_id, request_id)
    purpose = _half_of(found, by)
    if purpose is None or not found.confirmed:
        raise LookupError(request_id)
    if _state(db, establishment_id, found.campaign_id) != State.OPEN:
        raise EndedError
    if _printed(db, found, purpose):
        raise PrintedError
    codes = add(db, keys, establishment_id, found.campaign_id, found.class_code, half(found.pupils), purpose)
    return found.class_code, codes


def requests(db: Session, establishment_id: UUID, account_id: UUID) -> list[Request]:
    """Of the campaigns that are open: what waits for a second adult, and one's own."""
    rows = db.execute(
        select(CardClass, Campaign)
        .join(
            Campaign, (Campaign.establishment_id == CardClass.establishment_id) & (Campaign.id == CardClass.campaign_id)
        )
        .where(CardClass.establishment_id == establishment_id, Campaign.state == State.OPEN)
        .order_by(CardClass.class_code, CardClass.id)
    ).all()
    return [
        _told(db, one, campaign, account_id)
        for one, campaign in rows
        if not one.confirmed or account_id in {one.asked_by, one.confirmed_by}
    ]


def awaits(db: Session, establishment_id: UUID, account_id: UUID) -> bool:
    """Whether something waits for this adult: to be confirmed or printed."""
    return any(one.to_print or not (one.mine or one.confirmed) for one in requests(db, establishment_id, account_id))


def _told(db: Session, one: CardClass, campaign: Campaign, account_id: UUID) -> Request:
    purpose = _half_of(one, account_id) if one.confirmed else None
    left = half(one.pupils) if purpose and not _printed(db, one, purpose) else 0
    return Request(one.id, campaign, one.class_code, one.pupils, one.asked_by == account_id, one.confirmed, left)


def _held(db: Session, establishment_id: UUID, request_id: UUID) -> CardClass:
    """The request, while nobody is given a token or a card. Raises LookupError."""
    found = db.get(CardClass, (establishment_id, request_id))
    if found is None:
        raise LookupError(request_id)
    hold(db, found.campaign_id, alone=True)
    return db.get_one(CardClass, (establishment_id, request_id), populate_existing=True)


def _half_of(request: CardClass, account_id: UUID) -> For | None:
    owners = dict(zip((request.asked_by, request.confirmed_by), HALVES, strict=True))
    return owners.get(account_id)


def _printed(db: Session, request: CardClass, purpose: For) -> bool:
    return _any_of(db, Card, request.establishment_id, request.campaign_id, request.class_code, Card.purpose == purpose)


def _check(db: Session, establishment_id: UUID, campaign_id: UUID, class_code: str) -> None:
    if _state(db, establishment_id, campaign_id) != State.OPEN:
        raise EndedError
    if any(_any_of(db, table, establishment_id, campaign_id, class_code) for table in (Issuance, Card)):
        raise AnsweredAlreadyError


def _any_of(
    db: Session,
    table: type[Issuance | Card],
    establishment_id: UUID,
    campaign_id: UUID,
    class_code: str,
    *more: ColumnElement[bool],
) -> bool:
    found = exists().where(
        table.establishment_id == establishment_id,
        table.campaign_id == campaign_id,
        table.class_code == class_code,
        *more,
    )
    return bool(db.scalar(select(found)))


def _state(db: Session, establishment_id: UUID, campaign_id: UUID) -> str:
    return db.get_one(Campaign, (establishment_id, campaign_id), populate_existing=True).state
