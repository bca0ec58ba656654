"""Ballots are opened in memory, one by one in random order, and added up; what they said is written nowhere.

A process that counts leaves no core file (`unseen`). What is written are the numbers that may be shown, how many
ballots there were, and the tokens, so that anyone may check that each was signed (`record`).
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from ent_module.database import Database
from ent_module.privacy import ballot_seal, blind
from ent_module.privacy.disclosure import FLOOR
from ent_module.privacy.key_store import LostKeyError
from ent_module.privacy.unseen import unseen
from ent_module.surveys import campaign_keys, card_rules, written
from ent_module.surveys.campaigns import asked
from ent_module.surveys.card_counts import cards_made
from ent_module.surveys.card_rules import HALVES, For, Made
from ent_module.surveys.model import ANSWERED, Answers, Custody, Questionnaire, State, read_answers
from ent_module.surveys.protocol import PublishedKeys, SentBallot
from ent_module.surveys.release import (
    WHOLE,
    LevelCell,
    Release,
    Sums,
    classes_among,
    decide,
    release_by_level,
    told_apart,
)
from ent_module.surveys.service import dividing, record
from ent_module.surveys.service.holding import hold
from ent_module.surveys.service.texts import keep_texts
from ent_module.surveys.tables import (
    Campaign,
    Card,
    CardClass,
    Closing,
    Issuance,
    ResultCell,
    SealedBallot,
    SpentToken,
)
from ent_module.web.house import Keys, Secrets

_AT_ONCE, _FETCHED = 64, 1000
"""Ballots that are opened together, ids that the database hands over together."""
_ID = 16


@dataclass
class Tally:
    """What the ballots add up to. Whoever is opened adds to it and is forgotten."""

    levels: Mapping[UUID, str]
    """Cohort → what its ballots are added to (`dividing.levels`)."""
    sums: dict[str, Sums] = field(init=False)
    """By level; of those that count with the whole only, WHOLE."""
    counted: int = 0
    """Ballots with at least one answer, cards' included."""
    by_token: Counter[str] = field(default_factory=Counter)
    """Of these, by level, the ones that came by a token."""
    blank: int = 0
    spoilt: int = 0
    """Not signed by the campaign, not opened by its key, or with answers that were not asked."""
    cards: int = 0
    texts: dict[str, list[str]] = field(default_factory=dict)
    """By question that is answered in words."""
    texts_by_token: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.sums = {level: Counter() for level in self.levels.values()}

    @property
    def ballots(self) -> int:
        """All that were in the pool."""
        return self.counted + self.blank + self.spoilt


def count(database: Database, store: Secrets, keys: Keys, establishment_id: UUID, campaign_id: UUID) -> None:
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
            if campaign.custody == Custody.SHARED or not store.is_there():
                raise  # two shares are not lost with a store, nor is anything by a folder that was not mounted
            tally = None
    with database.writing() as db:
        hold(db, campaign_id, alone=True)
        campaign = db.get_one(Campaign, place, populate_existing=True)
        if campaign.state != State.ENDED or (tally is not None and tally.ballots != _in_pool(db, campaign)):
            return
        _write(db, keys, campaign, tally)


def give_up(database: Database, keys: Keys, establishment_id: UUID, campaign_id: UUID) -> None:
    """Deletes the ballots of an ended campaign unopened, in one transaction. Ended otherwise: nothing happens."""
    with database.writing() as db:
        hold(db, campaign_id, alone=True)
        campaign = db.get_one(Campaign, (establishment_id, campaign_id))
        if campaign.state == State.ENDED:
            _write(db, keys, campaign, None, Release.UNOPENED)


def _open_all(db: Session, store: Secrets, campaign: Campaign) -> Tally:
    """Adds up all ballots, in an order that nobody knows, a few in memory at a time. Raises LostKeyError."""
    questionnaire, opener = asked(db, campaign), campaign_keys.opener(store, campaign.id)
    cohorts = PublishedKeys.read(campaign.keys).cohorts
    verifiers = {one.id: blind.public_key(one.modulus) for one in cohorts}
    tally = Tally(dividing.levels(dividing.arrived(db, campaign), _given(db, campaign), cohorts))
    tally.texts = {item.id: [] for item in questionnaire.items(campaign.level) if item.is_text}
    arrived = select(SealedBallot.id).where(*_of(SealedBallot, campaign)).execution_options(yield_per=_FETCHED)
    for ids in _drawn(db.scalars(arrived)):
        rows = db.execute(
            select(SealedBallot.cohort_id, SealedBallot.prepared, SealedBallot.signature, SealedBallot.sealed).where(
                # by the key alone: with the campaign too, PostgreSQL may read the whole pool for each few
                SealedBallot.establishment_id == campaign.establishment_id,
                SealedBallot.id.in_(ids),
            )
        ).all()
        for row in sorted(rows, key=lambda _row: secrets.randbits(64)):
            ballot = SentBallot(*row)
            tally.cards += not ballot.signature
            if _is_valid(ballot, verifiers):
                _add(tally, questionnaire, campaign, ballot, opener)
            else:
                tally.spoilt += 1
    return tally


def _drawn(found: Iterable[UUID]) -> Iterator[list[UUID]]:
    """These ids in an order drawn at random, a few at a time. In memory are their 16 bytes each, and no objects."""
    ids = bytearray()
    for one in found:
        ids += one.bytes
    for last in range(len(ids) - _ID, 0, -_ID):
        other = secrets.randbelow(last // _ID + 1) * _ID
        ids[last : last + _ID], ids[other : other + _ID] = ids[other : other + _ID], ids[last : last + _ID]
    for start in range(0, len(ids), _ID * _AT_ONCE):
        some = ids[start : start + _ID * _AT_ONCE]
        yield [UUID(bytes=bytes(some[at : at + _ID])) for at in range(0, len(some), _ID)]


def _is_valid(ballot: SentBallot, verifiers: Mapping[UUID, RSAPublicKey]) -> bool:
    """Whether it came by a card, or by a token that its cohort's key signed."""
    verifier = verifiers.get(ballot.cohort_id)
    return verifier is not None and (not ballot.signature or blind.verify(verifier, ballot.prepared, ballot.signature))


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
        level = tally.levels[ballot.cohort_id]
        tally.by_token[level] += bool(ballot.signature)
        for name in tally.texts.keys() & answers.keys():
            tally.texts[name] += answers[name]
            tally.texts_by_token[name] += bool(ballot.signature)
        for item, chosen in questionnaire.told_of(answers).items():
            tally.sums[level].update((item, choice) for choice in (ANSWERED, *chosen))


def _read(
    questionnaire: Questionnaire, campaign: Campaign, ballot: SentBallot, opener: EllipticCurvePrivateKey
) -> Answers | None:
    """What a ballot says; None for one that is spoilt, whatever its sender put into it.

    Nothing is raised from here: one ballot must not stop a count, and a traceback would hold what somebody answered.
    """
    try:
        plain = ballot_seal.open_ballot(opener, campaign.id, ballot.cohort_id, ballot.bound_to, ballot.sealed)
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


def _write(db: Session, keys: Keys, campaign: Campaign, tally: Tally | None, silent: Release = Release.LOST) -> None:
    """Cells, figures and tokens are written, ballots deleted, together. Without a tally, because of `silent`."""
    place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
    given, made = _given(db, campaign), cards_made(db, campaign.establishment_id, campaign.id)
    groups = {code: count for (_cohort, code), count in given.items()}
    decided = silent
    if tally is not None:
        by_token = tally.by_token.total()
        by_card = card_rules.unknown(tally.counted - by_token, made.values())
        decided = decide(by_token + by_card, classes_among(groups))
    if tally is None:
        db.execute(delete(SealedBallot).where(*_of(SealedBallot, campaign)))
        tally = Tally({})
    cells = sorted(_cells(db, campaign, tally, given)) if decided is Release.SHOWN else []
    db.add_all(
        ResultCell(**place, level=level, item=item, choice=choice, count=count) for level, item, choice, count in cells
    )
    texts = list(_texts(tally, made)) if decided is Release.SHOWN else []
    number = record.next_number(db, campaign.establishment_id)
    kept = Counter(item for item, _body in texts)
    noted, signature = record.sign(keys, campaign, number, _figures(db, campaign, tally, made), cells, kept)
    db.add(
        Closing(
            **place,
            closed_on=campaign.ended_at.date() if campaign.ended_at else campaign.closes_on,
            closed_by=campaign.ended_by,
            release=decided,
            taken=tally.ballots if tally.ballots >= FLOOR else None,
            classes=len(given),
            record=noted,
            record_signature=signature,
        )
    )
    db.flush()
    _keep_tokens(db, campaign)
    keep_texts(db, keys, campaign, texts)
    for table in (SealedBallot, Issuance, Card, CardClass):
        db.execute(delete(table).where(*_of(table, campaign)))
    db.execute(
        update(Campaign)
        .where(Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
        .values(state=State.COUNTED)
    )


def _figures(db: Session, campaign: Campaign, tally: Tally, made: Made) -> record.Figures:
    """How many tokens, cards and ballots there were, as the record tells."""
    return record.Figures(
        issued=dividing.given(db, Issuance, campaign).total(),
        cards_made=dividing.given(db, Card, campaign).total(),
        replaced=_made_for(made, For.LOST),
        cards_alone=_made_for(made, *HALVES),
        tokens=tally.ballots - tally.cards,
        cards=tally.cards,
        valid=tally.counted + tally.blank,
        spoilt=tally.spoilt,
    )


def _made_for(made: Made, *purposes: For) -> int:
    return sum(of_class.get(purpose, 0) for of_class in made.values() for purpose in purposes)


def _given(db: Session, campaign: Campaign) -> dividing.Given:
    """Whoever has a token or a card may have sent a ballot or not: a class may have as many as it was given."""
    return dividing.given(db, Issuance, campaign) + dividing.given(db, Card, campaign)


def _cells(db: Session, campaign: Campaign, tally: Tally, given: dividing.Given) -> Iterator[LevelCell]:
    """The numbers that may be shown. Blank ballots are known by now: of a level they may have left too few."""
    counted = {level: tally.by_token[level] for level in tally.sums}
    apart = told_apart(counted, dividing.by_level(given, tally.levels, counted)) - {WHOLE}
    return release_by_level(tally.sums, asked(db, campaign).as_told, campaign.level, apart)


def _texts(tally: Tally, made: Made) -> Iterator[tuple[str, str]]:
    """The texts that may be read, in an order of their own. Which an adult wrote alone nobody else can know: of those
    by cards as many count as of ballots."""
    by_token = tally.texts_by_token
    known = {
        item: by_token[item] + card_rules.unknown(len(texts) - by_token[item], made.values())
        for item, texts in tally.texts.items()
    }
    return written.kept(tally.texts, known)


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


def _of(table: type[SealedBallot | Issuance | Card | CardClass], campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    return table.establishment_id == campaign.establishment_id, table.campaign_id == campaign.id
