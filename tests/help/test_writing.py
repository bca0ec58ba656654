"""The writer's side, through its pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from ent_module.establishments.calendar import paris
from ent_module.help.service import channel
from ent_module.help.tables import Conversation
from tests.help.steps import (
    ARRIVED,
    MESSAGE,
    account,
    act,
    code_on,
    on_desk,
    opened,
    publish,
    seen,
    send,
    token_on,
)
from tests.support.database import every_byte, everything
from tests.support.forms import form
from tests.support.town import COLLEGE, Browser, Town

# --- The whole way ----------------------------------------------------------------------------------------------------


def test_a_pupil_writes_and_reads_the_answer_with_the_code_in_another_browser(town: Town) -> None:
    sent = send(town.browser("lina"), about="me", what=["mocked"], often="daily", answer="here-unnamed")
    assert sent.status_code == 200
    assert ARRIVED in sent.text
    code = code_on(sent.text)
    petit = town.browser("petit")
    [conversation] = on_desk(petit)
    assert act(petit, conversation, "answer", message="Merci. Je t’écoute.").status_code == 303
    back = opened(town.browser("sami"), code)  # whoever has the code, in any browser of the school
    assert MESSAGE in back.text
    assert "Merci. Je t’écoute." in back.text
    assert "Jeanne Petit" in back.text


def test_the_page_says_who_reads_when_and_what_cannot_stay_secret(town: Town) -> None:
    publish(
        town, "cards", [{"id": "c", "name": "Jeanne Petit", "role": "CPE", "account_id": str(account(town, "petit"))}]
    )
    publish(town, "words", {"before": {"fr": "Le bureau 12 est ouvert à la récréation."}})
    page = seen(town.browser("lina").get("/write"))
    with town.house.database.reading() as db:
        due = channel.due_day(db, town.schools[COLLEGE], datetime.now(UTC))
    for words in (
        "Inès Vidal",
        "Jeanne Petit, CPE",
        "Marc Roux",
        f"{due.day} ",
        "tes parents ou la justice",
        "bureau 12",
    ):
        assert words in page
    assert 'href="tel:119"' in town.browser("lina").get("/write").text


def test_out_of_hours_the_page_says_that_nobody_may_read_before(town: Town) -> None:
    today = paris(datetime.now(UTC)).date()
    always = {day: ["00:00", "23:59"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    publish(town, "hours", {"days": always, "closed": [today.isoformat()]})
    assert "L’établissement est fermé." in seen(town.browser("lina").get("/write"))
    assert "Avant, peut-être que personne ne le lira." in seen(town.browser("lina").get("/write"))


def test_a_parent_has_a_door_with_words_of_its_own(town: Town) -> None:
    browser = town.browser("karim")
    page = seen(browser.get("/write"))
    assert "liront votre message" in page
    assert "article L226‑2‑1" in page
    sent = send(browser, about="child", answer="visit")
    assert "Votre message est arrivé" in sent.text
    petit = town.browser("petit")
    [conversation] = on_desk(petit)
    page = seen(petit.get(f"/staff/desk/{conversation}"))
    assert "Du compte de Karim Haddad" in page
    assert "Compte de parent." in page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_code_is_written_in_the_language_of_the_writer_and_read_in_any(town: Town, language: str) -> None:
    browser = town.browser("lina", language)
    code = code_on(send(browser).text)
    assert MESSAGE in opened(town.browser("sami", "fr"), code).text


# --- École ------------------------------------------------------------------------------------------------------------


def test_a_child_asks_for_a_visit_in_two_taps(town: Town) -> None:
    browser = town.browser("noe")
    assert 'href="/ent/write/visit"' in browser.get("/write").text
    sent = send(browser, "/write/visit", message="", answer="")
    assert ARRIVED in sent.text
    assert "code words" not in sent.text
    circo = town.browser("circo1")
    [conversation] = on_desk(circo)
    page = seen(circo.get(f"/staff/desk/{conversation}"))
    assert "Demande qu’un adulte vienne. Aucun texte." in page
    assert "Du compte de Noé Garnier, CE2" in page


def steps(browser: Browser, *answers: dict[str, Any]) -> Any:
    """Goes through the screens, each time with what the page carries along and one more answer."""
    page = browser.get("/write/steps")
    for answer in answers:
        found = form(page.text, "/write/steps")
        page = browser.post("/write/steps", {**found.values, **answer})
    return page


TAPS: tuple[dict[str, Any], ...] = (
    {"about": ["me"]},
    {"what": ["mocked", "sad"]},
    {"message": ["On me prend mon goûter."]},
    {"often": ["several"]},
    {"danger": ["yes"]},
    {},
    {"answer": ["here-unnamed"]},
    {"parents": ["no"]},
)


def test_a_child_answers_one_question_a_screen_and_nothing_is_kept_on_the_way(town: Town) -> None:
    browser = town.browser("noe")
    before = everything(town.house.database)
    ready = steps(browser, *TAPS)
    assert "C’est prêt" in ready.text
    assert everything(town.house.database) == before
    sent = browser.post("/write/steps", form(ready.text, "/write/steps").values)
    assert ARRIVED in sent.text
    circo = town.browser("circo2")
    [conversation] = on_desk(circo)
    page = seen(circo.get(f"/staff/desk/{conversation}"))
    for said in (
        "On me prend mon goûter.",
        "Plusieurs fois",
        "oui, maintenant",
        "Ne va pas bien",
        "Ne doivent pas savoir",
    ):
        assert said in page
    assert "Sans nom." in page
    assert "Noé" not in page


def test_numbers_are_shown_at_once_to_a_child_in_danger(town: Town) -> None:
    assert 'href="tel:119"' in steps(town.browser("noe"), *TAPS[:5]).text


def test_a_child_goes_back_without_losing_anything(town: Town) -> None:
    browser = town.browser("noe")
    page = steps(browser, *TAPS[:4], {"go": "back"})
    assert form(page.text, "/write/steps").values["message"] == ["On me prend mon goûter."]
    assert form(page.text, "/write/steps").values["often"] == ["several"]


def test_a_child_who_wants_an_answer_here_is_brought_back_to_the_text(town: Town) -> None:
    page = steps(town.browser("noe"), {}, {}, {}, {}, {}, {}, {"answer": ["here-named"]})
    assert page.status_code == 422
    assert "Écris ce qui se passe." in page.text
    assert form(page.text, "/write/steps").values["answer"] == ["here-named"]


def test_pages_of_the_ecole_are_not_there_for_others(town: Town) -> None:
    for path in ("/write/visit", "/write/steps"):
        assert town.browser("lina").get(path).status_code == 404
        assert town.browser("karim").get(path).status_code == 404


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_a_message_without_a_name_keeps_nothing_of_the_account(town: Town) -> None:
    browser = town.browser("lina")
    before = everything(town.house.database)
    send(browser, answer="here-unnamed", danger="yes", parents="no")
    after = everything(town.house.database)
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {
        "ent_conversation",
        "ent_key_slots",
        "ent_message",
        "ent_move",
        "ent_return_code",
        "ent_told",
    }
    mine = town.membership("lina").account_id
    rows = "".join(row for table in changed for row in after[table])
    assert mine.hex not in rows
    assert str(mine) not in rows
    assert "Lina" not in rows


def test_no_name_stands_in_the_database_even_with_a_name(town: Town) -> None:
    browser = town.browser("lina")
    code = code_on(send(browser, answer="here-named").text)
    with town.house.database.reading() as db:
        stored = every_byte(db)
    for words in ("Lina Morel", MESSAGE, code, code.split()[0]):
        assert words.encode() not in stored
    petit = town.browser("petit")
    assert "Du compte de Lina Morel, 6e B" in seen(petit.get(f"/staff/desk/{on_desk(petit)[0]}"))


def test_sending_writes_neither_session_nor_cookie(town: Town) -> None:
    browser = town.browser("lina")
    page = browser.get("/write")
    values = {"token": token_on(page.text), "message": MESSAGE, "answer": "here-unnamed"}
    sessions = everything(town.house.database)["ent_session"]
    sent = browser.post("/write", values)
    assert ARRIVED in sent.text
    assert "Set-Cookie" not in sent.headers
    assert everything(town.house.database)["ent_session"] == sessions
    opened(browser, code_on(sent.text))
    assert everything(town.house.database)["ent_session"] == sessions


def test_after_leaving_the_form_no_longer_shows_the_code(town: Town) -> None:
    browser = town.browser("lina")
    values = {"token": token_on(browser.get("/write").text), "message": MESSAGE, "answer": "here-unnamed"}
    sent = browser.post("/write", values)
    assert sent.headers["Cache-Control"] == "no-store"
    browser.get("/leave")
    gone = browser.post("/write", values)  # « back », then « send the form again »
    assert gone.status_code == 401
    assert "code words" not in gone.text
    later = town.browser("lina")  # the parent who signs in with the same password
    assert later.post("/write", values).status_code == 400


def test_arrivals_are_kept_without_their_minute(town: Town) -> None:
    send(town.browser("lina"))
    with town.house.database.reading() as db:
        kept = db.scalars(select(Conversation.received_slot), execution_options={"across": True}).one()
    assert (kept.minute % 30, kept.second, kept.microsecond) == (0, 0, 0)
    rows = everything(town.house.database)
    assert "datetime.datetime" not in "".join(rows["ent_message"] + rows["ent_move"] + rows["ent_return_code"])
