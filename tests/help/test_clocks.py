"""When nobody reads, the next adult is told; when nobody who could read is left, others are given the key."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ent_module.help import jobs
from ent_module.help.blueprint import ROOM
from ent_module.help.model.moves import State
from ent_module.help.sealing import Place
from ent_module.help.service import clocks
from ent_module.help.tables import Conversation, Message, MoveLine
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from ent_module.privacy import sealing
from tests.help.steps import MESSAGE, NOW, Written, account, act, on_desk, opened, readers_of, seen, token_on, write
from tests.support.database import everything
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, Town

DUE = timedelta(days=1)
"""Written on a Thursday: to be read on Friday."""


def state_of(town: Town, written: Written) -> tuple[str, date | None]:
    with town.house.database.reading() as db:
        row = db.get(Conversation, (written.school, written.id))
        assert row is not None
        return row.state, row.escalated_on


def revoke(town: Town, *names: str, uai: str = COLLEGE) -> None:
    with town.house.database.writing() as db:
        for name in names:
            identity.revoke(db, town.schools[uai], account(town, name, uai), Role.LISTENER)


def test_nothing_happens_before_the_day_is_over(town: Town) -> None:
    written = write(town)
    before = everything(town.house.database)
    jobs.escalate(town.house, NOW + DUE)
    assert everything(town.house.database) == before
    assert account(town, "referent") not in readers_of(town, written)


def test_the_day_after_the_next_level_is_given_the_key_once(town: Town) -> None:
    written, later = write(town), NOW + timedelta(days=2)
    jobs.escalate(town.house, later)
    assert account(town, "referent") in readers_of(town, written)
    assert state_of(town, written) == (State.NEW, later.date())
    once = everything(town.house.database)
    jobs.escalate(town.house, later)
    jobs.escalate(town.house, later + timedelta(days=30))
    assert everything(town.house.database) == once
    referent = town.browser("referent")
    assert "en retard de" in seen(referent.get("/staff/desk"))
    assert MESSAGE in referent.get(f"/staff/desk/{written.id}").text
    assert "le niveau suivant peut lire aussi" in seen(town.browser("petit").get("/staff/desk"))


def test_only_somebody_who_takes_it_or_closes_it_stops_the_clock(town: Town) -> None:
    taken, closed, read, handed = (write(town) for _turn in range(4))
    petit = town.browser("petit")
    for one in (taken, closed, read):
        petit.get(f"/staff/desk/{one.id}")
    act(petit, str(taken.id), "take")
    act(petit, str(closed.id), "close")
    act(petit, str(handed.id), "hand_over", to=str(account(town, "roux")))
    jobs.escalate(town.house, NOW + timedelta(days=90))
    referent = account(town, "referent")
    assert [referent in readers_of(town, one) for one in (taken, closed, read, handed)] == [False, False, True, True]


def test_what_was_only_read_still_waits_everywhere(town: Town) -> None:
    written = write(town, now=NOW - timedelta(days=30))
    petit = town.browser("petit")
    petit.get(f"/staff/desk/{written.id}")
    assert state_of(town, written)[0] == State.READ
    for page in ("/staff/desk", f"/staff/desk/{written.id}"):
        assert "en retard de" in seen(petit.get(page))
    assert "1 à lire ou à prendre" in seen(petit.get("/"))
    assert "attend depuis trop longtemps" in seen(town.browser("head").get("/staff/group"))
    act(petit, str(written.id), "take")
    assert "en retard de" not in seen(petit.get("/staff/desk"))
    assert "Rien à lire" in seen(petit.get("/"))
    assert "Rien n’attend" in seen(town.browser("head").get("/staff/group"))


def test_what_somebody_had_who_left_the_group_waits_again(town: Town) -> None:
    written = write(town)
    act(town.browser("roux"), str(written.id), "take")
    revoke(town, "roux")
    jobs.escalate(town.house, NOW)
    assert "personne ne l’a pris" in seen(town.browser("petit").get("/staff/desk"))
    assert account(town, "referent") not in readers_of(town, written)
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert account(town, "referent") in readers_of(town, written)


def test_a_new_message_starts_the_clock_again(town: Town) -> None:
    written = write(town)
    jobs.escalate(town.house, NOW + timedelta(days=2))
    browser = town.browser("lina")
    page = opened(browser, written.code)
    browser.post("/words/reply", {"token": token_on(page.text), "code": written.code, "message": "Encore."})
    assert state_of(town, written) == (State.NEW, None)


def test_at_an_ecole_the_ladder_goes_on_to_the_departement(town: Town) -> None:
    written = write(town, uai=ECOLE)
    circo = {account(town, name, CIRCONSCRIPTION) for name in ("circo1", "circo2")}
    assert readers_of(town, written) == circo
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert readers_of(town, written) == circo | {account(town, "referent")}


def test_where_the_next_level_has_nobody_the_clock_tries_again(town: Town) -> None:
    with town.house.database.writing() as db:
        place = town.membership("referent")
        identity.revoke(db, place.establishment_id, place.account_id, Role.LISTENER)
    written = write(town)
    assert not written.receipt.another_may_read
    assert "un autre adulte pourra aussi le lire" not in seen(town.browser("lina").get("/write"))
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert state_of(town, written) == (State.NEW, None)
    with town.house.database.writing() as db:
        identity.grant(db, place.establishment_id, place.account_id, Role.LISTENER, date(2026, 11, 13))
    jobs.escalate(town.house, NOW + timedelta(days=3))
    assert state_of(town, written) == (State.NEW, date(2026, 11, 15))


def test_a_message_whose_readers_have_all_left_is_given_to_others(town: Town) -> None:
    written = write(town, without=(account(town, "roux"),))
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "clerk"), Role.LISTENER, date(2026, 11, 1))
        identity.grant(db, town.schools[COLLEGE], account(town, "nurse"), Role.LISTENER, date(2026, 11, 1))
    revoke(town, "petit", "ines")
    assert on_desk(town.browser("clerk")) == []
    jobs.escalate(town.house, NOW)
    assert on_desk(town.browser("clerk")) == on_desk(town.browser("nurse")) == [str(written.id)]
    assert MESSAGE in town.browser("clerk").get(f"/staff/desk/{written.id}").text
    assert account(town, "roux") not in readers_of(town, written)
    assert "il ne restait aucun lecteur" in seen(town.browser("clerk").get(f"/staff/desk/{written.id}"))
    once = everything(town.house.database)
    jobs.escalate(town.house, NOW)
    assert everything(town.house.database) == once


def test_one_broken_conversation_keeps_no_other_waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [write(town) for _turn in range(3)]
    whole = clocks.tick
    broken = min(places, key=lambda one: one.id).id

    def tick(db: object, keys: object, place: Place, now: object) -> None:
        if place.conversation_id == broken:
            raise sealing.UnsealError
        whole(db, keys, place, now)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(clocks, "tick", tick)
    with pytest.raises(sealing.UnsealError):
        jobs.escalate(town.house, NOW + timedelta(days=2))
    told = [one for one in places if account(town, "referent") in readers_of(town, one)]
    assert {one.id for one in told} == {one.id for one in places} - {broken}


# --- Erasure ----------------------------------------------------------------------------------------------------------


def test_erasing_an_adult_leaves_the_message_to_the_others(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    act(petit, str(written.id), "take")
    act(petit, str(written.id), "answer", message="Bonjour.")
    act(petit, str(written.id), "note", note="À suivre.")
    mine = account(town, "petit")
    with town.house.database.writing() as db:
        ROOM.erasure(db, written.school, mine)
        assert db.scalars(select(Message.author_id), execution_options={"across": True}).all() == [None, None]
        moves = db.scalars(select(MoveLine.account_id), execution_options={"across": True}).all()
        assert mine not in moves
    assert state_of(town, written)[0] == State.IN_PROGRESS
    page = town.browser("roux").get(f"/staff/desk/{written.id}")
    assert MESSAGE in page.text
    assert "personne ne l’a pris" in seen(page)


def test_what_only_an_erased_adult_could_read_is_given_to_others(town: Town) -> None:
    left_out = tuple(account(town, name, COLLEGE) for name in ("petit", "roux", "ines"))
    written, last = write(town, without=left_out), account(town, "referent")
    place = town.membership("referent").establishment_id
    with town.house.database.writing() as db:
        identity.revoke(db, place, last, Role.LISTENER)
        ROOM.erasure(db, place, last)
        identity.grant(db, written.school, account(town, "clerk"), Role.LISTENER, date(2026, 11, 1))
    jobs.escalate(town.house, NOW)
    assert readers_of(town, written) == {account(town, "clerk")}
    assert MESSAGE in town.browser("clerk").get(f"/staff/desk/{written.id}").text


def test_erasing_a_pupil_finds_nothing_to_erase(town: Town) -> None:
    written = write(town, answer="here-named")
    before = everything(town.house.database)
    with town.house.database.writing() as db:
        ROOM.erasure(db, written.school, account(town, "lina"))
    assert everything(town.house.database) == before
