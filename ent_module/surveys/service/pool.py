"""Sealed ballots arrive. Whoever sends one is not known here: its token's signature is all that entitles."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Boolean, DateTime, LargeBinary, Table, Uuid, bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from ent_module.privacy import blind
from ent_module.recall import remembered
from ent_module.surveys.model import State
from ent_module.surveys.protocol import MalformedBallotError, PublishedKeys, SentBallot, parse
from ent_module.surveys.service.holding import hold
from ent_module.surveys.tables import Campaign, SealedBallot


class Outcome(StrEnum):
    """What became of a ballot."""

    TAKEN = "taken"
    """Now, or before: the same bytes may be sent again."""
    OTHER = "other"
    """Another ballot was sent under this token."""
    ENDED = "ended"


def take(
    db: Session, establishment_id: UUID, campaign_id: UUID, body: bytes, now: datetime, grace: timedelta
) -> Outcome:
    """Takes one ballot into the pool. Raises MalformedBallotError for what is none, or not signed by the campaign.

    A campaign that is not there may have been, before a restore: to whoever waits to send, it has ended.
    """
    keys = public_keys(db, establishment_id, campaign_id)
    if keys is None:
        return Outcome.ENDED
    ballot = parse(body, campaign_id, keys)
    if not blind.verify(blind.public_key(keys[ballot.cohort_id]), ballot.prepared, ballot.signature):
        raise MalformedBallotError
    return put(db, establishment_id, campaign_id, ballot, now - grace)


def put(db: Session, establishment_id: UUID, campaign_id: UUID, ballot: SentBallot, since: datetime) -> Outcome:
    """Adds a ballot to an open campaign, or to one that ended after `since`. Without a signature it came by a card."""
    hold(db, campaign_id)
    values = {
        "establishment": establishment_id,
        "id": ballot.id,
        "campaign": campaign_id,
        "cohort": ballot.cohort_id,
        "card": not ballot.signature,
        "prepared": ballot.prepared,
        "signature": ballot.signature,
        "sealed": ballot.sealed,
        "since": since,
    }
    if db.execute(_put(db.get_bind().dialect.name), values).first() is not None:
        return Outcome.TAKEN
    kept = db.scalar(
        select(SealedBallot.sealed).where(
            SealedBallot.establishment_id == establishment_id, SealedBallot.id == ballot.id
        )
    )
    if kept is None:
        return Outcome.ENDED
    return Outcome.TAKEN if kept == ballot.sealed else Outcome.OTHER


@cache
def _put(dialect: str) -> Any:
    """One statement that looks whether the campaign takes ballots and adds one that is not there."""
    insert = insert_postgresql if dialect == "postgresql" else insert_sqlite
    takes = exists().where(
        Campaign.establishment_id == bindparam("establishment"),
        Campaign.id == bindparam("campaign"),
        (Campaign.state == State.OPEN)
        | ((Campaign.state == State.ENDED) & (Campaign.ended_at > bindparam("since", type_=DateTime(timezone=True)))),
    )
    row = select(
        bindparam("establishment", type_=Uuid()),
        bindparam("id", type_=Uuid()),
        bindparam("campaign", type_=Uuid()),
        bindparam("cohort", type_=Uuid()),
        bindparam("card", type_=Boolean()),
        *(bindparam(name, type_=LargeBinary()) for name in ("prepared", "signature", "sealed")),
    ).where(takes)
    columns = ["establishment_id", "id", "campaign_id", "cohort_id", "card", "prepared", "signature", "sealed"]
    table = cast(Table, SealedBallot.__table__)
    return insert(table).from_select(columns, row).on_conflict_do_nothing().returning(table.c.id)


def public_keys(db: Session, establishment_id: UUID, campaign_id: UUID) -> Mapping[UUID, bytes] | None:
    """Cohort of a campaign → the modulus that signs its tokens; None where there is no such campaign, or one without
    keys."""
    return remembered(
        db,
        ("ballot-keys", establishment_id, campaign_id),
        (Campaign.__tablename__,),
        lambda: _public_keys(db, establishment_id, campaign_id),
    )


def _public_keys(db: Session, establishment_id: UUID, campaign_id: UUID) -> Mapping[UUID, bytes] | None:
    document = db.scalar(
        select(Campaign.keys).where(Campaign.establishment_id == establishment_id, Campaign.id == campaign_id)
    )
    if not document:
        return None
    return {one.id: one.modulus for one in PublishedKeys.read(document).cohorts}
