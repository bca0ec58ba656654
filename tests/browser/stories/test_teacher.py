"""A teacher: opens the questionnaire for a class, sees how many and nothing else; gives a lesson and logs it."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.demo.people import COLLEGE
from ent_module.establishments import service as establishments
from ent_module.surveys import campaigns
from tests.browser.stories.portal import Portal, door, open_questionnaire
from tests.surveys.campaign import fill

pytestmark = pytest.mark.browser

LESSON = "Je vais chercher un adulte"


def _classmates_answer(portal: Portal, ballots: int) -> None:
    """What browsers of 6e B sent; one pupil does it by hand in that story."""
    with portal.house.database.reading() as db:
        campaign = campaigns.campaigns(db, establishments.by_uai(db, COLLEGE).id)[0]
    fill(portal, campaign, {"6e B": [{"bullied": ["weekly"], "safety_school": ["agree"]}] * ballots})


def test_opens_for_a_class_and_sees_how_many_have_answered_and_nothing_else(portal: Portal) -> None:
    page = portal.enter("Nathalie Collet")
    door(page, "Enquête de vos classes").click()
    expect(page.get_by_text("Aucune enquête n’est ouverte pour vos classes.")).to_be_visible()
    page.get_by_role("link", name="Ouvrir pour une classe").click()
    expect(page.get_by_role("heading", name="À lire à voix haute avant")).to_be_visible()
    page.get_by_label("Nombre d’élèves de la classe").fill("24")
    page.get_by_role("button", name="Ouvrir pour cette classe").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)  # which class, what, families told
    expect(page.get_by_label("Nombre d’élèves de la classe")).to_have_value("24")
    page.get_by_role("radio", name="6e B").check()
    page.get_by_role("radio", name="La vie ici").check()
    page.get_by_role("checkbox", name="prévenues depuis dix jours").check()
    page.get_by_role("button", name="Ouvrir pour cette classe").click()
    expect(page.get_by_text("0 élève sur 24 a ouvert son questionnaire.")).to_be_visible()
    _classmates_answer(portal, 11)
    page.reload()
    expect(page.get_by_text("11 élèves sur 24 ont ouvert leur questionnaire.")).to_be_visible()
    expect(page.get_by_text("Dans tout l’établissement, 10 au moins sont arrivés.")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).not_to_contain_text(re.compile("%|harcel|sécurité|4e A"))
    expect(main.get_by_role("link")).to_have_text(["Ouvrir pour une classe"])


def test_the_results_are_not_a_teacher_s(portal: Portal) -> None:
    page = open_questionnaire(portal)
    with portal.house.database.reading() as db:
        campaign = campaigns.campaigns(db, establishments.by_uai(db, COLLEGE).id)[0]
    # some heads let all adults read results, others do not: what is not open to a teacher is not there
    for path, told in (("", "Cette page n’existe pas"), ("/closing", "Cette page n’est pas pour ce compte")):
        page.goto(f"/ent/staff/surveys/campaigns/{campaign.id}{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(told)


def _windows(context: BrowserContext, lesson: Page) -> tuple[Page, Page]:
    """The class's screen and the notes, each opened by its button on the lesson's page."""
    with context.expect_page() as screen:
        lesson.get_by_role("link", name="Projeter").click()
    with context.expect_page() as notes:
        lesson.get_by_role("link", name="Ouvrir mes notes").click()
    for window in (screen.value, notes.value):
        window.wait_for_load_state()  # keys turn the pages once the script is there
    return screen.value, notes.value


def test_prepares_presents_and_logs_a_lesson(portal: Portal) -> None:
    page = portal.enter("Nathalie Collet")
    door(page, "Séances").click()
    page.get_by_role("link", name=LESSON).click()
    expect(page.get_by_role("heading", level=1, name=LESSON)).to_be_visible()
    for part in ("Objectifs", "Si un élève se confie, dites", "Ce que les élèves diront peut-être"):
        expect(page.get_by_role("main")).to_contain_text(part)
    screen, notes = _windows(page.context, page)
    expect(notes.get_by_role("heading", name="Pour vous")).to_be_visible()
    expect(screen.get_by_text("Pour vous")).to_have_count(0)
    notes.keyboard.press("PageDown")
    screen.get_by_role("link", name="Écran suivant").click()
    for window in (screen, notes):
        expect(window).to_have_url(re.compile("/3$"))
    shown = screen.get_by_role("main").inner_text().split("\n")[0]
    expect(notes.get_by_role("main")).to_contain_text(shown)
    expect(screen.get_by_role("link", name="Quitter vite")).to_be_visible()
    screen.close()
    notes.close()
    page.get_by_role("link", name="Noter la séance").first.click()
    page.get_by_role("combobox", name="Classe").select_option("6e B")
    page.get_by_role("checkbox", name="2.").uncheck()  # the bell rang
    page.get_by_label("Durée, en minutes").fill("25")
    page.get_by_role("button", name="Noter la séance").click()
    expect(page.get_by_role("status")).to_contain_text("La séance est notée.")
    expect(page.get_by_role("table", name="Heures par classe")).to_contain_text("25")
    expect(page.get_by_role("table", name="Séances")).to_contain_text(f"{LESSON} première partie")
    page.get_by_role("link", name="Toutes les séances").click()
    expect(page.get_by_role("link", name=LESSON)).to_contain_text("Donnée cette année")
