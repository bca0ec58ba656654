"""Nurse and social worker, under professional secrecy: a queue of their own, outside the group's in every respect."""

from datetime import date, timedelta

import pytest

from ent_module.help import jobs
from ent_module.help.model.moves import Lane, State
from ent_module.help.service import finding, secrecy
from ent_module.help.service.finding import Wanted
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.steps import MESSAGE, NOW, Written, account, act, actions_of, on_desk, readers_of, row_of, seen, write
from tests.help.test_leaving_out import what_is_seen
from tests.support.town import COLLEGE, Town

WHY = "La fièvre revient tous les lundis."


def to_lane(town: Town, written: Written) -> None:
    page = act(town.browser("petit"), str(written.id), "to_lane", health=WHY)
    assert page.status_code == 303
    assert page.headers["Location"] == "/ent/staff/desk"


def test_what_the_group_hands_over_leaves_its_queue_counts_and_search(town: Town) -> None:
    listening = ("petit", "roux", "head")
    browsers = {name: town.browser(name) for name in listening}
    before = {name: what_is_seen(browser) for name, browser in browsers.items()}
    written = write(town, danger="yes", now=NOW - timedelta(days=30))
    assert what_is_seen(browsers["roux"]) != before["roux"]  # control
    to_lane(town, written)
    jobs.escalate(town.house, NOW)
    assert readers_of(town, written) == {account(town, "nurse")}
    assert {name: what_is_seen(browser) for name, browser in browsers.items()} == before
    for name in ("petit", "roux", "ines"):
        with town.house.database.reading() as db:
            person = town.people[name]
            for lane in Lane:
                found = finding.found(db, town.house.keys, person, Wanted(lane=lane, words="sac"), NOW)
                assert found.lines == []
        assert town.browser(name).get(f"/staff/desk/{written.id}").status_code == 404


def test_the_lane_has_its_own_queue_at_the_same_desk(town: Town) -> None:
    written, group = write(town), write(town)
    to_lane(town, written)
    nurse = town.browser("nurse")
    assert "1 à lire ou à prendre" in seen(nurse.get("/"))
    assert on_desk(nurse) == [str(written.id)]
    assert "226-13" in nurse.get("/staff/desk").text
    page = seen(nurse.get(f"/staff/desk/{written.id}"))
    assert MESSAGE in page
    assert WHY in page  # why it was handed over
    assert "Confié aux personnels soumis au secret professionnel" in page
    assert nurse.get(f"/staff/desk/{group.id}").status_code == 404
    assert act(nurse, str(written.id), "take").status_code == 303
    assert act(nurse, str(written.id), "answer", message="Passe me voir.").status_code == 303
    assert act(nurse, str(written.id), "to_lane", health="Encore.").status_code == 409


def test_someone_of_both_has_two_queues_and_never_one(town: Town) -> None:
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "nurse"), Role.LISTENER, date(2026, 9, 1))
    both, other = write(town), write(town)
    to_lane(town, both)
    nurse = town.browser("nurse")
    assert on_desk(nurse) == [str(other.id)]
    assert on_desk(nurse, "?queue=own") == [str(both.id)]
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "nurse"), Role.LISTENER)
    assert nurse.get(f"/staff/desk/{other.id}").status_code == 404
    assert on_desk(nurse) == [str(both.id)]


def test_what_is_passed_on_is_a_message_in_the_adults_own_words(town: Town) -> None:
    written, nurse, petit = write(town, answer="here-named"), town.browser("nurse"), town.browser("petit")
    to_lane(town, written)
    assert act(nurse, str(written.id), "shared", passed="").status_code == 422
    said = "Un élève de 6e B évite la cantine : à surveiller."
    assert act(nurse, str(written.id), "shared", passed=said).status_code == 303
    [new] = on_desk(petit)
    page = seen(petit.get(f"/staff/desk/{new}"))
    assert said in page
    assert "Awa Diop" in page
    assert "Lina Morel" not in page  # her name only where that is chosen
    assert MESSAGE not in page
    assert row_of(town, written).lane == Lane.SECRECY
    assert on_desk(nurse) == [str(written.id)]
    assert actions_of(town, written)[-1] == "shared"
    act(nurse, str(written.id), "shared", passed="Avec son accord.", named="yes")
    [named] = set(on_desk(petit)) - {new}
    assert "Lina Morel" in seen(petit.get(f"/staff/desk/{named}"))


def test_whom_the_writer_leaves_out_is_left_out_of_what_is_passed_on_too(town: Town) -> None:
    written = write(town, without=(account(town, "roux"),))
    to_lane(town, written)
    act(town.browser("nurse"), str(written.id), "shared", passed="Il a peur.")
    assert on_desk(town.browser("roux")) == []
    assert len(on_desk(town.browser("petit"))) == 1


def test_a_nurse_who_is_left_out_is_not_given_it(town: Town) -> None:
    written = write(town, without=(account(town, "nurse"),))
    petit = town.browser("petit")
    assert "Confier sous secret professionnel" not in petit.get(f"/staff/desk/{written.id}").text
    assert act(petit, str(written.id), "to_lane", health=WHY).status_code == 400
    assert account(town, "nurse") not in readers_of(town, written)


def test_the_clock_gives_what_is_late_to_the_lane_above_and_never_to_the_group(town: Town) -> None:
    with town.house.database.writing() as db:
        identity.grant(
            db, town.membership("referent").establishment_id, account(town, "referent"), Role.SECRECY_LISTENER,
            date(2026, 9, 1),
        )  # fmt: skip
    written = write(town)
    to_lane(town, written)
    assert readers_of(town, written) == {account(town, "nurse"), account(town, "referent")}
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "nurse"), Role.SECRECY_LISTENER)
    jobs.escalate(town.house, NOW + timedelta(days=400))
    assert not {account(town, name, COLLEGE) for name in ("petit", "roux", "ines")} & readers_of(town, written)
    assert row_of(town, written).state == State.HANDED_OVER


@pytest.mark.parametrize(("above", "readers"), [(False, []), (True, ["Awa Diop", "Salomé Weber"])])
def test_a_writer_can_address_the_lane_only_where_two_would_read(town: Town, above: bool, readers: list[str]) -> None:
    with town.house.database.writing() as db:
        if above:
            place = town.membership("referent").establishment_id
            identity.grant(db, place, account(town, "referent"), Role.SECRECY_LISTENER, date(2026, 9, 1))
        found = secrecy.under_secrecy(db, town.schools[COLLEGE], NOW)
        assert ([one.name for one in found.readers] if found else []) == readers
