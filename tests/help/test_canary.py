"""What somebody wrote is in no log, no audit line and no address; only in the sealed rows and on the page."""

import pytest
from sqlalchemy import inspect, text

from ent_module.privacy.sealing import SIZES
from tests.help.steps import account, act, code_on, on_desk, opened, send, token_on, write
from tests.help.test_commit import break_commits
from tests.support.database import every_byte
from tests.support.town import Town

CANARY = "perroquet-vert-sous-la-table"


def busy(town: Town) -> None:
    """A writer, a reader, a colleague; everything that goes well and everything that goes wrong, with the canary."""
    lina = town.browser("lina")
    code = code_on(send(lina, message=CANARY, answer="here-named", danger="yes").text)
    send(lina, message=CANARY, answer="")
    send(lina, message=CANARY, token="00")
    send(lina, message=CANARY, csrf_token="x")
    send(lina, message=CANARY * 100)
    petit = town.browser("petit")
    [one] = on_desk(petit)
    for action in ("take", "urgent", "close", "reopen"):
        act(petit, one, action, done=CANARY)
    act(petit, one, "not_urgent", why=CANARY, note=CANARY)
    act(petit, one, "answer", message=CANARY)
    act(petit, one, "note", note=CANARY)
    act(petit, one, "note", note=CANARY * 100)
    roux = town.browser("roux")
    act(roux, one, "answer", message=CANARY)
    act(petit, one, "hand_over", to=str(account(town, "roux")))
    thread = opened(lina, code)
    lina.post("/words/reply", {"token": token_on(thread.text), "code": code, "message": CANARY})
    opened(lina, f"{CANARY} abeille")
    opened(lina, code.replace(code.split()[0], "abeille"))
    lina.get(f"/words?code={CANARY}")
    break_commits(town, "ent_message")
    assert send(lina, message=f"{CANARY} encore").status_code == 500
    assert act(petit, one, "answer", message=f"{CANARY} encore").status_code in {409, 500}


def test_nothing_of_what_was_written_stands_anywhere_in_clear(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    busy(town)
    out, err = capfd.readouterr()
    assert '"endpoint"' in out + err  # the log is on, and was caught
    for word in (CANARY, CANARY.split("-", maxsplit=1)[0], "Lina Morel"):
        assert word not in out
        assert word not in err
    with town.house.database.reading() as db:
        stored = every_byte(db)
    assert CANARY.encode() not in stored
    assert b"perroquet" not in stored


def test_control_a_canary_that_somebody_stores_is_found(town: Town) -> None:
    with town.house.database.writing() as db:
        db.execute(text("CREATE TABLE somewhere (said VARCHAR(100))"))
        db.execute(text("INSERT INTO somewhere VALUES (:said)"), {"said": CANARY})
    with town.house.database.reading() as db:
        assert CANARY.encode() in every_byte(db)


def test_the_tables_have_no_column_for_an_account_of_a_writer_or_an_exact_time(town: Town) -> None:
    times = {("ent_conversation", "received_slot"), ("ent_code_attempt", "hour")}
    with town.house.database.reading() as db:
        found = inspect(db.connection())
        ours = [name for name in found.get_table_names() if name in TABLES]
        assert len(ours) == len(TABLES)
        for table in ours:
            for column in found.get_columns(table):
                is_time = "TIME" in str(column["type"]).upper()
                assert is_time == ((table, column["name"]) in times), (table, column["name"])


TABLES = {
    "ent_code_attempt",
    "ent_listening",
    "ent_notice",
    "ent_conversation",
    "ent_conversation_key",
    "ent_key_slots",
    "ent_message",
    "ent_move",
    "ent_note",
    "ent_return_code",
    "ent_told",
}


def test_lengths_tell_no_more_than_three_sizes(town: Town) -> None:
    """Messages, notes and headers, of one sign or as long as can be."""
    padded = {size + 28 for size in SIZES}
    for length in (1, 500, 1_100, 2_000):
        written, petit = write(town, message="é" * length, answer="here-unnamed"), town.browser("petit")
        assert act(petit, str(written.id), "note", note="à" * length).status_code == 303
        assert act(petit, str(written.id), "answer", message="ç" * length).status_code == 303
    with town.house.database.reading() as db:
        for table, column in (("ent_message", "sealed"), ("ent_note", "sealed"), ("ent_conversation", "header")):
            found = {len(row[0]) for row in db.execute(text(f"SELECT {column} FROM {table}"))}  # noqa: S608  # names written here
            assert found <= padded, table
            assert len(found) > (column == "sealed"), "short and long ones differ in nothing but these"
