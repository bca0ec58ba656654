"""Every page in every language, in a real browser on a narrow screen: axe finds nothing, and nothing is in the way."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

import ent_module
from ent_module.languages import LANGUAGES
from tests.support.browser import axe
from tests.support.life import Life
from tests.support.look import NARROW, look_enlarged, look_without_colours
from tests.support.town import Town
from tests.support.visitor import Memory, Visitor, rendered_by
from tests.support.walks.every import LOOKED_AT_ELSEWHERE, WALKS, pages
from tests.support.walks.steps import Step, sees, sends

Visit = Callable[..., Visitor]
MEMORY: dict[str, Memory] = defaultdict(Memory)
"""What this worker has looked at, by language."""

HANDFUL: tuple[Step, ...] = (
    sees(None, "/", "home/signed_out"),
    sees("noe", "/", "home/young"),
    sees("lina", "/", "home/pupil"),
    sends("lina", "/write", "help/write", {"danger": "yes", "about": "did", "what": ["home"]}, 422, having="message"),
    sends("sami", "/words", "help/thread", {"code": "{code}"}, having="code"),
    sees("lina", "/surveys/{campaign}/questions", "surveys/questions"),
    sees("lina", "/read/{sheet}", "resources/sheet"),
    sees("petit", "/staff/desk", "help/inbox"),
    sees("petit", "/staff/desk/{with_code}", "help/conversation"),
    sees("alba", "/staff/surveys", "surveys/classes"),
    sees("alba", "/staff/lessons/{lesson}", "lessons/lesson"),
    sees("alba", "/staff/lessons/{lesson}/show/2", "lessons/show"),
    sees("alba", "/staff/given", "lessons/given"),
    sees("lycee_head", "/staff/surveys/campaigns/{closed}", "surveys/results_page"),
    sees("lycee_head", "/staff/surveys/campaigns/{closed}/report", "surveys/report"),
    sees("lycee_head", "/staff/surveys/campaigns/{closed}/together", "surveys/discuss"),
    sends("admin", "/staff/settings/hours", "setup/hours", {"mon-from": "23:00"}, 422, having="mon-from"),
    sees("head", "/staff/settings/members", "setup/members"),
)


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What a page looks like has nothing to do with the database."""
    return str(request.param)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Whoever is not signed in is answered in the browser's language, which each walk chooses."""
    return {name: value for name, value in browser_context_args.items() if name != "locale"}


@pytest.fixture
def visit(served: Town, new_context: Callable[..., BrowserContext]) -> Iterator[Visit]:
    """A browser of a given language before the served town."""
    with rendered_by(served.app) as names:

        def make(language: str, *, memory: Memory | None = None, with_axe: bool = True, **options: Any) -> Visitor:
            page = new_context(base_url=served.house.settings.public_url, locale=language, **options).new_page()
            return Visitor(served, page, language, names, memory or Memory(), with_axe=with_axe)

        yield make


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WALKS)
def test_nothing_is_wrong_with_any_page(visit: Visit, life: Life, name: str, language: str) -> None:
    walk, visitor = WALKS[name], visit(language, memory=MEMORY[language], viewport=NARROW)
    visitor.follow_links(walk.readers)
    for step in walk.steps:
        visitor.take(step, life)
    assert not visitor.problems, visitor.report()
    assert walk.templates <= visitor.checked


@pytest.mark.browser
def test_dark_pages_have_contrast_too(visit: Visit, life: Life) -> None:
    visitor = visit("fr", viewport=NARROW, color_scheme="dark")
    for step in HANDFUL:
        visitor.take(step, life)
    visitor.page.keyboard.press("Tab")  # the first skip link shows
    visitor.note(axe)
    assert not visitor.problems, visitor.report()


@pytest.mark.browser
def test_pages_hold_without_their_colours(visit: Visit, life: Life) -> None:
    visitor = visit("fr", with_axe=False, viewport=NARROW, forced_colors="active")
    for step in HANDFUL:
        visitor.take(step, life)
        visitor.note(look_without_colours)
    assert not visitor.problems, visitor.report()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_text_twice_as_large_fits(visit: Visit, life: Life, language: str) -> None:
    visitor = visit(language, with_axe=False, viewport={"width": 640, "height": 700})
    for step in HANDFUL:
        visitor.take(step, life)
        visitor.note(look_enlarged)
    assert not visitor.problems, visitor.report()


def test_every_template_is_on_a_walk() -> None:
    """A template that no walk reaches is a page that nobody has looked at."""
    promised = set().union(*(walk.templates for walk in WALKS.values()))
    assert pages(Path(ent_module.__file__).parent) == promised | LOOKED_AT_ELSEWHERE


def test_a_new_template_is_seen(tmp_path: Path) -> None:
    """Control: what counts as a page."""
    folder = tmp_path / "room" / "templates" / "ent" / "room"
    folder.mkdir(parents=True)
    for name, text in {
        "new.html": '{% extends "ent/room/base.html" %}',
        "base.html": "<!doctype html>{% block main %}{% endblock %}",
        "alone.html": "{# a window of its own #}<!DOCTYPE html>",
        "_part.html": '{% extends "ent/room/base.html" %}',
        "macros.html": "{% macro one() %}{% endmacro %}",
    }.items():
        (folder / name).write_text(text)
    assert pages(tmp_path) == {"ent/room/new.html", "ent/room/alone.html"}
