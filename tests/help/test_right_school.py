"""A form goes to the school whose page it was on, or nowhere; one that has arrived is known again."""

from typing import Any

import pytest

from ent_module.help.service import channel
from ent_module.help.tables import Conversation, Message
from ent_module.identity.model import Arrival, Profile
from tests.help.steps import (
    ARRIVED,
    MESSAGE,
    account,
    act,
    code_on,
    count,
    on_desk,
    opened,
    publish,
    seen,
    send,
    token_on,
)
from tests.support.forms import form
from tests.support.town import COLLEGE, ECOLE, OTHER, Browser, Town

MOVED = "rien n’a été envoyé"


def of_two_schools(town: Town, *uais: str) -> Browser:
    """A pupil who has an account in two schools, working in the first."""
    browser = town.browser()
    browser.arrive(Arrival(town.portal_id, "subject-of-two", Profile.PUPIL, "Nour Amari", uais, (), "fr"))
    return work_in(browser, uais[0])


def work_in(browser: Browser, uai: str) -> Browser:
    """Switches to another school, as in another tab."""
    assert browser.post("/work-in", {"uai": uai}).status_code == 303
    return browser


def filled(browser: Browser, page: str = "/write", **given: Any) -> dict[str, Any]:
    """A form as it is sent, before it is."""
    return {**form(browser.get(page).text, page).values, "message": MESSAGE, "answer": "here-unnamed", **given}


def test_a_form_shown_for_one_school_is_not_sent_to_another(town: Town) -> None:
    nour = of_two_schools(town, COLLEGE, OTHER)
    values = filled(nour, about="other", without=[str(account(town, "roux"))])
    work_in(nour, OTHER)
    again = nour.post("/write", values)
    assert again.status_code == 422
    assert count(town, Conversation) == 0
    page = seen(again)
    assert MOVED in page
    assert "Collège Simone-Veil" in page
    assert "Paul Henry" in page  # who would read here
    kept = form(again.text, "/write").values
    assert (kept["message"], kept["about"], kept["answer"]) == ([MESSAGE], ["other"], ["here-unnamed"])
    assert "without" not in kept
    # The form shown again is for the school that it names.
    assert ARRIVED in nour.post("/write", kept).text
    assert len(on_desk(town.browser("paul"))) == 1
    assert on_desk(town.browser("petit")) == []


def test_a_parent_of_two_schools_is_asked_again_too(town: Town) -> None:
    maria = work_in(town.browser("maria"), COLLEGE)
    values = filled(maria)
    work_in(maria, ECOLE)
    again = maria.post("/write", values)
    assert again.status_code == 422
    assert MESSAGE in again.text
    assert MOVED in seen(again)
    assert count(town, Conversation) == 0
    assert ARRIVED in maria.post("/write", form(again.text, "/write").values).text
    assert len(on_desk(town.browser("circo1"))) == 1


@pytest.mark.parametrize(("first", "then", "path", "field"), [
    (COLLEGE, ECOLE, "/write", "step"), (ECOLE, COLLEGE, "/write/steps", "about"),
    (ECOLE, COLLEGE, "/write/visit", "about"),
])  # fmt: skip
def test_between_an_ecole_and_a_college_the_text_is_kept(
    town: Town, first: str, then: str, path: str, field: str
) -> None:
    nour = of_two_schools(town, first, then)
    values = filled(nour, path, step="send") if path == "/write/steps" else filled(nour, path)
    work_in(nour, then)
    again = nour.post(path, values)
    assert again.status_code == 422
    assert MOVED in seen(again)
    assert MESSAGE in again.text
    assert field in form(again.text, "message").names
    assert count(town, Conversation) == 0


def test_a_screen_of_the_ecole_side_of_another_school_is_not_gone_on_with(town: Town) -> None:
    nour = of_two_schools(town, ECOLE, COLLEGE)
    values = filled(nour, "/write/steps", step="message")
    work_in(nour, COLLEGE)
    again = nour.post("/write/steps", values)
    assert MOVED in seen(again)
    assert MESSAGE in again.text


def test_where_the_other_school_is_closed_the_text_is_kept(town: Town) -> None:
    nour = of_two_schools(town, COLLEGE, OTHER)
    values = filled(nour)
    work_in(nour, OTHER)
    close(town, OTHER)
    refused = nour.post("/write", values)
    assert refused.status_code == 422
    assert "On ne peut pas écrire ici" in refused.text
    assert MESSAGE in refused.text
    assert count(town, Conversation) == 0


def test_what_is_written_in_a_thread_goes_to_the_thread(town: Town) -> None:
    nour = of_two_schools(town, COLLEGE, OTHER)
    code = code_on(nour.post("/write", filled(nour)).text)
    page = opened(nour, code)
    work_in(nour, OTHER)
    reply = nour.post("/words/reply", {"token": token_on(page.text), "code": code, "message": "Encore."})
    assert reply.status_code == 200
    assert "Encore." in reply.text
    assert count(town, Message) == 2
    assert on_desk(town.browser("paul")) == []


def test_a_form_of_no_school_of_mine_is_refused(town: Town) -> None:
    nour = of_two_schools(town, COLLEGE, OTHER)
    values = filled(nour)
    for token in ("", "00", token_on(town.browser("zoe").get("/write").text)):
        assert nour.post("/write", {**values, "token": token}).status_code == 400


# --- Sent again -------------------------------------------------------------------------------------------------------


def close(town: Town, uai: str = COLLEGE) -> None:
    with town.house.database.writing() as db:
        channel.close_channel(db, town.schools[uai])


def test_a_form_that_has_arrived_is_known_again_after_the_channel_closed(town: Town) -> None:
    lina = town.browser("lina")
    values = filled(lina)
    first = lina.post("/write", values)
    close(town)
    again = lina.post("/write", values)
    assert again.status_code == 200
    assert ARRIVED in again.text
    assert "n’a pas été envoyé" not in again.text
    assert code_on(again.text) == code_on(first.text)
    assert count(town, Message) == 1


def test_and_after_a_card_or_a_reader_or_an_account_vanished(town: Town) -> None:
    publish(town, "cards", [{"id": "a", "name": "", "role": "CPE", "account_id": str(account(town, "petit"))}])
    lina = town.browser("lina")
    values = filled(lina, to=["a"], without=[str(account(town, "roux"))])
    first = lina.post("/write", values)
    publish(town, "cards", [])
    again = lina.post("/write", values)
    assert ARRIVED in again.text
    assert code_on(again.text) == code_on(first.text)
    for name in ("petit", "ines"):
        assert town.people[name].name in seen(again)
    assert count(town, Message) == 1


def test_and_after_the_pupil_has_gone_on_to_another_school(town: Town) -> None:
    nour = of_two_schools(town, COLLEGE, OTHER)
    values = filled(nour)
    first = nour.post("/write", values)
    work_in(nour, OTHER)
    again = nour.post("/write", values)
    assert ARRIVED in again.text
    assert code_on(again.text) == code_on(first.text)
    assert count(town, Message) == 1


def test_a_child_s_request_for_a_visit_is_known_again_too(town: Town) -> None:
    noe = town.browser("noe")
    values = filled(noe, "/write/visit", message="", answer="")
    assert ARRIVED in noe.post("/write/visit", values).text
    close(town, ECOLE)
    assert ARRIVED in noe.post("/write/visit", values).text
    assert count(town, Message) == 1


def test_going_back_from_the_last_screen_is_going_back_even_after_sending(town: Town) -> None:
    noe = town.browser("noe")
    values = filled(noe, "/write/steps", step="send", answer="here-named")
    assert ARRIVED in noe.post("/write/steps", values).text
    back = noe.post("/write/steps", {**values, "go": "back"})
    assert ARRIVED not in back.text
    assert form(back.text, "/write/steps").values["message"] == [MESSAGE]


def test_an_answer_at_the_desk_does_not_make_the_form_another(town: Town) -> None:
    lina, petit = town.browser("lina"), town.browser("petit")
    values = filled(lina)
    lina.post("/write", values)
    act(petit, on_desk(petit)[0], "take")
    assert ARRIVED in lina.post("/write", values).text
    assert ARRIVED in send(lina).text
    assert count(town, Message) == 2
