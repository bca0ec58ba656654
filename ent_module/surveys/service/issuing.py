"""Whoever is asked is given a token, once a campaign: signed without being seen (RFC 9474)."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from ent_module.database import add_once
from ent_module.privacy.blind import BlindSigner
from ent_module.surveys import campaign_keys
from ent_module.surveys.model import State
from ent_module.surveys.service.holding import hold
from ent_module.surveys.tables import Campaign, CampaignClass, CardClass, Issuance
from ent_module.web.house import KeyStore


class NotAskedError(LookupError):
    """The campaign was opened for no class of this person, or the class answers by cards alone."""


class EndedError(Exception):
    """The campaign gives and takes nothing any more."""


class AnsweringError(Exception):
    """The class answers by now, and gathers no more pupils unless its teacher lets them open (`barrier`)."""


class OtherTokenError(Exception):
    """This person has had another token signed already, in another browser perhaps."""


def issue(
    db: Session,
    store: KeyStore,
    establishment_id: UUID,
    campaign_id: UUID,
    account_id: UUID,
    classes: Sequence[str],
    blinded: bytes,
) -> bytes:
    """The signature of a blinded token. The same one may be asked for again, so that nothing is lost on the way.

    The signature leaves after the commit of the row that stands for it. Raises NotAskedError, EndedError,
    AnsweringError, OtherTokenError, LostKeyError, and what `blind.BlindSigner.sign` raises.
    """
    hold(db, campaign_id)
    place = {"establishment": establishment_id, "campaign": campaign_id}
    found = db.execute(_asked(), {**place, "classes": list(classes)}).first()
    if found is None:
        raise NotAskedError
    if found.state != State.OPEN:
        raise EndedError
    seat, token = campaign_keys.seat(store, campaign_id, account_id), sha256(blinded).digest()
    if found.answering_since is not None and _kept(db, establishment_id, seat) is None:
        raise AnsweringError
    added = add_once(
        db,
        Issuance,
        establishment_id=establishment_id,
        id=seat,
        campaign_id=campaign_id,
        cohort_id=found.cohort_id,
        class_code=found.class_code,
        blinded=token,
    )
    if not added and _kept(db, establishment_id, seat) != token:
        raise OtherTokenError
    return BlindSigner(campaign_keys.token_key(store, campaign_id, found.cohort_id)).sign(blinded)


@cache
def _asked() -> Any:
    """The campaign's state, with a class of the pupil for which it was opened, unless one answers by cards alone.
    Made once: every pupil asks it."""
    return (
        select(Campaign.state, CampaignClass.cohort_id, CampaignClass.class_code, CampaignClass.answering_since)
        .join(
            CampaignClass,
            (CampaignClass.establishment_id == Campaign.establishment_id) & (CampaignClass.campaign_id == Campaign.id),
        )
        .where(
            Campaign.establishment_id == bindparam("establishment"),
            Campaign.id == bindparam("campaign"),
            CampaignClass.class_code.in_(bindparam("classes", expanding=True)),
            CampaignClass.place.is_not(None),
            ~exists().where(
                CardClass.establishment_id == bindparam("establishment"),
                CardClass.campaign_id == bindparam("campaign"),
                CardClass.class_code.in_(bindparam("classes", expanding=True)),
                CardClass.confirmed,
            ),
        )
        .order_by(CampaignClass.class_code)
        .limit(1)
    )


def _kept(db: Session, establishment_id: UUID, seat: UUID) -> bytes | None:
    """The digest of the token that was signed before."""
    return db.scalar(select(Issuance.blinded).where(Issuance.establishment_id == establishment_id, Issuance.id == seat))
