"""Erasing a conversation: closed first, with an outcome, and only by whoever says that no duty stands against it."""

from datetime import date

from sqlalchemy import select

from ent_module.help.tables import Conversation
from ent_module.privacy import audit
from tests.help.steps import MESSAGE, act, code_on, count, on_desk, opened, send
from tests.support.database import everything
from tests.support.town import COLLEGE, Town

SURE = {"erasing": "yes"}
KEEPS = {"ent_erased", "ent_audit", "ent_audit_head", "ent_session", "ent_notice"}


def test_nothing_is_left_but_that_it_was_erased(town: Town) -> None:
    petit = town.browser("petit")
    before = everything(town.house.database)
    code = code_on(send(town.browser("lina")).text)
    (conversation,) = on_desk(petit)
    act(petit, conversation, "answer", message="Nous arrivons.")
    act(petit, conversation, "note", note="Vu en vie scolaire.")
    act(petit, conversation, "close", done="Vu avec la famille.")
    answer = act(petit, conversation, "erase", **SURE)
    assert (answer.status_code, answer.location) == (303, "/ent/staff/desk")
    after = everything(town.house.database)
    assert {name for name in after if after[name] != before[name]} <= KEEPS
    assert MESSAGE not in opened(town.browser("lina"), code).text
    assert petit.get(f"/staff/desk/{conversation}").status_code == 404
    with town.house.database.reading() as db:
        done = audit.lines(db, town.schools[COLLEGE], {"message.erased"}, date.min)
    assert [(str(one.object_id), one.account_id) for one in done] == [
        (conversation, town.membership("petit").account_id)
    ]


def test_not_before_it_is_closed_nor_without_a_word_on_duties(town: Town) -> None:
    petit = town.browser("petit")
    send(town.browser("lina"))
    (conversation,) = on_desk(petit)
    assert act(petit, conversation, "erase", **SURE).status_code == 409
    act(petit, conversation, "take")
    act(petit, conversation, "close", done="Vu avec la famille.")
    refused = act(petit, conversation, "erase")
    assert refused.status_code == 422
    assert "aucun devoir" in refused.text
    assert count(town, Conversation) == 1


def test_whoever_is_left_out_erases_nothing(town: Town) -> None:
    petit, roux = town.browser("petit"), town.browser("roux")
    send(town.browser("lina"), without=[str(town.membership("roux").account_id)])
    (conversation,) = on_desk(petit)
    act(petit, conversation, "take")
    page = petit.get(f"/staff/desk/{conversation}").text
    act(petit, conversation, "close", done="Vu avec la famille.")
    assert "Effacer cet échange" not in page
    answer = roux.post(f"/staff/desk/{conversation}/erase", SURE)
    assert answer.status_code in {400, 404}
    with town.house.database.reading() as db:
        assert db.scalar(select(Conversation.id), execution_options={"across": True}) is not None
