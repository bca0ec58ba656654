"""A head: closes the campaign and reads the school's results; learns that something waits, and not what."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from ent_module.demo.people import COLLEGE
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.identity import service as identity
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import DAYS_OPEN, Answers, Joining
from ent_module.surveys.service import opening
from ent_module.surveys.service.closing import finish
from tests.browser.stories.portal import Portal, door, message_has_come
from tests.surveys.campaign import LATER, fill

pytestmark = pytest.mark.browser

HEAD = "Hélène Royer"
TEXT = "Hugo me pousse dans les escaliers."


def _two_classes_have_answered(portal: Portal) -> None:
    """Forty pupils of two classes, by the service that the pages call: forty browsers would tell nothing more.

    One class alone is never shown. Three of the forty are bullied every week: a number small enough to be hidden.
    """
    house = portal.house
    with house.database.writing() as db:
        school = establishments.by_uai(db, COLLEGE).id
        by = identity.adults(db, school)[0].id
        opened = paris(datetime.now(UTC)).date() - timedelta(days=DAYS_OPEN)  # its announced end has come
        asked = questionnaires()["school-climate"]
        campaign, _same = [
            opening.open_class(db, house.store, school, asked, Joining(code, 25), by, opened)
            for code in ("6e B", "4e A")
        ]
    answers: list[Answers] = [
        {
            "bullied": ["weekly" if number < 3 else "never"],
            "safety_school": ["rather_agree" if number % 4 else "disagree"],
            "belonging_adult": ["agree"] if number % 2 else ["rather_disagree"],
        }
        for number in range(40)
    ]
    fill(portal, campaign, {"6e B": answers[::2], "4e A": answers[1::2]})


def test_closes_the_campaign_and_reads_results_with_small_numbers_hidden(portal: Portal) -> None:
    _two_classes_have_answered(portal)
    page = portal.enter(HEAD)
    door(page, "Enquête et résultats").click()
    expect(page.get_by_text("40 questionnaires au moins sont arrivés.")).to_be_visible()
    page.get_by_role("heading", level=2).get_by_role("link").click()
    expect(page.get_by_text("Avant, personne ne les voit.")).to_be_visible()
    page.get_by_role("link", name="Préparer la clôture").click()
    page.get_by_role("button", name="Clore pour de bon").click()
    expect(page.get_by_text("Les réponses vont être comptées.")).to_be_visible()
    finish(portal.house, datetime.now(UTC) + LATER)
    page.reload()
    figures = page.get_by_role("main")
    shares = figures.get_by_role("definition").filter(has_not_text="Réponses comptées")
    expect(shares.nth(0)).to_contain_text("non montré")
    expect(shares.nth(1)).to_contain_text("75")
    expect(shares.nth(2)).to_contain_text("50")
    expect(page.get_by_text("Pourquoi des nombres manquent")).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
    expect(figures).not_to_contain_text("6e B")
    page.get_by_role("link", name="Rapport pour le conseil").click()
    expect(page.get_by_role("heading", name="Comment lire ce rapport")).to_be_visible()
    expect(figures).not_to_contain_text("6e B")
    page.get_by_role("link", name="Revenir aux résultats").click()
    page.get_by_role("link", name="Toutes les enquêtes").click()
    expect(page.get_by_text("Close", exact=True)).to_be_visible()


def test_learns_that_something_is_unread_then_urgent_and_not_what(portal: Portal) -> None:
    page = portal.enter(HEAD)
    expect(door(page, "Messages en attente")).to_contain_text("Rien n’attend")
    message_has_come(portal, COLLEGE, TEXT)
    page.reload()
    expect(door(page, "Messages en attente")).to_contain_text("Quelque chose attend d’être lu")
    message_has_come(portal, COLLEGE, TEXT, danger="yes")
    page.reload()
    door(page, "Messages en attente").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Quelque chose d’urgent est ouvert")
    expect(main).to_contain_text("Demandez au groupe d’écoute où il en est")
    assert "escaliers" not in page.content()
    expect(main.get_by_role("link")).to_have_count(0)
    page.goto("/ent/staff/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’est pas pour ce compte")


def test_whom_a_writer_leaves_out_learns_nothing_head_or_not(portal: Portal) -> None:
    page = portal.enter(HEAD)  # has been here before the message: could be told
    message_has_come(portal, COLLEGE, TEXT, danger="yes", without=(HEAD,))
    page.reload()
    expect(door(page, "Messages en attente")).to_contain_text("Rien n’attend")
