"""An installation that asks at the desk for a code, and an adult's application that makes one."""

import re
from base64 import b32decode
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from ent_module.database import utc
from ent_module.identity import new_device, one_time
from ent_module.identity.tables import SecondFactor
from tests.setup.test_teams import MEMBERS
from tests.support.forms import form, forms
from tests.support.town import COLLEGE, Browser, Town

DESK, CODE, NEW = "/staff/desk", "/staff/desk/code", "/staff/desk/code/new"
_SECRET = re.compile(r'class="letters" dir="ltr"><bdi dir="ltr">([A-Z2-7 ]+)</bdi>')


@dataclass
class Device:
    """What stands in the application: the secret, as it was typed from the page."""

    secret: bytes

    @classmethod
    def from_page(cls, page: str) -> "Device":
        """As one types it."""
        found = _SECRET.search(page)
        assert found, "no secret on the page"
        return cls(b32decode(found[1].replace(" ", "")))

    def code(self, ahead: int = 0) -> str:
        """The code that it shows, or will show so many steps on. Each is accepted once."""
        return one_time.code_at(self.secret, one_time.step_at(datetime.now(UTC)) + ahead)


def locked(town: Town, **more: Any) -> Town:
    """The same town in an installation that asks for a code."""
    house = replace(town.house, settings=replace(town.house.settings, desk_second_factor=True, **more))
    town.app.extensions["ent"] = house
    return replace(town, house=house)


def give(browser: Browser, code: str, page: TestResponse) -> TestResponse:
    """Types a code on the page that asks for it, and sends that with all its hidden fields."""
    asked = form(page.text, "desk_code")
    prefix = browser.town.house.settings.url_prefix
    values = {name: value for name, value in asked.values.items() if name != "csrf_token"}
    return browser.post(asked.action.removeprefix(prefix), {**values, "desk_code": code})


def enrol(browser: Browser) -> Device:
    """The first opening of the desk."""
    page = browser.get(DESK)
    device = Device.from_page(page.text)
    assert give(browser, device.code(), page).status_code == 303
    a_minute_passes(browser.town)
    return device


def ask_for_another(browser: Browser) -> Device:
    """« Je n’ai plus cet appareil »."""
    page = browser.get(NEW)
    device = Device.from_page(page.text)
    assert give(browser, device.code(), page).status_code == 303
    return device


def a_day_passes(town: Town) -> None:
    """What a second person has allowed counts from now on."""
    with town.house.database.writing() as db:
        for row in db.scalars(select(SecondFactor).where(SecondFactor.counts_from.is_not(None))):
            assert row.counts_from
            assert utc(row.counts_from) > datetime.now(UTC) + timedelta(hours=23, minutes=59)
            row.counts_from = datetime.now(UTC) - timedelta(seconds=1)


def a_minute_passes(town: Town) -> None:
    """Every application shows a code that was not used."""
    with town.house.database.writing() as db:
        db.execute(update(SecondFactor).values(last_step=0))


def place(town: Town, who: str) -> str:
    """Where the second person's buttons for somebody lead."""
    return f"/staff/settings/members/device/{town.membership(who).account_id}"


def allow(browser: Browser, who: str) -> int:
    """The button on the page of the group."""
    page = browser.get(MEMBERS)
    path = f"{place(browser.town, who)}/allow"
    button = next((one for one in forms(page.text) if one.action.endswith(path)), None)
    if button is None:  # somebody to whom it is not shown sends it all the same, with the number that stands there
        with browser.town.house.database.reading() as db:
            asked = new_device.requests(db, browser.town.house.keys, browser.town.schools[COLLEGE])
        return browser.post(path, {"number": asked[0].number if asked else ""}).status_code
    return browser.post(path, {"number": button.values["number"][0]}).status_code
