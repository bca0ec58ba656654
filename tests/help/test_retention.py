"""What is kept, and what erasing means: the key apart, the time that is over, what holds, what the report counts."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from ent_module.establishments import service as establishments
from ent_module.help import content_keys, jobs, sealing
from ent_module.help.model.retention import MONTHS, SUMMER, erased_on, is_due
from ent_module.help.sealing import Place
from ent_module.help.service import retention, returning
from ent_module.help.slots import SlotKey
from ent_module.help.tables import Conversation, Erased, KeySlots, Message, MoveLine, ReturnCode
from ent_module.jobs.service import tick
from ent_module.privacy import audit
from ent_module.privacy.key_store import KeyStore
from ent_module.privacy.sealing import UnsealError
from tests.help.steps import MESSAGE, act, code_on, count, on_desk, seen, send
from tests.help.steps import opened as opened_with
from tests.support.town import COLLEGE, Town

TODAY = datetime.now(UTC)
SURE = {"erasing": "yes"}


@pytest.fixture(autouse=True)
def own_store(town: Town, tmp_path: Path) -> Path:
    """A store of this test's own, which it may copy, empty and take away."""
    folder = tmp_path / "content-keys"
    town.house.keys.contents = KeyStore(folder, town.house.keys)  # type: ignore[attr-defined]
    return folder


def written(town: Town, **more: Any) -> str:
    """A message of Lina's; the id of its conversation."""
    send(town.browser("lina"), **more)
    (one,) = on_desk(town.browser("petit"))
    return one


def close(town: Town, one: str, **more: Any) -> None:
    act(town.browser("petit"), one, "take")
    assert act(town.browser("petit"), one, "close", done="Vu avec la famille.", **more).status_code == 303


def closed_long_ago(town: Town, one: str, days: int = 400) -> None:
    """As if it had been closed so many days before."""
    day = TODAY.date() - timedelta(days=days)
    with town.house.database.writing() as db:
        db.execute(
            update(MoveLine).where(MoveLine.conversation_id == UUID(one)).values(day=day),
            execution_options={"across": True},
        )


def term_time() -> datetime:
    """A moment near this one at which erasing does not stand still."""
    return TODAY if TODAY.month not in SUMMER else TODAY.replace(month=9, day=2)


# --- The key apart ----------------------------------------------------------------------------------------------------


def _rows(town: Town, one: str) -> tuple[bytes, Conversation, Message, bytes]:
    """What a backup of the database has of a conversation."""
    with town.house.database.reading() as db:
        across = {"across": True}
        slots = db.scalars(select(KeySlots).where(KeySlots.id == UUID(one)), execution_options=across).one().slots
        row = db.scalars(select(Conversation), execution_options=across).one()
        message = db.scalars(select(Message), execution_options=across).one()
        code = db.scalars(select(ReturnCode), execution_options=across).one().wrapped
    return slots, row, message, code


@pytest.mark.parametrize("naive", [False, True])
def test_a_backup_with_the_master_key_opens_nothing_after_erasing(
    town: Town, naive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive variant: content keys that do not rest on ek. The same attack reads it."""
    if naive:
        plain: Any = sealing._derived
        kept = {b"thread-content": None, b"header": None, b"desk": None}
        monkeypatch.setattr(
            sealing, "_derived", lambda secret, n, *info: plain(secret[:32] if info[0] in kept else secret, n, *info)
        )
    one = written(town)
    slots, row, message, _code = _rows(town, one)
    close(town, one)
    act(town.browser("petit"), one, "erase", **SURE)
    assert count(town, Conversation) == 0
    jobs.erase(town.house, TODAY)
    place, keys = Place(row.establishment_id, row.id), town.house.keys
    with pytest.raises(UnsealError):
        content_keys.read(keys, row.id)
    host = SlotKey.of_the_host(keys, place.establishment_id)
    key = host.opened(slots, place, lambda: bytes(32))  # the attacker has k, and no ek
    read = []
    attempts: tuple[Callable[[], object], ...] = (
        lambda: key.unseal_header(row.header),
        lambda: returning.unsealed(key.thread, message)["text"],
    )
    for attempt in attempts:
        try:
            read.append(attempt())
        except (UnsealError, KeyError):
            continue
    assert bool(read) is naive


def test_a_return_code_and_a_backup_open_nothing_after_erasing(town: Town, own_store: Path) -> None:
    code = code_on(send(town.browser("lina")).text)
    assert MESSAGE in opened_with(town.browser("lina"), code).text
    shutil.rmtree(own_store)
    own_store.mkdir()
    assert MESSAGE not in opened_with(town.browser("lina"), code).text


def test_nothing_of_ek_is_in_the_database(town: Town) -> None:
    from tests.support.database import everything

    one = written(town)
    ek = content_keys.read(town.house.keys, UUID(one))
    assert len(ek) == 32
    kept = repr(everything(town.house.database))
    assert repr(ek)[2:-1] not in kept
    assert ek.hex() not in kept


def test_two_conversations_have_two_of_them_and_files_are_for_their_owner_alone(town: Town, own_store: Path) -> None:
    send(town.browser("lina"))
    send(town.browser("sami"))
    ids = [UUID(one) for one in on_desk(town.browser("petit"))]
    assert len({content_keys.read(town.house.keys, one) for one in ids}) == 2
    for file in own_store.rglob("*"):
        assert not file.stat().st_mode & 0o077, file


def test_a_lost_ek_is_said_breaks_no_page_and_what_is_left_can_be_erased(town: Town) -> None:
    one = written(town)
    town.house.keys.contents.destroy(UUID(one))  # type: ignore[attr-defined]
    petit = town.browser("petit")
    for page in (
        "/staff/desk",
        "/staff/desk/agenda",
        "/staff/desk/meeting",
        "/staff/desk/kept",
        "/",
        "/staff/desk/find",
    ):
        assert petit.get(page).status_code in {200, 303}, page
    shown = petit.get(f"/staff/desk/{one}")
    assert shown.status_code == 200
    assert "n’existe plus" in seen(shown)
    tick(town.house, TODAY)
    assert act(petit, one, "erase", **SURE).status_code == 303
    assert count(town, Conversation) == 0


def test_a_store_that_is_not_mounted_is_not_taken_for_an_erasure(town: Town, own_store: Path) -> None:
    one = written(town)
    own_store.rename(own_store.with_name("away"))
    petit = town.browser("petit")
    assert "n’existe plus" not in seen(petit.get(f"/staff/desk/{one}"))
    assert act(petit, one, "erase", **SURE).status_code == 409
    own_store.with_name("away").rename(own_store)
    assert MESSAGE in petit.get(f"/staff/desk/{one}").text


def test_an_ek_that_comes_back_from_a_copy_is_destroyed_again(town: Town, own_store: Path) -> None:
    one = written(town)
    copy = own_store.with_name("copy")
    shutil.copytree(own_store, copy)
    close(town, one)
    act(town.browser("petit"), one, "erase", **SURE)
    jobs.erase(town.house, TODAY)
    shutil.copytree(copy, own_store, dirs_exist_ok=True)
    assert content_keys.read(town.house.keys, UUID(one))
    jobs.erase(town.house, TODAY)
    assert not town.house.keys.contents.holds(UUID(one))  # type: ignore[attr-defined]


def test_an_erasing_that_is_undone_loses_nothing(town: Town) -> None:
    from ent_module.help.service import ending

    one = written(town)
    close(town, one)
    with town.house.database.writing() as db:
        ending.erase(db, town.house.keys, town.petit, UUID(one), TODAY, sure=True)
        db.rollback()
    jobs.erase(town.house, TODAY)
    assert MESSAGE in town.browser("petit").get(f"/staff/desk/{one}").text


# --- By itself --------------------------------------------------------------------------------------------------------


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.sampled_from(MONTHS))
def test_summers_do_not_count(closed: date, months: int) -> None:
    end = erased_on(closed, months)
    assert end.month not in SUMMER
    running = [day for n in range((end - closed).days) if (day := closed + timedelta(days=n)).month not in SUMMER]
    assert months * 28 - 4 <= len(running) <= months * 31


def test_what_is_closed_in_june_is_there_in_september() -> None:
    assert erased_on(date(2026, 6, 20), 2) == date(2026, 10, 20)
    assert not is_due(date(2026, 4, 30), 2, date(2026, 7, 15))  # it was due in June, the tick was away
    assert is_due(date(2026, 4, 30), 2, date(2026, 9, 1))


def test_the_tick_erases_what_is_closed_long_enough_ago_and_twice_is_once(town: Town) -> None:
    one, now = written(town), term_time()
    close(town, one)
    closed_long_ago(town, one, 20)
    jobs.erase(town.house, now)
    assert count(town, Conversation) == 1
    closed_long_ago(town, one)
    jobs.erase(town.house, now)
    jobs.erase(town.house, now)
    assert (count(town, Conversation), count(town, Erased)) == (0, 1)
    assert not town.house.keys.contents.holds(UUID(one))  # type: ignore[attr-defined]


def test_a_school_may_keep_longer_and_no_other_number_counts(town: Town) -> None:
    one, now = written(town), term_time()
    close(town, one)
    closed_long_ago(town, one, 150)
    school = town.schools[COLLEGE]
    for months, left in ((12, 1), (2000, 0)):
        with town.house.database.writing() as db:
            establishments.draft(db, school, retention.SETTING, months)
            establishments.publish(db, school, retention.SETTING)
        jobs.erase(town.house, now)
        assert count(town, Conversation) == left


def test_without_an_outcome_it_stays_and_the_group_is_told(town: Town) -> None:
    one, now = written(town), term_time()
    close(town, one)
    closed_long_ago(town, one)
    with town.house.database.writing() as db:
        db.execute(update(Conversation).values(outcome=None), execution_options={"across": True})
    jobs.erase(town.house, now)
    assert count(town, Conversation) == 1
    assert "Attend une issue" in town.browser("petit").get("/staff/desk/kept").text


def test_what_is_reopened_stays(town: Town) -> None:
    one = written(town)
    close(town, one)
    act(town.browser("petit"), one, "reopen")
    closed_long_ago(town, one)
    jobs.erase(town.house, term_time())
    assert count(town, Conversation) == 1


# --- Held -------------------------------------------------------------------------------------------------------------


def test_what_is_held_is_erased_by_nobody_until_another_lifts_it(town: Town) -> None:
    one, petit, roux = written(town), town.browser("petit"), town.browser("roux")
    close(town, one)
    assert act(petit, one, "hold").status_code == 422
    assert act(petit, one, "hold", reason="because").status_code == 400
    assert act(petit, one, "hold", reason="court").status_code == 303
    closed_long_ago(town, one)
    jobs.erase(town.house, term_time())
    assert act(petit, one, "erase", **SURE).status_code == 409
    assert act(petit, one, "lift").status_code == 409
    assert count(town, Conversation) == 1
    assert act(roux, one, "lift").status_code == 303
    with town.house.database.reading() as db:
        said = audit.lines(db, town.schools[COLLEGE], {"message.hold", "message.lift"}, date.min)
    assert [line.action for line in said] == ["message.hold", "message.lift"]
    jobs.erase(town.house, term_time())
    assert count(town, Conversation) == 0


# --- Whoever is left out ----------------------------------------------------------------------------------------------


def test_whoever_is_left_out_sees_the_same_page_in_both_worlds(town: Town) -> None:
    """One world without the conversation, then with it: kept, held, erased. Control: a count of the whole school."""
    roux, petit = town.browser("roux"), town.browser("petit")
    before = seen(roux.get("/staff/desk/kept"))
    send(town.browser("lina"), without=[str(town.membership("roux").account_id)])
    (one,) = on_desk(petit)
    close(town, one)
    mine = [seen(petit.get("/staff/desk/kept"))]
    assert seen(roux.get("/staff/desk/kept")) == before
    assert roux.post(f"/staff/desk/{one}/hold", {"reason": "court"}).status_code in {400, 404}
    act(petit, one, "hold", reason="court")
    assert seen(roux.get("/staff/desk/kept")) == before
    act(town.browser("ines"), one, "lift")
    act(petit, one, "erase", **SURE)
    mine.append(seen(petit.get("/staff/desk/kept")))
    assert seen(roux.get("/staff/desk/kept")) == before
    assert mine[0] != mine[1] != before
    with town.house.database.reading() as db:
        assert retention.report(db, town.house.keys, town.roux) == []
        assert len(retention.report(db, town.house.keys, town.petit)) == 1
        assert len(retention.report_of(db, town.schools[COLLEGE])) == 1  # the naive one would have told


def test_the_line_that_is_left_opens_nothing(town: Town) -> None:
    one = written(town)
    close(town, one)
    ek = content_keys.read(town.house.keys, UUID(one))
    act(town.browser("petit"), one, "erase", **SURE)
    with town.house.database.reading() as db:
        line = db.scalars(select(Erased), execution_options={"across": True}).one()
    place = Place(line.establishment_id, line.id)
    host = SlotKey.of_the_host(town.house.keys, place.establishment_id)
    assert host.is_in(line.slots, place)
    with pytest.raises(UnsealError):
        host.opened(line.slots, place, lambda: ek)
