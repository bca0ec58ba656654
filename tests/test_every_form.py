"""What a page hides in its forms comes back from a browser that anybody may change."""

import re

import pytest

from tests.support.crawl import crawl
from tests.support.database import everything
from tests.support.forms import Form, forms
from tests.support.town import Browser, Town
from tests.test_every_endpoint import EVERYONE

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"')
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
OTHERS = ("", "x", "0" * 96, "00000000-0000-4000-8000-000000000000")
UNREAD = {
    ("/ent/work-in", "to"),  # where it does not name a page of ours, it leads home: tests/setup/test_teams.py
    ("/ent/staff/settings/cards/ID", "card_id"),  # the address says which card
}


def hidden_fields(browser: Browser) -> dict[tuple[str, str], Form]:
    """The hidden fields of all forms that links lead to, once each: where it goes, and its name."""
    return {
        (UUID.sub("ID", form.action), name): form
        for page in crawl(browser).values()
        for form in forms(page)
        for name in set(HIDDEN.findall(page)) & set(form.values) - {"csrf_token"}
    }


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize("who", EVERYONE)
def test_a_hidden_field_with_another_value_is_refused_and_changes_nothing(town: Town, who: str) -> None:
    browser = town.browser(who)
    found = hidden_fields(browser)
    before = everything(town.house.database)
    for (action, name), form in found.items():
        for value in OTHERS if (action, name) not in UNREAD else ():
            answer = browser.post(form.action.removeprefix("/ent"), {**form.values, name: value})
            assert answer.status_code in {400, 409, 422}, (action, name, value, answer.status_code)
    assert everything(town.house.database) == before


@pytest.mark.usefixtures("life")
def test_hidden_fields_are_found(town: Town) -> None:
    """Control: the forms are on the way, and what is not read is still there."""
    found = {key for who in ("lina", "petit", "admin", "alba") for key in hidden_fields(town.browser(who))}
    assert {("/ent/write", "token"), ("/ent/staff/settings/words", "seen")} | UNREAD <= found
