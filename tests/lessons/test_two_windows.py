"""The class's screen and the teacher's notes in two windows of one browser, under the strict policy."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.lessons import shelf
from ent_module.web.content import address
from tests.support.browser import axe
from tests.support.patience import await_scripts

pytestmark = pytest.mark.browser

SLUG = "aider-un-ami-qui-va-mal"
LESSON = f"/ent/staff/lessons/{address(SLUG)}"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the windows do has nothing to do with the database."""
    return str(request.param)


@pytest.fixture
def teacher(open_as: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """A browser in which Alba is signed in."""
    return partial(open_as, "alba")


def open_windows(context: BrowserContext) -> tuple[Page, Page]:
    """From the lesson's page, by its two buttons."""
    page = context.new_page()
    page.goto(LESSON)
    with context.expect_page() as show:
        page.get_by_role("link", name="Projeter").click()
    with context.expect_page() as notes:
        page.get_by_role("link", name="Ouvrir mes notes").click()
    for window in (show.value, notes.value):
        expect(window.locator("[data-slide]:visible")).to_have_count(1)
    return show.value, notes.value


def at(number: int) -> re.Pattern[str]:
    return re.compile(rf"/{number}$")


def test_either_window_drives_both(teacher: Callable[..., BrowserContext]) -> None:
    show, notes = open_windows(teacher())
    slides = shelf.lessons()[SLUG]["fr"].slides
    moves: list[tuple[Callable[[], None], int]] = [
        (lambda: notes.keyboard.press("PageDown"), 2),
        (lambda: show.keyboard.press("ArrowRight"), 3),
        (lambda: show.get_by_role("link", name="Écran suivant").click(), 4),
        (lambda: notes.get_by_role("link", name="Écran d’avant").click(), 3),
        (lambda: show.keyboard.press("PageUp"), 2),
        (lambda: notes.keyboard.press("ArrowLeft"), 1),
        (lambda: notes.keyboard.press("ArrowLeft"), 1),
    ]
    for move, number in moves:
        move()
        for window in (show, notes):
            expect(window).to_have_url(at(number))
            expect(window.locator("[data-slide]:visible")).to_have_count(1)
    notes.keyboard.press("PageDown")
    assert slides[1].screen is not None
    expect(show.locator(".idea:visible")).to_have_text(slides[1].screen.text)
    assert slides[1].screen.note not in show.content()


def test_many_quick_presses_end_on_the_same_screen(teacher: Callable[..., BrowserContext]) -> None:
    show, notes = open_windows(teacher())
    last = len(shelf.lessons()[SLUG]["fr"].slides)
    for _press in range(last + 5):
        show.keyboard.press("ArrowRight")
    expect(show).to_have_url(at(last))
    expect(notes).to_have_url(at(last))


def test_a_window_that_comes_later_joins_in(teacher: Callable[..., BrowserContext]) -> None:
    context = teacher()
    show, notes = open_windows(context)
    for _press in range(4):
        notes.keyboard.press("PageDown")
    expect(show).to_have_url(at(5))
    show.close()
    again = context.new_page()
    again.goto(f"{LESSON}/show/1")
    expect(again).to_have_url(at(5))


def test_the_keyboard_alone_keeps_its_place(teacher: Callable[..., BrowserContext]) -> None:
    show, _notes = open_windows(teacher())
    show.get_by_role("link", name="Écran suivant").focus()
    show.keyboard.press("Enter")
    expect(show).to_have_url(at(2))
    expect(show.get_by_role("link", name="Écran suivant")).to_be_focused()


def test_the_lesson_goes_on_without_a_network(teacher: Callable[..., BrowserContext]) -> None:
    context = teacher()
    show, notes = open_windows(context)
    for window in (show, notes):
        await_scripts(window)
    context.set_offline(True)
    notes.keyboard.press("PageDown")
    expect(show).to_have_url(at(2))
    expect(show.locator(".idea:visible")).not_to_be_empty()


def test_the_clock_starts_when_the_class_leaves_the_title(teacher: Callable[..., BrowserContext]) -> None:
    context = teacher()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{LESSON}/notes/1")
    expect(page.locator("[data-clock]")).to_be_visible()
    page.clock.fast_forward("05:00")
    expect(page.locator("[data-clock]")).to_have_text("0")
    page.keyboard.press("PageDown")
    page.clock.fast_forward("07:10")
    expect(page.locator("[data-clock]")).to_have_text("7")


def test_without_a_script_links_turn_the_pages(teacher: Callable[..., BrowserContext]) -> None:
    page = teacher(java_script_enabled=False).new_page()
    page.goto(f"{LESSON}/show/1")
    page.get_by_role("link", name="Écran suivant").click()
    expect(page).to_have_url(at(2))
    expect(page.locator("[data-slide]:visible")).to_have_count(1)
    page.goto(f"{LESSON}/notes/2")
    page.get_by_role("link", name="Écran d’avant").click()
    expect(page).to_have_url(at(1))
    expect(page.locator("[data-clock]")).to_be_hidden()


def test_the_class_s_screen_is_large_black_on_white_and_leaves_fast(teacher: Callable[..., BrowserContext]) -> None:
    page = teacher(color_scheme="dark").new_page()
    page.goto(f"{LESSON}/show/2")
    idea = page.locator(".idea:visible")
    style = idea.evaluate("e => { const s = getComputedStyle(e); return [parseFloat(s.fontSize), s.color] }")
    assert style[0] >= 40
    assert style[1] == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_role("link", name="Quitter vite")).to_be_visible()


@pytest.mark.parametrize("path", ["", "/show/1", "/show/5", "/notes/1", "/notes/5", "/log"])
def test_accessible_and_no_wider_than_a_telephone(teacher: Callable[..., BrowserContext], path: str) -> None:
    page = teacher(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{LESSON}{path}")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
