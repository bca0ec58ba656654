"""The listening group and the local admins, as people press the buttons."""

import re
from uuid import UUID, uuid4

import pytest

from ent_module.help.service import channel
from ent_module.identity import grants
from ent_module.identity.model import Role, Seat
from tests.setup.pages import newcomer
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, OTHER, Browser, Town

MEMBERS = "/staff/settings/members"
ADMINS = "/staff/settings/admins"


def seats(town: Town, role: Role = Role.LISTENER, uai: str = COLLEGE) -> dict[str, Seat]:
    with town.house.database.reading() as db:
        return {seat.name: seat for seat in grants.seats(db, town.schools[uai], role)}


def propose(town: Town, browser: Browser, name: str, base: str = MEMBERS) -> int:
    account_id = str(town.membership(name).account_id)
    return browser.post(f"{base}/propose", {"account_id": account_id}).status_code


def is_open(town: Town, uai: str = COLLEGE) -> bool:
    with town.house.database.reading() as db:
        return channel.channel_status(db, town.schools[uai]).open


@pytest.fixture
def alba(town: Town) -> UUID:
    """Alba's place in the listening group, proposed by the local admin."""
    assert propose(town, town.browser("admin"), "alba") == 303
    return seats(town)["Alba Costa"].id


def test_one_proposes_a_second_confirms_and_the_third_reads(town: Town, alba: UUID) -> None:
    admin, head, teacher = town.browser("admin"), town.browser("head"), town.browser("alba")
    assert teacher.get("/staff/desk").status_code == 403
    page = admin.get(MEMBERS).text
    assert "Proposition de Yann Le Gall" in page
    assert "Peuvent confirmer" in page
    assert f"{alba}/confirm" not in page
    assert f"{alba}/confirm" in head.get(MEMBERS).text
    assert head.post(f"{MEMBERS}/{alba}/confirm").status_code == 303
    assert teacher.get("/staff/desk").status_code == 403  # a day to think
    assert "Compte à partir de" in admin.get(MEMBERS).text
    town.a_day_passes()
    assert teacher.get("/staff/desk").status_code == 200
    assert "Compte à partir de" not in admin.get(MEMBERS).text


def test_nobody_else_confirms(town: Town, alba: UUID) -> None:
    for who in ("admin", "alba", "clerk", "lina", "other_head", "paul"):
        assert town.browser(who).post(f"{MEMBERS}/{alba}/confirm").status_code in {403, 404, 409}, who
        assert seats(town)["Alba Costa"].waits


def test_the_proposer_is_told_why(town: Town, alba: UUID) -> None:
    answer = town.browser("admin").post(f"{MEMBERS}/{alba}/confirm")
    assert answer.status_code == 409
    assert "Une autre personne doit décider" in answer.text


def test_a_second_word_comes_too_late(town: Town, alba: UUID) -> None:
    assert town.browser("head").post(f"{MEMBERS}/{alba}/confirm").status_code == 303
    late = town.browser("petit").post(f"{MEMBERS}/{alba}/refuse")
    assert late.status_code == 409
    assert "Quelqu’un a déjà décidé" in late.text
    assert not seats(town)["Alba Costa"].waits


def test_a_proposal_is_refused_or_taken_back(town: Town, alba: UUID) -> None:
    assert town.browser("roux").post(f"{MEMBERS}/{alba}/refuse").status_code == 303
    admin = town.browser("admin")
    propose(town, admin, "alba")
    again = seats(town)["Alba Costa"].id
    assert "Retirer ma proposition" in admin.get(MEMBERS).text
    assert admin.post(f"{MEMBERS}/{again}/refuse").status_code == 303
    assert "Alba Costa" not in seats(town)


def test_an_end_is_proposed_and_confirmed(town: Town) -> None:
    admin, roux = town.browser("admin"), seats(town)["Marc Roux"].id
    assert admin.post(f"{MEMBERS}/{roux}/end").status_code == 303
    assert town.browser("roux").post(f"{MEMBERS}/{roux}/confirm-end").status_code == 409
    assert admin.post(f"{MEMBERS}/{roux}/confirm-end").status_code == 409
    page = town.browser("petit").get(MEMBERS).text
    assert "Départ proposé par Yann Le Gall" in page
    assert town.browser("petit").post(f"{MEMBERS}/{roux}/confirm-end").status_code == 303
    assert "Marc Roux" not in seats(town)
    assert town.browser("roux").get("/staff/desk").status_code == 403


def test_an_end_is_refused(town: Town) -> None:
    roux = seats(town)["Marc Roux"].id
    town.browser("admin").post(f"{MEMBERS}/{roux}/end")
    assert town.browser("head").post(f"{MEMBERS}/{roux}/keep").status_code == 303
    assert not seats(town)["Marc Roux"].may_end


def test_changes_are_announced_to_every_member(town: Town, alba: UUID) -> None:
    for name in ("petit", "roux", "ines", "head"):
        assert "1 proposition à confirmer" in town.browser(name).get("/").text
    assert "proposition à confirmer" not in town.browser("admin").get("/").text  # it is the admin's own
    assert "proposition à confirmer" not in town.browser("paul").get("/").text
    town.browser("head").post(f"{MEMBERS}/{alba}/confirm")
    assert "Alba Costa entre dans le groupe d’écoute" in town.browser("petit").get(MEMBERS).text
    town.a_day_passes()
    for name in ("petit", "roux", "ines", "alba"):
        browser = town.browser(name)
        assert "1 changement récent" in browser.get("/").text
        assert "Alba Costa est membre du groupe d’écoute" in browser.get(MEMBERS).text
    assert "changement récent" not in town.browser("paul").get("/").text


def test_a_proposal_in_another_school_is_named_and_one_tap_leads_there(town: Town, alba: UUID) -> None:
    ines = town.browser("ines")
    ines.post("/work-in", {"uai": OTHER})
    assert "1 proposition à confirmer, Collège Simone-Veil" in ines.get("/").text
    page = ines.get(MEMBERS).text
    assert f"{alba}/confirm" not in page
    landed = ines.fill(MEMBERS, having="/work-in")
    assert landed.headers["Location"].endswith(MEMBERS)
    there = ines.get(MEMBERS).text
    assert f"{alba}/confirm" in there
    assert "Votre avis est attendu ailleurs" not in there
    assert "1 proposition à confirmer<" in ines.get("/").text


def test_a_proposal_of_a_local_admin_leads_to_its_own_page(town: Town) -> None:
    assert propose(town, town.browser("head"), "clerk", ADMINS) == 303
    petit = town.browser("petit")
    assert f'href="/ent{ADMINS}"' in petit.get("/").text
    assert "Votre avis est attendu ailleurs" in petit.get(MEMBERS).text


@pytest.mark.parametrize("to", ["", "https://elsewhere.example", "ent_setup_staff.act", "ent_setup_staff.open_channel"])
def test_working_elsewhere_leads_home_unless_a_page_is_named(town: Town, to: str) -> None:
    answer = town.browser("ines").post("/work-in", {"uai": OTHER, "to": to})
    assert answer.status_code == 303
    assert answer.headers["Location"] in {"/ent/", "/ent"}


def test_a_member_of_two_schools_hears_of_both(town: Town, alba: UUID) -> None:
    town.browser("head").post(f"{MEMBERS}/{alba}/confirm")
    town.a_day_passes()
    ines = town.browser("ines")
    ines.post("/work-in", {"uai": OTHER})
    page = ines.get(MEMBERS).text
    assert "Collège Lucie-Aubrac" in page
    assert "Alba Costa est membre du groupe d’écoute" in page
    assert "Collège Simone-Veil" in page
    assert "Jeanne Petit" not in page  # the other school's group is not shown here


def test_leaving_says_what_happens_and_counts_at_once(town: Town) -> None:
    roux = town.browser("roux")
    page = roux.get(f"{MEMBERS}/leave").text
    assert "Votre départ compte tout de suite" in page
    assert "fermera" not in page
    assert roux.post(f"{MEMBERS}/leave").status_code == 303
    assert "Marc Roux" not in seats(town)
    assert "Marc Roux n’est plus membre du groupe d’écoute" in town.browser("petit").get(MEMBERS).text
    assert roux.post(f"{MEMBERS}/leave").status_code == 403


def test_leaving_below_two_says_so_and_closes_the_channel(town: Town) -> None:
    town.browser("ines").post(f"{MEMBERS}/leave")
    assert is_open(town)
    petit, lina = town.browser("petit"), town.browser("lina")
    assert "Le service d’écriture fermera" in petit.get(f"{MEMBERS}/leave").text
    assert "proposez d’abord un autre membre" in town.browser("admin").get(MEMBERS).text
    assert "Envoyer mon message" in lina.get("/write").text
    petit.post(f"{MEMBERS}/leave")
    assert not is_open(town)
    closed = lina.get("/write").text
    assert "Envoyer mon message" not in closed
    assert "tel:119" in closed


def test_the_confirmation_of_an_end_warns_too(town: Town) -> None:
    town.browser("ines").post(f"{MEMBERS}/leave")
    town.browser("admin").post(f"{MEMBERS}/{seats(town)['Marc Roux'].id}/end")
    assert "Après ce départ, le service d’écriture ferme" in town.browser("head").get(MEMBERS).text


def test_at_an_ecole_the_group_above_keeps_the_channel_open(town: Town) -> None:
    newcomer(town, "Odile Fabre", ECOLE, Role.LISTENER)
    director = newcomer(town, "Paul Astier", ECOLE, Role.LISTENER)
    assert is_open(town, ECOLE)
    assert "fermera" not in director.get(f"{MEMBERS}/leave").text
    director.post(f"{MEMBERS}/leave")
    assert is_open(town, ECOLE)


def test_an_ecole_is_told_who_changes_the_group_above(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", ECOLE, Role.LOCAL_ADMIN)
    assert "ent-module local-admin" in admin.get(MEMBERS).text
    newcomer(town, "Paul Astier", CIRCONSCRIPTION, Role.LOCAL_ADMIN)
    page = admin.get(MEMBERS).text
    assert "Paul Astier" in page
    assert "ent-module local-admin" not in page
    assert "ent-module local-admin" not in town.browser("admin").get(MEMBERS).text  # a collège has its own


def test_a_level_above_has_no_channel_of_its_own(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", CIRCONSCRIPTION, Role.LOCAL_ADMIN)
    assert "settings/channel" not in admin.get("/staff/settings").text
    assert "Le service d’écriture est fermé" not in admin.get(MEMBERS).text
    assert admin.get("/staff/settings/channel").status_code == 404
    assert admin.post("/staff/settings/channel/open").status_code == 404
    one = seats(town, uai=CIRCONSCRIPTION)["Nadia Perrin"].id
    assert admin.post(f"{MEMBERS}/{one}/end").status_code == 303
    assert "Après ce départ, le service d’écriture ferme" in town.browser("circo2").get(MEMBERS).text


def test_the_group_says_that_one_may_leave_alone(town: Town) -> None:
    assert "Un membre peut aussi partir seul" in town.browser("petit").get(MEMBERS).text


def test_a_circonscription_has_a_group_of_its_own_to_tend(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", CIRCONSCRIPTION, Role.LOCAL_ADMIN)
    page = admin.get(MEMBERS).text
    assert "Nadia Perrin" in page
    assert "Hugo Simon" in page
    assert admin.get("/staff/settings").status_code == 200


def test_a_choice_that_was_not_offered(town: Town) -> None:
    admin = town.browser("admin")
    for account in ("", "x", str(uuid4())):
        answer = admin.post(f"{MEMBERS}/propose", {"account_id": account})
        assert answer.status_code == 422
        assert "Choisissez un adulte de l’établissement" in answer.text


def test_pupils_parents_and_other_schools_are_never_proposed(town: Town) -> None:
    admin = town.browser("admin")
    for name in ("lina", "karim", "paul"):
        assert propose(town, admin, name) == 422, name
    assert len(seats(town)) == 3


def test_the_head_names_local_admins_and_another_confirms(town: Town) -> None:
    head, admin, clerk = town.browser("head"), town.browser("admin"), town.browser("clerk")
    assert propose(town, admin, "clerk", ADMINS) == 403
    assert propose(town, head, "clerk") == 403
    assert propose(town, head, "clerk", ADMINS) == 303
    seat = seats(town, Role.LOCAL_ADMIN)["Luc Martin"].id
    assert head.post(f"{ADMINS}/{seat}/confirm").status_code == 409
    assert clerk.post(f"{ADMINS}/{seat}/confirm").status_code == 403
    assert clerk.get("/staff/settings").status_code == 403
    assert town.browser("petit").post(f"{ADMINS}/{seat}/confirm").status_code == 303
    assert clerk.get("/staff/settings").status_code == 200


def test_a_place_is_not_reached_by_another_schools_people(town: Town, alba: UUID) -> None:
    before = seats(town)
    for name in ("other_admin", "other_head", "paul"):
        browser = town.browser(name)
        for seat in (alba, before["Marc Roux"].id):
            for action in ("confirm", "refuse", "end", "confirm-end", "keep"):
                assert browser.post(f"{MEMBERS}/{seat}/{action}").status_code == 404
    assert seats(town) == before


def test_an_unknown_step_is_refused(town: Town, alba: UUID) -> None:
    assert town.browser("head").post(f"{MEMBERS}/{alba}/delete").status_code == 400
    assert town.browser("head").post(f"{ADMINS}/{alba}/confirm").status_code == 404
    assert town.browser("head").post(f"/staff/settings/others/{alba}/confirm").status_code == 404


def test_whoever_cannot_find_a_second_is_told(town: Town) -> None:
    """A school with one head and nobody else who could confirm."""
    head = newcomer(town, "Odile Fabre", ECOLE, Role.HEAD)
    newcomer(town, "Paul Astier", ECOLE)
    page = head.get(ADMINS).text
    found = re.search(r'<option value="([0-9a-f-]{36})"\s*>Paul Astier', page)
    assert found
    head.post(f"{ADMINS}/propose", {"account_id": found.group(1)})
    assert "Personne ne peut encore confirmer" in head.get(ADMINS).text
