"""A reader marks an adult who is named in the free text: the lock follows at once, as if the writer had done it."""

from datetime import date, timedelta

import pytest

from ent_module.help import jobs
from ent_module.help.model.moves import State
from ent_module.help.service import store
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.steps import NOW, account, act, actions_of, on_desk, readers_of, row_of, seen, write
from tests.help.test_leaving_out import what_is_seen
from tests.support.town import COLLEGE, Town


def mark(town: Town, written_id: object, name: str, by: str = "petit") -> int:
    """A reader marks that adult."""
    return act(town.browser(by), str(written_id), "concerned", adult=str(account(town, name, COLLEGE))).status_code


def test_the_marked_adult_loses_the_key_and_what_they_had_taken_waits_again(town: Town) -> None:
    written, roux = write(town), town.browser("roux")
    act(roux, str(written.id), "take")
    assert mark(town, written.id, "roux") == 303
    assert readers_of(town, written) == {account(town, name, COLLEGE) for name in ("petit", "ines")}
    row = row_of(town, written)
    assert (row.state, row.handled_by) == (State.HANDED_OVER, None)
    assert on_desk(roux) == []
    assert roux.get(f"/staff/desk/{written.id}").status_code == 404
    page = seen(town.browser("petit").get(f"/staff/desk/{written.id}"))
    assert "Marc Roux" in page.partition("Ne pas en parler à")[2]
    assert "Un adulte cité a été écarté" in page


def test_what_a_colleague_has_taken_stays_theirs_when_another_is_marked(town: Town) -> None:
    written = write(town)
    act(town.browser("ines"), str(written.id), "take")
    assert mark(town, written.id, "roux") == 303
    row = row_of(town, written)
    assert (row.state, row.handled_by) == (State.IN_PROGRESS, account(town, "ines", COLLEGE))


def differs_for(town: Town, names: tuple[str, ...], marked: tuple[str, ...], danger: str = "yes") -> set[str]:
    """Who of these people sees anything else than before the message, once these adults have been marked in it."""
    browsers = {name: town.browser(name) for name in names}
    before = {name: what_is_seen(browser) for name, browser in browsers.items()}
    written = write(town, danger=danger, now=NOW - timedelta(days=30))
    for name in marked:
        assert mark(town, written.id, name) == 303
    petit = town.browser("petit")
    act(petit, str(written.id), "take")
    act(petit, str(written.id), "note", note="Une note.", on_day="2099-01-05")
    jobs.escalate(town.house, NOW)
    found = {name for name, browser in browsers.items() if what_is_seen(browser) != before[name]}
    act(petit, str(written.id), "close", done="Fait.")
    return found | {name for name, browser in browsers.items() if what_is_seen(browser) != before[name]}


def test_the_marked_adults_see_the_same_as_if_the_message_did_not_exist(town: Town) -> None:
    assert differs_for(town, ("roux", "head", "clerk"), ("roux", "head")) == set()


def test_control_whoever_is_not_marked_sees_a_difference(town: Town) -> None:
    assert differs_for(town, ("roux", "head", "ines"), ("clerk",)) == {"roux", "ines"} | {"head"}


def test_control_a_sign_that_stays_would_be_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "replace_marker", lambda *_row: None)
    assert differs_for(town, ("head",), ("head",)) == {"head"}


def test_a_marked_office_locks_out_whoever_heads_the_school(town: Town) -> None:
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "head"), Role.LISTENER, date(2026, 9, 1))
    written = write(town)
    assert account(town, "head") in readers_of(town, written)
    office = str(town.schools[COLLEGE])
    assert act(town.browser("petit"), str(written.id), "concerned", adult=office).status_code == 303
    assert account(town, "head") not in readers_of(town, written)
    head = town.browser("head")
    assert on_desk(head) == []
    assert head.get(f"/staff/desk/{written.id}").status_code == 404
    assert "Rien n’attend" in head.get("/staff/group").text


def test_where_fewer_than_two_readers_are_left_it_goes_up(town: Town) -> None:
    written = write(town)
    assert mark(town, written.id, "roux") == 303
    assert account(town, "referent") not in readers_of(town, written)
    assert mark(town, written.id, "ines") == 303
    assert readers_of(town, written) == {account(town, "petit"), account(town, "referent")}


def test_a_marked_adult_is_never_given_it_again(town: Town) -> None:
    written = write(town, now=NOW - timedelta(days=10))
    assert mark(town, written.id, "clerk") == 303
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "clerk"), Role.LISTENER, date(2026, 11, 1))
        for name in ("petit", "roux", "ines"):
            identity.revoke(db, town.schools[COLLEGE], account(town, name, COLLEGE), Role.LISTENER)
    jobs.escalate(town.house, NOW)
    assert account(town, "clerk") not in readers_of(town, written)
    assert account(town, "referent") in readers_of(town, written)


def test_only_adults_of_the_page_can_be_marked_and_never_oneself(town: Town) -> None:
    written = write(town)
    assert mark(town, written.id, "petit") == 400
    for wrong in (str(account(town, "lina")), str(account(town, "paul")), "x"):
        assert act(town.browser("petit"), str(written.id), "concerned", adult=wrong).status_code == 400
    assert act(town.browser("petit"), str(written.id), "concerned").status_code == 422
    assert mark(town, written.id, "roux") == 303
    assert mark(town, written.id, "roux") == 400  # is left out already
    assert actions_of(town, written).count("concerned") == 1


def test_also_once_it_is_closed(town: Town) -> None:
    written = write(town)
    act(town.browser("roux"), str(written.id), "close")
    assert mark(town, written.id, "roux") == 303
    assert row_of(town, written).state == State.CLOSED
    assert on_desk(town.browser("roux"), "?show=closed") == []
