"""What a writer does in a thread beside writing: gives the name later, says whether it helped, asks to erase it."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from ent_module.help import jobs
from ent_module.help.model.moves import State
from ent_module.help.tables import Message
from tests.help.steps import (
    NOW,
    account,
    act,
    actions_of,
    count,
    on_desk,
    opened,
    readers_of,
    row_of,
    seen,
    token_on,
    write,
)
from tests.support.database import every_byte, everything
from tests.support.town import Browser, Town


def stepped(browser: Browser, code: str, path: str, **given: str) -> TestResponse:
    """One step, from the thread's own page."""
    token = token_on(opened(browser, code).text)
    return browser.post(path, {"token": token, "code": code, **given})


# --- The name, later --------------------------------------------------------------------------------------------------


def test_the_name_is_given_on_a_page_of_its_own_with_a_tick(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    before = count(town, Message)
    asked = stepped(lina, written.code, "/words/name")
    assert "Tu écris avec le compte de Lina Morel, 6e B." in seen(asked)
    assert "Un nom donné ne se reprend pas." in seen(asked)
    again = stepped(lina, written.code, "/words/name", asked="yes")  # without the tick
    assert again.status_code == 422
    assert "Coche la case" in seen(again)
    assert count(town, Message) == before
    done = stepped(lina, written.code, "/words/name", asked="yes", sure="yes")
    assert "Ton nom est donné." in seen(done)
    page = seen(town.browser("petit").get(f"/staff/desk/{written.id}"))
    assert "Du compte de Lina Morel, 6e B — à vérifier de vive voix" in page
    assert row_of(town, written).state == State.READ
    with town.house.database.reading() as db:
        assert b"Lina Morel" not in every_byte(db)


def test_the_name_is_asked_for_once_and_never_of_who_gave_it(town: Town) -> None:
    without, named, lina = write(town), write(town, answer="here-named"), town.browser("lina")
    assert "/words/name" in opened(lina, without.code).text
    assert "/words/name" not in opened(lina, named.code).text
    stepped(lina, without.code, "/words/name", sure="yes")
    assert "/words/name" not in opened(lina, without.code).text


def test_the_same_step_twice_is_one(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    values = {"token": token_on(opened(lina, written.code).text), "code": written.code, "sure": "yes"}
    before = count(town, Message)
    for _time in range(2):
        assert lina.post("/words/name", values).status_code == 200
    assert count(town, Message) == before + 1


@pytest.mark.parametrize("path", ["/words/name", "/words/end", "/words/after", "/words/when"])
def test_no_step_without_a_code_a_token_or_by_a_link(town: Town, path: str) -> None:
    written, lina = write(town), town.browser("lina")
    token, before = token_on(opened(lina, written.code).text), everything(town.house.database)
    given = {"sure": "yes", "helped": "yes", "when": "meet_yes"}
    assert lina.get(path).status_code == 303
    assert lina.post(path, {**given, "code": written.code, "token": "00"}).status_code == 400
    assert everything(town.house.database) == before
    assert lina.post(path, {**given, "code": "abeille", "token": token}).status_code == 422
    assert count(town, Message) == 1


# --- The end ----------------------------------------------------------------------------------------------------------


def closed(town: Town, code_of: Browser, conversation: str) -> None:
    petit = town.browser("petit")
    act(petit, conversation, "answer", message="C’est réglé avec la classe.")
    act(petit, conversation, "close")
    assert code_of is not None


def test_whether_it_helped_is_asked_at_the_end_alone(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    assert "Est-ce que ça t’a aidé ?" not in seen(opened(lina, written.code))
    closed(town, lina, str(written.id))
    page = seen(opened(lina, written.code))
    assert "L’échange est clos" in page
    assert "Est-ce que ça t’a aidé ?" in page
    assert "Merci." in seen(stepped(lina, written.code, "/words/after", helped="yes"))
    assert row_of(town, written).state == State.CLOSED
    assert "Est-ce que ça a aidé ? Oui" in seen(town.browser("petit").get(f"/staff/desk/{written.id}"))
    assert 'name="helped"' not in opened(lina, written.code).text


def test_that_it_did_not_help_opens_it_again(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    closed(town, lina, str(written.id))
    answer = seen(stepped(lina, written.code, "/words/after", helped="no"))
    assert "au plus tard" in answer
    assert row_of(town, written).state == State.NEW
    assert on_desk(town.browser("petit")) == [str(written.id)]
    assert stepped(lina, written.code, "/words/after", helped="<b>").status_code == 400


def test_writing_again_opens_it_again(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    closed(town, lina, str(written.id))
    stepped(lina, written.code, "/words/reply", message="Ça recommence.")
    assert row_of(town, written).state == State.NEW
    assert actions_of(town, written)[-1] == "written_again"


def test_the_wish_that_it_be_erased_reaches_the_group_and_erases_nothing_by_itself(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    asked = seen(stepped(lina, written.code, "/words/end"))
    assert "Ce qu’ils ont déjà transmis ne s’efface pas ici." in asked
    assert "La demande est partie." in seen(stepped(lina, written.code, "/words/end", asked="yes", sure="yes"))
    page = seen(town.browser("petit").get(f"/staff/desk/{written.id}"))
    assert "Demande d’effacement À confirmer ou à refuser" in page
    assert "On me prend mon sac" in page


def test_a_writer_is_told_that_nobody_read_in_time(town: Town) -> None:
    written, lina = write(town), town.browser("lina")
    assert "Personne n’a lu à temps." not in seen(opened(lina, written.code))
    jobs.escalate(town.house, NOW + timedelta(days=5))
    assert account(town, "referent") in readers_of(town, written)
    assert "Personne n’a lu à temps. Un autre adulte a été prévenu" in seen(opened(lina, written.code))
