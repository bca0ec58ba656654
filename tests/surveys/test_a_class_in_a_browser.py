"""A whole class in real browsers: all open, the teacher sees that they have, then all answer; one comes late."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.surveys import campaigns
from ent_module.surveys.tables import Campaign, Issuance, SealedBallot
from tests.support.browser import axe
from tests.support.town import Town
from tests.surveys.campaign import ballots, rows, shut, started

pytestmark = pytest.mark.browser

CLASS = "6e B"
WAIT = "attends que tout le monde l’ait"
SEND, BLANK = "Envoyer mes réponses", "Envoyer un questionnaire vide"
SAID = ("never", "never", "weekly", None)
"""What each of the first four answers to the first question that has such answers; the fourth sends a blank ballot."""
TABLET = {"width": 800, "height": 600}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What browsers do has nothing to do with the database."""
    return str(request.param)


@pytest.fixture
def campaign(town: Town) -> Campaign:
    return started(town, CLASS)


@pytest.fixture
def pupils(served: Town, open_for: Callable[..., BrowserContext]) -> list[Page]:
    """Five of one class, each at a device of their own."""
    one = served.arrival("lina")
    return [
        open_for(replace(one, subject=f"subject-{number}", name=f"Pupil {number}"), viewport=TABLET).new_page()
        for number in range(5)
    ]


def opens(page: Page) -> None:
    """From the list of questionnaires to the questions: they are there, and wait for the word."""
    page.goto("/ent/surveys")
    page.get_by_role("link", name="Voir les questions").click()
    expect(page.get_by_text(WAIT)).to_be_visible()
    expect(page.locator("form#questions")).to_be_hidden()


def answers(page: Page, said: str | None) -> str:
    """Begins, answers one question or none, and sends. Returns what the last page says."""
    page.get_by_role("button", name="Commencer").click()
    if said:
        page.locator(f"input[type=radio][value={said}]").first.check()
    page.get_by_role("button", name=SEND if said else BLANK).click()
    expect(page.get_by_role("heading", name="Merci. Ton questionnaire est arrivé.")).to_be_visible()
    return page.get_by_role("main").inner_text()


def told(teacher: Page, opened: int) -> str:
    """What the teacher's page says once so many have opened, but for the time."""
    teacher.reload()
    have = "élèves ont ouvert leur questionnaire" if opened > 1 else "élève a ouvert son questionnaire"
    expect(teacher.get_by_role("main")).to_contain_text(re.compile(rf"(?<!\d){opened} {have}"))
    return re.sub(r"\d\d?\sh(\s\d\d)?", "", teacher.get_by_role("main").inner_text())


def pool(town: Town) -> tuple[int, int]:
    """How many have asked for a token, and how many ballots have come."""
    with town.house.database.reading() as db:
        return rows(db, Issuance), rows(db, SealedBallot)


@pytest.mark.usefixtures("campaign")
def test_all_open_then_all_answer_one_late_and_one_blank(
    town: Town, pupils: list[Page], open_as: Callable[..., BrowserContext]
) -> None:
    teacher = open_as("alba", viewport={"width": 1280, "height": 800}).new_page()
    teacher.goto("/ent/staff/surveys")
    told(teacher, 0)
    *in_time, late = pupils
    for number, page in enumerate(in_time, 1):
        opens(page)
        told(teacher, number)
    assert pool(town) == (4, 0)  # nobody answers before all have opened
    expect(teacher.get_by_text("quand tous l’ont ouvert, dites « Commencez »")).to_be_visible()
    written = teacher.locator(".fingerprint").inner_text()
    shown = "".join(written.split())  # in groups of four
    expect(teacher.get_by_text(written).locator("..")).to_contain_text(re.compile(r"\d\sh"))
    for page in in_time:  # each browser has the keys whose fingerprint stands on the wall
        keys = page.locator("form#questions").get_attribute("data-keys")
        assert keys
        assert keys.rpartition("/")[2].startswith(shown)
        assert len(shown) == 32
    axe(teacher)
    axe(in_time[0])

    before = told(teacher, 4)
    ends = {answers(page, said) for page, said in zip(in_time[:3], SAID, strict=False)}
    opens(late)  # while the others answer
    opened = re.compile(r"(?m)^4$|4(?= élèves)")  # in the ring, and in words
    assert told(teacher, 5) == opened.sub("5", before)  # three have sent, and it does not tell
    ends |= {answers(in_time[3], SAID[3]), answers(late, "never")}
    assert len(ends) == 1, "the last page tells who has sent a blank ballot, or came late"
    assert pool(town) == (5, 5)
    sent = sorted(next(iter(one.values()), ["blank"])[0] for one in ballots(town))
    assert sent == ["blank", "never", "never", "never", "weekly"]


def test_its_record_counts_the_late_and_the_blank(town: Town, campaign: Campaign, pupils: list[Page]) -> None:
    for page, said in zip(pupils[:3], ("never", None, "never"), strict=True):
        opens(page)
        answers(page, said)
    opens(pupils[3])  # and never sends
    shut(town, campaign)
    with town.house.database.reading() as db:
        done = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert done
    record = json.loads(done.record)
    figures = ("issued", "tokens", "valid", "spoilt")
    assert {name: record[name] for name in figures} == dict(zip(figures, (4, 3, 3, 0), strict=True))
