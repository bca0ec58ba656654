"""Short sentences for children: 12 words at école, 18 later, on every page that a child sees. Names do not count."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from ent_module.web import prose
from tests.help.steps import code_on, opened, send, token_on
from tests.support.life import today
from tests.support.town import COLLEGE, ECOLE, Browser, Town
from tests.surveys.campaign import start

_BLOCKS = {
    "a", "article", "button", "dd", "details", "div", "dt", "fieldset", "form", "h1", "h2", "h3", "label", "legend",
    "li", "ol", "p", "section", "span", "strong", "summary", "td", "textarea", "th", "tr", "ul",
}  # fmt: skip
_NAME = re.compile("\u2068[^\u2069]*\u2069")


class _Text(HTMLParser):
    """The words of `main`, block by block, without those that others wrote (`bdi`)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [""]
        self._main = self._skipped = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._main += tag == "main"
        self._skipped += tag in {"bdi", "svg"}
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._main -= tag == "main"
        self._skipped -= tag in {"bdi", "svg"}
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._main and not self._skipped:
            self.blocks[-1] += data


def sentences(page: str) -> Iterator[str]:
    """Every sentence of a page, as it counts."""
    reader = _Text()
    reader.feed(page)
    for block in reader.blocks:
        text = " ".join(_NAME.sub("", block).replace(" · ", ". ").split())
        yield from (" ".join(words) for _line, words in prose.sentences(text))


def too_long(pages: dict[str, str], most: int) -> list[tuple[str, int, str]]:
    assert all(len(list(sentences(page))) > 3 for page in pages.values())
    return [
        (name, count, sentence)
        for name, page in pages.items()
        for sentence in sentences(page)
        if (count := len(sentence.split())) > most
    ]


def pages_of(browser: Browser, *paths: str) -> dict[str, str]:
    found = {path: browser.get(path) for path in ("/", "/words", "/read", "/surveys", *paths)}
    assert {page.status_code for page in found.values()} == {200}
    return {path: page.text for path, page in found.items()}


def ask(town: Town, code: str, *, uai: str) -> str:
    """Opens a questionnaire for a class, today. Returns the address of its questions."""
    with town.house.database.writing() as db:
        return f"/surveys/{start(town, db, code, uai=uai, day=today()).id}/questions"


def steps_of(browser: Browser) -> dict[str, str]:
    """Each screen of the école side."""
    values = {"token": token_on(browser.get("/write/steps").text), "message": "On m’embête.", "answer": "here-named"}
    names = ("about", "what", "message", "often", "danger", "adults", "answer", "parents")
    found = {f"after {name}": browser.post("/write/steps", {**values, "step": name}) for name in names}
    assert {page.status_code for page in found.values()} == {200}
    return {name: page.text for name, page in found.items()}


def test_control_names_do_not_count() -> None:
    page = "<main><p>Un deux <bdi>Jean Sept</bdi> trois. Quatre \u2068Jean, CPE\u2069 cinq ?</p></main>"
    assert list(sentences(page)) == ["Un deux trois", "Quatre cinq"]


def test_at_ecole_no_sentence_has_more_than_twelve_words(town: Town) -> None:
    questions = ask(town, "CE2", uai=ECOLE)
    noe = town.browser("noe")
    pages = pages_of(noe, "/write", "/write/visit", "/write/steps", questions) | steps_of(noe)
    sent = send(noe, "/write/steps", step="send", answer="here-named")
    pages |= {"sent": sent.text, "thread": opened(noe, code_on(sent.text)).text}
    pages |= {"visit sent": send(noe, "/write/visit", message="", answer="").text}
    assert too_long(pages, 12) == []


def test_at_college_no_sentence_has_more_than_eighteen_words(town: Town) -> None:
    questions = ask(town, "6e B", uai=COLLEGE)
    lina = town.browser("lina")
    sent = send(lina)
    pages = pages_of(lina, "/write", questions)
    pages |= {"sent": sent.text, "thread": opened(lina, code_on(sent.text)).text, "again": send(lina, answer="").text}
    assert too_long(pages, 18) == []
