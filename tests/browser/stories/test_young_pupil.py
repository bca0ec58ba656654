"""Pupils of the école: two taps for an adult to come; one question a screen; the code once more."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stories.portal import TELEPHONE, Portal, answer_the_message, door, lines, open_questionnaire
from tests.browser.stories.pupil import Pupil

pytestmark = pytest.mark.browser

NOA, MILA = "Noa Lambert", "Mila Aubert"
PSYCHOLOGIST = "Irène Blanchet"  # the circonscription's group reads for an école without two listeners of its own


def _tap(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words).click()


def test_two_taps_and_an_adult_comes(portal: Portal) -> None:
    noa = Pupil(portal.enter(NOA, viewport=TELEPHONE), NOA)
    expect(noa.page.get_by_role("banner")).to_contain_text("CE2 A")
    expect(noa.page.get_by_text("Va vers un adulte. Il peut appeler avec toi.")).to_be_visible()
    noa.follow("Parler à un adulte")
    noa.follow("Un adulte vient me voir")
    expect(noa.page.get_by_text("Tu demandes avec le compte de ")).to_contain_text(NOA)
    noa.press("Oui, je veux qu’un adulte vienne")
    expect(noa.page.get_by_text("Un adulte viendra te voir.")).to_be_visible()
    expect(noa.page.get_by_role("heading", name="Tes huit mots")).to_have_count(0)
    # Nothing on the home page says that Noa has asked.
    noa.follow("Revenir à l’accueil")
    expect(noa.page.get_by_role("main").get_by_role("link", name="Parler à un adulte")).to_be_visible()
    psychologist = portal.enter(PSYCHOLOGIST)
    door(psychologist, "Messages").click()
    lines(psychologist).click()
    expect(psychologist.get_by_text("Du compte de ")).to_contain_text(f"{NOA}, CE2 A")
    expect(psychologist.get_by_text("Demande qu’un adulte vienne.")).to_be_visible()


def test_one_question_a_screen_and_the_answer_with_eight_words(portal: Portal) -> None:
    mila = Pupil(portal.enter(MILA, viewport=TELEPHONE), MILA)
    mila.follow("Parler à un adulte")
    mila.follow("J’écris ce qui se passe")
    mila.heading("C’est pour qui ?")
    _tap(mila.page, "Pour un autre enfant")
    mila.heading("Qu’est-ce qui se passe ?")
    mila.page.get_by_role("checkbox", name="On me fait mal").check()
    mila.press("Continuer")
    mila.press("Revenir")  # to change one's mind
    expect(mila.page.get_by_role("checkbox", name="On me fait mal")).to_be_checked()
    mila.page.get_by_role("checkbox", name="On m’embête").check()
    mila.press("Continuer")
    mila.page.get_by_label("Ton message").fill("Des grands prennent le goûter de Tom.")
    mila.press("Continuer")
    _tap(mila.page, "Plusieurs fois")
    mila.heading("As-tu peur aujourd’hui, à l’école ou à la maison ?")
    _tap(mila.page, "Non")
    mila.heading("Quels adultes ?")
    mila.press("Continuer")
    mila.heading("Comment on te répond ?")
    _tap(mila.page, "Je lis la réponse ici. Je ne donne pas mon nom.")
    mila.heading("Tes parents peuvent savoir ?")
    _tap(mila.page, "Passer")
    mila.heading("C’est prêt")
    expect(mila.page.get_by_role("article")).to_contain_text("le goûter de Tom")
    mila.press("Envoyer mon message")
    mila.heading("Ton message est arrivé")
    words = mila.page.get_by_role("region", name="Tes huit mots").get_by_role("listitem")
    expect(words).to_have_count(8)
    code = words.all_inner_texts()
    answer_the_message(portal, "Tu as bien fait. Je viens dans la classe demain.", PSYCHOLOGIST)
    later = Pupil(portal.enter(MILA, viewport=TELEPHONE), MILA)
    later.comes_back(code, "Des grands prennent le goûter de Tom.", "Tu as bien fait.")


def test_answers_the_questionnaire_one_question_a_screen(portal: Portal) -> None:
    open_questionnaire(portal, "Samuel Ortiz", "CE2 A")
    noa = Pupil(portal.enter(NOA, viewport=TELEPHONE), NOA)
    noa.follow("Questionnaires pour toi")
    expect(noa.page.get_by_text("Tu réponds sans ton nom.")).to_be_visible()
    noa.follow("Voir les questions")
    noa.page.get_by_role("button", name="Commencer").click()
    noa.page.get_by_role("radio", name="Plutôt oui").check()
    for _question in range(16):
        noa.page.get_by_role("button", name="Suivant").click()
    noa.page.get_by_role("button", name="Envoyer mes réponses").click()
    noa.heading("Merci. Ton questionnaire est arrivé.")
