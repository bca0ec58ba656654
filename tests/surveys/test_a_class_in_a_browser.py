"""A whole class in real browsers: all open, their teacher says so, then all answer; one comes late and is let in."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.surveys import campaigns
from ent_module.surveys.model import Where
from ent_module.surveys.tables import Campaign, Issuance, SealedBallot
from tests.support.browser import axe
from tests.support.town import Town
from tests.surveys.campaign import ballots, rows, shut, started

pytestmark = pytest.mark.browser

CLASS = "6e B"
WAIT, NOT_YET = "Attends que tout le monde l’ait", "Attends encore un peu"
TOO_LATE = "Ta classe a déjà commencé"
ALL_HERE, LET_IN = "Tous l’ont ouvert : commencer", "Laisser ouvrir encore"
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
    return started(town, CLASS, where=Where.CLASS)


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


def waits(page: Page) -> None:
    """Whoever presses before the teacher has is asked to wait."""
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_text(NOT_YET)).to_be_visible()
    expect(page.locator("form#questions")).to_be_hidden()


def says(teacher: Page, words: str) -> None:
    """The teacher presses a button of the class, and the page says what holds from then on."""
    teacher.get_by_role("button", name=words).click()
    expect(teacher.get_by_role("button", name=LET_IN if words == ALL_HERE else ALL_HERE)).to_be_visible()


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
    for page in in_time:
        waits(page)
    assert pool(town) == (4, 0)  # nobody answers before all have opened
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

    says(teacher, ALL_HERE)
    axe(teacher)
    before = told(teacher, 4)
    ends = {answers(page, said) for page, said in zip(in_time[:2], SAID, strict=False)}
    comes_late(late)
    assert pool(town) == (4, 2)
    says(teacher, LET_IN)
    in_the_middle = in_time[2]
    in_the_middle.reload()  # before it has begun: it waits again, like whoever has just come
    waits(in_the_middle)
    late.get_by_role("link", name="Essayer encore").click()
    waits(late)
    says(teacher, ALL_HERE)
    ends.add(answers(in_the_middle, SAID[2]))
    opened = re.compile(r"(?m)^4$|4(?= élèves)")  # in the ring, and in words
    assert told(teacher, 5) == opened.sub("5", before)  # three have sent, and it does not tell
    ends |= {answers(in_time[3], SAID[3]), answers(late, "never")}
    assert len(ends) == 1, "the last page tells who has sent a blank ballot, or came late"
    assert pool(town) == (5, 5)
    sent = sorted(next(iter(one.values()), ["blank"])[0] for one in ballots(town))
    assert sent == ["blank", "never", "never", "never", "weekly"]


def comes_late(page: Page) -> None:
    """The class answers: the page says whom to tell."""
    page.goto("/ent/surveys")
    page.get_by_role("link", name="Voir les questions").click()
    expect(page.get_by_role("heading", name=TOO_LATE)).to_be_visible()
    expect(page.get_by_text("Dis-le à ton enseignante")).to_be_visible()
    expect(page.locator("form#questions")).to_be_hidden()
    axe(page)


def test_its_record_counts_the_late_and_the_blank(
    town: Town, campaign: Campaign, pupils: list[Page], open_as: Callable[..., BrowserContext]
) -> None:
    teacher = open_as("alba").new_page()
    teacher.goto("/ent/staff/surveys")
    in_time, late, silent = pupils[:2], pupils[2], pupils[3]
    for page in (*in_time, silent):  # who never sends
        opens(page)
    says(teacher, ALL_HERE)
    for page, said in zip(in_time, ("never", None), strict=True):
        answers(page, said)
    says(teacher, LET_IN)
    opens(late)
    says(teacher, ALL_HERE)
    answers(late, "never")
    shut(town, campaign)
    with town.house.database.reading() as db:
        done = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert done
    record = json.loads(done.record)
    figures = ("issued", "tokens", "counted", "blank", "spoilt")
    assert {name: record[name] for name in figures} == dict(zip(figures, (4, 3, 2, 1, 0), strict=True))
