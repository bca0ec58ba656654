"""The channel is closed and opened by a button of its own page, and who reads there sees that it is closed."""

from datetime import date

import pytest

from ent_module.establishments import service as establishments
from ent_module.help.service import channel
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.setup.pages import field, newcomer
from tests.support.town import COLLEGE, ECOLE, LYCEE, OTHER, Town


def status(town: Town, uai: str) -> bool:
    with town.house.database.reading() as db:
        return channel.channel_status(db, town.schools[uai]).open


def test_the_channel_is_closed_and_opened(town: Town) -> None:
    admin, lina = town.browser("admin"), town.browser("lina")
    assert admin.fill("/staff/settings/channel/close").status_code == 303
    assert not status(town, COLLEGE)
    assert "Envoyer mon message" not in lina.get("/write").text
    assert "Ouvrir le service d’écriture" in admin.get("/staff/settings/channel").text
    assert admin.post("/staff/settings/channel/open").status_code == 303
    assert "Envoyer mon message" in lina.get("/write").text
    assert status(town, OTHER)


def test_nothing_but_the_button_of_its_own_page_closes_the_channel(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", COLLEGE, Role.LOCAL_ADMIN, also=(OTHER,))
    with town.house.database.writing() as db:
        other = next(one for one in identity.adults(db, town.schools[OTHER]) if one.name == "Odile Fabre")
        identity.grant(db, town.schools[OTHER], other.id, Role.LOCAL_ADMIN, date(2026, 9, 1))
    where = "/staff/settings/channel/close"
    shown = field(admin.get(where), "seen")
    assert admin.post("/work-in", {"uai": OTHER}).status_code == 303
    for given in ({}, {"seen": ""}, {"seen": "00"}, {"seen": shown}):  # the last one is the other school's
        answer = admin.post(where, given)
        assert answer.status_code == 409
        assert "Rien n’est fermé" in answer.text
        assert status(town, COLLEGE)
        assert status(town, OTHER)
    assert admin.fill(where).status_code == 303
    assert (status(town, COLLEGE), status(town, OTHER)) == (True, False)


def test_closing_is_confirmed_on_a_page_that_says_what_happens_next(town: Town) -> None:
    admin = town.browser("admin")
    shown = admin.get("/staff/settings/channel").text
    assert 'action="/ent/staff/settings/channel/close"' not in shown
    assert 'href="/ent/staff/settings/channel/close"' in shown
    page = admin.get("/staff/settings/channel/close")
    for sentence in ("ne pourront plus envoyer", "Les échanges commencés continuent", "la direction le voient"):
        assert sentence in page.text
    assert status(town, COLLEGE)
    assert admin.fill("/staff/settings/channel/close").status_code == 303
    assert not status(town, COLLEGE)
    assert admin.get("/staff/settings/channel/close").status_code == 303  # nothing to close


def test_members_and_the_head_see_that_it_is_closed_and_who_did_it(town: Town) -> None:
    for name in ("petit", "head", "lina"):
        assert "Service d’écriture fermé" not in town.browser(name).get("/").text
    town.browser("admin").fill("/staff/settings/channel/close")
    for name in ("petit", "roux", "ines", "head"):
        browser = town.browser(name)
        assert "Service d’écriture fermé" in browser.get("/").text, name
        assert "Yann Le Gall a fermé le service d’écriture" in browser.get("/staff/settings/members").text, name
    for name in ("paul", "lina", "alba"):
        assert "Service d’écriture fermé" not in town.browser(name).get("/").text, name
    assert "Yann Le Gall" not in town.browser("paul").get("/staff/settings/members").text
    town.browser("admin").post("/staff/settings/channel/open")
    assert "Service d’écriture fermé" not in town.browser("petit").get("/").text
    assert "Yann Le Gall a ouvert le service d’écriture" in town.browser("petit").get("/staff/settings/members").text


def test_the_group_above_sees_that_an_ecole_has_closed(town: Town) -> None:
    assert "Service d’écriture fermé" not in town.browser("circo1").get("/").text
    newcomer(town, "Odile Fabre", ECOLE, Role.LOCAL_ADMIN).fill("/staff/settings/channel/close")
    above = town.browser("circo1")
    assert "École Jean-Moulin" in above.get("/").text
    assert "Odile Fabre a fermé le service d’écriture" in above.get("/staff/settings/members").text


@pytest.mark.parametrize(("who", "uai"), [("lina", COLLEGE), ("noe", ECOLE), ("karim", COLLEGE)])
def test_the_tile_of_a_closed_channel_says_what_is_there(town: Town, who: str, uai: str) -> None:
    assert "Qui aller voir, et les numéros" not in town.browser(who).get("/").text
    with town.house.database.writing() as db:
        channel.close_channel(db, town.schools[uai])
    assert "Qui aller voir, et les numéros" in town.browser(who).get("/").text


def test_the_list_leads_to_the_button_until_someone_has_opened(town: Town) -> None:
    with town.house.database.writing() as db:
        establishments.draft(db, town.schools[COLLEGE], "channel", {})
        establishments.publish(db, town.schools[COLLEGE], "channel")
    admin = town.browser("admin")
    assert "Ouvrez le service d’écriture quand le groupe est prêt" in admin.get("/staff/settings").text
    page = admin.get("/staff/settings/channel").text
    assert 'action="/ent/staff/settings/channel/open"' in page
    assert "On ne peut pas écrire ici" in town.browser("lina").get("/write").text


@pytest.mark.parametrize("uai", [LYCEE, COLLEGE])
def test_it_does_not_open_with_fewer_than_two(town: Town, uai: str) -> None:
    """The lycée has nobody; the collège keeps one."""
    if uai == COLLEGE:
        for name in ("ines", "roux"):
            town.browser(name).post("/staff/settings/members/leave")
        admin = town.browser("admin")
    else:
        admin = newcomer(town, "Odile Fabre", LYCEE, Role.LOCAL_ADMIN)
    answer = admin.post("/staff/settings/channel/open")
    assert answer.status_code == 409
    assert "il faut deux membres actifs" in answer.text
    assert "/staff/settings/members" in answer.text  # what to do
    assert not status(town, uai)


def test_an_ecole_opens_with_the_group_above(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", ECOLE, Role.LOCAL_ADMIN)
    admin.fill("/staff/settings/channel/close")
    assert not status(town, ECOLE)
    page = admin.get("/staff/settings/channel").text
    assert "Circonscription de Lille 1" in page
    assert "Nadia Perrin" in page
    assert admin.post("/staff/settings/channel/open").status_code == 303
    assert status(town, ECOLE)


def test_only_the_local_admin_opens_and_closes(town: Town) -> None:
    for who in ("head", "petit", "clerk", "lina"):
        for step in ("open", "close"):
            assert town.browser(who).post(f"/staff/settings/channel/{step}").status_code == 403, who
    assert status(town, COLLEGE)
