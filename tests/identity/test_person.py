from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Event
from time import sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.identity import service
from ent_module.identity.model import ANYONE, SIGNED_IN, Arrival, Person, Profile, Role, allow, profile_named
from ent_module.identity.tables import Account
from tests.support.town import COLLEGE, ECOLE, OTHER, Town


@pytest.mark.parametrize(
    ("word", "profile"),
    [
        ("National_ELV", Profile.PUPIL),
        ("National_elv", Profile.PUPIL),
        ("National_1", Profile.PUPIL),
        ("Student", Profile.PUPIL),
        ("ELEVE", Profile.PUPIL),
        ("National_TUT", Profile.PARENT),
        ("Relative", Profile.PARENT),
        ("PERSRELELEVE", Profile.PARENT),
        ("National_3", Profile.TEACHER),
        ("National_DOC", Profile.TEACHER),
        ("ENSEIGNANT", Profile.TEACHER),
        ("National_DIR", Profile.MANAGEMENT),
        ("National_EVS", Profile.STAFF),
        ("National_ETA", Profile.STAFF),
        ("Personnel", Profile.STAFF),
        ("PERSEDUCNAT", Profile.STAFF),
        ("National_ACA", Profile.EXTERNAL),
        ("Guest", Profile.EXTERNAL),
        ("National_COL", None),
        ("", None),
    ],
)
def test_profiles_of_the_four_vocabularies(word: str, profile: Profile | None) -> None:
    assert profile_named(word) is profile


def test_the_same_person_has_another_pseudonym_in_another_school_and_portal(town: Town) -> None:
    keys, portal = town.house.keys, town.portal_id
    here = service.pseudonym(keys, town.schools[COLLEGE], portal, "1234")
    assert here == service.pseudonym(keys, town.schools[COLLEGE], portal, "1234")
    assert here != service.pseudonym(keys, town.schools[OTHER], portal, "1234")
    assert here != service.pseudonym(keys, town.schools[COLLEGE], town.schools[OTHER], "1234")
    assert here != service.pseudonym(keys, town.schools[COLLEGE], portal, "12345")
    assert b"1234" not in here


def account(db: Session, town: Town, name: str, uai: str | None = None) -> Account:
    mine = town.membership(name, uai)
    found = service.account_of(db, mine.establishment_id, mine.account_id)
    assert found is not None
    return found


def test_an_adults_accounts_in_two_schools_are_known_as_one_persons(town: Town, db: Session) -> None:
    here, there = account(db, town, "ines", COLLEGE), account(db, town, "ines", OTHER)
    assert here.id != there.id
    assert here.person == there.person == service.person_digest(town.house.keys, town.portal_id, "subject-ines")
    assert service.is_same_person(here, there)
    assert service.is_same_person(here, here)
    assert not service.is_same_person(here, account(db, town, "petit"))
    assert service.accounts_of_same_person(db, here.establishment_id, here.id) == [here, there]
    petit = account(db, town, "petit")
    assert service.accounts_of_same_person(db, petit.establishment_id, petit.id) == [petit]


def test_another_portals_subject_is_another_person(town: Town, db: Session) -> None:
    stranger = service.add_portal(db, "lti", "Autre portail", "https://other.example")
    service.attach(db, stranger, town.schools[OTHER])
    arrival = replace(town.arrival("ines"), portal_id=stranger.id, uais=(OTHER,))
    service.welcome(db, town.house.keys, arrival)
    twins = [one for one in service.adults(db, town.schools[OTHER]) if one.name == "Inès Vidal"]
    assert len(twins) == 2
    assert not service.is_same_person(*twins)


def test_the_digest_of_a_person_is_no_pseudonym_and_tells_no_subject(town: Town) -> None:
    keys = town.house.keys
    digest = service.person_digest(keys, town.portal_id, "1234")
    assert digest != service.pseudonym(keys, town.schools[COLLEGE], town.portal_id, "1234")
    assert digest != service.person_digest(keys, town.portal_id, "12345")
    assert digest != keys.derive("person", town.portal_id.bytes + b"1234")  # each part is preceded by its length
    assert b"1234" not in digest


def test_nothing_links_the_accounts_of_a_pupil_or_a_parent(town: Town, db: Session) -> None:
    for name in ("lina", "karim"):
        assert account(db, town, name).person is None
    here, there = account(db, town, "maria", COLLEGE), account(db, town, "maria", ECOLE)
    assert not service.is_same_person(here, there)
    assert service.accounts_of_same_person(db, here.establishment_id, here.id) == [here]
    assert service.accounts_of_same_person(db, here.establishment_id, there.id) == []


def test_who_becomes_an_adult_of_the_school_gets_the_digest_and_loses_it_again(town: Town, db: Session) -> None:
    service.welcome(db, town.house.keys, replace(town.arrival("lina"), profile=Profile.STAFF))
    assert account(db, town, "lina").person is not None
    assert account(db, town, "lina").first_seen is not None
    service.welcome(db, town.house.keys, town.arrival("lina"))
    assert account(db, town, "lina").person is None
    assert account(db, town, "lina").first_seen is None


def test_the_day_of_the_first_visit_stays(town: Town, db: Session) -> None:
    first = account(db, town, "petit")
    first.first_seen = date(2025, 9, 1)
    service.welcome(db, town.house.keys, town.arrival("petit"))
    assert account(db, town, "petit").first_seen == date(2025, 9, 1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ent_account SET first_seen = '2026-09-01' WHERE profile = 'pupil'",
        "UPDATE ent_account SET first_seen = NULL WHERE profile = 'staff'",
        "UPDATE ent_account SET person = pseudonym WHERE profile = 'pupil'",
        "UPDATE ent_account SET person = pseudonym WHERE profile = 'parent'",
        "UPDATE ent_account SET person = NULL WHERE profile = 'staff'",
    ],
)
def test_the_database_itself_keeps_the_digest_to_adults(db: Session, change: str) -> None:
    with pytest.raises(IntegrityError, match="_of_adults"):
        db.execute(text(change))
    db.rollback()


def test_no_name_of_a_pupil_or_parent_is_anywhere_in_the_database(town: Town, db: Session) -> None:
    for name in ("lina", "karim"):
        service.welcome(db, town.house.keys, town.arrival(name))
    tables = db.execute(text("SELECT name, profile FROM ent_account")).all()
    assert {name for name, profile in tables if profile in {"pupil", "parent"}} == {""}
    assert "Jeanne Petit" in {name for name, _profile in tables}


def test_the_database_itself_refuses_a_pupils_name(db: Session) -> None:
    with pytest.raises(IntegrityError):
        db.execute(text("UPDATE ent_account SET name = 'Lina' WHERE profile = 'pupil'"))
    db.rollback()


def test_a_portal_cannot_claim_a_school_that_it_does_not_speak_for(town: Town, db: Session) -> None:
    stranger = service.add_portal(db, "lti", "Autre portail", "https://other.example")
    service.attach(db, stranger, town.schools[ECOLE])
    arrival = Arrival(stranger.id, "x", Profile.STAFF, "Mallory", (COLLEGE, ECOLE, "0000000A"))
    assert [place.uai for place in service.welcome(db, town.house.keys, arrival).memberships] == [ECOLE]
    with pytest.raises(service.NoEstablishmentError):
        service.welcome(db, town.house.keys, Arrival(stranger.id, "x", Profile.STAFF, "Mallory", (COLLEGE,)))


@pytest.mark.parametrize(
    ("classes", "here", "there"),
    [
        ((f"{COLLEGE}$6e B", f"{OTHER}$5e A"), ("6e B",), ("5e A",)),
        ((f"{COLLEGE.lower()}$6e B", f"{COLLEGE}$6e B"), ("6e B",), ()),
        (("6e B",), (), ()),
        ((f"{ECOLE}$CE2", f"{COLLEGE}$"), (), ()),
    ],
)
def test_of_several_schools_each_has_its_own_classes(
    town: Town, db: Session, classes: tuple[str, ...], here: tuple[str, ...], there: tuple[str, ...]
) -> None:
    person = service.welcome(db, town.house.keys, replace(town.arrival("ines"), classes=classes))
    assert {one.uai: one.classes for one in person.memberships} == {COLLEGE: here, OTHER: there}


def test_of_one_school_a_class_needs_no_code(town: Town, db: Session) -> None:
    classes = ("6e B", f"{COLLEGE}$5e A", f"{OTHER}$4e C", "Groupe $1")
    person = service.welcome(db, town.house.keys, replace(town.arrival("alba"), classes=classes))
    assert person.here.classes == ("6e B", "5e A", "Groupe $1")


def test_a_first_visit_that_comes_twice_at_once_makes_one_account(town: Town) -> None:
    arrival = replace(town.arrival("head"), subject="somebody-new", uais=(COLLEGE, OTHER))
    first_has_written = Event()

    def first() -> Person:
        with town.house.database.writing() as db:
            person = service.welcome(db, town.house.keys, arrival)
            first_has_written.set()
            sleep(0.3)
            return person

    def second() -> Person:
        first_has_written.wait(10)
        with town.house.database.writing() as db:
            return service.welcome(db, town.house.keys, arrival)

    with ThreadPoolExecutor(2) as pool:
        one, other = (pool.submit(visit) for visit in (first, second))
        assert one.result() == other.result()
        assert other.result().here.has(Role.HEAD)


def test_a_role_counts_in_its_own_school_only(town: Town) -> None:
    ines = town.people["ines"]
    assert allow(Role.LISTENER).admits(ines)
    admin = town.people["admin"]
    assert allow(Role.LOCAL_ADMIN).admits(admin)
    assert not allow(Role.HEAD).admits(admin)
    assert not allow(Role.LISTENER).admits(town.people["lina"])


def test_nobody_is_admitted_only_where_everyone_is(town: Town) -> None:
    assert ANYONE.admits(None)
    assert not SIGNED_IN.admits(None)
    assert SIGNED_IN.admits(town.people["lina"])
    assert not allow().admits(town.people["head"])


def test_a_head_has_the_role_by_arriving_as_one_and_loses_it_by_arriving_as_another(town: Town, db: Session) -> None:
    assert town.people["head"].where(Role.HEAD)
    assert not town.people["alba"].where(Role.HEAD)
    technician = replace(town.arrival("clerk"), profile=Profile.MANAGEMENT)
    assert not service.welcome(db, town.house.keys, technician).where(Role.HEAD)
    moved = replace(town.arrival("head"), profile=Profile.TEACHER, head=False)
    assert not service.welcome(db, town.house.keys, moved).where(Role.HEAD)


def test_whom_the_portal_no_longer_lists_in_one_school_keeps_the_role_in_the_other_only(
    town: Town, db: Session
) -> None:
    assert {one.uai for one in town.ines.where(Role.LISTENER)} == {COLLEGE, OTHER}
    moved = service.welcome(db, town.house.keys, replace(town.arrival("ines"), uais=(OTHER,)))
    assert [one.uai for one in moved.memberships] == [OTHER]
    assert [one.uai for one in moved.where(Role.LISTENER)] == [OTHER]
    back = service.welcome(db, town.house.keys, town.arrival("ines"))
    assert {one.uai for one in back.where(Role.LISTENER)} == {COLLEGE, OTHER}


def test_a_role_taken_away_in_one_school_stays_in_the_other(town: Town) -> None:
    browser = town.browser("ines")
    with town.house.database.writing() as db:
        mine = town.membership("ines", COLLEGE)
        service.revoke(db, mine.establishment_id, mine.account_id, Role.LISTENER)
    assert browser.me()["roles"] == []
    assert browser.post("/work-in", {"uai": OTHER}).status_code == 303
    assert browser.me()["roles"] == ["listener"]


def test_a_role_taken_away_is_gone_at_the_next_page(town: Town) -> None:
    browser = town.browser("petit")
    assert browser.me()["roles"] == ["listener"]
    with town.house.database.writing() as db:
        mine = town.membership("petit")
        service.revoke(db, mine.establishment_id, mine.account_id, Role.LISTENER)
    assert browser.me()["roles"] == []


def test_pupils_never_get_roles_from_grants(town: Town) -> None:
    with town.house.database.writing() as db:
        mine = town.membership("lina")
        service.grant(db, mine.establishment_id, mine.account_id, Role.LISTENER, town_day())
    assert town.browser("lina").me()["roles"] == []


def town_day() -> date:
    return date(2026, 9, 1)


def test_the_page_on_personal_data_names_what_is_kept_of_adults(town: Town) -> None:
    page = town.browser("petit").get("/personal-data").text
    for kept in ("le nom affiché", "un pseudonyme commun à tous leurs établissements", "le jour de la première visite"):
        assert kept in page
