"""Preparing and showing: who may, what the class sees, what only the teacher sees."""

import re
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from ent_module.lessons import shelf
from ent_module.lessons.model.lesson import Lesson
from ent_module.web import doors
from ent_module.web.content import address
from ent_module.web.markdown import render
from tests.support.town import Town

FRIEND = "aider-un-ami-qui-va-mal"
ADULT = "je-vais-chercher-un-adulte"
LESSON = f"/staff/lessons/{address(FRIEND)}"
PAGES = ("/staff/lessons", LESSON, f"{LESSON}/show/1", f"{LESSON}/notes/1", f"{LESSON}/log", "/staff/given")


def lesson(slug: str = FRIEND, lang: str = "fr") -> Lesson:
    return shelf.lessons()[slug][lang]


@pytest.mark.parametrize("who", ["alba", "petit", "head", "nurse"])
def test_adults_of_a_school(town: Town, who: str) -> None:
    browser = town.browser(who)
    for path in PAGES:
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("lina", 403), ("karim", 403), ("referent", 403), (None, 401)])
def test_nobody_else(town: Town, who: str | None, status: int) -> None:
    browser = town.browser(who)
    for path in PAGES:
        assert browser.get(path).status_code == status
    if who:
        assert "/lessons" not in browser.get("/").text


def test_the_home_page_names_the_next_lesson(town: Town) -> None:
    page = town.browser("alba").get("/").text
    assert 'href="/ent/staff/lessons"' in page
    assert "Prochaine\u202f: Agir à plusieurs, sans se mettre en danger" in page


def test_the_list_shows_the_school_s_own_levels_first(town: Town) -> None:
    page = town.browser("alba").get("/staff/lessons").text
    assert page.index("Le pouvoir du groupe") < page.index("Prendre position") < page.index("Bien ensemble")
    for slug in shelf.lessons():
        assert f'href="/ent/staff/lessons/{address(slug)}"' in page
        assert slug not in page


def test_what_does_not_exist(town: Town) -> None:
    browser = town.browser("alba")
    for path in ("/staff/lessons/00000000", f"{LESSON}/show/0", f"{LESSON}/notes/99", f"{LESSON}/show/x"):
        assert browser.get(path).status_code == 404


def test_the_page_to_prepare_by_holds_everything(town: Town) -> None:
    page = town.browser("alba").get(LESSON).text
    one = lesson()
    for text in (
        *one.objectives, *one.materials, *one.first_sentences, one.disclosure, one.stop_here, one.class_rule,
        one.home_link, one.accessibility, *(part.title for part in one.parts),
        *(step.title for part in one.parts for step in part.steps),
        *(text for answer in one.likely_answers for text in (answer.pupil, answer.you)),
    ):  # fmt: skip
        assert text in page
    assert "l’infirmerie, la ou le psychologue (PsyEN)" in page
    assert "Jamais un vendredi après-midi" in page
    assert all(str(render(slide.screen.note)).strip() in page for slide in one.slides if slide.screen)


def test_a_lesson_without_a_warning_has_none(town: Town) -> None:
    page = town.browser("alba").get(f"/staff/lessons/{address('agir-a-plusieurs')}").text
    assert "Avant la séance" not in page


def test_the_class_sees_one_idea_and_nothing_of_the_teacher_s(town: Town) -> None:
    browser, one = town.browser("alba"), lesson()
    notes = [
        text
        for text in (
            *one.first_sentences, one.disclosure, *(part.aim for part in one.parts),
            *(step.lead for part in one.parts for step in part.steps),
            *(slide.screen.note for slide in one.slides if slide.screen),
            *(text for answer in one.likely_answers for text in (answer.pupil, answer.you)),
        )
        if text
    ]  # fmt: skip
    for slide in one.slides:
        page = browser.get(f"{LESSON}/show/{slide.number}").text
        shown = re.findall(r'<section class="slide"[^>]*?>', page)
        assert len(shown) == len(one.slides)
        assert [index for index, tag in enumerate(shown, 1) if "hidden" not in tag] == [slide.number]
        plain = str(render(slide.screen.text)).strip() if slide.screen else one.parts[slide.part].title
        assert plain in page
        assert not [text for text in notes if str(render(text)).strip() in page or text in page]
        assert "data-leave" in page
        assert "<title>Ressources</title>" in page
        assert "Alba" not in page


def test_pages_are_turned_by_links_without_a_script(town: Town) -> None:
    browser = town.browser("alba")
    for kind in ("show", "notes"):
        page = browser.get(f"{LESSON}/{kind}/3").text
        shown = page.split('<section class="slide"')[3]
        assert f'href="/ent{LESSON}/{kind}/2"' in shown
        assert f'href="/ent{LESSON}/{kind}/4"' in shown
        first = browser.get(f"{LESSON}/{kind}/1").text.split('<section class="slide"')[1]
        assert 'rel="prev"' not in first
        last = browser.get(f"{LESSON}/{kind}/1").text.split('<section class="slide"')[-1]
        assert 'rel="next"' not in last


def test_the_notes_hold_the_note_the_screen_and_the_next_one(town: Town) -> None:
    browser, one = town.browser("alba"), lesson()
    sections = browser.get(f"{LESSON}/notes/1").text.split('<section class="slide"')[1:]
    assert one.first_sentences[0] in sections[0]
    for slide, section in zip(one.slides, sections, strict=True):
        if slide.screen and slide.step:
            assert str(render(slide.screen.note)).strip() in section
            assert str(render(slide.screen.text)).strip() in section
            assert f"Étape de {slide.step.minutes} min" in section
        following = one.slides[slide.number : slide.number + 1]
        assert all(str(render(next_one.screen.text)).strip() in section for next_one in following if next_one.screen)
    assert f'href="/ent{LESSON}/log"' in sections[-1]


@pytest.mark.parametrize(("language", "shown"), [("fr", "fr"), ("en", "en"), ("ar", "fr")])
def test_languages(town: Town, language: str, shown: str) -> None:
    browser = town.browser("alba", language)
    page = browser.get(f"{LESSON}/show/1").text
    assert f'<html lang="{shown}" dir="ltr" class="projector">' in page
    assert lesson(FRIEND, shown).parts[0].title in page
    prepared = browser.get(LESSON).text
    assert f'<html lang="{language}"' in prepared
    assert f'<bdi lang="{shown}">{lesson(FRIEND, shown).title}</bdi>' in prepared
    assert ("هذه الصفحة غير متوفرة بعد" in prepared) is (language == "ar")


def test_a_link_to_the_pupils_page_is_a_link_where_it_leads_somewhere(town: Town, db: Session) -> None:
    page = town.browser("alba").get(f"/staff/lessons/{address(ADULT)}").text
    with town.app.test_request_context("/ent/"):
        assert doors.follow(db, town.alba)(f"lesson:{ADULT}") == f"/ent/staff/lessons/{address(ADULT)}"
        assert doors.follow(db, town.lina)(f"lesson:{ADULT}") is None
        assert doors.follow(db, town.referent)(f"lesson:{ADULT}") is None
        door = doors.door(db, town.alba, "help")
    assert "Parler à un adulte" in page
    assert (f'<a href="{door}">Parler à un adulte</a>' in page) is (door is not None)


def test_markup_in_a_lesson_stays_text(town: Town) -> None:
    hostile = "<script>alert(1)</script>"
    one = lesson()
    part = one.parts[0]
    screen = replace(part.steps[0].screens[0], text=hostile, note=hostile)
    step = replace(part.steps[0], title=hostile, lead=hostile, screens=(screen,))
    planted = replace(
        one, slug="x", title=hostile, objectives=(hostile,), materials=(hostile,), disclosure=hostile,
        first_sentences=(hostile, hostile), stop_here=hostile, class_rule=hostile, home_link=hostile,
        accessibility=hostile, skills=(hostile,),
        parts=(replace(part, title=hostile, aim=hostile, steps=(step, *part.steps[1:])), one.parts[1]),
    )  # fmt: skip
    lessons = shelf.lessons()
    assert isinstance(lessons, dict)
    lessons["x"] = {"fr": planted}
    try:
        browser, path = town.browser("alba"), f"/staff/lessons/{address('x')}"
        for page in ("/staff/lessons", path, f"{path}/show/1", f"{path}/show/2", f"{path}/notes/2", f"{path}/log"):
            answer = browser.get(page)
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
            assert "&lt;script&gt;alert" in answer.text
    finally:
        del lessons["x"]
