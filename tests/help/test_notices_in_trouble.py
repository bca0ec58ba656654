"""Mails to the group when the server is away, refuses, or the tick dies between two steps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ent_module.help import jobs
from ent_module.help.service import notices
from ent_module.help.tables import Notice
from ent_module.jobs.service import tick
from tests.help.notices import reach
from tests.help.steps import write
from tests.support.database import everything
from tests.support.mailbox import Mailbox
from tests.support.town import Town

MORNING = datetime(2026, 11, 13, 6, 30, tzinfo=UTC)
"""The Friday after NOW, half past seven in Paris."""
EVENING = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)


def test_without_a_server_nothing_is_written_down(town: Town) -> None:
    reach(town, "petit")
    write(town)
    before = everything(town.house.database)
    jobs.tell(town.house, EVENING)
    assert everything(town.house.database) == before


def test_a_server_that_is_away_loses_nothing(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    reachable = town.house
    away = replace(reachable, settings=replace(reachable.settings, smtp_port=1))
    with pytest.raises(OSError, match="refused"):
        jobs.tell(away, EVENING)
    jobs.tell(reachable, EVENING + timedelta(minutes=50))
    jobs.tell(reachable, EVENING + timedelta(minutes=51))
    assert box.recipients == ["petit@ac.example"]


def test_a_notice_that_could_not_leave_for_hours_does_not_leave_at_night(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    away = replace(town.house, settings=replace(town.house.settings, smtp_port=1))
    with pytest.raises(OSError, match="refused"):
        jobs.tell(away, EVENING)
    jobs.tell(town.house, EVENING + timedelta(hours=3))
    assert box.raw == []
    jobs.tell(town.house, MORNING)
    assert len(box.raw) == 1


def test_one_address_that_is_refused_keeps_no_other_waiting(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    box.refused.add("petit@ac.example")
    write(town)
    jobs.tell(town.house, EVENING)
    jobs.tell(town.house, EVENING)
    assert box.recipients == ["roux@ac.example"]


def test_after_a_crash_the_same_letter_leaves_again(town: Town, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    reach(town, "petit")
    write(town)
    with monkeypatch.context() as broken:
        broken.setattr(notices, "settle", lambda *_all: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            jobs.tell(town.house, EVENING)
    jobs.tell(town.house, EVENING)
    jobs.tell(town.house, EVENING)
    assert len(box.raw) == 2
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


def test_the_whole_tick_runs_twice(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    for _turn in range(2):
        assert set(tick(town.house, EVENING).values()) == {"done"}
    assert len(box.raw) == 1
    once = everything(town.house.database)
    jobs.tell(town.house, EVENING)
    assert everything(town.house.database) == once


def test_old_notices_are_forgotten(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    jobs.tell(town.house, EVENING)
    jobs.forget_notices(town.house, EVENING + timedelta(days=30))
    assert len(box.raw) == 1
    with town.house.database.reading() as db:
        assert db.scalars(select(Notice.id), execution_options={"across": True}).all() == []
