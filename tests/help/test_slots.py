"""Slots: each reader finds and opens their own, nobody else anything, and nothing tells how many there are."""

from collections import Counter
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ent_module.cli import group
from ent_module.help import jobs
from ent_module.help.sealing import ConversationKey, Place
from ent_module.help.service import adults, holding
from ent_module.help.slots import ROOM, SLOT, SlotKey, filled, room_for, size_of
from ent_module.help.tables import KeySlots, KeyWrap
from ent_module.identity import service as identity
from ent_module.identity.model import Profile, Role
from ent_module.privacy import sealing
from ent_module.privacy.keys import MasterKey
from ent_module.privacy.sealing import UnsealError
from tests.help.steps import MESSAGE, NOW, Written, account, act, on_desk, readers_of, write
from tests.support.town import COLLEGE, Town

KEYS = MasterKey(bytes(range(32)))
PLACE, EK = Place(uuid4(), uuid4()), bytes(range(32))
SIZE = 16 + ROOM * SLOT


def slots_of(town: Town, written: Written) -> bytes:
    with town.house.database.reading() as db:
        return db.get_one(KeySlots, (written.school, written.id)).slots


@given(st.uuids(), st.uuids(), st.integers(1, 15))
def test_a_slot_opens_for_one_reader_in_one_conversation(school: UUID, mine: UUID, readers: int) -> None:
    key = ConversationKey.fresh(PLACE, EK)
    others = [SlotKey.of(KEYS, school, uuid4()) for _other in range(readers - 1)]
    slots = filled(key, [*others, SlotKey.of(KEYS, school, mine)], ROOM)
    assert len(slots) == SIZE
    assert SlotKey.of(KEYS, school, mine).opened(slots, PLACE, lambda: EK) == key
    other = UUID(int=mine.int ^ 1)
    for place, one in (
        (PLACE, SlotKey.of(KEYS, school, other)),
        (PLACE, SlotKey.of(KEYS, UUID(int=school.int ^ 1), mine)),
        (PLACE, SlotKey.of(KEYS, school, mine, version=2)),
        (PLACE, SlotKey.of_the_host(KEYS, school)),
        (PLACE, SlotKey.of(MasterKey(bytes(32)), school, mine)),
        (Place(PLACE.establishment_id, uuid4()), SlotKey.of(KEYS, school, mine)),
        (Place(uuid4(), PLACE.conversation_id), SlotKey.of(KEYS, school, mine)),
    ):
        assert not one.is_in(slots, place)
        with pytest.raises(UnsealError):
            one.opened(slots, place, lambda: EK)


def test_where_a_reader_stands_is_chance_and_nothing_comes_twice() -> None:
    key, mine = ConversationKey.fresh(PLACE, EK), SlotKey.of(KEYS, PLACE.establishment_id, uuid4())
    drawn = [filled(key, [mine], ROOM) for _turn in range(800)]
    where = Counter((slots.index(mine.tag(PLACE, slots[:16])) - 16) // SLOT for slots in drawn)
    assert set(where) == set(range(ROOM))
    assert max(where.values()) < 100, "50 expected"
    parts = [slots[start : start + SLOT] for slots in drawn for start in range(16, SIZE, SLOT)]
    assert len(set(parts)) == len({part[:16] for part in parts}) == len(parts), "neither a slot nor a tag"


def test_sizes_do_not_tell_who_is_left_out(town: Town) -> None:
    everyone = [account(town, name, COLLEGE) for name in ("roux", "petit", "ines")]
    ways = [(), *((one,) for one in everyone), tuple(everyone), (town.schools[COLLEGE],)]
    assert {len(slots_of(town, write(town, without=one))) for one in ways} == {SIZE}


def test_a_large_group_has_more_slots_whomever_the_writer_leaves_out(town: Town) -> None:
    with town.house.database.writing() as db:
        school, portal = town.schools[COLLEGE], next(iter(identity.portals(db))).id
        new = [
            identity.account(db, town.house.keys, school, portal, f"more-{number}", Profile.STAFF, f"N {number}").id
            for number in range(ROOM)
        ]
        for one in new:
            identity.grant(db, school, one, Role.LISTENER, NOW.date())
        group_here = len(adults.readers(db, school))
    written = [write(town, without=one) for one in ((), (account(town, "roux"),), (new[0], account(town, "roux")))]
    assert {size_of(slots_of(town, one)) for one in written} == {room_for(group_here)} == {2 * ROOM}
    assert len(readers_of(town, written[0])) == group_here


def test_whenever_somebody_is_given_the_key_or_loses_it_all_slots_are_new(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    seen = [slots_of(town, written)]
    assert act(petit, str(written.id), "hand_over", to="up").status_code == 303
    seen.append(slots_of(town, written))
    assert act(petit, str(written.id), "step_aside").status_code == 303
    seen.append(slots_of(town, written))
    parts = [slots[start : start + SLOT] for slots in seen for start in range(16, SIZE, SLOT)]
    assert {len(slots) for slots in seen} == {SIZE}
    assert len({part[:16] for part in parts}) == len(parts)
    assert account(town, "petit") not in readers_of(town, written)
    assert {account(town, "roux"), account(town, "referent")} <= readers_of(town, written)


def test_rows_of_listeners_would_tell_who_is_left_out(town: Town) -> None:
    """Control: a row for each listener, as it was, shows it by counting; a row of slots does not."""

    def told(kept: list[list[UUID]]) -> int:
        return len(set(map(len, kept)))

    one, other = write(town), write(town, without=(account(town, "roux"),))
    with town.house.database.reading() as db:
        place = [Place(written.school, written.id) for written in (one, other)]
        naive = [[adult.account_id for adult in holding.holders(db, town.house.keys, here)] for here in place]
        rows = db.execute(select(KeySlots.id, KeySlots.slots), execution_options={"across": True}).all()
    assert told(naive) == 2
    assert told([[row.id for row in rows if row.id == written.id] for written in (one, other)]) == 1
    names = [account(town, name, COLLEGE) for name in ("roux", "petit", "ines")]
    assert not [name for name in names for row in rows if name.bytes in row.slots]


def test_a_level_above_reads_what_it_was_given_of_all_its_schools(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Walked a few at a time, across pages, and merged with nothing doubled."""
    monkeypatch.setattr("ent_module.help.service.reach._AT_MOST", 3)
    monkeypatch.setattr("ent_module.help.service.desk.PER_PAGE", 2)
    out = tuple(account(town, name, COLLEGE) for name in ("roux", "petit"))
    given_up = {str(write(town, without=out if number % 3 == 0 else ()).id) for number in range(9) if number % 3 == 0}
    found: list[str] = []
    for page in (1, 2, 3):
        found += on_desk(town.browser("referent"), f"?page={page}")
    assert set(found) == given_up
    assert len(found) == len(given_up)


# --- Keys of an earlier program ---------------------------------------------------------------------------------------


def as_before(town: Town, written: Written, keys: MasterKey = KEYS) -> None:
    """The keys of a conversation as the program of before kept them: wrapped, a row for each listener."""
    place, house = Place(written.school, written.id), town.house.keys
    with town.house.database.writing() as db:
        key = holding.host_key(db, house, place)
        assert key is not None
        for one in holding.holders(db, house, place):
            level, who = one.establishment_id, one.account_id
            private = sealing.private_key(keys.derive("help.listener", level.bytes, who.bytes, b"\0\1"))
            bound = (*place.parts, b"listener", level.bytes, who.bytes)
            wrapped = sealing.wrap(key.secret, private.public_key(), *bound)
            values = {"reader_establishment_id": level, "account_id": who, "version": 1, "wrapped": wrapped}
            db.add(KeyWrap(establishment_id=written.school, conversation_id=written.id, **values))
        db.delete(db.get_one(KeySlots, (written.school, written.id)))


def upgrade(town: Town) -> tuple[int, str]:
    result = town.app.test_cli_runner().invoke(group, ["upgrade"])
    return result.exit_code, result.output


def test_keys_of_before_are_carried_over_by_the_upgrade(town: Town) -> None:
    written, other = write(town, without=(account(town, "roux"),)), write(town)
    readers = readers_of(town, written)
    for one in (written, other):
        as_before(town, one)
    assert on_desk(town.browser("petit")) == []
    assert upgrade(town)[0] == upgrade(town)[0] == 0
    assert readers_of(town, written) == readers
    assert MESSAGE in town.browser("petit").get(f"/staff/desk/{written.id}").text
    assert on_desk(town.browser("roux")) == [str(other.id)]
    with town.house.database.reading() as db:
        assert not db.scalars(select(KeyWrap.id), execution_options={"across": True}).all()
    with suppress(LookupError):
        jobs.escalate(town.house, NOW)
    assert readers_of(town, written) == readers


def test_keys_that_do_not_open_stay_and_are_counted(town: Town) -> None:
    written, other = write(town), write(town)
    as_before(town, written, MasterKey(bytes(32)))
    as_before(town, other)
    code, said = upgrade(town)
    assert code == 1
    assert "1 conversation(s) do not open" in said
    assert readers_of(town, other)
    with town.house.database.reading() as db:
        assert set(db.scalars(select(KeyWrap.conversation_id), execution_options={"across": True})) == {written.id}
