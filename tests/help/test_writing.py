"""The writer's side, through its pages."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help import sealing
from ent_module.help.service import channel
from ent_module.help.tables import Conversation, Message
from tests.help.steps import (
    ARRIVED,
    MESSAGE,
    account,
    act,
    code_on,
    count,
    on_desk,
    opened,
    seen,
    send,
    token_on,
)
from tests.support.database import every_byte, everything
from tests.support.forms import form
from tests.support.town import COLLEGE, ECOLE, Browser, Town


def publish(town: Town, name: str, value: Any, uai: str = COLLEGE) -> None:
    with town.house.database.writing() as db:
        establishments.draft(db, town.schools[uai], name, value)
        establishments.publish(db, town.schools[uai], name)


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
        "Jeanne Petit (CPE)",
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
    assert "article L226-2-1" in page
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
        "Oui, maintenant",
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


# --- Twice, tampered, wrong -------------------------------------------------------------------------------------------


def sent_twice(town: Town) -> tuple[int, bool]:
    """How many messages a form sent twice makes, and whether it shows the same code both times."""
    browser = town.browser("lina")
    values = {"token": token_on(browser.get("/write").text), "message": MESSAGE, "answer": "here-unnamed"}
    before = count(town, Message)
    first, second = browser.post("/write", values), browser.post("/write", values)
    assert ARRIVED in first.text
    assert ARRIVED in second.text
    return count(town, Message) - before, code_on(first.text) == code_on(second.text)


def test_a_form_sent_twice_makes_one_message_and_shows_the_same_code(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent_twice(town) == (1, True)
    # Control: a chance value in place of the form's own makes two.
    monkeypatch.setattr(sealing, "form_nonce", lambda *_token: uuid4().bytes)
    assert sent_twice(town) == (2, False)


def test_someone_who_goes_back_and_changes_the_text_loses_nothing(town: Town) -> None:
    browser = town.browser("lina")
    values = {"token": token_on(browser.get("/write").text), "answer": "here-unnamed"}
    codes = [code_on(browser.post("/write", {**values, "message": text}).text) for text in ("Un.", "Deux.")]
    assert codes[0] != codes[1]
    assert "Deux." in opened(browser, codes[1]).text
    assert "Deux." not in opened(browser, codes[0]).text


@pytest.mark.parametrize(
    "tampered",
    [
        {"token": "00"},
        {"token": ""},
        {"answer": "by-mail"},
        {"what": ["mocked", "x"]},
        {"danger": "<b>"},
        {"without": ["7"]},
        {"without": ["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"]},
    ],
)
def test_tampered_fields_are_refused(town: Town, tampered: dict[str, Any]) -> None:
    refused = send(town.browser("lina"), **tampered)
    assert refused.status_code == 400
    assert MESSAGE in refused.text  # shown back to be copied
    assert count(town, Conversation) == 0


def test_a_form_of_another_session_is_refused(town: Town) -> None:
    token = token_on(town.browser("lina").get("/write").text)
    refused = town.browser("sami").post("/write", {"token": token, "message": MESSAGE, "answer": "here-named"})
    assert refused.status_code == 400


def test_nobody_can_leave_out_a_pupil_or_someone_of_another_school(town: Town) -> None:
    for name, uai in (("sami", COLLEGE), ("paul", "0590002C")):
        assert send(town.browser("lina"), without=[str(account(town, name, uai))]).status_code == 400


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"message": ""}, "Écris ton message."),
        ({"message": "x" * 2001}, "Ton message est trop long"),
        ({"answer": ""}, "Choisis comment on te répond."),
        ({"to": ["nobody"]}, "Cette personne n’est plus dans la liste."),
    ],
)
def test_every_mistake_keeps_what_was_typed(town: Town, given: dict[str, Any], sentence: str) -> None:
    chosen: dict[str, Any] = {
        "about": "other",
        "what": ["hurt", "sad"],
        "often": "once",
        "danger": "unknown",
        "parents": "talk",
    }
    wrong = send(town.browser("lina"), **{**chosen, **given})
    assert wrong.status_code == 422
    assert sentence in wrong.text
    kept = form(wrong.text, "/write").values
    assert kept["message"] == [given.get("message", MESSAGE)]
    for name, value in chosen.items():
        assert kept[name] == (value if isinstance(value, list) else [value])
    assert count(town, Conversation) == 0
    again = town.browser("lina")
    assert ARRIVED in send(again, **chosen).text


def test_where_home_is_the_matter_a_visit_is_proposed(town: Town) -> None:
    wrong = send(town.browser("lina"), what=["home"], answer="")
    assert wrong.status_code == 422
    assert form(wrong.text, "/write").values["answer"] == ["visit"]
    assert MESSAGE in wrong.text


def test_danger_is_urgent_and_shows_the_numbers_first(town: Town) -> None:
    sent = send(town.browser("lina"), danger="yes")
    assert sent.text.index("tel:119") < sent.text.index("Merci d’en avoir parlé")
    assert "Urgent" in town.browser("petit").get("/staff/desk").text


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_a_message_without_a_name_keeps_nothing_of_the_account(town: Town) -> None:
    browser = town.browser("lina")
    before = everything(town.house.database)
    send(browser, answer="here-unnamed", danger="yes", parents="no")
    after = everything(town.house.database)
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {
        "ent_conversation",
        "ent_conversation_key",
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


# --- Refused ----------------------------------------------------------------------------------------------------------


def test_a_closed_channel_shows_whom_to_see_and_no_form(town: Town) -> None:
    publish(town, "cards", [{"id": "c", "name": "Mme Petit", "role": "CPE", "place": "Bureau 12", "account_id": None}])
    browser = town.browser("lina")
    values = {"token": token_on(browser.get("/write").text), "message": MESSAGE, "answer": "here-unnamed"}
    with town.house.database.writing() as db:
        channel.close_channel(db, town.schools[COLLEGE])
    page = seen(browser.get("/write"))
    assert "Bureau 12" in page
    assert 'name="message"' not in browser.get("/write").text
    refused = browser.post("/write", values)  # from a page opened before
    assert refused.status_code == 422
    assert MESSAGE in refused.text
    assert ARRIVED not in refused.text
    assert count(town, Conversation) == 0


def test_a_message_that_nobody_could_read_is_refused_and_kept_on_the_page(town: Town) -> None:
    everyone = [account(town, name, COLLEGE) for name in ("petit", "roux", "ines")]
    everyone.append(account(town, "referent"))
    refused = send(town.browser("lina"), without=[str(one) for one in everyone])
    assert refused.status_code == 422
    assert "Il ne reste personne pour lire." in refused.text
    assert MESSAGE in refused.text
    assert count(town, Conversation) == 0


def test_a_child_is_told_the_same(town: Town) -> None:
    everyone = [str(account(town, name)) for name in ("circo1", "circo2", "referent")]
    refused = send(town.browser("noe"), "/write/visit", message="", answer="", without=everyone)
    assert refused.status_code == 422
    assert "Personne ne peut lire." in refused.text


def test_markup_is_shown_as_it_was_typed(town: Town) -> None:
    nasty = '<script>alert(1)</script><img src=x onerror="x">'
    browser = town.browser("lina")
    sent = send(browser, message=nasty)
    petit = town.browser("petit")
    pages = [opened(browser, code_on(sent.text)).text, petit.get(f"/staff/desk/{on_desk(petit)[0]}").text]
    pages.append(send(browser, message=nasty, answer="").text)
    for page in pages:
        assert "&lt;script&gt;alert(1)" in page
        assert nasty not in page


def test_others_may_not_write_here(town: Town) -> None:
    for name in ("alba", "petit", "head", "admin"):
        for path in ("/write", "/words"):
            assert town.browser(name).get(path).status_code == 403


def test_the_ecole_without_a_group_of_its_own_is_read_above(town: Town) -> None:
    with town.house.database.reading() as db:
        assert channel.listener_labels(db, town.schools[ECOLE]) == ["Hugo Simon", "Nadia Perrin"]
