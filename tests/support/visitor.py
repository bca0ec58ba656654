"""Shows the pages of a served town in one real browser, to one person after the other, and checks each."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from flask import Flask, request, template_rendered
from playwright.sync_api import BrowserContext, Error, Page, Response

from ent_module.web import sessions
from tests.support.browser import axe
from tests.support.crawl import crawl
from tests.support.life import Life
from tests.support.look import SCRIPTS, Messages, look
from tests.support.town import Browser, Town
from tests.support.walks.steps import Stage, Step

PROJECTOR = "ent/lessons/show.html"
"""What a class reads is in the lesson's language, not the teacher's."""

_SEND = (SCRIPTS / "send.js").read_text(encoding="utf-8")


def own_content(page: str) -> str:
    """A page without what differs from one reader to the next without being another page."""
    html = re.search(r"<html[^>]*>", page)
    main = re.search(r"(?s)<main.*?</main>", page)
    assert html, page[:200]
    assert main, page[:200]
    return html[0] + re.sub(r'<input type="hidden"[^>]*>', "", main[0])


class _Places(HTMLParser):
    """The places of a page's elements: each with its class, role and kind, below those that it stands in.

    Without what the whole page is: the colours that this gives it are measured by `tests/web/test_colours.py`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._above: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            return
        said = {name: value for name, value in attrs if name in {"class", "role", "type", "lang", "dir"}}
        names = sorted(name for name, _value in attrs)
        place = f"{self._above[-1][1] if self._above else ''} > {tag} {said} {names}"
        self.found.add(place)
        if tag not in _EMPTY:
            self._above.append((tag, place))

    def handle_endtag(self, tag: str) -> None:
        while self._above and self._above.pop()[0] != tag:
            pass


_EMPTY = {"input", "br", "meta", "link", "img", "hr"}


def places(page: str) -> set[str]:
    """The places of a page's elements, as far as axe could judge two of them differently, whatever they say."""
    reader = _Places()
    reader.feed(page)
    return reader.found


@contextmanager
def rendered_by(app: Flask) -> Iterator[list[str]]:
    """The names of the templates that the application renders inside the block, in order."""
    names: list[str] = []

    def note(_app: Flask, template: Any, **_more: Any) -> None:
        if request.headers.get("Sec-Fetch-Dest") != "empty":  # what a script asks for is no page
            names.append(template.name)

    with template_rendered.connected_to(note, app):
        yield names


@dataclass
class Memory:
    """What has been looked at in one language, so that the same is not looked at twice."""

    contents: dict[str, str] = field(default_factory=dict)
    """What stood on a page, and the template that made it."""
    templates: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


@dataclass
class Visitor:
    """One browser. `checked` are the templates of the pages that were looked at."""

    town: Town
    page: Page
    language: str
    rendered: list[str]
    """The names of the templates that the server renders, newest last."""
    memory: Memory = field(default_factory=Memory)
    with_axe: bool = True
    problems: dict[str, list[str]] = field(default_factory=dict)
    """What is wrong, and on which pages."""
    checked: set[str] = field(default_factory=set)
    _known: dict[str | None, Browser] = field(default_factory=dict)
    _signed_in: str = ""

    def __post_init__(self) -> None:
        self.messages = Messages(self.page)

    @property
    def context(self) -> BrowserContext:
        """The browser's own."""
        return self.page.context

    def browser(self, who: str | None) -> Browser:
        """The browser of the tests in which that person is signed in, in the walk's language."""
        if who not in self._known:
            self._known[who] = self.town.browser(who, self.language)
            if who is None:
                self._known[who].client.environ_base["HTTP_ACCEPT_LANGUAGE"] = self.language
        return self._known[who]

    def lend(self, name: str, browser: Browser) -> None:
        """Makes someone known who is not of the cast."""
        browser.post("/language", {"language": self.language, "back": "/ent/"})
        self._known[name] = browser

    def forget(self) -> None:
        """Whoever comes next signs in anew."""
        self._known.clear()

    def follow_links(self, readers: Iterable[str | None]) -> None:
        """Shows every page to which links lead these persons, the same page only once."""
        for who in readers:
            pages = crawl(self.browser(who))
            for path, text in pages.items():
                if not text:
                    continue
                content = own_content(text)
                if content not in self.memory.contents:
                    self._become(who)
                    self._look(f"{who} {path}", self._goto(path), 200)
                    self.memory.contents[content] = self.rendered[-1]
                self.checked.add(self.memory.contents[content])

    def take(self, step: Step, life: Life) -> None:
        """One step of a walk."""
        step = _filled(step, asdict(life))
        stage = Stage(self.town, life, self)
        what = f"{step.who} {step.path or 'then'} {dict(step.typed or {})}"[:150]
        if step.before:
            step.before(stage)
        answer = self._arrive(step)
        if step.meanwhile:
            step.meanwhile(stage)
        if step.press:
            answer = self._press(step)
        try:
            answer = self._send(step) if step.typed is not None else answer
        except Error as stopped:
            self._complain(stopped.message.splitlines()[0], f"{self.language}, {what}, {self.page.url}")
            return
        self._look(what, answer, step.status, step.template)

    def _become(self, who: str | None) -> None:
        """Gives the browser that person's session."""
        settings, session = self.town.house.settings, self.browser(who).session
        cookie = session.cookie if session else ""
        if cookie == self._signed_in:
            return
        self._signed_in = cookie
        self.context.clear_cookies()
        if cookie:
            address = f"{settings.public_url}{settings.url_prefix}"
            self.context.add_cookies([{"name": sessions.cookie_name(settings), "value": cookie, "url": address}])

    def _goto(self, path: str) -> Response | None:
        self.messages.taken()
        self.rendered.clear()
        return self.page.goto(f"{self.town.house.settings.url_prefix}{path}")

    def _arrive(self, step: Step) -> Response | None:
        """Opens the page of a step; a forged form starts from a page that everybody has."""
        if not step.path:
            return None
        self._become(step.who)
        return self._goto("/using" if step.forged else step.path)

    def _press(self, step: Step) -> Response | None:
        button = self.page.locator(step.press)
        if not step.leaves:
            for _time in range(step.times):
                button.click()
            return None
        self.messages.taken()
        self.rendered.clear()
        with self.page.expect_navigation() as done:
            button.click()
        return done.value

    def _send(self, step: Step) -> Response | None:
        action = f"{self.town.house.settings.url_prefix}{step.path}"
        own = self.browser(step.who).place(step.path) if step.forged else {}
        form = {"action": action, "having": step.having, "typed": {**own, **(step.typed or {})}, "forged": step.forged}
        self.messages.taken()
        self.rendered.clear()
        with self.page.expect_navigation() as done:
            self.page.evaluate(_SEND, form)
        return done.value

    def _look(self, what: str, answer: Response | None, status: int, template: str = "") -> None:
        """Checks the page as it is. Without an answer it is still the one that was there, changed by a script."""
        made = self.rendered[-1] if self.rendered else "nothing"
        where = f"{self.language}, {what}, {made}"
        if (answer is not None and answer.status != status) or (template and made != template):
            self._complain(f"answers {answer and answer.status}, not {status} from {template}", where)
            return
        found = [
            *look(self.page, "" if made == PROJECTOR else self.language),
            *self.messages.taken(answer.url if answer else ""),
        ]
        for one in found + (_found(axe, self.page) if self.with_axe and self._is_new(made, answer) else []):
            self._complain(one, where)
        self.checked.add(made)

    def _is_new(self, template: str, answer: Response | None) -> bool:
        """Whether axe, which takes longest, has something to learn: a template that it has not seen, or an element in a
        place where no page before had one. A fourth sheet of headings and paragraphs is nothing new."""
        here = places(answer.text()) if answer else set()
        new = not here or template not in self.memory.templates or not here <= self.memory.places
        self.memory.places |= here
        self.memory.templates.add(template)
        return new

    def note(self, check: Callable[[Page], list[str] | None]) -> None:
        """One more check of the page as it is."""
        for one in _found(check, self.page):
            self._complain(one, f"{self.language}, {self.rendered[-1]}")

    def _complain(self, what: str, where: str) -> None:
        self.problems.setdefault(what, []).append(where)

    def report(self) -> str:
        """The problems as one reads them: each with a few of the pages that have it."""
        lines = []
        for what, places in self.problems.items():
            more = f" and {len(places) - 3} more" if len(places) > 3 else ""
            lines.append(f"{what}\n    on {' | '.join(places[:3])}{more}")
        return "\n".join(["", *lines])


def _filled(step: Step, life: dict[str, str]) -> Step:
    """The step with ids and the code of the town's life in the place of their names."""

    def fill(value: str) -> str:
        return life.get(value.strip("{}"), value) if value.startswith("{") else value

    typed = {name: fill(value) if isinstance(value, str) else value for name, value in (step.typed or {}).items()}
    return replace(step, path=step.path.format(**life), typed=None if step.typed is None else typed)


def _found(check: Callable[[Page], list[str] | None], page: Page) -> list[str]:
    """What a check finds, be it that it says so or that it fails."""
    try:
        return check(page) or []
    except AssertionError as found:
        return [str(found)]
