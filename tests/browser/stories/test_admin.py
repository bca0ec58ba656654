"""A local admin: the group with a second person, the channel, contact cards, hours, words; what a pupil then reads."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stories.portal import Portal, door

pytestmark = pytest.mark.browser

ADMIN, HEAD, TEACHER, PSYCHOLOGIST, PUPIL = (
    "Lise Arnaud",
    "Bruno Tessier",
    "Julien Fabre",
    "Camille Rey",
    "Inès Moreau",
)
NURSE_S_ROOM = "Infirmerie de l’internat"
WORDS = "Tu peux aussi passer au bureau B12, le mardi à midi."


def _settings(portal: Portal, page: Page, link: str) -> None:
    portal.again(page)
    door(page, "Réglages de l’établissement").click()
    page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()


def _entry(page: Page, name: str) -> Locator:
    """Someone's line on the page of the group."""
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=name).filter(has=page.get_by_role("button"))


def _publish(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("Publié", exact=True)).to_be_visible()


def test_a_channel_without_two_members_closes_and_opens_only_by_two_people(portal: Portal) -> None:
    admin, head = portal.enter(ADMIN), portal.enter(HEAD)
    _settings(portal, admin, "Groupe d’écoute")
    expect(_entry(admin, PSYCHOLOGIST)).to_contain_text("Sans cette personne, le service d’écriture ferme")
    _entry(admin, PSYCHOLOGIST).get_by_role("button", name="Proposer son départ").click()
    expect(_entry(admin, PSYCHOLOGIST)).to_contain_text("pas encore confirmé")
    expect(_entry(admin, PSYCHOLOGIST).get_by_role("button", name="Confirmer le départ")).to_have_count(0)
    portal.again(head)
    expect(door(head, "Groupe d’écoute")).to_contain_text("1 proposition à confirmer")
    door(head, "Groupe d’écoute").click()
    _entry(head, PSYCHOLOGIST).get_by_role("button", name="Confirmer le départ").click()
    expect(head.get_by_text("Le service d’écriture est fermé.")).to_be_visible()

    _settings(portal, admin, "Ouvrir ou fermer le service d’écriture")
    expect(admin.get_by_text("Il faut deux membres actifs au moins")).to_be_visible()
    admin.get_by_role("button", name="Ouvrir le service d’écriture").click()
    expect(admin.get_by_text("Ce n’est pas possible")).to_be_visible()
    pupil = portal.enter(PUPIL)
    door(pupil, "Parler à un adulte").click()
    expect(pupil.get_by_text("On ne peut pas écrire ici pour l’instant.")).to_be_visible()

    # A teacher who has opened the service once can be proposed; the one who proposes cannot confirm.
    portal.enter(TEACHER)
    admin.get_by_role("link", name="Proposer un membre, puis faire confirmer").click()
    admin.get_by_label("Adulte de l’établissement").select_option(TEACHER)
    admin.get_by_role("button", name="Proposer", exact=True).click()
    expect(_entry(admin, TEACHER)).to_contain_text(HEAD)
    expect(_entry(admin, TEACHER).get_by_role("button", name="Confirmer")).to_have_count(0)
    pupil.reload()
    expect(pupil.get_by_text("On ne peut pas écrire ici pour l’instant.")).to_be_visible()
    portal.again(head)
    door(head, "Groupe d’écoute").click()
    _entry(head, TEACHER).get_by_role("button", name="Confirmer").click()
    pupil.reload()
    expect(pupil.get_by_text("On ne peut pas écrire ici pour l’instant.")).to_be_visible()
    portal.a_day_passes()  # to think it over
    head.reload()
    expect(head.get_by_text("2 adultes lisent aujourd’hui les messages.")).to_be_visible()
    pupil.reload()
    expect(pupil.get_by_role("list").filter(has_text="liront ton message")).to_contain_text(TEACHER)


def test_cards_hours_and_words_are_drafts_until_published(portal: Portal) -> None:
    admin, pupil = portal.enter(ADMIN), portal.enter(PUPIL)
    door(pupil, "Parler à un adulte").click()
    _settings(portal, admin, "Fiches contact")
    admin.get_by_role("link", name="Ajouter une fiche").click()
    admin.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(admin.get_by_role("alert")).to_be_visible()
    admin.get_by_label("Fonction ou lieu").fill(NURSE_S_ROOM)
    admin.get_by_label("Où la trouver").fill("Bâtiment C")
    admin.get_by_role("button", name="Enregistrer le brouillon").click()
    preview = admin.get_by_role("complementary", name="Aperçu")
    expect(preview.get_by_role("listitem").filter(has_text=NURSE_S_ROOM)).to_contain_text("Bâtiment C")
    pupil.reload()
    expect(pupil.get_by_text(NURSE_S_ROOM)).to_have_count(0)
    _publish(admin, "Publier")
    pupil.reload()
    expect(pupil.get_by_role("region", name="À aller voir")).to_contain_text(NURSE_S_ROOM)

    _settings(portal, admin, "Mots de la page d’aide")
    admin.get_by_label("En français").fill(WORDS)
    admin.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(preview).to_contain_text(WORDS)
    pupil.reload()
    expect(pupil.get_by_text(WORDS)).to_have_count(0)
    _publish(admin, "Enregistrer et publier")
    pupil.reload()
    expect(pupil.get_by_text(WORDS)).to_be_visible()

    # Closed on every day but one: the page then says on which day somebody reads.
    _settings(portal, admin, "Horaires et jours de fermeture")
    for day in ("Lundi", "Mardi", "Mercredi", "Vendredi"):
        admin.get_by_role("checkbox", name=day).uncheck()
    admin.get_by_label("Jeudi, fermeture").fill("07:00")
    admin.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(admin.get_by_role("alert")).to_be_visible()
    admin.get_by_label("Jeudi, fermeture").fill("16:30")
    _publish(admin, "Enregistrer et publier")
    pupil.reload()
    expect(pupil.get_by_role("list").filter(has_text="liront ton message")).to_contain_text("jeudi")
