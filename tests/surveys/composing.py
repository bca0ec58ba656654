"""A draft composed by the editor's forms, as without a script."""

import re
from html import unescape
from uuid import UUID

from werkzeug.test import TestResponse

from ent_module.surveys import own
from ent_module.surveys.composing import service
from ent_module.surveys.composing.draft import Draft
from ent_module.surveys.tables import OwnQuestionnaire
from tests.support.forms import form as form_of
from tests.support.town import COLLEGE, Browser, Town

SHELF = "/staff/surveys/questionnaires"
NEW = f"{SHELF}/drafts/new"
CLIMATE = ["school-climate.bullied", "school-climate.climate_help", "school-climate.climate_listen"]
MEAL = {"text-fr": "Le repas est calme ?", "kind": "one", "scale": "own", "answers-fr": "Oui\nNon\nParfois"}


def began(browser: Browser, title: str = "La vie à la cantine") -> str:
    """A new draft's address."""
    answer = browser.fill(NEW, {"title-fr": title}, "title-fr")
    assert answer.status_code == 303
    return answer.headers["Location"].removeprefix("/ent")


def composed(browser: Browser) -> str:
    """A draft with three questions of the bank and one of the school's own."""
    at = began(browser)
    assert browser.fill(f"{at}/bank", {"items": CLIMATE}, "page").status_code == 303
    assert browser.fill(f"{at}/questions", MEAL, "text-fr").status_code == 303
    return at


def read(browser: Browser, at: str) -> str:
    """The words of a page."""
    answer = browser.get(at)
    assert answer.status_code == 200
    return words(answer)


def words(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text))).replace("\u202f", " ")


def presses(browser: Browser, at: str, having: str, **values: str) -> TestResponse:
    """Presses a button of the draft's page, by the address to which its form goes."""
    found = form_of(browser.get(at).text, having)
    return browser.post(found.action.removeprefix("/ent"), {**found.values, **values})


def drafted(town: Town, at: str) -> Draft:
    with town.house.database.reading() as db:
        return service.load(db, town.schools[COLLEGE], UUID(at.rpartition("/")[2]))


def kept(town: Town) -> OwnQuestionnaire:
    with town.house.database.reading() as db:
        [row] = own.rows(db, town.schools[COLLEGE])
    return row


def order(town: Town, at: str) -> list[str]:
    return [item["text"]["fr"] for item in drafted(town, at).items]


def named(town: Town, at: str, text: str) -> str:
    """The id of a question."""
    return next(str(item["id"]) for item in drafted(town, at).items if item["text"]["fr"] == text)
