"""What a listener does with a conversation: small named moves, each refused where it has no sense, each logged."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import select

from ent_module.help.model.moves import Direction, State
from ent_module.help.sealing import ConversationKey, DeskKey, Place, ThreadKey
from ent_module.help.service import returning
from ent_module.help.slots import SlotKey
from ent_module.help.tables import KeySlots, Message, Note
from ent_module.privacy.sealing import UnsealError
from ent_module.privacy.tables import AuditLine
from tests.help.steps import (
    MESSAGE,
    NOW,
    Written,
    account,
    act,
    actions_of,
    count,
    on_desk,
    opened,
    readers_of,
    rewrite,
    row_of,
    seen,
    token_on,
    write,
)
from tests.support.town import COLLEGE, Browser, Town


def test_a_conversation_from_the_first_look_to_the_end(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), town.browser("roux")
    one = str(written.id)
    assert act(petit, one, "take").status_code == 303
    assert "pris par Jeanne Petit" in seen(roux.get("/staff/desk"))
    act(petit, one, "answer", message="Bonjour.")
    act(petit, one, "note", note="Rappeler mardi.")
    act(petit, one, "hand_over", to=str(account(town, "roux")))
    assert row_of(town, written).state == State.HANDED_OVER
    act(roux, one, "take")
    act(roux, one, "urgent")
    act(roux, one, "not_urgent", why="Les faits sont anciens.")
    act(roux, one, "close")
    assert row_of(town, written).state == State.CLOSED
    act(petit, one, "reopen")
    assert row_of(town, written).state == State.READ
    done = ["sent", "read", "take", "answer", "note", "hand_over", "take", "urgent", "not_urgent", "close", "reopen"]
    assert actions_of(town, written) == done
    with town.house.database.reading() as db:
        lines = db.scalars(select(AuditLine.action).where(AuditLine.establishment_id == written.school)).all()
    assert {f"message.{action}" for action in done[2:]} <= set(lines)


def test_what_somebody_has_taken_is_refused_to_others_clearly(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), town.browser("roux")
    one = str(written.id)
    token = token_on(roux.get(f"/staff/desk/{one}").text)
    act(petit, one, "take")
    for action, more in (("take", {}), ("answer", {"message": "Ma réponse."}), ("close", {})):
        refused = roux.post(f"/staff/desk/{one}/{action}", {"token": token, **more})
        assert refused.status_code == 409
        assert "Jeanne Petit a déjà pris cet échange." in seen(refused)
        assert f'href="/ent/staff/desk/{one}"' in refused.text  # the way back to the exchange
    assert "Ma réponse." in roux.post(f"/staff/desk/{one}/answer", {"token": token, "message": "Ma réponse."}).text
    assert count(town, Message) == 1
    # The way round is explicit and logged: handed over to oneself, then taken.
    assert act(roux, one, "hand_over", to=str(account(town, "roux"))).status_code == 303
    assert act(roux, one, "take").status_code == 303


def take_at_once(town: Town, written: Written) -> list[int]:
    """Two adults take it at the same moment; the answers' status codes."""
    names, found = ("petit", "roux"), []
    ready = threading.Barrier(len(names))
    browsers: list[tuple[Browser, str]] = []
    for name in names:
        browser = town.browser(name)
        browsers.append((browser, token_on(browser.get(f"/staff/desk/{written.id}").text)))

    def take(browser: Browser, token: str) -> None:
        ready.wait()
        found.append(browser.post(f"/staff/desk/{written.id}/take", {"token": token}).status_code)

    threads = [threading.Thread(target=take, args=one) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_two_adults_who_take_at_the_same_moment(town: Town) -> None:
    for _turn in range(5):
        written = write(town)
        assert take_at_once(town, written) == [303, 409]
        assert actions_of(town, written).count("take") == 1


def test_a_form_of_the_desk_sent_twice_is_one_answer_and_one_note(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    token = token_on(petit.get(f"/staff/desk/{written.id}").text)
    for _turn in range(2):
        petit.post(f"/staff/desk/{written.id}/answer", {"token": token, "message": "Bonjour."})
        petit.post(f"/staff/desk/{written.id}/note", {"token": token, "note": "À suivre."})
        petit.post(f"/staff/desk/{written.id}/take", {"token": token})
    assert count(town, Message) == 2
    assert actions_of(town, written) == ["sent", "read", "answer", "note"]


def test_tampered_forms_of_the_desk_are_refused(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    for action, more in (
        ("answer", {"token": "00", "message": "x"}),
        ("hand_over", {"to": str(account(town, "paul"))}),
        ("hand_over", {"to": "nobody"}),
    ):
        assert act(petit, str(written.id), action, **more).status_code == 400
    assert act(petit, str(written.id), "burn").status_code == 404
    assert petit.get(f"/staff/desk/{written.id}/answer").status_code == 303


def test_where_a_visit_is_wanted_nobody_can_write_an_answer_that_nobody_would_read(town: Town) -> None:
    written, petit = write(town, answer="visit"), town.browser("petit")
    page = petit.get(f"/staff/desk/{written.id}")
    assert "Envoyer la réponse" not in page.text
    assert "jamais à la récréation" in page.text
    assert act(petit, str(written.id), "answer", message="Bonjour.").status_code == 409
    assert count(town, Message) == 1


def test_the_next_level_is_given_the_key_when_it_is_handed_up(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    assert act(petit, str(written.id), "hand_over", to="up").status_code == 303
    assert account(town, "referent") in readers_of(town, written)
    referent = town.browser("referent")
    assert on_desk(referent) == [str(written.id)]
    assert MESSAGE in referent.get(f"/staff/desk/{written.id}").text
    assert act(referent, str(written.id), "take").status_code == 303
    assert "pris par Salomé Weber" in seen(petit.get("/staff/desk"))


def test_someone_who_is_named_steps_aside_for_good(town: Town) -> None:
    written, roux = write(town), town.browser("roux")
    act(roux, str(written.id), "take")
    gone = act(roux, str(written.id), "step_aside")
    assert gone.headers["Location"] == "/ent/staff/desk"
    assert on_desk(roux) == []
    assert roux.get(f"/staff/desk/{written.id}").status_code == 404
    row = row_of(town, written)
    assert (row.state, row.handled_by) == (State.HANDED_OVER, None)
    petit = town.browser("petit")
    assert "Marc Roux" in petit.get(f"/staff/desk/{written.id}").text
    assert act(petit, str(written.id), "hand_over", to=str(account(town, "roux"))).status_code == 400
    act(petit, str(written.id), "step_aside")
    assert readers_of(town, written) == {account(town, "ines", COLLEGE), account(town, "referent")}


def test_the_last_reader_cannot_step_aside(town: Town) -> None:
    left_out = tuple(account(town, name, COLLEGE) for name in ("petit", "roux", "ines"))
    written, referent = write(town, without=left_out), town.browser("referent")
    refused = act(referent, str(written.id), "step_aside")
    assert refused.status_code == 409
    assert "Personne d’autre ne pourrait le lire." in seen(refused)
    assert readers_of(town, written) == {account(town, "referent")}


# --- Notes and keys ---------------------------------------------------------------------------------------------------


def read_with_code(town: Town, written: Written) -> str:
    """All that one can open who has the code and the database: the page, and each note tried with the thread key."""
    with town.house.database.writing() as db:
        keys = town.house.keys
        found = returning.open_with_code(db, keys, written.school, uuid4(), written.code, NOW)
        assert found is not None
        texts = [str(message.text) for message in found.messages]
        for note in db.scalars(select(Note).where(Note.establishment_id == written.school)):
            texts += [try_it(found.key, note) for try_it in (_as_note, _as_message)]
    return " ".join([*texts, opened(town.browser("sami"), written.code).text])


def _as_note(thread: ThreadKey, note: Note) -> str:
    try:
        return str(DeskKey(thread.place, thread.secret).unseal(note.sealed, note.id, note.number))
    except UnsealError:
        return ""


def _as_message(thread: ThreadKey, note: Note) -> str:
    for direction in Direction:
        try:
            return str(thread.unseal(note.sealed, note.id, direction, note.number))
        except UnsealError:
            continue
    return ""


def test_a_note_cannot_be_read_with_the_code(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    written, petit = write(town), town.browser("petit")
    act(petit, str(written.id), "note", note="Voir la famille avant jeudi.")
    assert "Voir la famille" in petit.get(f"/staff/desk/{written.id}").text
    assert "Voir la famille" not in read_with_code(town, written)
    # Control: notes under the thread's own key would be found.
    careless = property(lambda key: DeskKey(key.place, key.thread.secret))
    monkeypatch.setattr(ConversationKey, "desk", careless)
    act(petit, str(written.id), "note", note="Voir la famille avant vendredi.")
    assert "avant vendredi" in read_with_code(town, written)


def test_an_altered_key_or_header_is_said_and_breaks_no_list(town: Town) -> None:
    broken, whole = write(town), write(town)
    rewrite(town, broken, broken=account(town, "petit"))
    petit = town.browser("petit")
    assert set(on_desk(petit)) == {str(broken.id), str(whole.id)}
    assert "Illisible" in petit.get("/staff/desk").text
    page = petit.get(f"/staff/desk/{broken.id}")
    assert page.status_code == 200
    assert "Prévenez l’administrateur" in page.text
    assert act(petit, str(broken.id), "take").status_code == 409
    assert MESSAGE in petit.get(f"/staff/desk/{whole.id}").text


def test_another_listeners_slot_under_my_tag_opens_nothing(town: Town) -> None:
    written, keys = write(town, without=(account(town, "roux"),)), town.house.keys
    place = Place(written.school, written.id)
    with town.house.database.writing() as db:
        row = db.get_one(KeySlots, (written.school, written.id))
        theirs, mine = (
            SlotKey.of(keys, written.school, account(town, name)).tag(place, row.slots[:16])
            for name in ("petit", "roux")
        )
        row.slots = row.slots.replace(theirs, mine)
    page = town.browser("roux").get(f"/staff/desk/{written.id}")
    assert MESSAGE not in page.text
    assert "Illisible" in page.text
