"""How the tests read and send the pages of the settings."""

import re
from datetime import date
from html import unescape

from werkzeug.test import TestResponse

from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Profile, Role
from tests.support.town import Browser, Town

PAGES = ("", "/cards", "/cards/new", "/hours", "/words", "/delay", "/members", "/admins", "/channel", "/numbers")
"""Below the address of the settings."""
HOURS = {"mon-open": "1", "mon-from": "08:00", "mon-to": "17:00"}


def field(page: TestResponse, name: str) -> str:
    """The value of the first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no field {name}"
    return unescape(found.group(1))


def send(browser: Browser, name: str, **fields: str) -> TestResponse:
    """Opens the page of a setting and sends its form."""
    shown = browser.get(f"/staff/settings/{name}")
    return browser.post(f"/staff/settings/{name}", {"seen": field(shown, "seen"), **fields})


def add_card(browser: Browser, **fields: str) -> TestResponse:
    """Adds a contact card to the draft."""
    shown = browser.get("/staff/settings/cards/new")
    hidden = {"seen": field(shown, "seen"), "card_id": field(shown, "card_id")}
    return browser.post("/staff/settings/cards/new", {**hidden, **fields})


def publish(browser: Browser, name: str) -> TestResponse:
    """Publishes what the page of a setting shows: its form as it stands, or the draft of the cards."""
    if name != "cards":
        return browser.fill(f"/staff/settings/{name}", {"do": "publish"}, having=f"/settings/{name}")
    shown = browser.get(f"/staff/settings/{name}")
    form = shown.text.partition(f"/settings/publish/{name}")[2]
    found = re.search(r'name="seen" value="([^"]*)"', form)
    assert found, "nothing to publish"
    return browser.post(f"/staff/settings/publish/{name}", {"seen": found.group(1)})


def newcomer(town: Town, name: str, uai: str, *roles: Role, also: tuple[str, ...] = ()) -> Browser:
    """The browser of another member of staff, with these roles in that school and none in those of `also`."""
    house, browser = town.house, Browser(town)
    heads = Role.HEAD in roles
    profile = Profile.MANAGEMENT if heads else Profile.STAFF
    arrival = Arrival(town.portal_id, f"subject-{name}", profile, name, (uai, *also), head=heads)
    with house.database.writing() as db:
        person = identity.welcome(db, house.keys, arrival)
        for role in roles:
            identity.grant(db, person.here.establishment_id, person.here.account_id, role, date(2026, 9, 1))
    browser.arrive(arrival)
    return browser
