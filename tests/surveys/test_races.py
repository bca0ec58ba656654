"""What happens at the same moment, on both databases."""

import json
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import select

from ent_module.surveys import campaigns
from ent_module.surveys.content import questionnaires
from ent_module.surveys.service import cards, closing, counting, issuing
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import Campaign, CampaignClass, Card, Closing, Issuance, SealedBallot
from tests.support.town import Town
from tests.surveys.campaign import CALM, DAY, LATER, NOON, Voter, end, reread, rows, send, shut, start, started

T = TypeVar("T")


def together(count: int, act: Callable[[int], T]) -> list[T]:
    """What `count` threads get that act at the same moment."""
    gate = Barrier(count)

    def run(number: int) -> T:
        gate.wait(timeout=60)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_a_ballot_sent_many_times_at_once_is_one_ballot(town: Town) -> None:
    campaign = started(town, "6e B")
    body = Voter.of(town, campaign).body(CALM)

    def act(_number: int) -> Outcome:
        with town.house.database.writing() as db:
            return send(db, campaign, body)

    assert set(together(8, act)) == {Outcome.TAKEN}
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 1


def test_of_two_tokens_of_one_pupil_one_is_signed(town: Town) -> None:
    campaign, account = started(town, "6e B"), uuid4()

    def act(_number: int) -> bool:
        blinded = secrets.token_bytes(383).rjust(384, b"\0")
        try:
            with town.house.database.writing() as db:
                place = campaign.establishment_id
                issuing.issue(db, town.house.store, place, campaign.id, account, ["6e B"], blinded)
        except issuing.OtherTokenError:
            return False
        return True

    assert sorted(together(6, act)) == [*[False] * 5, True]
    with town.house.database.reading() as db:
        assert rows(db, Issuance) == 1


def test_sheets_of_cards_made_at_one_moment_count_each_other(town: Town) -> None:
    campaign = started(town, "6e B")

    def act(_number: int) -> int:
        try:
            with town.house.database.writing() as db:
                place = campaign.establishment_id
                return len(cards.make(db, town.house.keys, place, campaign.id, "6e B", 4))
        except cards.TooManyCardsError:
            return 0

    assert sorted(together(4, act)) == [0, 0, 0, 4]
    with town.house.database.reading() as db:
        assert rows(db, Card) == 4


def test_no_ballot_is_lost_or_left_behind_while_the_head_ends_it(town: Town) -> None:
    """What was acknowledged is counted, whenever it came."""
    campaign = started(town, "6e B")
    voter = Voter.of(town, campaign)
    bodies = [voter.body(CALM) for _number in range(9)]

    def act(number: int) -> Outcome | None:
        if number == 4:
            end(town, campaign)
            return None
        with town.house.database.writing() as db:
            return send(db, campaign, bodies[number], NOON + LATER)

    outcomes = together(9, act)
    assert set(outcomes) <= {None, Outcome.TAKEN, Outcome.ENDED}
    closing.finish(town.house, NOON + LATER)
    with town.house.database.reading() as db:
        done = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
        assert rows(db, SealedBallot) == 0
    assert done
    assert json.loads(done.record)["tokens"] == outcomes.count(Outcome.TAKEN)


def test_teachers_who_open_at_the_same_moment_open_one_campaign(town: Town) -> None:
    assert len(set(together(6, lambda number: started(town, f"class {number}").id))) == 1
    with town.house.database.reading() as db:
        assert (rows(db, Campaign), rows(db, CampaignClass)) == (1, 6)
    assert len(list(town.house.settings.resolved_key_store.iterdir())) == 1


def test_jobs_that_finish_at_the_same_moment_finish_once(town: Town) -> None:
    campaign = started(town, "6e B")
    voter = Voter.of(town, campaign)
    with town.house.database.writing() as db:
        for _number in range(12):
            assert send(db, campaign, voter.body(CALM)) is Outcome.TAKEN
    end(town, campaign)
    together(3, lambda _number: closing.finish(town.house, NOON + LATER))
    closing.finish(town.house, NOON + LATER)
    with town.house.database.reading() as db:
        assert rows(db, Closing) == 1
    assert reread(town, campaign).state == "released"


def test_the_end_waits_for_a_ballot_that_is_on_its_way(town: Town) -> None:
    campaign = started(town, "6e B")
    body = Voter.of(town, campaign).body(CALM)
    with ThreadPoolExecutor(1) as head:
        with town.house.database.writing() as db:
            assert send(db, campaign, body) is Outcome.TAKEN
            ending = head.submit(shut, town, campaign)
            with pytest.raises(TimeoutError):
                ending.result(timeout=0.4)
        ending.result(timeout=60)
    with town.house.database.reading() as db:
        done = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
        assert done
        assert json.loads(done.record)["tokens"] == 1
        assert rows(db, SealedBallot) == 0
    assert done.closed_on == DAY


def test_two_surveys_that_are_counted_at_once_have_numbers_of_their_own(town: Town) -> None:
    first = started(town, "6e B")
    end(town, first)
    with town.house.database.writing() as db:
        second = start(town, db, "5e A", asked=questionnaires()["trip"])
    end(town, second)
    ours, both = town.house, (first, second)
    together(2, lambda at: counting.count(ours.database, ours.store, ours.keys, both[at].establishment_id, both[at].id))
    with ours.database.reading() as db:
        records = db.scalars(select(Closing.record).where(Closing.establishment_id == first.establishment_id)).all()
    assert sorted(json.loads(one)["release"] for one in records) == [1, 2]
