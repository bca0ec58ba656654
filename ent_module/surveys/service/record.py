"""The closing record: the figures of a closing, signed, and the check of what is left of a campaign against it.

What the check cannot prove: that whoever runs the server did not make tokens for nobody. It says so.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.privacy import blind
from ent_module.surveys import campaigns
from ent_module.surveys.model import ANSWERED
from ent_module.surveys.protocol import MalformedBallotError, PublishedKeys, cohort_of, fingerprint
from ent_module.surveys.release import WHOLE, LevelCell
from ent_module.surveys.tables import Campaign, Closing, SpentToken, SurveyText
from ent_module.web.house import Keys

VERSION = 2
"""Of the record: from this one on its numbers are those of levels too."""


@dataclass(frozen=True)
class Figures:
    """Of the whole school, never of a class."""

    issued: int
    """Tokens that were signed."""
    cards_made: int
    replaced: int
    """Of these, the ones for questionnaires that were opened and lost."""
    cards_alone: int
    """Of these, the ones of classes that answered by cards alone."""
    tokens: int
    """Ballots that came by a token."""
    cards: int
    """Ballots that came by a card."""
    counted: int
    blank: int
    spoilt: int


def sign(
    keys: Keys, campaign: Campaign, figures: Figures, cells: Sequence[LevelCell], texts: Mapping[str, int]
) -> tuple[bytes, bytes]:
    """The record of a campaign and its signature (Ed25519, RFC 8032). Its cells are those of all levels; `texts`: how
    many were kept, by question."""
    record = {
        "v": VERSION,
        "campaign": str(campaign.id),
        "questionnaire": campaign.digest,
        "keys": campaign.keys_digest,
        **asdict(figures),
        "cells": _digest(cells),
        "texts": texts,
    }
    written = json.dumps(record, separators=(",", ":")).encode()
    return written, _key(keys, campaign.establishment_id).sign(written)


def sign_text(keys: Keys, text: SurveyText) -> bytes:
    """What says of a text that it was kept at the closing. The record names none of them: one that is taken away leaves
    nothing by which it could be guessed."""
    return _key(keys, text.establishment_id).sign(_of_text(text))


def faults(db: Session, keys: Keys, establishment_id: UUID, campaign_id: UUID) -> list[str]:
    """What does not fit in what is left of a counted campaign, in words for whoever runs the installation; nothing
    where all fits. Raises LookupError for a campaign that is not there, not counted, or older than such records."""
    campaign = campaigns.campaign_of(db, establishment_id, campaign_id)
    found = select(Closing).where(Closing.establishment_id == establishment_id, Closing.campaign_id == campaign_id)
    closing = db.scalar(found)
    if campaign is None or closing is None:
        raise LookupError("the campaign has not been counted yet")
    if not closing.record:
        raise LookupError("the campaign was closed before there were closing records")
    told, cells = json.loads(closing.record), campaigns.all_cells(db, campaign)
    if told["v"] != VERSION:
        raise LookupError("the campaign was closed before records told of levels")
    verifiers = {one.id: blind.public_key(one.modulus) for one in PublishedKeys.read(campaign.keys).cohorts}
    spent = db.execute(
        select(SpentToken.prepared, SpentToken.signature).where(
            SpentToken.establishment_id == establishment_id, SpentToken.campaign_id == campaign_id
        )
    ).all()
    in_school, place = _answered(cells, whole=True), establishment_id
    texts = db.scalars(
        select(SurveyText).where(SurveyText.establishment_id == place, SurveyText.campaign_id == campaign_id)
    ).all()
    checks = {
        "the record is not signed by this installation": _signed(
            keys, establishment_id, closing.record, closing.record_signature
        ),
        "the record is another campaign's": told["campaign"] == str(campaign_id),
        "the list of keys is not the one of the record": fingerprint(campaign.keys) == told["keys"],
        "the published numbers are not the ones of the record": _digest(cells) == told["cells"],
        "a token was counted twice": len({prepared for prepared, _signature in spent}) == len(spent),
        "a token was not signed by the campaign": all(_is_ours(campaign_id, verifiers, *one) for one in spent),
        "there are not as many tokens as ballots by token": len(spent) == told["tokens"],
        "ballots do not add up": told["tokens"] + told["cards"] == told["counted"] + told["blank"] + told["spoilt"],
        "more ballots by token than tokens were signed": told["tokens"] <= told["issued"],
        "more ballots by card than cards were made": told["cards"] <= told["cards_made"],
        "more cards of a kind than cards were made": _cards_of_a_kind(told) <= told["cards_made"],
        "more answers to a question than ballots": max(in_school.values(), default=0) <= told["counted"],
        "more answers in the levels than in the school": _answered(cells, whole=False) <= in_school,
        "a text was not kept at the closing": all(_signed(keys, place, _of_text(one), one.signature) for one in texts),
        "more texts to a question than were kept": Counter(one.item for one in texts) <= Counter(told.get("texts", {})),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _cards_of_a_kind(told: Mapping[str, int]) -> int:
    """Records of the time when all cards were of one kind do not say it."""
    return told.get("replaced", 0) + told.get("cards_alone", 0)


def _is_ours(campaign_id: UUID, verifiers: Mapping[UUID, RSAPublicKey], prepared: bytes, signature: bytes) -> bool:
    """Whether the key of the cohort that a token names has signed it."""
    try:
        verifier = verifiers.get(cohort_of(prepared, campaign_id))
    except MalformedBallotError:
        return False
    return verifier is not None and blind.verify(verifier, prepared, signature)


def _of_text(text: SurveyText) -> bytes:
    """What is signed of a text: it is no record, and no other campaign's or question's."""
    return json.dumps(["text", str(text.campaign_id), text.item, str(text.id), text.body]).encode()


def _answered(cells: Iterable[LevelCell], *, whole: bool) -> Counter[str]:
    """How many answered each question, in the school or in all levels of which it is told."""
    found: Counter[str] = Counter()
    for level, item, choice, number in cells:
        if choice == ANSWERED and (level == WHOLE) is whole:
            found[item] += number
    return found


def _signed(keys: Keys, establishment_id: UUID, record: bytes, signature: bytes) -> bool:
    try:
        _key(keys, establishment_id).public_key().verify(signature, record)
    except InvalidSignature:
        return False
    return True


def _key(keys: Keys, establishment_id: UUID) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.derive("survey-record", establishment_id.bytes))


def _digest(cells: Sequence[LevelCell]) -> str:
    return sha256(json.dumps(sorted(cells), separators=(",", ":")).encode()).hexdigest()
