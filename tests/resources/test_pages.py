"""Who reads which sheet, in which language, and what stands at its end."""

import re
from dataclasses import replace
from datetime import date

import pytest

from ent_module.identity.model import Role
from ent_module.resources import model, service
from ent_module.resources.model import Sheet
from ent_module.web import doors
from ent_module.web.content import address
from tests.support.town import COLLEGE, Town

TALKING = "que-se-passe-t-il-quand-je-parle"
AFTER = "que-se-passe-t-il-apres"
DISTRESS = "je-ne-vais-pas-bien"
FRIEND = "soutenir-un-ami-qui-va-mal"
TARGET = "mon-enfant-est-vise"
CONFIDING = "recevoir-une-confidence"
GROUP = "tenir-le-groupe-d-ecoute"
SETTING_UP = "premiere-mise-en-place"

READERS = [
    ("noe", "", {TALKING}, {AFTER, FRIEND, TARGET, CONFIDING}),
    ("lina", "", {AFTER, DISTRESS}, {TALKING, FRIEND, TARGET, CONFIDING}),
    ("tom", "", {AFTER, DISTRESS, FRIEND}, {TALKING, TARGET, GROUP}),
    ("karim", "", {TARGET}, {TALKING, AFTER, CONFIDING}),
    ("alba", "/staff", {CONFIDING, AFTER}, {TALKING, FRIEND, TARGET, SETTING_UP}),
    ("head", "/staff", {CONFIDING, GROUP, AFTER}, {TALKING, TARGET, SETTING_UP}),
    ("nurse", "/staff", {CONFIDING, GROUP, AFTER}, {SETTING_UP}),
    ("admin", "/staff", {SETTING_UP, GROUP, AFTER}, {TALKING}),
    ("circo1", "/staff", {TALKING, AFTER, FRIEND, GROUP}, {TARGET, SETTING_UP}),
]


@pytest.mark.parametrize(("reader", "side", "open_to", "closed_to"), READERS)
def test_each_reads_what_is_theirs(town: Town, reader: str, side: str, open_to: set[str], closed_to: set[str]) -> None:
    browser = town.browser(reader)
    page = browser.get(f"{side}/read").text
    for slug in open_to:
        assert f"{side}/read/{address(slug)}" in page
        assert browser.get(f"{side}/read/{address(slug)}").status_code == 200
    for slug in closed_to:
        assert address(slug) not in page
        assert browser.get(f"{side}/read/{address(slug)}").status_code == 404


def test_sides_are_apart(town: Town) -> None:
    assert town.browser("lina").get("/staff/read").status_code == 403
    assert town.browser("alba").get("/read").status_code == 403
    assert town.browser().get(f"/read/{address(TALKING)}").status_code == 401


def test_a_listener_who_teaches_reads_as_staff_too(town: Town) -> None:
    assert model.own_profiles(town.alba) == ("teacher",)
    assert model.own_profiles(town.roux) == ("teacher", "staff")
    membership = replace(town.alba.here, roles=frozenset({Role.LOCAL_ADMIN}))
    assert model.own_profiles(replace(town.alba, memberships=(membership,))) == ("teacher", "local-admin")


def test_every_reader_has_a_door_on_the_home_page(town: Town) -> None:
    for reader, side in (("noe", ""), ("karim", ""), ("alba", "/staff"), ("referent", "/staff")):
        assert f'href="/ent{side}/read"' in town.browser(reader).get("/").text


def test_an_address_that_nobody_has(town: Town) -> None:
    for path in ("/read/00000000", f"/read/{TALKING}", "/read/1", "/read/..%2f..%2fetc"):
        assert town.browser("noe").get(path).status_code == 404


def test_addresses_and_titles_tell_nothing(town: Town) -> None:
    browser = town.browser("lina")
    for page in (browser.get("/read").text, browser.get(f"/read/{address(DISTRESS)}").text):
        assert "<title>Ressources</title>" in page
    assert DISTRESS not in browser.get("/read").text


def test_the_three_numbers_stand_at_the_end_of_every_sheet(town: Town) -> None:
    browser = town.browser("noe")
    page = browser.get(f"/read/{address(TALKING)}").text  # its front matter names 119 and 3018 only
    assert page.index("</article>") < page.index("tel:119") < page.index("tel:3114") < page.index("tel:3018")


def test_a_sheet_s_own_numbers_are_added(town: Town) -> None:
    assert "sms:114" in town.browser("lina").get(f"/read/{address(DISTRESS)}").text


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("en", "ltr"), ("ar", "rtl")])
def test_a_sheet_in_the_reader_s_language(town: Town, language: str, direction: str) -> None:
    page = town.browser("noe", language).get(f"/read/{address(TALKING)}").text
    assert f'<article lang="{language}" dir="{direction}">' in page
    assert service.shelf()[TALKING][language].title in page


def test_a_sheet_that_is_missing_in_the_language_is_french_and_says_so(town: Town) -> None:
    browser = town.browser("alba", "ar")
    page = browser.get(f"/staff/read/{address(CONFIDING)}").text
    assert '<html lang="ar" dir="rtl"' in page
    assert '<article lang="fr" dir="ltr">' in page
    assert "هذه الصفحة غير متوفرة بعد بهذه اللغة" in page
    assert 'lang="fr" dir="ltr">Recevoir une confidence' in browser.get("/staff/read").text


def test_links_lead_to_other_sheets_by_their_address(town: Town) -> None:
    page = town.browser("noe").get(f"/read/{address('a-qui-je-peux-parler')}").text
    assert f'<a href="/ent/read/{address(TALKING)}">' in page
    staff = town.browser("head").get(f"/staff/read/{address(GROUP)}").text
    assert f'<a href="/ent/staff/read/{address(CONFIDING)}">' in staff


@pytest.mark.parametrize("reader", ["noe", "lina"])
def test_the_door_to_an_adult_stands_where_the_channel_exists(town: Town, reader: str) -> None:
    with town.app.test_request_context("/ent/"), town.house.database.reading() as db:
        door = doors.door(db, town.people[reader], "help")
    slug = TALKING if reader == "noe" else AFTER
    page = town.browser(reader).get(f"/read/{address(slug)}").text
    article, _end, rest = page.partition("</article>")
    if door is None:
        assert 'class="button"' not in rest
        assert not re.search(r'href="[^"]*">(demande à parler|envoie-la)', article)
    else:
        assert f'class="button" href="{door}">Parler à un adulte</a>' in rest
        assert re.search(rf'href="{door}">(demande à parler|envoie-la)', article)


def test_markup_in_a_sheet_stays_text(town: Town) -> None:
    hostile = "<script>alert(1)</script>"
    sheet = Sheet(
        slug="x", lang="fr", title=hostile, summary=hostile, profiles=("parent",), order=1, helplines=(hostile,),
        reviewed=date(2026, 1, 1), licence=hostile, sources=(hostile,), body=f"## {hostile}\n\n{hostile}\n",
    )  # fmt: skip
    shelf = service.shelf()
    assert isinstance(shelf, dict)
    shelf["x"] = {"fr": sheet}
    try:
        browser = town.browser("karim")
        for path in ("/read", f"/read/{address('x')}"):
            page = browser.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "&lt;script&gt;alert" in page.text
    finally:
        del shelf["x"]


def test_reading_leaves_no_trace(town: Town) -> None:
    browser = town.browser("lina")
    page = browser.get(f"/read/{address(DISTRESS)}")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


def test_someone_of_two_schools_reads_what_pupils_of_the_chosen_school_read(town: Town) -> None:
    assert model.pupils_profiles(town.ines) == ("pupil-college",)
    assert town.membership("ines", COLLEGE).kind == "college"
