"""An adult whom the writer leaves out gets no key and sees the same as if the message did not exist."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ent_module.help import jobs
from ent_module.help.service import desk, heads, reach
from ent_module.help.tables import Told
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.steps import NOW, Written, account, act, on_desk, readers_of, send, write
from tests.support.crawl import crawl
from tests.support.database import everything
from tests.support.town import CIRCONSCRIPTION, COLLEGE, DEPARTEMENT, ECOLE, Browser, Town


def without(town: Town, *names: str, uai: str = COLLEGE) -> dict[str, Any]:
    return {"without": tuple(town.membership(name, uai).account_id for name in names)}


def what_is_seen(browser: Browser) -> dict[str, str]:
    """Every page that this person can reach from home, byte by byte, but for forms that carry chance of their own."""
    first, second = crawl(browser), crawl(browser)
    same = {address: page for address, page in first.items() if second.get(address) == page}
    assert "/" in same
    return {**same, "reached": " ".join(sorted(first))}


# --- Two worlds -------------------------------------------------------------------------------------------------------


def differs_for(town: Town, names: tuple[str, ...], left_out: tuple[str, ...]) -> set[str]:
    """Who of these people sees anything else once somebody has written an urgent message and left adults out."""
    browsers = {name: town.browser(name) for name in names}
    before = {name: what_is_seen(browser) for name, browser in browsers.items()}
    written = write(town, danger="yes", now=NOW - timedelta(days=30), **without(town, *left_out))
    petit = town.browser("petit")
    act(petit, str(written.id), "take")
    act(petit, str(written.id), "note", note="Une note.")
    act(petit, str(written.id), "not_urgent", why="Calmé.")
    act(petit, str(written.id), "urgent")
    jobs.escalate(town.house, NOW)
    found = {name for name, browser in browsers.items() if what_is_seen(browser) != before[name]}
    act(petit, str(written.id), "close", done="Fait.")
    return found | {name for name, browser in browsers.items() if what_is_seen(browser) != before[name]}


def test_those_left_out_see_the_same_as_if_the_message_did_not_exist(town: Town) -> None:
    assert differs_for(town, ("roux", "head", "clerk"), ("roux", "head")) == set()


def test_control_those_who_are_not_left_out_see_a_difference(town: Town) -> None:
    assert differs_for(town, ("roux", "head", "ines"), ()) == {"roux", "head", "ines"}


def test_control_a_head_who_is_told_of_everything_would_be_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    one_for_all = b"\0" * 16
    monkeypatch.setattr(heads, "told_marker", lambda *_who: one_for_all)
    monkeypatch.setattr("ent_module.help.service.writing.told_marker", lambda *_who: one_for_all)
    chance = SimpleNamespace(token_bytes=lambda size: one_for_all[:1] * size)  # for these rows, not for sessions
    monkeypatch.setattr("ent_module.help.service.writing.secrets", chance)
    assert differs_for(town, ("head",), ("head",)) == {"head"}


def test_control_an_inbox_by_role_would_be_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach.Reader, "holds", lambda *_who: True)
    monkeypatch.setattr(reach.Reader, "opened", lambda reader, *_what: (reader.accounts[0], None))
    monkeypatch.setattr(desk, "_is_left_out", lambda *_who: False)
    browser = town.browser("roux")
    before = browser.get("/").text
    write(town, **without(town, "roux"))
    assert browser.get("/").text != before


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_no_key_for_those_left_out(town: Town) -> None:
    everyone = write(town)
    assert readers_of(town, everyone) == {account(town, name, COLLEGE) for name in ("petit", "roux", "ines")}
    some = write(town, **without(town, "roux"))
    assert readers_of(town, some) == {account(town, name, COLLEGE) for name in ("petit", "ines")}
    page = town.browser("roux").get(f"/staff/desk/{some.id}")
    assert page.status_code == 404
    assert town.browser("roux").post(f"/staff/desk/{some.id}/take", {}).status_code in {400, 404}


def test_where_fewer_than_two_remain_the_next_level_joins(town: Town) -> None:
    alone = write(town, **without(town, "roux", "ines"))
    assert readers_of(town, alone) == {account(town, "petit"), account(town, "referent")}
    above = write(town, **without(town, "roux", "ines", "petit"))
    assert readers_of(town, above) == {account(town, "referent")}
    [both] = {alone.id} & {conversation.id for conversation in (alone,)}
    assert set(on_desk(town.browser("referent"))) == {str(both), str(above.id)}


def test_the_count_of_signs_tells_nothing_of_who_is_left_out(town: Town) -> None:
    write(town)
    write(town, **without(town, "head"))
    rows = everything(town.house.database)[Told.__tablename__]
    assert len(rows) == 16
    assert "head" not in "".join(rows)


def listen_above(town: Town, name: str, uai: str) -> Written:
    """Somebody who is left out at the collège has an account of the same name a level above, and listens there."""
    person = town.people[name]
    with town.house.database.writing() as db:
        above = identity.account(
            db,
            town.house.keys,
            town.schools[uai],
            town.portal_id,
            f"another-subject-of-{name}",
            person.profile,
            person.name.upper(),
        )
        identity.grant(db, town.schools[uai], above.id, Role.LISTENER, date(2026, 9, 1))
    return write(town, now=NOW - timedelta(days=10), **without(town, name, "ines"))


def test_somebody_left_out_is_left_out_a_level_above_too(town: Town) -> None:
    written = listen_above(town, "roux", DEPARTEMENT)
    expected = {account(town, "petit"), account(town, "referent")}
    assert readers_of(town, written) == expected
    jobs.escalate(town.house, NOW)
    assert readers_of(town, written) == expected


def test_escalation_and_handing_over_honour_who_is_left_out(town: Town) -> None:
    written = write(town, now=NOW - timedelta(days=10), **without(town, "roux", "head"))
    jobs.escalate(town.house, NOW)
    holders = {account(town, name, COLLEGE) for name in ("petit", "ines")} | {account(town, "referent")}
    assert readers_of(town, written) == holders
    petit = town.browser("petit")
    to_roux = act(petit, str(written.id), "hand_over", to=str(account(town, "roux")))
    assert to_roux.status_code == 400
    assert readers_of(town, written) == holders


def test_at_an_ecole_the_group_above_can_be_left_out_too(town: Town) -> None:
    circo1 = account(town, "circo1", CIRCONSCRIPTION)
    written = write(town, uai=ECOLE, without=(circo1,))
    assert readers_of(town, written) == {account(town, "circo2"), account(town, "referent")}
    assert on_desk(town.browser("circo1")) == []


def test_colleagues_are_told_whom_not_to_speak_to(town: Town) -> None:
    written = write(town, **without(town, "roux"))
    page = town.browser("petit").get(f"/staff/desk/{written.id}").text
    assert "Ne pas en parler à" in page
    assert "Marc Roux" in page


def test_the_page_offers_readers_and_the_head_and_nobody_else(town: Town) -> None:
    browser = town.browser("lina")
    page = browser.get("/write").text
    for name in ("petit", "roux", "ines", "head"):
        assert str(account(town, name, COLLEGE)) in page
    for name in ("admin", "clerk", "nurse", "alba", "referent"):
        assert str(account(town, name)) not in page
    assert "message est arrivé" in send(browser, without=[str(account(town, "head"))]).text
    assert "Rien n’attend" in town.browser("head").get("/staff/group").text
    send(browser)
    assert "attend d’être lu" in town.browser("head").get("/staff/group").text
