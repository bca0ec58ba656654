"""Somebody left out is left out as a person: under every account and spelling, and as whoever heads the school."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from ent_module.help import jobs
from ent_module.help.service import desk, heads
from ent_module.help.service.heads import Situation
from ent_module.help.tables import Conversation
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Membership, Profile, Role
from tests.help.steps import (
    ARRIVED,
    MESSAGE,
    NOW,
    Written,
    account,
    act,
    on_desk,
    readers_of,
    rewrite,
    seen,
    send,
    token_on,
    write,
)
from tests.help.test_leaving_out import differs_for
from tests.support.database import everything
from tests.support.town import CIRCONSCRIPTION, COLLEGE, DEPARTEMENT, ECOLE, OTHER, Town

LATER = NOW + timedelta(days=10)


def also_listens(town: Town, name: str, uai: str, spelt: str) -> None:
    """The same person of the same portal has an account in another establishment, and listens there."""
    with town.house.database.writing() as db:
        where, who = town.schools[uai], town.arrival(name)
        one = identity.account(db, town.house.keys, where, town.portal_id, who.subject, who.profile, spelt)
        identity.grant(db, where, one.id, Role.LISTENER, date(2026, 9, 1))


@pytest.mark.parametrize("spelt", ["M. Roux (DSDEN)", ""])
def test_whoever_is_left_out_is_known_a_level_above_by_any_spelling(town: Town, spelt: str) -> None:
    also_listens(town, "roux", DEPARTEMENT, spelt)
    expected = {account(town, name, COLLEGE) for name in ("petit", "ines")} | {account(town, "referent")}
    late = write(town, without=(account(town, "roux"),))
    jobs.escalate(town.house, LATER)
    assert readers_of(town, late) == expected
    handed = write(town, without=(account(town, "roux"),))
    act(town.browser("petit"), str(handed.id), "hand_over", to="up")
    assert readers_of(town, handed) == expected
    aside = write(town)  # who steps aside is left out in the same way
    act(town.browser("roux"), str(aside.id), "step_aside")
    jobs.escalate(town.house, datetime.now(UTC) + timedelta(days=30))  # the clock began anew
    assert readers_of(town, aside) == expected


def test_where_few_remain_the_level_above_joins_without_them(town: Town) -> None:
    also_listens(town, "roux", DEPARTEMENT, "M. Roux (DSDEN)")
    written = write(town, without=tuple(account(town, name, COLLEGE) for name in ("roux", "ines")))
    assert readers_of(town, written) == {account(town, "petit"), account(town, "referent")}


def test_words_of_a_name_in_another_order_are_the_same_name(town: Town) -> None:
    with town.house.database.writing() as db:  # from another portal: nothing but the name is common
        portal = identity.add_portal(db, "lti", "Autre portail", "https://other.example")
        where = town.schools[DEPARTEMENT]
        one = identity.account(db, town.house.keys, where, portal.id, "x", Profile.EXTERNAL, "ROUX, Marc")
        identity.grant(db, where, one.id, Role.LISTENER, date(2026, 9, 1))
    written = write(town, without=(account(town, "roux"),))
    jobs.escalate(town.house, LATER)
    assert one.id not in readers_of(town, written)
    assert account(town, "referent") in readers_of(town, written)


# --- The live session -------------------------------------------------------------------------------------------------


def given_all_the_same(town: Town, written: Written, name: str, uai: str) -> None:
    """A key gets to another account of somebody who is left out, however that may come about."""
    rewrite(town, written, [(town.schools[uai], account(town, name, uai))])


def test_who_is_left_out_under_one_account_reads_with_none(town: Town) -> None:
    written, browser = write(town, danger="yes", without=(account(town, "ines", COLLEGE),)), town.browser("ines")
    before, other = seen(browser.get("/")), write(town, uai=OTHER)
    given_all_the_same(town, written, "ines", OTHER)
    assert on_desk(browser) == [str(other.id)]
    assert "1 à lire ou à prendre" in seen(browser.get("/"))
    assert "urgent" not in seen(browser.get("/"))
    assert "Rien à lire" in before
    assert browser.get(f"/staff/desk/{written.id}").status_code == 404
    token, kept = token_on(browser.get(f"/staff/desk/{other.id}").text), everything(town.house.database)
    for action in ("take", "answer", "note", "hand_over", "urgent", "not_urgent", "step_aside", "close", "reopen"):
        assert browser.post(f"/staff/desk/{written.id}/{action}", {"token": token}).status_code == 404
    assert everything(town.house.database) == kept


def test_the_tile_counts_what_can_be_read_however_much_cannot(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """More wait than are looked at in one go, and those left out are neither first nor last among them."""
    monkeypatch.setattr(desk, "_AT_ONCE", 3)
    for number in range(8):
        out = (account(town, "ines", COLLEGE),) if number % 2 else ()
        written = write(town, danger="yes" if number < 4 else "", without=out)
        if out:
            given_all_the_same(town, written, "ines", OTHER)
    given_all_the_same(town, write(town), "ines", OTHER)  # by two accounts, and yet one message
    write(town, without=(town.schools[COLLEGE],))
    with town.house.database.reading() as db:
        assert desk.unread(db, town.house.keys, town.ines) == desk.Unread(6, 2)
        assert desk.unread(db, town.house.keys, town.petit) == desk.Unread(10, 4)
    becomes_head(town, "ines")
    with town.house.database.reading() as db:
        assert desk.unread(db, town.house.keys, town.ines) == desk.Unread(5, 2)


def test_stepping_aside_is_remembered_after_signing_in_again(town: Town) -> None:
    written, roux = write(town), town.browser("roux")
    act(roux, str(written.id), "step_aside")
    again = town.browser("roux")
    assert on_desk(again) == on_desk(again, "?show=closed") == []
    assert again.get(f"/staff/desk/{written.id}").status_code == 404
    given_all_the_same(town, written, "roux", COLLEGE)
    assert on_desk(town.browser("roux")) == []
    assert town.browser("roux").get(f"/staff/desk/{written.id}").status_code == 404
    act(town.browser("petit"), str(written.id), "take")
    assert MESSAGE in town.browser("petit").get(f"/staff/desk/{written.id}").text


# --- Whoever heads the school -----------------------------------------------------------------------------------------


def becomes_head(town: Town, name: str, uai: str = COLLEGE) -> Membership:
    """The portal names somebody head of the school."""
    who = town.arrival(name)
    with town.house.database.writing() as db:
        arrival = Arrival(who.portal_id, who.subject, who.profile, who.name, (uai,), (), "fr", head=True)
        return identity.welcome(db, town.house.keys, arrival).here


def told(town: Town, head: Membership) -> Situation:
    with town.house.database.reading() as db:
        return heads.situation(db, town.house.keys, head, NOW)


def test_a_listener_left_out_who_becomes_head_is_not_told(town: Town) -> None:
    write(town, danger="yes", without=(account(town, "roux"),))
    assert told(town, becomes_head(town, "roux")) is Situation.QUIET
    write(town)
    assert told(town, becomes_head(town, "roux")) is Situation.UNREAD  # control


def test_a_listener_who_stepped_aside_and_becomes_head_is_not_told(town: Town) -> None:
    written = write(town, danger="yes")
    act(town.browser("roux"), str(written.id), "step_aside")
    assert told(town, becomes_head(town, "roux")) is Situation.QUIET


def the_office(town: Town, uai: str = COLLEGE) -> str:
    """What the page sends for « La direction »."""
    return str(town.schools[uai])


@pytest.mark.parametrize("uai", [COLLEGE, ECOLE])
def test_the_head_may_always_be_left_out_even_before_one_has_come(town: Town, uai: str) -> None:
    name, page = ("lina", "/write") if uai == COLLEGE else ("noe", "/write/visit")
    if uai == COLLEGE:
        with town.house.database.writing() as db:
            identity.revoke(db, town.schools[COLLEGE], account(town, "head"), Role.HEAD)
    browser = town.browser(name)
    assert "La direction" in seen(browser.get(page))
    text = {} if uai == COLLEGE else {"message": "", "answer": ""}
    assert ARRIVED in send(browser, page, without=[the_office(town, uai)], danger="yes", **text).text
    assert told(town, becomes_head(town, "clerk" if uai == COLLEGE else "circo1", uai)) is Situation.QUIET
    reader = town.browser("petit" if uai == COLLEGE else "circo2")
    assert "la direction" in seen(reader.get(f"/staff/desk/{on_desk(reader)[0]}"))


def test_leaving_out_the_head_leaves_out_whoever_heads_the_school(town: Town) -> None:
    becomes_head(town, "roux")
    written = write(town, without=(town.schools[COLLEGE],))
    assert readers_of(town, written) == {account(town, name, COLLEGE) for name in ("petit", "ines")}
    assert told(town, town.membership("head")) is told(town, town.membership("roux")) is Situation.QUIET
    ines = town.browser("ines")
    assert on_desk(ines) == [str(written.id)]
    becomes_head(town, "ines")
    assert on_desk(ines) == []


def test_two_worlds_for_a_head_left_out_as_the_office(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    office = town.schools[COLLEGE]
    monkeypatch.setattr("tests.help.test_leaving_out.without", lambda *_who: {"without": (office,)})
    assert differs_for(town, ("head", "clerk"), ("head",)) == set()


def test_the_office_of_another_school_cannot_be_left_out(town: Town) -> None:
    for uai in (OTHER, CIRCONSCRIPTION):
        assert send(town.browser("lina"), without=[the_office(town, uai)]).status_code == 400
    with town.house.database.reading() as db:
        assert db.scalars(select(Conversation.id), execution_options={"across": True}).all() == []
