"""A pupil of the collège: answers, reads, writes without a name, comes back with the code; leaves fast."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stories.portal import TELEPHONE, Portal, answer_the_message, door, lines, open_questionnaire
from tests.browser.stories.pupil import MESSAGE, Pupil
from tests.support.browser import Outside

pytestmark = pytest.mark.browser

LEO = "Léo Bertin"
ANSWER = "Merci de l’avoir dit. Veux-tu que nous en parlions jeudi ?"


def test_answers_reads_writes_and_comes_back_in_another_browser(portal: Portal) -> None:
    teacher = open_questionnaire(portal)
    leo = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    leo.sees_a_calm_home()
    leo.answers_the_questionnaire()
    leo.reads_a_sheet()
    code = leo.writes_without_a_name(MESSAGE, excluding="Nathalie Collet")
    # The adult whom Léo left out, though a listener, has nothing to read.
    portal.again(teacher)
    expect(door(teacher, "Messages")).to_contain_text("Rien à lire")
    psychologist = answer_the_message(portal, ANSWER)
    expect(psychologist.get_by_text("Sans nom. Personne ne recherche qui a écrit.")).to_be_visible()
    expect(psychologist.get_by_text(LEO)).to_have_count(0)
    later = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    later.comes_back(code, MESSAGE, ANSWER)


def test_writes_again_in_the_thread_and_a_wrong_code_says_what_to_do(portal: Portal) -> None:
    leo = Pupil(portal.enter(LEO), LEO)
    leo.follow("Parler à un adulte")
    code = leo.writes_without_a_name(MESSAGE, excluding="Nathalie Collet")
    leo.follow("Revenir à l’accueil")
    leo.follow("Relire avec mon code")
    field = leo.page.get_by_label("Les huit mots, dans l’ordre")
    field.fill(" ".join(code[:7]))
    leo.press("Ouvrir")
    expect(leo.page.get_by_role("alert")).to_contain_text("Il faut huit mots. Il y en a 7.")
    field.fill(" ".join(code[::-1]))
    leo.press("Ouvrir")
    expect(leo.page.get_by_role("alert")).to_contain_text("Ce code n’ouvre rien.")
    field.fill(" ".join(code))
    leo.press("Ouvrir")
    expect(leo.page.get_by_text("Pas encore de réponse.")).to_be_visible()
    leo.page.get_by_label("Écrire à nouveau").fill("C’est pire depuis hier.")
    leo.press("Envoyer")
    expect(leo.page.get_by_role("status")).to_contain_text("Le message est arrivé.")
    expect(leo.page.get_by_role("article")).to_have_count(2)


def test_asks_for_a_visit_with_a_name_and_no_code_stays_behind(portal: Portal) -> None:
    leo = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    leo.follow("Parler à un adulte")
    expect(leo.page.get_by_text("Tu écris avec le compte de ")).to_contain_text(LEO)
    leo.says_more()
    leo.choose("De quoi s’agit-il ?", "À la maison")
    expect(leo.page.get_by_text("Quelqu’un à la maison connaît ton mot de passe ?")).to_be_visible()
    leo.choose("Es-tu en danger en ce moment ?", "Oui")
    leo.page.get_by_label("Ton message").fill("J’ai peur de rentrer ce soir.")
    leo.choose("Comment veux-tu qu’on te réponde ?", "Un adulte vient me voir discrètement, avec mon nom")
    leo.press("Envoyer mon message")
    leo.heading("Ton message est arrivé")
    expect(leo.page.get_by_text("Un adulte viendra te voir, discrètement.")).to_be_visible()
    expect(leo.page.get_by_role("heading", name="Ton code")).to_have_count(0)
    cpe = portal.enter("Jeanne Petit")
    door(cpe, "Messages").click()
    expect(lines(cpe)).to_contain_text("Urgent")
    lines(cpe).click()
    expect(cpe.get_by_text("Du compte de ")).to_contain_text(f"{LEO}, 6e B")
    expect(cpe.get_by_label("Répondre")).to_have_count(0)


def test_writes_with_a_name_and_it_goes_on_to_the_end(portal: Portal) -> None:
    leo = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    leo.follow("Parler à un adulte")
    leo.page.get_by_label("Ton message").fill(MESSAGE)
    leo.choose("Comment veux-tu qu’on te réponde ?", "Je lis la réponse ici, avec mon nom")
    leo.press("Envoyer mon message")
    code = leo.reads_that_it_has_arrived()
    cpe = answer_the_message(portal, ANSWER, "Jeanne Petit")
    expect(cpe.get_by_text("Du compte de ")).to_contain_text(LEO)
    later = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    later.comes_back(code, MESSAGE, ANSWER)
    later.page.get_by_label("Écrire à nouveau").fill("D’accord pour jeudi.")
    later.press("Envoyer")
    cpe.reload()
    expect(cpe.get_by_role("article").filter(has_text="D’accord pour jeudi.")).to_be_visible()
    cpe.get_by_text("Clore", exact=True).first.click()
    cpe.get_by_label("Issue").select_option("acted")
    cpe.get_by_role("button", name="Clore").click()
    expect(cpe.get_by_role("button", name="Rouvrir")).to_be_visible()
    after = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    after.comes_back(code, MESSAGE, ANSWER)
    expect(after.page.get_by_text("Un adulte a agi.")).to_be_visible()
    after.press("Un peu")
    expect(after.page.get_by_role("article")).to_have_count(4)
    expect(after.page.get_by_text("Est-ce que ça t’a aidé ?")).to_have_count(0)


def _nothing_is_left(page: Page, outside: Outside, portal: Portal) -> None:
    """We are on the way out, and "back" leads to a page that knows nobody."""
    exit_url = portal.house.settings.exit_url
    expect(page).to_have_url("chrome-error://chromewebdata/")  # outside was asked for, and is never reached from here
    assert outside.wanted == [exit_url]
    page.go_back()
    expect(page.get_by_text("Cette page s’ouvre depuis le menu du portail")).to_be_visible()
    assert LEO not in page.content()
    page.goto("/ent/write")
    assert LEO not in page.content()
    assert MESSAGE not in page.content()


def test_leaves_fast_by_the_button(portal: Portal, outside: Outside) -> None:
    outside.expect(portal.house.settings.exit_url)
    leo = Pupil(portal.enter(LEO, viewport=TELEPHONE), LEO)
    leo.follow("Parler à un adulte")
    leo.page.get_by_label("Ton message").fill(MESSAGE)
    leo.page.get_by_role("banner").get_by_role("link", name="Quitter vite").click()
    _nothing_is_left(leo.page, outside, portal)


def test_leaves_fast_by_pressing_shift_three_times_while_writing(portal: Portal, outside: Outside) -> None:
    outside.expect(portal.house.settings.exit_url)
    leo = Pupil(portal.enter(LEO), LEO)
    leo.follow("Parler à un adulte")
    leo.page.get_by_label("Ton message").press_sequentially("Ils se moquent")
    leo.page.wait_for_load_state()
    for _press in range(3):
        leo.page.keyboard.press("Shift")
    _nothing_is_left(leo.page, outside, portal)
