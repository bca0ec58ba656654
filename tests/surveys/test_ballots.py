"""A token each, and one ballot for each token; what is no ballot of the campaign is not taken."""

import json
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.privacy.blind import BadBlindedMessageError, verify
from ent_module.surveys.protocol import MalformedBallotError
from ent_module.surveys.service import issuing
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import Campaign, CampaignClass, Issuance, SealedBallot
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import CALM, HURT, NOON, Voter, end, rows, send, start, started


def ask(town: Town, db: Session, campaign: Campaign, account: UUID, blinded: bytes) -> bytes:
    place, store = campaign.establishment_id, town.house.store
    return issuing.issue(db, store, place, campaign.id, account, ["6e B"], blinded)()


def blinded_token() -> bytes:
    return secrets.token_bytes(383).rjust(384, b"\0")


def test_a_pupil_gets_one_token_and_may_ask_for_its_signature_again(town: Town, db: Session) -> None:
    campaign, account, blinded = start(town, db, "6e B"), uuid4(), blinded_token()
    signature = ask(town, db, campaign, account, blinded)
    assert ask(town, db, campaign, account, blinded) == signature
    public = Voter.of(town, campaign).key.public_key().public_numbers()
    assert pow(int.from_bytes(signature, "big"), public.e, public.n) == int.from_bytes(blinded, "big")
    with pytest.raises(issuing.OtherTokenError):
        ask(town, db, campaign, account, blinded_token())
    assert rows(db, Issuance) == 1


def test_what_cannot_be_signed_uses_up_nothing(town: Town) -> None:
    campaign, account = started(town, "6e B"), uuid4()
    for bad in (b"", b"\0" * 384, b"\xff" * 384, b"\1" * 383):
        with pytest.raises(BadBlindedMessageError), town.house.database.writing() as db:
            ask(town, db, campaign, account, bad)
    with town.house.database.writing() as db:
        assert rows(db, Issuance) == 0
        assert ask(town, db, campaign, account, blinded_token())


def test_the_issuance_says_neither_who_nor_which_token(town: Town, db: Session) -> None:
    campaign, account, blinded = start(town, db, "6e B"), uuid4(), blinded_token()
    ask(town, db, campaign, account, blinded)
    kept = db.execute(select(Issuance).execution_options(across=True)).scalar_one()
    assert {column.key for column in Issuance.__table__.columns} == {
        "establishment_id", "id", "campaign_id", "cohort_id", "class_code", "blinded"
    }  # fmt: skip
    assert kept.blinded == sha256(blinded).digest()
    assert account not in {kept.id, kept.campaign_id}


def test_the_pseudonym_of_someone_is_another_in_each_campaign(town: Town, db: Session) -> None:
    account = uuid4()
    for uai in (COLLEGE, OTHER):
        ask(town, db, start(town, db, "6e B", uai=uai), account, blinded_token())
    assert len(set(db.scalars(select(Issuance.id).execution_options(across=True)))) == 2


def test_the_same_bytes_may_be_sent_again_and_others_change_nothing(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    voter = Voter.of(town, campaign)
    first = voter.body(CALM)
    token = first[:108]
    assert send(db, campaign, first) is Outcome.TAKEN
    assert send(db, campaign, first) is Outcome.TAKEN
    assert send(db, campaign, voter.body(HURT, prepared=token)) is Outcome.OTHER
    assert db.scalars(select(SealedBallot.sealed).execution_options(across=True)).all() == [first[-4177:]]


def test_a_ballot_may_arrive_late_but_not_after_the_grace(town: Town) -> None:
    campaign = started(town, "6e B")
    voter = Voter.of(town, campaign)
    before, late, too_late = voter.body(CALM), voter.body(CALM), voter.body(CALM)
    with town.house.database.writing() as db:
        assert send(db, campaign, before, NOON) is Outcome.TAKEN
    end(town, campaign, NOON)
    with town.house.database.writing() as db:
        assert send(db, campaign, late, NOON + timedelta(minutes=14)) is Outcome.TAKEN
        assert send(db, campaign, too_late, NOON + timedelta(minutes=15)) is Outcome.ENDED
        assert send(db, campaign, before, NOON + timedelta(minutes=15)) is Outcome.TAKEN  # kept all the same
        assert rows(db, SealedBallot) == 2


def test_what_is_no_ballot_of_this_campaign_is_not_taken(town: Town, db: Session) -> None:
    campaign, other = start(town, db, "6e B"), start(town, db, "6e B", uai=OTHER)
    body = Voter.of(town, campaign).body(CALM)
    for wrong in (
        b"",
        body[:-1],
        body + b"\0",
        Voter.of(town, other).body(CALM),
        bytes(32) + body[32:],  # not what was signed
        body[:108] + bytes(384) + body[492:],
    ):
        with pytest.raises(MalformedBallotError):
            send(db, campaign, wrong)
    assert rows(db, SealedBallot) == 0


def test_a_signature_holds_for_one_cohort_of_one_campaign(town: Town, db: Session) -> None:
    """A token that is signed says what it is for, so that none can be carried elsewhere, be the key the same."""
    campaign = start(town, db, "6e B")
    voter = Voter.of(town, campaign)
    elsewhere = secrets.token_bytes(32) + b"ent-ballot/1" + uuid4().bytes + voter.cohort.bytes + bytes(32)
    body = voter.body(CALM, prepared=elsewhere)
    assert verify(voter.key.public_key(), body[:108], body[108:492])
    with pytest.raises(MalformedBallotError):
        send(db, campaign, body)


def test_all_ballots_have_one_length(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    voter = Voter.of(town, campaign)
    for answers in ({}, CALM, {f"q{number}": ["x" * 40] for number in range(60)}):
        body = voter.body(answers)
        assert len(body) == 4_669
        assert send(db, campaign, body) is Outcome.TAKEN
    columns = (SealedBallot.prepared, SealedBallot.signature, SealedBallot.sealed)
    kept = db.execute(select(*columns).execution_options(across=True))
    assert {tuple(map(len, row)) for row in kept} == {(108, 384, 4_177)}


def test_everyone_is_given_the_same_keys(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    told = json.loads(campaign.keys)
    kept = db.scalar(select(CampaignClass.cohort_id).where(CampaignClass.establishment_id == campaign.establishment_id))
    assert sha256(campaign.keys).hexdigest() == campaign.keys_digest
    assert told["campaign"] == str(campaign.id)
    assert told["questionnaire"] == campaign.digest
    assert [one["id"] for one in told["cohorts"]] == [str(kept)]
    assert told["cohorts"][0]["e"] == 65_537
    assert told["v"] == 2
