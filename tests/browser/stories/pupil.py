"""The steps of a pupil of the collège, in whichever language; `said` gives the words that a reader of it sees."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from ent_module.languages import SOURCE
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Item
from ent_module.web.language import catalogue

MESSAGE = "Ils se moquent de moi tous les matins dans le car."


def said(sentence: str, language: str) -> str:
    """An interface sentence as a reader of that language sees it. Raises LookupError for one without translation."""
    if language == SOURCE:
        return sentence
    if (found := str(catalogue(language).gettext(sentence))) == sentence:
        raise LookupError(sentence)
    return found


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), f"{page.url} is wider than the screen"


@dataclass(frozen=True)
class Pupil:
    """Someone reading our pages. `look` is called on each of them."""

    page: Page
    name: str
    language: str = SOURCE
    look: Callable[[Page], None] = fits

    def say(self, sentence: str) -> str:
        """That sentence in the pupil's language."""
        return said(sentence, self.language)

    def follow(self, link: str) -> None:
        """Clicks a link by its words, and looks at the page that it opens."""
        self.open(self.page.get_by_role("main").get_by_role("link", name=self.say(link)))

    def open(self, leading: Locator) -> None:
        """Clicks what leads to another page, and looks at that page."""
        with self.page.expect_navigation():
            leading.click()
        self.look(self.page)

    def press(self, button: str) -> None:
        """The same, of a button."""
        self.open(self.page.get_by_role("button", name=self.say(button), exact=True))

    def heading(self, words: str) -> None:
        """What the page is called."""
        expect(self.page.get_by_role("heading", level=1, name=self.say(words))).to_be_visible()

    def choose(self, question: str, answer: str) -> None:
        """One answer of a question."""
        group = self.page.get_by_role("group", name=self.say(question))
        group.get_by_label(self.say(answer), exact=True).check()

    def says_more(self) -> None:
        """Opens what may be left unsaid."""
        self.page.get_by_text(self.say("En dire plus, si tu veux"), exact=True).click()

    def sees_a_calm_home(self) -> None:
        """Doors, the numbers that answer day and night first, and whose account this is; no news, no counters."""
        self.look(self.page)
        self.heading("Bonjour")
        doors = self.page.get_by_role("main").get_by_role("list").first.get_by_role("link")
        names = ("Parler à un adulte", "Comprendre", "Questionnaires pour toi", "Relire avec mon code")
        expect(doors).to_contain_text([self.say(name) for name in names])
        numbers = self.page.get_by_role("region", name=self.say("Appeler maintenant")).get_by_role("listitem")
        expect(numbers).to_contain_text(["119", "3114", "3018"])
        for always in (0, 1):
            expect(numbers.nth(always)).to_contain_text(self.say("Jour et nuit"))
        expect(self.page.get_by_role("banner")).to_contain_text(self.name)

    def answers_the_questionnaire(self) -> None:
        """Three answers and many that are passed; then « already opened » instead of the questions."""
        self.follow("Questionnaires pour toi")
        self.follow("Voir les questions")
        self.page.get_by_role("button", name=self.say("Commencer")).click()
        self.gives_three_answers()
        self.page.get_by_role("button", name=self.say("Envoyer mes réponses")).click()
        self.heading("Merci. Ton questionnaire est arrivé.")
        self.look(self.page)
        self.follow("Revenir à l’accueil")
        self.follow("Questionnaires pour toi")
        self.follow("Voir les questions")
        self.heading("Tu as déjà ouvert ce questionnaire")
        self.page.go_back()
        self.follow("Revenir à l’accueil")

    def answers_with_a_card(self, code: str) -> None:
        """Without a script: the way that the page of questions names."""
        self.follow("Questionnaires pour toi")
        self.follow("Voir les questions")
        self.follow("J’ai une carte")
        self.page.get_by_label(self.say("Le code de la carte")).fill(code)
        self.press("Voir les questions")
        self.gives_three_answers()
        self.press("Envoyer mes réponses")
        self.heading("Merci. Ton questionnaire est arrivé.")
        self.open(self.page.get_by_role("banner").get_by_role("link", name="Ressources"))

    def gives_three_answers(self) -> None:
        """The first, the last and the second choice of the first three questions."""
        asked: list[Item] = list(questionnaires()["school-climate"].items("college"))
        for item, place in ((asked[0], 0), (asked[1], -1), (asked[2], 1)):
            group = self.page.get_by_role("group", name=item.text[self.language])
            group.get_by_label(item.choices[place].label[self.language], exact=True).check()

    def reads_a_sheet(self) -> None:
        """The first of the sheets; it ends with the way to an adult."""
        self.follow("Comprendre")
        first = self.page.get_by_role("main").get_by_role("list").get_by_role("link").first
        title = first.locator("strong").inner_text()
        self.open(first)
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        self.follow("Parler à un adulte")

    def writes_without_a_name(self, message: str, *, excluding: str) -> list[str]:
        """First too fast, and nothing is lost; then with a way to be answered. Returns the code."""
        self.heading("Parler à un adulte")
        self.page.get_by_label(self.say("Ton message")).fill(message)
        self.says_more()
        self.choose("Tu écris pour qui ?", "Pour moi")
        self.choose("De quoi s’agit-il ?", "Moqueries, insultes, mise à l’écart")
        self.choose("Es-tu en danger en ce moment ?", "Non")
        group = self.page.get_by_role("group", name=self.say("Un adulte ne doit pas lire ton message ?"))
        group.get_by_role("checkbox", name=excluding).check()
        self.press("Envoyer mon message")
        alert = self.page.get_by_role("alert")
        alert.get_by_role("link", name=self.say("Choisis comment on te répond.")).click()
        expect(self.page.get_by_label(self.say("Ton message"))).to_have_value(message)
        expect(group.get_by_role("checkbox", name=excluding)).to_be_checked()
        self.choose("Comment veux-tu qu’on te réponde ?", "Je lis la réponse ici, sans mon nom")
        self.press("Envoyer mon message")
        return self.reads_that_it_has_arrived()

    def reads_that_it_has_arrived(self) -> list[str]:
        """The confirmation, with the eight words of the code."""
        self.heading("Ton message est arrivé")
        words = self.page.get_by_role("region", name=self.say("Ton code")).get_by_role("listitem")
        expect(words).to_have_count(8)
        return words.all_inner_texts()

    def comes_back(self, code: list[str], message: str, answer: str) -> None:
        """The code opens the thread, typed as hands type: with commas and capitals."""
        self.follow("Relire avec mon code")
        self.page.get_by_label(self.say("Les huit mots, dans l’ordre")).fill(", ".join(code).upper())
        self.press("Ouvrir")
        self.heading("L’échange")
        bubbles = self.page.get_by_role("article")
        expect(bubbles.filter(has_text=message)).to_be_visible()
        expect(bubbles.filter(has_text=answer)).to_be_visible()
