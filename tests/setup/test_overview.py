"""What is done and what is missing, the channel, the numbers, who may see and change what, and the first admin."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from ent_module.database import Base
from ent_module.establishments import service as establishments
from ent_module.help.service import channel
from ent_module.helplines import service as helplines
from ent_module.identity import service as identity
from ent_module.identity.model import Profile, Role
from ent_module.setup.commands import local_admin
from ent_module.setup.staff_views.overview import is_old
from tests.setup.pages import HOURS, add_card, field, newcomer, publish, send
from tests.support.town import COLLEGE, ECOLE, LYCEE, OTHER, Town

PAGES = ("", "/cards", "/cards/new", "/hours", "/words", "/delay", "/members", "/admins", "/channel", "/numbers")


def test_the_list_grows_shorter_as_work_is_done(town: Town) -> None:
    admin = town.browser("admin")
    before = admin.get("/staff/settings").text.count("À faire")
    add_card(admin, role="Infirmerie")
    assert admin.get("/staff/settings").text.count("À faire") == before  # a draft is not done
    publish(admin, "cards")
    send(admin, "hours", **HOURS)
    publish(admin, "hours")
    assert before - admin.get("/staff/settings").text.count("À faire") == 2


def test_every_line_leads_somewhere(town: Town) -> None:
    admin = town.browser("admin")
    with town.house.database.reading() as db, town.app.test_request_context():
        checks = [check for room in town.house.rooms for check in room.readiness(db, town.schools[COLLEGE])]
    assert len(checks) >= 5
    assert all(check.endpoint in town.house.declared for check in checks), checks
    assert "href=" in admin.get("/staff/settings").text


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("admin", set(PAGES)),
        ("head", {"", "/members", "/admins", "/channel", "/numbers"}),
        ("petit", {"/members", "/admins"}),
        ("clerk", set()),
        ("lina", set()),
        ("karim", set()),
    ],
)
def test_who_sees_what(town: Town, who: str, seen: set[str]) -> None:
    browser = town.browser(who)
    found = {page for page in PAGES if browser.get(f"/staff/settings{page}").status_code == 200}
    assert found == seen
    shut = {page for page in PAGES if browser.get(f"/staff/settings{page}").status_code == 403}
    assert shut == set(PAGES) - seen


def test_the_head_reads_the_list_without_links_to_what_is_closed(town: Town) -> None:
    page = town.browser("head").get("/staff/settings").text
    assert "Fiches contact" in page
    assert "/staff/settings/cards" not in page
    assert "/staff/settings/members" in page


def test_reading_changes_nothing(town: Town) -> None:
    """The preview is made of drafts as if they were published: not one of them is."""
    admin = town.browser("admin")
    add_card(admin, role="Infirmerie")
    send(admin, "words", **{"before-fr": "Bonjour"})

    def rows() -> list[object]:
        with town.house.database.reading() as db:
            tables = [
                Base.metadata.tables[name] for name in ("ent_setting", "ent_grant", "ent_audit", "ent_establishment")
            ]
            return [tuple(row) for table in tables for row in db.execute(select(table), execution_options=_ACROSS)]

    before = rows()
    for page in (*PAGES, "/admins/leave"):
        assert admin.get(f"/staff/settings{page}").status_code == 200
    assert rows() == before


_ACROSS = {"across": True}


def test_everything_acts_on_the_school_in_which_one_works(town: Town) -> None:
    """An admin of one school who also teaches in another has no say there."""
    both = newcomer(town, "Odile Fabre", COLLEGE, Role.LOCAL_ADMIN, also=(OTHER,))
    assert both.get("/staff/settings").status_code == 200
    shown = both.get("/staff/settings/delay")
    both.post("/work-in", {"uai": OTHER})
    for page in set(PAGES) - {"/members"}:
        assert both.get(f"/staff/settings{page}").status_code == 403
    assert "Vous n’êtes pas membre" in both.get("/staff/settings/members").text
    assert "Paul Henry" not in both.get("/staff/settings/members").text
    late = both.post("/staff/settings/delay", {"seen": field(shown, "seen"), "days": "3"})
    assert late.status_code == 403
    both.post("/work-in", {"uai": COLLEGE})
    assert both.post("/staff/settings/delay", {"seen": field(shown, "seen"), "days": "3"}).status_code == 303
    with town.house.database.reading() as db:
        assert establishments.drafted(db, town.schools[COLLEGE], "response_days") == 3
        assert establishments.drafted(db, town.schools[OTHER], "response_days") is None


def test_the_home_page_has_a_door_with_what_is_missing(town: Town) -> None:
    assert "Réglages de l’établissement" in town.browser("admin").get("/").text
    assert "points à voir" in town.browser("head").get("/").text
    for name in ("petit", "alba", "lina"):
        assert '/staff/settings"' not in town.browser(name).get("/").text


# The channel.


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


# Numbers.


def test_every_number_is_shown_and_none_can_be_taken_away(town: Town) -> None:
    page = town.browser("admin").get("/staff/settings/numbers").text
    for line in helplines.all_lines():
        assert f'<bdi dir="ltr">{line.number}</bdi>' in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("today", "old"), [("2026-11-23", False), ("2027-05-22", False), ("2027-05-23", True), ("2028-01-01", True)]
)
def test_after_six_months_a_number_is_old(today: str, *, old: bool) -> None:
    assert is_old(date(2026, 11, 23), date(2027, 11, 23), date.fromisoformat(today)) is old


def test_a_number_that_says_when_it_expires_is_old_then() -> None:
    assert is_old(date(2026, 11, 23), date(2026, 12, 31), date(2027, 1, 1))


# The command.


def test_the_operator_names_the_first_local_admin(town: Town, database_url: str, work: Path) -> None:
    env = {"ENT_DATABASE_URL": database_url, "ENT_KEY_FILE": str(work / "master.key")}
    unknown = CliRunner().invoke(local_admin, [COLLEGE, "Personne"], env=env)
    assert unknown.exit_code == 1
    assert "Luc Martin" in unknown.output
    assert CliRunner().invoke(local_admin, ["0951099D", "Luc Martin"], env=env).exit_code == 1
    for answer in ("n\n", ""):
        asked = CliRunner().invoke(local_admin, [COLLEGE, "Luc Martin"], env=env, input=answer)
        assert asked.exit_code == 1
        assert re.search(
            r"1\. Luc Martin: staff, from Portail \(https://portal.example\), first here on 20\d\d-", asked.output
        )
    with town.house.database.reading() as db:
        assert len(identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)) == 1
    made = CliRunner().invoke(local_admin, [COLLEGE, "Luc Martin", "--yes"], env=env)
    assert made.output.splitlines()[-1] == "Luc Martin is a local admin of 0590001B Collège Simone-Veil"
    with town.house.database.reading() as db:
        names = [one.name for one in identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)]
    assert names == ["Luc Martin", "Yann Le Gall"]


def test_of_two_with_one_name_the_operator_says_which(town: Town, database_url: str, work: Path) -> None:
    """Whoever is let in by another portal may call themselves like a colleague."""
    env = {"ENT_DATABASE_URL": database_url, "ENT_KEY_FILE": str(work / "master.key")}
    with town.house.database.writing() as db:
        moodle = identity.add_portal(db, "lti", "Moodle", "https://moodle.example")
        identity.attach(db, moodle, town.schools[COLLEGE])
        twin = replace(town.arrival("clerk"), portal_id=moodle.id, profile=Profile.EXTERNAL)
        account = identity.welcome(db, town.house.keys, twin).here.account_id
    words = [COLLEGE, "Luc Martin"]
    refused = CliRunner().invoke(local_admin, [*words, "--yes"], env=env)
    assert refused.exit_code == 1
    assert "--number" in refused.output
    assert "external, from Moodle (https://moodle.example)" in refused.output
    assert CliRunner().invoke(local_admin, [*words, "--number", "3"], env=env).exit_code == 1
    number = next(line[0] for line in refused.output.splitlines() if "staff, from Portail" in line)
    with town.house.database.reading() as db:
        assert len(identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)) == 1
    assert CliRunner().invoke(local_admin, [*words, "--number", number], env=env).exit_code == 0
    with town.house.database.reading() as db:
        now = {one.id for one in identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)}
    assert now == {town.membership("clerk").account_id, town.membership("admin").account_id}
    assert account not in now


def test_pages_of_levels_above_ask_less(town: Town) -> None:
    with town.house.database.reading() as db, town.app.test_request_context():
        room = town.house.room("setup")
        assert room is not None
        above = establishments.above(db, town.schools[COLLEGE])[0]
        assert len(room.readiness(db, above.id)) < len(room.readiness(db, town.schools[COLLEGE]))


def test_numbers_were_noted_and_are_still_to_be_confirmed(town: Town) -> None:
    """Nobody has called them: the page must not say that they were verified."""
    page = town.browser("admin").get("/staff/settings/numbers").text
    assert "à confirmer sur le site officiel" in page
    for untrue in ("Vérifié le", "chaque page d’aide les montre", "3919"):
        assert untrue not in page
