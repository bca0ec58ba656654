"""A parent: a home of their own, a sheet, and the door into the channel."""

import pytest
from playwright.sync_api import expect

from tests.browser.stories.portal import TELEPHONE, Portal, answer_the_message, door
from tests.browser.stories.pupil import fits

pytestmark = pytest.mark.browser

MARC = "Marc Bertin"
MESSAGE = "Mon fils ne veut plus prendre le car du matin."
ANSWER = "Merci de votre message. Êtes-vous libre jeudi à 17 h ?"


def test_reads_a_sheet_writes_and_reads_the_answer(portal: Portal) -> None:
    page = portal.enter(MARC, viewport=TELEPHONE)
    expect(page.get_by_text("Pour comprendre ce que vit votre enfant")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text(MARC)
    expect(door(page, "Joindre un adulte de l’établissement")).to_be_visible()
    expect(page.get_by_role("link", name="Questionnaires")).to_have_count(0)
    door(page, "Comprendre").click()
    page.get_by_role("link", name="Mon enfant est visé").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Écrire au groupe d’écoute", exact=True).click()
    expect(page.get_by_text("Vous écrivez avec le compte de ")).to_contain_text(MARC)
    fits(page)
    page.get_by_text("En dire plus, si vous voulez").click()
    page.get_by_role("group", name="Pour qui écrivez-vous ?").get_by_label("Pour mon enfant").check()
    page.get_by_label("Votre message").fill(MESSAGE)
    page.get_by_role("group", name="Un enfant est-il en danger").get_by_label("Non").check()
    page.get_by_label("Je lis la réponse ici, avec mon nom").check()
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.get_by_role("heading", name="Votre message est arrivé")).to_be_visible()
    words = page.get_by_role("region", name="Votre code").get_by_role("listitem")
    expect(words).to_have_count(8)
    code = words.all_inner_texts()
    listener = answer_the_message(portal, ANSWER, "Jeanne Petit")
    expect(listener.get_by_text("Compte de parent.")).to_be_visible()
    later = portal.enter(MARC, viewport=TELEPHONE)
    door(later, "Relire avec mon code").click()
    later.get_by_label("Les huit mots, dans l’ordre").fill(" ".join(code))
    later.get_by_role("button", name="Ouvrir").click()
    expect(later.get_by_role("article").filter(has_text=ANSWER)).to_be_visible()
