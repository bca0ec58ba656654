"""Ballots are opened in memory, one by one in random order, and added up; what they said is written nowhere.

A process that counts leaves no core file (`unseen`). What is written are the numbers that may be shown, how many
ballots there were, and the tokens, so that anyone may check that each was signed (`record`).
"""

import ctypes
import json
import resource
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from ent_module.database import Database
from ent_module.privacy import ballot_seal, blind
from ent_module.privacy.disclosure import FLOOR
from ent_module.privacy.key_store import LostKeyError
from ent_module.surveys import campaign_keys
from ent_module.surveys.campaigns import asked, cards_made, opened_now
from ent_module.surveys.model import ANSWERED, Answers, Questionnaire, State, read_answers
from ent_module.surveys.protocol import PublishedKeys, SentBallot
from ent_module.surveys.release import Release, Sums, classes_among, decide, release
from ent_module.surveys.service import record
from ent_module.surveys.service.holding import hold
from ent_module.surveys.tables import (
    Campaign,
    Card,
    Closing,
    Issuance,
    ResultCell,
    SealedBallot,
    SpentToken,
)
from ent_module.web.house import Keys, KeyStore

_DUMPABLE = 4
"""PR_SET_DUMPABLE of prctl(2)."""
_AT_ONCE = 64


@dataclass
class Tally:
    """What the ballots add up to. Whoever is opened adds to it and is forgotten."""

    sums: Sums = field(default_factory=Counter)
    counted: int = 0
    """Ballots with at least one answer, cards' included."""
    by_token: int = 0
    """Of these, the ones that came by a token: cards do not make a result."""
    blank: int = 0
    spoilt: int = 0
    """Not signed by the campaign, not opened by its key, or with answers that were not asked."""
    cards: int = 0

    @property
    def ballots(self) -> int:
        """All that were in the pool."""
        return self.counted + self.blank + self.spoilt


def count(database: Database, store: KeyStore, keys: Keys, establishment_id: UUID, campaign_id: UUID) -> None:
    """Counts the ballots of an ended campaign and deletes them, in one transaction. Counted before: nothing happens.

    Reading comes first and alone, so that nobody's message waits for it: an ended pool does not change.
    """
    place = (establishment_id, campaign_id)
    with unseen(), database.reading() as db:
        campaign = db.get_one(Campaign, place)
        if campaign.state != State.ENDED:
            return
        try:
            tally = _open_all(db, store, campaign)
        except LostKeyError:
            if not store.is_there():
                raise  # a folder that was not mounted has lost nothing
            tally = None
    with database.writing() as db:
        hold(db, campaign_id, alone=True)
        campaign = db.get_one(Campaign, place, populate_existing=True)
        if campaign.state != State.ENDED or (tally is not None and tally.ballots != _in_pool(db, campaign)):
            return
        _write(db, keys, campaign, tally)


def _open_all(db: Session, store: KeyStore, campaign: Campaign) -> Tally:
    """Adds up all ballots, in an order that nobody knows, a few in memory at a time. Raises LostKeyError."""
    questionnaire, opener = asked(db, campaign), campaign_keys.opener(store, campaign.id)
    verifier = blind.public_key(PublishedKeys.read(campaign.keys).cohorts[0].modulus)
    found = db.scalars(select(SealedBallot.id).where(*_of(SealedBallot, campaign)))
    ids = sorted(found, key=lambda _id: secrets.randbits(128))
    tally = Tally()
    for start in range(0, len(ids), _AT_ONCE):
        rows = db.execute(
            select(SealedBallot.prepared, SealedBallot.signature, SealedBallot.sealed).where(
                # by the key alone: with the campaign too, PostgreSQL may read the whole pool for each few
                SealedBallot.establishment_id == campaign.establishment_id,
                SealedBallot.id.in_(ids[start : start + _AT_ONCE]),
            )
        ).all()
        for prepared, signature, sealed in sorted(rows, key=lambda _row: secrets.randbits(64)):
            ballot = SentBallot(prepared, signature, sealed)
            tally.cards += not signature
            if signature and not blind.verify(verifier, prepared, signature):
                tally.spoilt += 1
            else:
                _add(tally, questionnaire, campaign, ballot, opener)
    return tally


def _add(
    tally: Tally, questionnaire: Questionnaire, campaign: Campaign, ballot: SentBallot, opener: EllipticCurvePrivateKey
) -> None:
    answers = _read(questionnaire, campaign, ballot, opener)
    if answers is None:
        tally.spoilt += 1
    elif not answers:
        tally.blank += 1
    else:
        tally.counted += 1
        tally.by_token += bool(ballot.signature)
        for item, chosen in questionnaire.told_of(answers).items():
            tally.sums.update((item, choice) for choice in (ANSWERED, *chosen))


def _read(
    questionnaire: Questionnaire, campaign: Campaign, ballot: SentBallot, opener: EllipticCurvePrivateKey
) -> Answers | None:
    """What a ballot says; None for one that is spoilt, whatever its sender put into it.

    Nothing is raised from here: one ballot must not stop a count, and a traceback would hold what somebody answered.
    """
    try:
        plain = ballot_seal.open_ballot(opener, campaign.id, campaign.cohort_id, ballot.bound_to, ballot.sealed)
        reading = read_answers(questionnaire, campaign.level, _checked(json.loads(plain)))
    except Exception:  # noqa: BLE001  # brackets nested a thousand deep are a RecursionError, and there will be others
        return None
    return None if reading.problems else reading.answers


def _checked(answers: object) -> dict[str, list[str]]:
    """Answers as a browser seals them. Raises ValueError for anything else."""
    if isinstance(answers, dict) and all(
        isinstance(chosen, list) and all(isinstance(one, str) for one in chosen) for chosen in answers.values()
    ):
        return answers
    raise ValueError("not the answers of a ballot")


def _write(db: Session, keys: Keys, campaign: Campaign, tally: Tally | None) -> None:
    """Cells, figures and tokens are written, ballots deleted, together. Without keys nothing was counted."""
    place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
    # Whoever has a token or a card may have sent a ballot or not: a class may have as many as it was given.
    opened, cards = (of_class(db, campaign.establishment_id, campaign.id) for of_class in (opened_now, cards_made))
    groups = {code: opened.get(code, 0) + cards.get(code, 0) for code in opened | cards}
    decided = Release.LOST if tally is None else decide(tally.by_token, classes_among(groups))
    if tally is None:
        db.execute(delete(SealedBallot).where(*_of(SealedBallot, campaign)))
        tally = Tally()
    cells = sorted(release(tally.sums, asked(db, campaign).as_told, campaign.level)) if decided is Release.SHOWN else []
    db.add_all(ResultCell(**place, item=item, choice=choice, count=number) for item, choice, number in cells)
    figures = record.Figures(
        issued=sum(opened.values()),
        cards_made=sum(cards.values()),
        tokens=tally.ballots - tally.cards,
        cards=tally.cards,
        counted=tally.counted,
        blank=tally.blank,
        spoilt=tally.spoilt,
    )
    written, signature = record.sign(keys, campaign, figures, cells)
    db.add(
        Closing(
            **place,
            closed_on=campaign.ended_at.date() if campaign.ended_at else campaign.closes_on,
            closed_by=campaign.ended_by,
            release=decided,
            taken=tally.ballots if tally.ballots >= FLOOR else None,
            classes=len(groups),
            record=written,
            record_signature=signature,
        )
    )
    db.flush()
    _keep_tokens(db, campaign)
    for table in (SealedBallot, Issuance, Card):
        db.execute(delete(table).where(*_of(table, campaign)))
    db.execute(
        update(Campaign)
        .where(Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
        .values(state=State.COUNTED)
    )


def _keep_tokens(db: Session, campaign: Campaign) -> None:
    """The tokens of the ballots, which are random and told nobody anything when they were signed."""
    columns = (
        SealedBallot.establishment_id,
        SealedBallot.id,
        SealedBallot.campaign_id,
        SealedBallot.prepared,
        SealedBallot.signature,
    )
    tokens = (
        select(*columns).where(*_of(SealedBallot, campaign), SealedBallot.card.is_(False)).order_by(SealedBallot.id)
    )
    db.execute(
        # SQLAlchemy types a table of a model as any source of rows
        SpentToken.__table__.insert().from_select([one.key for one in columns], tokens)  # type: ignore[attr-defined]
    )


def _in_pool(db: Session, campaign: Campaign) -> int:
    return db.scalar(select(func.count()).select_from(SealedBallot).where(*_of(SealedBallot, campaign))) or 0


def _of(table: type[SealedBallot | Issuance | Card], campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    return table.establishment_id == campaign.establishment_id, table.campaign_id == campaign.id


@contextmanager
def unseen() -> Iterator[None]:
    """While it lasts, the process leaves no core file and no other program of its user may look into it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    libc = ctypes.CDLL(None)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_DUMPABLE, 1, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
