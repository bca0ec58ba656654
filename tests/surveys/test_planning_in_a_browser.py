"""From a head's draft to a class that answers, in real browsers."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from ent_module.establishments.calendar import paris
from ent_module.surveys.plan import NOTICE
from ent_module.surveys.service.opening import open_due
from ent_module.surveys.tables import SealedBallot
from tests.support.browser import axe
from tests.support.town import Town
from tests.surveys.campaign import rows

pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


def test_a_draft_becomes_a_notice_and_then_a_class_that_answers(
    town: Town, open_as: Callable[..., BrowserContext]
) -> None:
    """Families were told on paper before, so that the first day is today."""
    today = paris(datetime.now(UTC)).date()
    page = open_as("head").new_page()
    page.goto("/ent/staff/surveys/campaigns")
    page.get_by_role("link", name="Préparer une enquête").click()
    page.get_by_role("link", name=re.compile("La vie ici")).click()
    page.get_by_label("Premier jour").fill(today.isoformat())
    page.get_by_label("Dernier jour").fill((today + timedelta(days=14)).isoformat())
    page.get_by_label("Les classes, et combien").fill("6e B ; 26\n5e A ; 24")
    page.get_by_role("radio", name=re.compile("En classe, tous ensemble")).check()
    page.get_by_role("radio", name="La direction").check()
    page.get_by_role("button", name="Garder le brouillon").click()
    expect(page.get_by_label("Niveau de la classe 6e B")).to_have_value("6e")
    axe(page)
    page.get_by_role("button", name="Annoncer l’enquête").click()  # by the notice: ten days too late
    expect(page.get_by_role("alert")).to_contain_text("dix jours avant")
    page.get_by_role("radio", name="Elles le sont déjà, sur papier").check()
    page.get_by_label("Si elles le sont déjà").fill((today - NOTICE).isoformat())
    page.get_by_role("button", name="Annoncer l’enquête").click()
    expect(page.get_by_text("Annoncée", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("link", name="L’avis aux familles").click()
    expect(page.locator(".notice-sheet")).to_have_count(3)
    axe(page)
    assert pages(page.pdf(prefer_css_page_size=True)) == 3  # one sheet of A4 each
    open_due(town.house, datetime.now(UTC))
    page = open_as("alba").new_page()
    page.goto("/ent/staff/surveys")
    page.get_by_role("link", name="Commencer avec cette classe").first.click()
    page.get_by_role("radio", name="5e A", exact=True).check()
    page.get_by_role("button", name="Ouvrir pour cette classe").click()
    expect(page.get_by_text("0 élève sur 24 a ouvert son questionnaire.")).to_be_visible()
    page = open_as("eva").new_page()
    page.goto("/ent/surveys")
    expect(page.get_by_role("link", name="Voir les questions")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "asked", "who"), [("Votre regard", "240", "karim"), ("Travailler ici", "41", "clerk")]
)
def test_a_draft_for_adults_becomes_a_notice_of_theirs_and_then_a_ballot(
    town: Town, open_as: Callable[..., BrowserContext], name: str, asked: str, who: str
) -> None:
    """It begins as one for pupils: what was typed stays where the questionnaire changes."""
    today = paris(datetime.now(UTC)).date()
    page = open_as("head").new_page()
    page.goto("/ent/staff/surveys/campaigns/new")
    page.get_by_role("link", name=re.compile("La vie ici")).click()
    page.get_by_label("Premier jour").fill(today.isoformat())
    page.get_by_label("Dernier jour").fill((today + timedelta(days=14)).isoformat())
    page.get_by_text("Prendre un autre questionnaire").click()
    page.get_by_label("Quel questionnaire").select_option(label=page.locator("option", has_text=name).inner_text())
    page.get_by_role("button", name="Prendre celui-ci").click()
    expect(page.get_by_label("Premier jour")).to_have_value(today.isoformat())
    expect(page.get_by_label("Les classes, et combien")).to_have_count(0)
    page.get_by_label(re.compile("Combien de (parents|personnes)")).fill(asked)
    axe(page)
    page.get_by_role("button", name="Garder le brouillon").click()
    page.get_by_role("radio", name="C’est déjà fait, par un message").check()
    page.get_by_label("Si c’est déjà fait").fill((today - NOTICE).isoformat())
    page.get_by_role("button", name="Annoncer l’enquête").click()
    page.get_by_role("link", name=re.compile("^L’avis au")).click()
    expect(page.locator(".notice-sheet")).to_have_count(3)
    axe(page)
    assert pages(page.pdf(prefer_css_page_size=True)) == 3  # one sheet of A4 each
    open_due(town.house, datetime.now(UTC))
    page = open_as(who).new_page()
    page.goto("/ent/surveys")
    expect(page.get_by_text(re.compile(f"Nombre d’invités, le même pour tous.*{asked}"))).to_be_visible()
    page.get_by_role("link", name="Voir les questions").click()
    page.wait_for_load_state()
    page.locator("[data-begin]").click()
    page.locator("form#questions .last-step button:first-child").click()
    page.wait_for_url(re.compile("/after$"))
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 1


def pages(pdf: bytes) -> int:
    """How many pages a printed document has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
