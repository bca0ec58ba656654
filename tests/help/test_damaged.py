"""What was altered or cut short is said and breaks nothing: no list, no other exchange, no clock."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ent_module.help import jobs
from ent_module.help.model.draft import Answer, Audience
from ent_module.help.sealing import ConversationKey
from ent_module.help.service import desk
from ent_module.help.service.header import Header
from ent_module.help.tables import Conversation, KeySlots, Message
from tests.help.steps import MESSAGE, NOW, Written, account, act, on_desk, opened, readers_of, rewrite, seen, write
from tests.support.town import Town

WHAT_TO_DO = "Prévenez l’administrateur du service."


def key_of(town: Town, written: Written) -> ConversationKey:
    """The conversation's key, as Jeanne Petit holds it."""
    with town.house.database.reading() as db:
        key = desk.held(db, town.house.keys, town.petit, written.id).key
    assert key is not None
    return key


def put(town: Town, written: Written, table: Any, **values: Any) -> None:
    """Somebody changes rows of a conversation in the database."""
    column = table.id if table is Conversation else table.conversation_id
    with town.house.database.writing() as db:
        db.execute(update(table).where(table.establishment_id == written.school, column == written.id).values(**values))


def header_of(town: Town, written: Written) -> dict[str, Any]:
    """What the writer chose, as it was sealed."""
    with town.house.database.reading() as db:
        row = db.get(Conversation, (written.school, written.id))
        assert row is not None
        value: dict[str, Any] = key_of(town, written).unseal_header(row.header)
    return value


def damage(town: Town, written: Written, how: str) -> None:
    """One of the ways in which a header is no longer what it was."""
    key, value = key_of(town, written), header_of(town, written)
    sealed = {
        "empty": b"",
        "short": b"\0" * 5,
        "no tag": b"\0" * 14,
        "noise": b"\0" * 300,
        "a list": key.seal_header([1, 2]),
        "nothing in it": key.seal_header({}),
        "whom to leave out is missing": key.seal_header({k: v for k, v in value.items() if k != "excluded"}),
        "whom to leave out is broken": key.seal_header({**value, "excluded": [["x"]]}),
        "another answer": key.seal_header({**value, "answer": "by-mail"}),
        "of a later program": key.seal_header({**value, "v": 99}),
    }
    put(town, written, Conversation, header=sealed[how])


@pytest.mark.parametrize(
    "how",
    [
        "empty",
        "short",
        "no tag",
        "noise",
        "a list",
        "nothing in it",
        "whom to leave out is missing",
        "whom to leave out is broken",
        "another answer",
        "of a later program",
    ],
)
def test_a_damaged_header_is_said_and_breaks_no_list(town: Town, how: str) -> None:
    broken, whole = write(town), write(town)
    damage(town, broken, how)
    petit = town.browser("petit")
    assert set(on_desk(petit)) == {str(broken.id), str(whole.id)}
    for page in ("/staff/desk", f"/staff/desk/{broken.id}"):
        assert "Illisible" in (text := seen(petit.get(page)))
        assert WHAT_TO_DO in text
    assert MESSAGE in petit.get(f"/staff/desk/{broken.id}").text  # the message has a key of its own
    assert act(petit, str(broken.id), "take").status_code == 409
    assert act(petit, str(whole.id), "take").status_code == 303


def test_a_damaged_key_is_said_and_breaks_no_list(town: Town) -> None:
    broken, whole = write(town), write(town)
    rewrite(town, broken, broken=account(town, "petit"))
    petit = town.browser("petit")
    assert set(on_desk(petit)) == {str(broken.id), str(whole.id)}
    page = petit.get(f"/staff/desk/{broken.id}")
    assert page.status_code == 200
    assert WHAT_TO_DO in seen(page)
    assert MESSAGE not in page.text


@pytest.mark.parametrize("slots", [b"", b"\0" * 5, b"\0" * 1232, None])
def test_slots_that_are_no_longer_any_break_no_list_and_are_counted(
    town: Town, capfd: pytest.CaptureFixture[str], slots: bytes | None
) -> None:
    broken, whole = write(town), write(town)
    with town.house.database.writing() as db:
        row = db.get_one(KeySlots, (broken.school, broken.id))
        if slots is None:
            db.delete(row)
        else:
            row.slots = slots
    petit = town.browser("petit")
    assert on_desk(petit) == [str(whole.id)]
    assert petit.get(f"/staff/desk/{broken.id}").status_code == 404
    jobs.escalate(town.house, NOW)
    logged = capfd.readouterr()
    assert '"unreadable": 1' in logged.out + logged.err


@pytest.mark.parametrize("sealed", [b"", b"\0" * 5, b"\0" * 300])
def test_a_damaged_message_is_said_on_both_sides(town: Town, sealed: bytes) -> None:
    written = write(town)
    put(town, written, Message, sealed=sealed)
    for page in (town.browser("petit").get(f"/staff/desk/{written.id}"), opened(town.browser("lina"), written.code)):
        assert page.status_code == 200
        assert "Ce message a été abîmé." in seen(page)


def test_an_older_header_is_read_with_what_it_lacks_left_open() -> None:
    header = Header(
        audience=Audience.PUPIL, language="fr", about="me", what=("sad",), often="once", danger="no", to=(),
        answer=Answer.HERE_UNNAMED, parents="talk", excluded=(),
    )  # fmt: skip
    value = json.loads(json.dumps(header.as_json()))
    assert Header.from_json(value) == header
    assert Header.from_json({**value, "unheard of": 1}) == header
    for name in ("parents", "often", "to", "classes", "what"):
        less = Header.from_json({key: said for key, said in value.items() if key != name})
        assert less == replace(header, **{name: type(getattr(header, name))()})


def test_the_clocks_go_on_and_say_how_many_do_not_open(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    broken, whole = write(town), write(town)
    damage(town, broken, "short")
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert account(town, "referent") in readers_of(town, whole)
    assert account(town, "referent") not in readers_of(town, broken)
    logged = capfd.readouterr()
    assert '"unreadable": 1, "without_reader": 0' in logged.out + logged.err
    assert str(broken.id) not in logged.out + logged.err
