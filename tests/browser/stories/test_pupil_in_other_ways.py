"""The pupil's story once more: in Arabic, with the keyboard alone, without a script."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ent_module.demo.people import RESIDENTS
from tests.browser.stories.portal import TELEPHONE, Portal, answer_the_message, open_questionnaire
from tests.browser.stories.pupil import MESSAGE, Pupil, fits
from tests.support.browser import Outside

pytestmark = pytest.mark.browser

LEO = "Léo Bertin"
ANSWER = "Merci de l’avoir dit. Veux-tu que nous en parlions jeudi ?"
MESSAGE_IN_ARABIC, ANSWER_IN_ARABIC = "يسخرون مني كل صباح في الحافلة.", "شكرًا لأنك أخبرتنا. هل نتحدث يوم الخميس؟"

# What the portal and the school wrote themselves, and names by which a helpline is known in France.
_WRITTEN = {
    words for one in RESIDENTS.values() for words in (one.name, one.what.partition(",")[0], one.place, one.hours)
}
_SITES = {"allo119.gouv.fr", "3018.fr", "filsantejeunes.com"}
NOT_OURS = _WRITTEN | _SITES | {"Ressources", "Collège Germaine-Tillion", "6e B", "SMS", "SAMU", "Fil Santé Jeunes"}
WORDS_OF_THE_PAGE = """() => {
  const told = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, textarea, button[lang], .fingerprint")) told.push(walker.currentNode.data);
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]"))
    for (const name of ["aria-label", "placeholder", "alt", "title"]) told.push(one.getAttribute(name) ?? "");
  return told.join("\\n");
}"""


def in_arabic(page: Page) -> None:
    """From right to left, and not a word in Latin letters but what others wrote; fits a telephone too."""
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    text: str = page.evaluate(WORDS_OF_THE_PAGE)
    for name in sorted(NOT_OURS, key=len, reverse=True):
        text = text.replace(name, "")
    assert re.findall(r"[A-Za-zÀ-ÿ]{2,}", text) == [], page.url
    fits(page)


@dataclass(frozen=True)
class Keyboard:
    """Hands that only know Tab, Space, Enter and the arrows; wherever they are, they see it."""

    page: Page

    def reach(self, wanted: Locator) -> None:
        """Goes on with Tab until that control has the focus."""
        for _stop in range(120):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self._sees_where()
        raise AssertionError(f"Tab never comes to {wanted}")

    def _sees_where(self) -> None:
        width = self.page.evaluate(
            """() => {
              const here = document.activeElement, style = getComputedStyle(here);
              return here === document.body || style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
            }"""
        )
        assert width >= 3, f"no focus to be seen on {self.page.evaluate('document.activeElement.outerHTML')}"

    def press(self, wanted: Locator) -> None:
        """Enter on a link or button."""
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def choose(self, question: str, answer: str) -> None:
        """Tab into the question, then the arrows: in a browser they choose as they go."""
        group = self.page.get_by_role("group", name=question)
        choices = group.get_by_role("radio")
        self.reach(choices.first)
        self.page.keyboard.press("Space")
        for _choice in range(choices.count()):
            if group.get_by_label(answer, exact=True).is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never come to {answer}")


def test_in_arabic(portal: Portal) -> None:
    open_questionnaire(portal)
    options: dict[str, Any] = {"language": "العربية", "viewport": TELEPHONE}
    leo = Pupil(portal.enter(LEO, **options), LEO, "ar", in_arabic)
    leo.sees_a_calm_home()
    leo.answers_the_questionnaire()
    leo.reads_a_sheet()
    code = leo.writes_without_a_name(MESSAGE_IN_ARABIC, excluding="Nathalie Collet")
    answer_the_message(portal, ANSWER_IN_ARABIC)
    later = Pupil(portal.enter(LEO, **options), LEO, "ar", in_arabic)
    later.comes_back(code, MESSAGE_IN_ARABIC, ANSWER_IN_ARABIC)


def _card_of_the_teacher(teacher: Page) -> str:
    """The teacher makes one card for the class, and reads its code aloud."""
    teacher.get_by_text("Des cartes pour qui ne peut pas répondre ici").click()
    teacher.get_by_label("Combien de cartes").fill("1")
    teacher.get_by_role("button", name="Faire les cartes").click()
    return teacher.locator(".card-code").inner_text()


def test_without_a_script(portal: Portal, outside: Outside) -> None:
    card = _card_of_the_teacher(open_questionnaire(portal))
    options: dict[str, Any] = {"java_script_enabled": False, "viewport": TELEPHONE}
    leo = Pupil(portal.enter(LEO, **options), LEO, look=lambda _page: None)  # a look needs a script
    leo.sees_a_calm_home()
    leo.answers_with_a_card(card)
    leo.reads_a_sheet()
    code = leo.writes_without_a_name(MESSAGE, excluding="Nathalie Collet")
    answer_the_message(portal, ANSWER)
    later = Pupil(portal.enter(LEO, **options), LEO, look=lambda _page: None)
    later.comes_back(code, MESSAGE, ANSWER)
    exit_url = portal.house.settings.exit_url
    outside.expect(exit_url)
    later.follow("Fermer")
    later.follow("Parler à un adulte")
    later.page.get_by_label("Ton message").fill(MESSAGE)
    later.page.get_by_role("banner").get_by_role("link", name="Quitter vite").click()
    expect(later.page).to_have_url("chrome-error://chromewebdata/")
    assert outside.wanted == [exit_url]
    later.page.go_back()
    later.heading("La session est finie")
    assert LEO not in later.page.content()
    assert MESSAGE not in later.page.content()


def test_with_the_keyboard_alone(portal: Portal, outside: Outside) -> None:
    open_questionnaire(portal)
    page = portal.browser().new_page()
    page.goto("/")
    hands, role, main = Keyboard(page), page.get_by_role, page.get_by_role("main")
    hands.press(role("button", name=LEO))
    hands.press(role("link", name="Ressources"))
    expect(role("heading", level=1, name="Bonjour")).to_be_visible()
    page.keyboard.press("Tab")
    expect(role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(main.get_by_role("link").first).to_be_focused()

    hands.press(main.get_by_role("link", name="Questionnaires pour toi"))
    hands.press(role("link", name="Voir les questions"))
    hands.press(role("button", name="Commencer"))
    hands.choose("Dans ma classe, les élèves s’aident entre eux.", "Plutôt oui")
    page.keyboard.press("Enter")  # leaves nothing half-filled behind: what was sent could not be taken back
    hands.choose("Ici, les règles sont les mêmes pour tout le monde.", "Non")
    hands.press(role("button", name="Envoyer mes réponses"))
    expect(role("heading", name="Merci. Ton questionnaire est arrivé.")).to_be_visible()

    hands.press(main.get_by_role("link", name="Parler à un adulte"))
    hands.reach(page.get_by_label("Ton message"))
    page.keyboard.type(MESSAGE)
    hands.press(page.get_by_text("En dire plus, si tu veux", exact=True))
    hands.choose("Tu écris pour qui ?", "Pour quelqu’un d’autre")
    hands.reach(role("checkbox", name="Sur Internet ou par messages"))
    page.keyboard.press("Space")
    hands.choose("Es-tu en danger en ce moment ?", "Je ne sais pas")
    hands.choose("Comment veux-tu qu’on te réponde ?", "Je lis la réponse ici, sans mon nom")
    hands.press(role("button", name="Envoyer mon message"))
    leo = Pupil(page, LEO)
    code = leo.reads_that_it_has_arrived()
    answer_the_message(portal, ANSWER)

    hands.press(main.get_by_role("link", name="Revenir à l’accueil"))
    hands.press(main.get_by_role("link", name="Relire avec mon code"))
    hands.reach(page.get_by_label("Les huit mots, dans l’ordre"))
    page.keyboard.type(" ".join(code))
    hands.press(role("button", name="Ouvrir"))
    expect(role("article").filter(has_text=ANSWER)).to_be_visible()
    outside.expect(portal.house.settings.exit_url)
    page.reload()
    hands.press(role("navigation", name="Accès rapide").get_by_role("link", name="Quitter vite"))
    expect(page).to_have_url("chrome-error://chromewebdata/")
