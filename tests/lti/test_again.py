"""A frame that keeps no cookie: the same login begins again in a tab, and the platform says who sits there."""

import re
from html import unescape

from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.lti.conftest import Plugged, Visit
from tests.lti.platform import query
from tests.support.database import every_byte
from tests.support.town import Browser

FRAMED = {"Sec-Fetch-Dest": "iframe"}
TAB = {"Sec-Fetch-Dest": "document"}


def launched(browser: Browser, form: dict[str, str], headers: dict[str, str]) -> TestResponse:
    """The platform's form is posted by a browser that has lost, or never had, the login's cookie."""
    return browser.client.post("/ent/lti/launch", data=form, headers=headers)


def without_cookie(plugged: Plugged, **changed: str) -> tuple[Visit, TestResponse]:
    visit = plugged.visit()
    visit.begin(**changed)
    form = plugged.platform.form(visit.redirect)
    return visit, launched(plugged.town.browser(), form, FRAMED)


def link_on(page: TestResponse) -> str:
    found = re.search(r'href="(/ent/lti/again\?token=[^"]+)"', page.text)
    assert found, page.text
    return unescape(found[1])


def test_the_page_offers_a_tab_in_which_the_login_works(plugged: Plugged) -> None:
    first, page = without_cookie(plugged)
    assert page.status_code == 400
    assert "Le navigateur n’a pas gardé la connexion." in page.text
    assert 'target="_blank"' in page.text
    assert "Lina" not in page.text
    assert "119" in page.text
    tab = plugged.visit()
    began = tab.browser.client.get(link_on(page))
    tab.redirect = began.headers["Location"]
    asked, before = query(tab.redirect), query(first.redirect)
    for name in ("login_hint", "lti_message_hint", "client_id", "redirect_uri"):
        assert asked[name] == before[name]
    assert asked["state"] != before["state"]
    assert tab.end(plugged.platform.form(tab.redirect)).headers["Location"] == "/ent/"
    assert tab.browser.me()["profile"] == "pupil"


def test_the_link_works_once(plugged: Plugged) -> None:
    _first, page = without_cookie(plugged)
    link = link_on(page)
    assert plugged.visit().browser.client.get(link).status_code == 303
    again = plugged.visit().browser.client.get(link)
    assert (again.status_code, "a déjà servi" in again.text) == (400, True)


def test_the_link_signs_nobody_in_by_itself(plugged: Plugged) -> None:
    """Someone lets another's browser follow the link of a login of their own: the platform answers for that other."""
    _attackers, page = without_cookie(plugged, login_hint="attacker")
    victim = plugged.visit()
    victim.redirect = victim.browser.client.get(link_on(page)).headers["Location"]
    assert victim.browser.get("/me").status_code == 401
    victim.end(plugged.platform.form(victim.redirect, sub="subject-eva", name="Eva Blanc"))
    assert "Eva Blanc" in victim.browser.get("/").text


def test_a_message_of_ones_own_in_anothers_browser_signs_nobody_in(plugged: Plugged) -> None:
    """Login CSRF: neither the frame nor the tab takes a message whose login began elsewhere."""
    attacker = plugged.visit()
    attacker.begin()
    form = plugged.platform.form(attacker.redirect, sub="subject-sami", name="Sami Haddad")
    for headers in (FRAMED, TAB, {}):
        victim = plugged.visit("lina").browser
        launched(victim, form, headers)
        assert "Lina Morel" in victim.get("/").text


def test_a_tab_without_cookies_is_told_so(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    page = launched(plugged.town.browser(), plugged.platform.form(visit.redirect), TAB)
    assert (page.status_code, "/lti/again" in page.text) == (400, False)
    assert "Le navigateur n’a pas gardé la connexion." in page.text


def test_the_database_cannot_tell_who_asked(plugged: Plugged) -> None:
    plugged.visit().begin(login_hint="pupil-4711")
    without_cookie(plugged, login_hint="pupil-4711")
    with plugged.town.house.database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM ent_lti_login")).scalar() == 1
        assert b"pupil-4711" not in every_byte(db)


def test_a_question_that_is_too_long_is_refused(plugged: Plugged) -> None:
    answer = plugged.visit().begin(login_hint="é" * 4000, target_link_uri=f"https://ent.example/ent/{'x' * 30_000}")
    assert answer.status_code == 400
