"""Logging that a lesson was given: once, one's own classes, seen by nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import days_of_school_year, paris
from ent_module.lessons import service
from ent_module.lessons.model.given import Given
from ent_module.lessons.tables import LessonSession
from ent_module.web.content import address
from tests.support.town import Town

SLUG = "agir-a-plusieurs"
LOG = f"/staff/lessons/{address(SLUG)}/log"
TODAY = paris(datetime.now(UTC)).date()
GOOD: dict[str, Any] = {
    "class": "6e B", "day": TODAY.isoformat(), "parts": ["1", "2"], "minutes": "50", "place": "here",
}  # fmt: skip


def rows(town: Town) -> list[LessonSession]:
    with town.house.database.reading() as db:
        return list(db.scalars(select(LessonSession).execution_options(across=True)))


def test_the_form_is_ready_to_be_sent(town: Town) -> None:
    page = town.browser("alba").get(LOG).text
    assert f'value="{TODAY.isoformat()}"' in page
    assert page.count("checked") == 3  # both parts, and in class
    assert 'value="50"' in page
    assert "<option >6e B</option>" in page


def test_a_lesson_is_logged(town: Town) -> None:
    browser = town.browser("alba")
    answer = browser.post(LOG, GOOD)
    assert answer.status_code == 303
    (row,) = rows(town)
    assert (row.establishment_id, row.account_id) == (town.alba.here.establishment_id, town.alba.here.account_id)
    assert (row.lesson, row.class_name, row.day) == (SLUG, "6e B", TODAY)
    assert (row.parts, row.minutes, row.remote) == ("12", 50, False)
    page = browser.get("/staff/given?noted=1").text
    assert "La séance est notée." in page
    assert "Agir à plusieurs, sans se mettre en danger" in page
    assert "les deux parties" in page
    assert str(row.id) in page


def test_sent_twice_is_logged_once(town: Town) -> None:
    browser = town.browser("alba")
    for _turn in range(3):
        assert browser.post(LOG, GOOD).status_code == 303
    assert len(rows(town)) == 1
    browser.post(LOG, GOOD | {"parts": ["1"], "minutes": "25"})
    browser.post(LOG, GOOD | {"class": "5e A"})
    assert len(rows(town)) == 3


def test_sent_at_the_same_time_is_logged_once(town: Town) -> None:
    given = Given(SLUG, "6e B", TODAY, "12", 50, remote=False)
    gate = threading.Barrier(4)

    def send() -> None:
        gate.wait()
        with town.house.database.writing() as db:
            service.log(db, town.alba.here, given)

    with ThreadPoolExecutor(4) as pool:
        for sent in [pool.submit(send) for _one in range(4)]:
            sent.result()
    assert len(rows(town)) == 1


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"class": ""}, "class"),
    ({"class": "6e A"}, "class"),
    ({"class": "<script>"}, "class"),
    ({"day": ""}, "day"),
    ({"day": "hier"}, "day"),
    ({"day": (TODAY + timedelta(days=1)).isoformat()}, "day"),
    ({"day": (days_of_school_year(TODAY)[0] - timedelta(days=1)).isoformat()}, "day"),
    ({"parts": []}, "parts"),
    ({"parts": ["3"]}, "parts"),
    ({"parts": ["1", "x"]}, "parts"),
    ({"minutes": ""}, "minutes"),
    ({"minutes": "4"}, "minutes"),
    ({"minutes": "181"}, "minutes"),
    ({"minutes": "-20"}, "minutes"),
    ({"minutes": "9" * 5000}, "minutes"),
    ({"minutes": "²"}, "minutes"),
    ({"place": "moon"}, "place"),
]


def test_what_cannot_be_logged_is_named_and_nothing_typed_is_lost(town: Town) -> None:
    browser = town.browser("alba")
    for change, field in WRONG:
        answer = browser.post(LOG, GOOD | {"minutes": "37"} | change)
        assert answer.status_code == 422, change
        assert f'href="#{field}"' in answer.text, change
        assert f'id="{field}"' in answer.text
        assert ("minutes" in change) or 'value="37"' in answer.text
        assert "<script>" not in answer.text
    assert rows(town) == []


def test_someone_without_a_class_is_told_who_logs(town: Town) -> None:
    browser = town.browser("petit")
    assert "Le portail n’indique aucune classe" in browser.get(LOG).text
    assert browser.post(LOG, GOOD).status_code == 422
    assert rows(town) == []


def test_each_sees_their_own_only(town: Town) -> None:
    town.browser("alba").post(LOG, GOOD | {"class": "5e A"})
    (row,) = rows(town)
    for name in ("roux", "head", "petit", "ines"):
        browser = town.browser(name)
        assert "Agir à plusieurs" not in browser.get("/staff/given").text
        assert browser.post(f"/staff/given/{row.id}/remove").status_code == 404
    assert town.browser("lina").post(f"/staff/given/{row.id}/remove").status_code == 403
    assert len(rows(town)) == 1


def test_what_was_logged_by_mistake_is_taken_back(town: Town) -> None:
    browser = town.browser("alba")
    browser.post(LOG, GOOD)
    (row,) = rows(town)
    assert browser.get(f"/staff/given/{row.id}/remove").status_code == 404
    assert browser.post(f"/staff/given/{row.id}/remove", {"csrf_token": "x"}).status_code == 400
    assert len(rows(town)) == 1
    assert browser.post(f"/staff/given/{row.id}/remove").status_code == 303
    assert rows(town) == []
    assert browser.post(f"/staff/given/{row.id}/remove").status_code == 404


def test_hours_by_class(town: Town) -> None:
    browser = town.browser("alba")
    browser.post(LOG, GOOD | {"minutes": "50"})
    browser.post(LOG, GOOD | {"parts": ["1"], "minutes": "25", "place": "remote"})
    page = browser.get("/staff/given").text
    six = page[page.index("6e B</bdi>") :]
    assert "1 h 15" in six[: six.index("</tr>")]
    assert 'width="12"' in six[: six.index("</tr>")]
    five = page[page.index("5e A</bdi>") :]
    assert "0 min" in five[: five.index("</tr>")]
    assert "à distance" in page


def test_only_this_school_year_counts(town: Town, db: Session) -> None:
    start, end = days_of_school_year(date(2026, 11, 12))
    for day in (start - timedelta(days=1), start, end, end + timedelta(days=1)):
        service.log(db, town.alba.here, Given(SLUG, "6e B", day, "1", 25, remote=False))
    assert [one.day for one in service.given_this_year(db, town.alba.here, date(2026, 11, 12))] == [end, start]


def test_what_was_given_is_no_longer_the_next(town: Town) -> None:
    browser = town.browser("alba")
    browser.post(LOG, GOOD)
    assert "Prochaine\u202f: Aider un ami qui va mal" in browser.get("/").text
    assert "Donnée cette année" in browser.get("/staff/lessons").text


def test_an_unknown_lesson(town: Town) -> None:
    assert town.browser("alba").post("/staff/lessons/00000000/log", GOOD).status_code == 404


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 500}, {"parts": "3"}, {"parts": ""}])
def test_the_database_refuses_what_cannot_be(town: Town, wrong: dict[str, Any]) -> None:
    given = replace(Given(SLUG, "6e B", TODAY, "1", 25, remote=False), **wrong)
    with pytest.raises(IntegrityError), town.house.database.writing() as db:
        service.log(db, town.alba.here, given)
    assert rows(town) == []


def test_erasing_an_account_removes_its_lessons_and_no_others(town: Town, db: Session) -> None:
    given = Given(SLUG, "5e A", TODAY, "1", 25, remote=False)
    service.log(db, town.alba.here, given)
    service.log(db, town.roux.here, given)
    room = town.house.room("lessons")
    assert room is not None
    room.erasure(db, town.alba.here.establishment_id, town.alba.here.account_id)
    assert service.given_this_year(db, town.alba.here, TODAY) == []
    assert len(service.given_this_year(db, town.roux.here, TODAY)) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("The lesson is logged.", "both parts")), ("ar", ("تم تسجيل الحصة.", "الجزآن"))]
)
def test_the_list_in_other_languages(town: Town, language: str, words: tuple[str, ...]) -> None:
    browser = town.browser("alba", language)
    browser.post(LOG, GOOD)
    page = browser.get("/staff/given?noted=1").text
    assert all(word in page for word in words)
