"""What is done and what is missing, the numbers, and who may see and change what."""

from datetime import date

import pytest
from sqlalchemy import select

from ent_module.database import Base
from ent_module.establishments import service as establishments
from ent_module.helplines import service as helplines
from ent_module.identity.model import Role
from ent_module.setup.staff_views.overview import is_old
from tests.help.devices import enrol, locked
from tests.setup.pages import HOURS, PAGES, add_card, field, newcomer, publish, send
from tests.support.town import COLLEGE, OTHER, Town


def test_the_list_grows_shorter_as_work_is_done(town: Town) -> None:
    admin = town.browser("admin")
    before = admin.get("/staff/settings").text.count("À faire")
    add_card(admin, role="Infirmerie")
    assert admin.get("/staff/settings").text.count("À faire") == before  # a draft is not done
    publish(admin, "cards")
    send(admin, "hours", **HOURS)
    publish(admin, "hours")
    assert before - admin.get("/staff/settings").text.count("À faire") == 2


def test_a_desk_that_asks_for_no_code_is_said_to_those_who_set_up(town: Town) -> None:
    said = "Le bureau du groupe d’écoute ne demande pas de code"
    assert said in town.browser("admin").get("/staff/settings").text
    assert said not in locked(town).browser("admin").get("/staff/settings").text


def test_the_groups_page_says_who_has_a_device(town: Town) -> None:
    assert "appareil" not in town.browser("admin").get("/staff/settings/members").text
    closed = locked(town)
    assert closed.browser("admin").get("/staff/settings/members").text.count("Pas encore d’appareil enregistré") == 3
    enrol(closed.browser("petit"))
    page = closed.browser("admin").get("/staff/settings/members").text
    assert page.count("Pas encore d’appareil enregistré") == 2
    assert page.count("Appareil enregistré le") == 1


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


def test_pages_of_levels_above_ask_less(town: Town) -> None:
    with town.house.database.reading() as db, town.app.test_request_context():
        room = town.house.room("setup")
        assert room is not None
        above = establishments.above(db, town.schools[COLLEGE])[0]
        assert len(room.readiness(db, above.id)) < len(room.readiness(db, town.schools[COLLEGE]))


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


def test_numbers_were_noted_and_are_still_to_be_confirmed(town: Town) -> None:
    """Nobody has called them: the page must not say that they were verified."""
    page = town.browser("admin").get("/staff/settings/numbers").text
    assert "à confirmer sur le site officiel" in page
    for untrue in ("Vérifié le", "chaque page d’aide les montre", "3919"):
        assert untrue not in page
