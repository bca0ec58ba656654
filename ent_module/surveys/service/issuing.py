"""Whoever is asked is given a token, once a campaign: signed without being seen (RFC 9474)."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from sqlalchemy import LargeBinary, Table, Uuid, bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from ent_module.privacy.blind import BlindSigner
from ent_module.privacy.key_store import LostKeyError
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
) -> Callable[[], bytes]:
    """What signs a blinded token, to be called once the row that stands for it is committed. The same token may be
    asked for again, so that nothing is lost on the way.

    Raises NotAskedError, EndedError, AnsweringError, OtherTokenError, LostKeyError, and `blind.BadBlindedMessageError`;
    what it returns raises `blind.SigningFaultError`.
    """
    hold(db, campaign_id)
    asked = {"establishment": establishment_id, "campaign": campaign_id, "classes": list(classes)}
    try:
        seat, token = campaign_keys.seat(store, campaign_id, account_id), sha256(blinded).digest()
    except LostKeyError:
        _mine(db, asked)  # after the end keys are gone
        raise
    values = {**asked, "seat": seat, "token": token}
    cohort = db.execute(_issue(db.get_bind().dialect.name), values).scalar()
    if cohort is None:
        mine, kept = _mine(db, asked), _kept(db, establishment_id, seat)
        if kept is None and mine.answering_since is not None:
            raise AnsweringError
        if kept != token:
            raise OtherTokenError
        cohort = mine.cohort_id
    signer = BlindSigner(campaign_keys.token_key(store, campaign_id, cohort))
    signer.read(blinded)  # before the commit: what nobody can sign is nobody's token
    return partial(signer.sign, blinded)


def _mine(db: Session, asked: dict[str, Any]) -> Any:
    """The class in which the person is asked. Raises NotAskedError, EndedError."""
    found = db.execute(_asked(), asked).first()
    if found is None:
        raise NotAskedError
    if found.state != State.OPEN:
        raise EndedError
    return found


@cache
def _issue(dialect: str) -> Any:
    """One statement that looks whether the person is asked, in a class that gathers, and adds a row that is not there.
    Returns the cohort."""
    insert = insert_postgresql if dialect == "postgresql" else insert_sqlite
    mine = _asked().where(Campaign.state == State.OPEN).subquery()
    row = select(
        bindparam("establishment", type_=Uuid()),
        bindparam("seat", type_=Uuid()),
        bindparam("campaign", type_=Uuid()),
        mine.c.cohort_id,
        mine.c.class_code,
        bindparam("token", type_=LargeBinary()),
    ).where(mine.c.answering_since.is_(None))
    columns = ["establishment_id", "id", "campaign_id", "cohort_id", "class_code", "blinded"]
    table = cast(Table, Issuance.__table__)
    return insert(table).from_select(columns, row).on_conflict_do_nothing().returning(table.c.cohort_id)


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
