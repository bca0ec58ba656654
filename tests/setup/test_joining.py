"""The day between the second person's yes and the first message that a new member reads."""

from uuid import UUID

import pytest

from ent_module.identity.model import Role
from tests.help.steps import readers_of, write
from tests.setup.pages import newcomer
from tests.setup.test_teams import MEMBERS, propose, seats
from tests.support.town import LYCEE, Town


@pytest.fixture
def alba(town: Town) -> UUID:
    """Alba's place in the listening group, proposed by the local admin."""
    assert propose(town, town.browser("admin"), "alba") == 303
    return seats(town)["Alba Costa"].id


def test_any_member_stops_within_a_day_what_two_have_decided(town: Town, alba: UUID) -> None:
    """An account of a local admin that somebody has taken over proposes; a second one confirms; a third one sees it."""
    town.browser("head").post(f"{MEMBERS}/{alba}/confirm")
    petit = town.browser("petit")
    assert "Arrêter cette entrée" in petit.get(MEMBERS).text
    assert town.browser("clerk").post(f"{MEMBERS}/{alba}/stop").status_code == 403
    assert petit.post(f"{MEMBERS}/{alba}/stop").status_code == 303
    assert petit.post(f"{MEMBERS}/{alba}/stop").status_code == 404
    town.a_day_passes()
    assert town.browser("alba").get("/staff/desk").status_code == 403
    assert "Alba Costa" not in seats(town)


def test_who_does_not_count_yet_is_no_second_person_and_reads_nothing(town: Town, alba: UUID) -> None:
    town.browser("head").post(f"{MEMBERS}/{alba}/confirm")
    written = write(town)
    assert town.membership("alba").account_id not in readers_of(town, written)
    assert propose(town, town.browser("admin"), "clerk") == 303
    clerk = seats(town)["Luc Martin"].id
    assert town.browser("alba").post(f"{MEMBERS}/{clerk}/confirm").status_code == 403
    town.a_day_passes()
    assert town.membership("alba").account_id not in readers_of(town, written)  # only what comes from now on
    assert town.membership("alba").account_id in readers_of(town, write(town))


def test_the_first_two_of_a_new_group_count_at_once(town: Town) -> None:
    """The local admin proposes, the head confirms; there is nothing yet that they could read."""
    admin = newcomer(town, "Léa Brun", LYCEE, Role.LOCAL_ADMIN)
    first, second, third = (newcomer(town, name, LYCEE) for name in ("Ana Roy", "Bob Cor", "Cid Dam"))
    head = town.browser("lycee_head")
    for browser in (first, second, third):
        person = browser.session and browser.session.get("person")
        assert person
        admin.post(f"{MEMBERS}/propose", {"account_id": person["accounts"][0][1]})
    for seat in seats(town, uai=LYCEE).values():
        assert head.post(f"{MEMBERS}/{seat.id}/confirm").status_code == 303
    assert sorted(browser.get("/staff/desk").status_code for browser in (first, second, third)) == [200, 200, 403]
