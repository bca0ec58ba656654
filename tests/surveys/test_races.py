"""What happens at the same moment, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest

from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, service
from ent_module.surveys.model import ANSWERED
from ent_module.surveys.service import Outcome
from ent_module.surveys.tables import Ballot, Campaign, CampaignClass, Closing, Participation
from tests.support.town import Town
from tests.surveys.campaign import CALM, DAY, answer, fill, rows, shut, started

T = TypeVar("T")


def together(count: int, act: Callable[[int], T]) -> list[T]:
    """What `count` threads get that act at the same moment."""
    gate = Barrier(count)

    def run(number: int) -> T:
        gate.wait(timeout=20)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_a_form_sent_many_times_at_once_is_one_ballot(town: Town) -> None:
    campaign, account = started(town, "6e B"), uuid4()

    def send(_number: int) -> Outcome:
        with town.house.database.writing() as db:
            return answer(town, db, campaign, "6e B", CALM, account)

    outcomes = together(8, send)
    assert sorted(outcomes) == [*[Outcome.ALREADY] * 7, Outcome.TAKEN]
    with town.house.database.reading() as db:
        assert (rows(db, Ballot), rows(db, Participation)) == (1, 1)


def test_a_whole_class_can_answer_at_once(town: Town) -> None:
    campaign = started(town, "6e B")

    def send(_number: int) -> Outcome:
        with town.house.database.writing() as db:
            return answer(town, db, campaign, "6e B", CALM)

    assert together(12, send) == [Outcome.TAKEN] * 12


def test_no_ballot_is_lost_or_left_behind_while_the_head_closes(town: Town) -> None:
    campaign = started(town, "6e B")
    fill(town, campaign, {"6e B": [CALM] * FLOOR})

    def act(number: int) -> Outcome | None:
        with town.house.database.writing() as db:
            if number == 4:
                service.close(db, campaign.establishment_id, campaign.id, uuid4(), DAY)
                return None
            return answer(town, db, campaign, "6e B", CALM)

    outcomes = together(9, act)
    assert set(outcomes) <= {None, Outcome.TAKEN, Outcome.CLOSED}
    with town.house.database.reading() as db:
        closing = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
        assert closing is not None
        assert closing.taken == FLOOR + outcomes.count(Outcome.TAKEN)
        assert (rows(db, Ballot), rows(db, Participation)) == (0, 0)


def test_teachers_who_open_at_the_same_moment_open_one_campaign(town: Town) -> None:
    def act(number: int) -> object:
        return started(town, f"class {number}").id

    assert len(set(together(6, act))) == 1
    with town.house.database.reading() as db:
        assert (rows(db, Campaign), rows(db, CampaignClass)) == (1, 6)


def test_heads_who_close_at_the_same_moment_close_once(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 20, "5e A": [CALM] * 20})
    together(4, lambda _number: shut(town, campaign))
    with town.house.database.reading() as db:
        assert rows(db, Closing) == 1
        assert ("bullied", ANSWERED, 40) in campaigns.cells(db, campaign)


def test_a_closing_waits_for_a_ballot_that_is_on_its_way(town: Town) -> None:
    campaign = started(town, "6e B")
    fill(town, campaign, {"6e B": [CALM] * FLOOR})
    with ThreadPoolExecutor(1) as head:
        with town.house.database.writing() as db:
            assert answer(town, db, campaign, "6e B", CALM) is Outcome.TAKEN
            closing = head.submit(shut, town, campaign)
            with pytest.raises(TimeoutError):
                closing.result(timeout=0.4)
        closing.result(timeout=20)
    with town.house.database.reading() as db:
        done = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
        assert done is not None
        assert done.taken == FLOOR + 1
        assert rows(db, Ballot) == 0
