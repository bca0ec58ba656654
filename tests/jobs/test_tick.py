from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import cast

import pytest

from ent_module.jobs.service import LEASE, give_back, take, tick
from ent_module.rooms import Room
from ent_module.web.house import House
from tests.support.life import CANARY
from tests.support.town import Town

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


def test_only_one_of_many_ticks_takes_a_job(town: Town) -> None:
    start = Barrier(6)

    def try_to_take(holder: int) -> bool:
        start.wait()
        with town.house.database.writing() as db:
            return take(db, "a.job", f"holder-{holder}", NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_to_take, range(6))) == 1


def test_a_lease_ends_with_its_time_and_when_it_is_given_back(town: Town) -> None:
    with town.house.database.writing() as db:
        assert take(db, "a.job", "first", NOW)
        assert not take(db, "a.job", "second", NOW + LEASE - timedelta(seconds=1))
        assert take(db, "a.job", "second", NOW + LEASE)
        give_back(db, "a.job", "second", NOW + LEASE, succeeded=True)
        assert take(db, "a.job", "third", NOW + LEASE)


def test_a_job_that_fails_stops_no_other(town: Town) -> None:
    ran = []

    def breaks(_house: House, _now: datetime) -> None:
        raise ValueError("what a pupil wrote")

    def works(_house: House, now: datetime) -> None:
        ran.append(now)

    rooms = (Room(name="a", jobs=(("a.breaks", breaks),)), Room(name="b", jobs=(("b.works", works),)))
    house = replace(town.house, rooms=rooms)
    assert tick(house, NOW) == {"a.breaks": "failed", "b.works": "done"}
    assert tick(house, NOW) == {"a.breaks": "failed", "b.works": "done"}
    assert ran == [NOW, NOW]


def test_a_lease_that_cannot_be_had_stops_no_other_job(town: Town) -> None:
    """Not only the work may fail; here, a name that no database takes."""
    ran = []
    broken = Room(name="a", jobs=((cast(str, object()), lambda _house, _now: None),))
    works = Room(name="b", jobs=(("b.works", lambda _house, now: ran.append(now)),))
    outcome = tick(replace(town.house, rooms=(broken, works)), NOW)
    assert list(outcome.values()) == ["failed", "done"]
    assert ran == [NOW]


def test_a_failure_is_logged_without_its_text(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    def breaks(_house: House, _now: datetime) -> None:
        raise ValueError(CANARY)

    tick(replace(town.house, rooms=(Room(name="a", jobs=(("a.breaks", breaks),)),)), NOW)
    logged = capsys.readouterr()
    assert "a.breaks" in logged.err + logged.out  # control
    assert "ValueError" in logged.err + logged.out
    assert CANARY not in logged.err + logged.out


def test_expired_sessions_go(town: Town) -> None:
    browser = town.browser("lina")
    assert browser.get("/me").status_code == 200
    tick(town.house, datetime.now(UTC) + timedelta(hours=1))
    assert browser.get("/me").status_code == 200
    tick(town.house, datetime.now(UTC) + timedelta(hours=6))
    assert browser.get("/me").status_code == 401
