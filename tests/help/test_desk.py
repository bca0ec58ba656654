"""The desk of the listening group: one inbox, and what a listener does with a conversation."""

import re
import threading
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from ent_module.help.model.moves import WAITING, Direction, State
from ent_module.help.sealing import ConversationKey, DeskKey, ThreadKey
from ent_module.help.service import acting, desk, writing
from ent_module.help.tables import Conversation, KeyWrap, Message, MoveLine, Note
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from ent_module.privacy.sealing import UnsealError
from ent_module.privacy.tables import AuditLine
from tests.help.steps import (
    MESSAGE,
    NOW,
    Written,
    account,
    act,
    count,
    on_desk,
    opened,
    readers_of,
    seen,
    token_on,
    write,
)
from tests.support.database import everything
from tests.support.town import COLLEGE, ECOLE, OTHER, Browser, Town


def row_of(town: Town, written: Written) -> Conversation:
    with town.house.database.reading() as db:
        found = db.get(Conversation, (written.school, written.id))
        assert found is not None
        return found


def actions_of(town: Town, written: Written) -> list[str]:
    with town.house.database.reading() as db:
        return list(
            db.scalars(
                select(MoveLine.action)
                .where(MoveLine.establishment_id == written.school, MoveLine.conversation_id == written.id)
                .order_by(MoveLine.number)
            )
        )


# --- Inbox ------------------------------------------------------------------------------------------------------------


def test_one_inbox_over_all_schools_of_the_person(town: Town) -> None:
    here, there, school = write(town), write(town, uai=OTHER), write(town, uai=ECOLE)
    assert set(on_desk(town.browser("ines"))) == {str(here.id), str(there.id)}
    assert on_desk(town.browser("petit")) == [str(here.id)]
    assert on_desk(town.browser("paul")) == [str(there.id)]
    assert on_desk(town.browser("circo1")) == [str(school.id)]
    page = seen(town.browser("ines").get("/staff/desk"))
    assert "Collège Simone-Veil" in page
    assert "Collège Lucie-Aubrac" in page


def test_a_line_says_what_is_needed_and_nothing_of_the_message(town: Town) -> None:
    write(town, danger="yes", what=("home", "sad"), about="me", answer="here-named", now=NOW - timedelta(days=30))
    page = seen(town.browser("petit").get("/staff/desk"))
    for words in (
        "Urgent",
        "en retard de",
        "Nouveau",
        "À la maison · Ne va pas bien",
        "Pour soi",
        "personne ne l’a pris",
    ):
        assert words in page
    for words in (MESSAGE, "Lina", "6e B"):
        assert words not in page


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.booleans(), st.sampled_from(State), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=8
    )
)
def test_urgent_first_then_what_waits_then_by_day_and_by_arrival(
    town: Town, lines: list[tuple[bool, State, int, int]]
) -> None:
    before = {one.id for one in _inbox(town)}
    placed: dict[Any, tuple[Any, ...]] = {}
    for urgent, state, due, slot in lines:
        written = write(town, now=NOW)
        values = {"urgent": urgent, "state": state.value, "due_on": NOW.date() + timedelta(days=due)}
        arrived = NOW - timedelta(days=slot)
        with town.house.database.writing() as db:
            db.execute(
                update(Conversation)
                .where(Conversation.establishment_id == written.school, Conversation.id == written.id)
                .values(**values, received_slot=arrived)
            )
        if state is not State.CLOSED:
            placed[written.id] = (not urgent, state not in WAITING, values["due_on"], arrived)
    shown = [one.id for one in _inbox(town) if one.id not in before]
    assert set(shown) == set(placed)
    assert [placed[one] for one in shown] == sorted(placed.values())
    with town.house.database.writing() as db:
        db.execute(update(Conversation).values(state="closed"), execution_options={"across": True})


def _inbox(town: Town) -> list[desk.Line]:
    with town.house.database.reading() as db:
        found = desk.inbox(db, town.house.keys, town.petit, NOW)
        assert not found.more
        return found.lines


def test_pages_hold_each_conversation_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PER_PAGE", 3)
    written = {str(write(town).id) for _turn in range(7)}
    browser = town.browser("ines")
    pages = [on_desk(browser, f"?page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {one for page in pages for one in page} == written
    assert "Page suivante" not in browser.get("/staff/desk?page=3").text
    assert on_desk(browser, "?page=-1") == pages[0]
    assert on_desk(browser, "?page=x") == pages[0]


def test_closed_ones_are_on_a_list_of_their_own(town: Town) -> None:
    written, browser = write(town), town.browser("petit")
    browser.get(f"/staff/desk/{written.id}")
    act(browser, str(written.id), "close")
    assert on_desk(browser) == []
    assert on_desk(browser, "?show=closed") == [str(written.id)]


def test_the_tile_counts_what_this_person_can_read(town: Town) -> None:
    assert "Rien à lire" in seen(town.browser("petit").get("/"))
    write(town)
    write(town, without=(account(town, "petit"),))
    assert "1 à lire" in seen(town.browser("petit").get("/"))
    assert "2 à lire" in seen(town.browser("ines").get("/"))


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_opening_marks_it_read_and_leaves_an_audit_line_without_content(town: Town) -> None:
    written, browser = write(town), town.browser("petit")
    before = everything(town.house.database)
    page = browser.get(f"/staff/desk/{written.id}")
    assert MESSAGE in page.text
    after = everything(town.house.database)
    assert {table for table in after if after[table] != before[table]} == {"ent_audit", "ent_conversation", "ent_move"}
    browser.get(f"/staff/desk/{written.id}")
    again = everything(town.house.database)
    assert {table for table in again if again[table] != after[table]} == {"ent_audit"}
    assert row_of(town, written).state == State.READ
    with town.house.database.reading() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.establishment_id == written.school)).all()
    opened_lines = [line for line in lines if line.action == "message.opened"]
    assert [(line.account_id, line.object_id) for line in opened_lines] == [(account(town, "petit"), written.id)] * 2


def test_outsiders_learn_nothing_of_a_conversation(town: Town) -> None:
    written = write(town)
    for name, status in (
        ("paul", 404),
        ("referent", 404),
        ("circo1", 404),
        ("lina", 403),
        ("alba", 403),
        ("head", 403),
    ):
        browser = town.browser(name)
        for address in (f"/staff/desk/{written.id}", f"/staff/desk/{uuid4()}"):
            assert browser.get(address).status_code == status, name
        there, nowhere = (browser.get(f"/staff/desk/{one}").text.replace(str(one), "") for one in (written.id, uuid4()))
        assert _without_request_id(there) == _without_request_id(nowhere)
        before = everything(town.house.database)
        for action in acting.ACTIONS:
            refused = browser.post(f"/staff/desk/{written.id}/{action}", {"message": "x", "note": "x"})
            assert refused.status_code in {400, 403, 404}
        assert everything(town.house.database) == before


def _without_request_id(page: str) -> str:
    return re.sub(r'<bdi dir="ltr">[0-9a-f]{12}</bdi>', "", page)


def test_someone_who_is_no_longer_a_listener_reads_nothing_more(town: Town) -> None:
    written = write(town)
    browser = town.browser("roux")
    assert on_desk(browser) == [str(written.id)]
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "roux"), Role.LISTENER)
    assert browser.get("/staff/desk").status_code == 403
    assert browser.get(f"/staff/desk/{written.id}").status_code == 403


def test_a_new_listener_reads_only_what_comes_from_then_on(town: Town) -> None:
    old = write(town)
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "clerk"), Role.LISTENER, date(2026, 11, 1))
    new = write(town)
    browser = town.browser("clerk")
    assert on_desk(browser) == [str(new.id)]
    assert browser.get(f"/staff/desk/{old.id}").status_code == 404


def test_the_law_is_at_hand(town: Town) -> None:
    written = write(town)
    page = seen(town.browser("petit").get(f"/staff/desk/{written.id}"))
    assert "Vous pouvez transmettre vous-même, sans accord préalable." in page
    assert "article 40 du code de procédure pénale" in page


# --- Moves ------------------------------------------------------------------------------------------------------------


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
    act(roux, one, "not_urgent")
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


@pytest.mark.parametrize(("action", "field"), [("answer", "message"), ("note", "note")])
def test_a_text_that_cannot_be_kept_is_still_in_its_field(town: Town, action: str, field: str) -> None:
    written, petit = write(town), town.browser("petit")
    for text, sentence in (("", "Écrivez un texte."), ("é" * 2001, "Le texte est trop long")):
        wrong = act(petit, str(written.id), action, **{field: text})
        assert wrong.status_code == 422
        assert sentence in wrong.text
        assert f">\n{text}</textarea>" in wrong.text
    assert count(town, Message) == 1


def test_tampered_forms_of_the_desk_are_refused(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    for action, more in (
        ("answer", {"token": "00", "message": "x"}),
        ("hand_over", {"to": str(account(town, "paul"))}),
        ("hand_over", {"to": "nobody"}),
    ):
        assert act(petit, str(written.id), action, **more).status_code == 400
    assert act(petit, str(written.id), "erase").status_code == 404
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
        found = writing.open_with_code(db, keys, written.school, uuid4(), written.code, NOW)
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
    with town.house.database.writing() as db:
        mine = account(town, "petit")
        db.execute(
            update(KeyWrap)
            .where(KeyWrap.establishment_id == broken.school, KeyWrap.conversation_id == broken.id)
            .where(KeyWrap.account_id == mine)
            .values(wrapped=bytes(80))
        )
    petit = town.browser("petit")
    assert set(on_desk(petit)) == {str(broken.id), str(whole.id)}
    assert "Illisible" in petit.get("/staff/desk").text
    page = petit.get(f"/staff/desk/{broken.id}")
    assert page.status_code == 200
    assert "Prévenez l’administrateur" in page.text
    assert act(petit, str(broken.id), "take").status_code == 409
    assert MESSAGE in petit.get(f"/staff/desk/{whole.id}").text


def test_another_listeners_wrap_put_into_my_row_opens_nothing(town: Town) -> None:
    written = write(town, without=(account(town, "roux"),))
    with town.house.database.writing() as db:
        theirs = db.scalars(select(KeyWrap).where(KeyWrap.establishment_id == written.school)).first()
        assert theirs is not None
        db.add(
            KeyWrap(
                establishment_id=written.school,
                conversation_id=written.id,
                reader_establishment_id=written.school,
                account_id=account(town, "roux"),
                version=1,
                wrapped=theirs.wrapped,
            )
        )
    page = town.browser("roux").get(f"/staff/desk/{written.id}")
    assert MESSAGE not in page.text
    assert "Illisible" in page.text
