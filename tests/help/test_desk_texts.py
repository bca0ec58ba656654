"""What is typed at the desk is never lost, and what is grave is not closed or calmed without a word."""

import re
from typing import Any

import pytest

from ent_module.help.tables import Message
from tests.help.steps import account, act, actions_of, count, on_desk, seen, token_on, write
from tests.support.forms import forms
from tests.support.town import Town


@pytest.mark.parametrize(("action", "field"), [("answer", "message"), ("note", "note")])
def test_a_text_that_cannot_be_kept_is_still_in_its_field(town: Town, action: str, field: str) -> None:
    written, petit = write(town), town.browser("petit")
    for text, sentence in (("", "Écrivez un texte."), ("é" * 2001, "Le texte est trop long")):
        wrong = act(petit, str(written.id), action, **{field: text})
        assert wrong.status_code == 422
        assert sentence in wrong.text
        assert f">\n{text}</textarea>" in wrong.text
    assert count(town, Message) == 1


BESIDE = [
    ("take", "message"), ("take", "note"), ("hand_over", "note"), ("hand_over", "message"),
    ("answer", "note"), ("note", "message"), ("note", "done"), ("not_urgent", "note"), ("close", "message"),
    ("close", "why"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "field"), BESIDE)
def test_a_text_typed_beside_another_button_is_still_on_the_page(town: Town, action: str, field: str) -> None:
    written, petit = write(town, danger="yes"), town.browser("petit")
    kept = {"answer": "message", "note": "note", "close": "done", "not_urgent": "why"}.get(action, "to")
    given = {kept: str(account(town, "roux")) if kept == "to" else "Ceci est gardé.", field: "Pas encore fini."}
    page = act(petit, str(written.id), action, **given)
    assert page.status_code == 200
    assert actions_of(town, written)[-1] == action
    assert re.search(r"<textarea[^>]*>\nPas encore fini\.</textarea>", page.text)
    assert "n’est pas encore gardé" in page.text
    assert "\nCeci est gardé." not in page.text  # no field holds what was kept
    # The form that is shown keeps it with its own button.
    if action == "take":
        token, button = token_on(page.text), {"message": "answer", "note": "note"}[field]
        again = petit.post(f"/staff/desk/{written.id}/{button}", {"token": token, field: "Pas encore fini."})
        assert again.status_code == 303
        assert "Pas encore fini." in petit.get(f"/staff/desk/{written.id}").text


def test_all_buttons_of_the_desk_send_all_that_is_typed(town: Town) -> None:
    written, petit = write(town, danger="yes"), town.browser("petit")
    [form] = forms(petit.get(f"/staff/desk/{written.id}").text)
    texts = {"message", "note", "done", "why", "because", "health", "reference"}
    assert {*texts, "to", "token", "csrf_token"} <= form.names
    sent = {way.rpartition("/")[2] for way in form.ways}
    moves = {"take", "answer", "note", "hand_over", "not_urgent", "close", "step_aside"}
    assert moves | {"to_lane", "concerned", "transmitted"} <= sent
    assert sent - moves <= {"to_lane", "concerned", "transmitted", "copy", "copy.pdf", "hold"}


def test_nobody_steps_aside_from_a_text_that_is_not_kept(town: Town) -> None:
    written, roux = write(town), town.browser("roux")
    page = act(roux, str(written.id), "step_aside", note="Je connais cette famille.")
    assert page.status_code == 422
    assert "Gardez ou effacez ce texte avant de vous retirer." in page.text
    assert ">\nJe connais cette famille.</textarea>" in page.text
    assert on_desk(roux) == [str(written.id)]


@pytest.mark.parametrize(("given", "action", "field", "sentence"), [
    ({"danger": "yes"}, "close", "done", "Écrivez ce qui a été fait avant de clore."),
    ({"answer": "visit"}, "close", "done", "Écrivez ce qui a été fait avant de clore."),
    ({"danger": "yes"}, "not_urgent", "why", "Écrivez pourquoi ce n’est plus urgent."),
])  # fmt: skip
def test_what_is_grave_is_not_closed_or_calmed_without_a_word(
    town: Town, given: dict[str, Any], action: str, field: str, sentence: str
) -> None:
    written, petit, roux = write(town, **given), town.browser("petit"), town.browser("roux")
    before = actions_of(town, written)
    for text in ("", "é" * 2001):
        wrong = act(petit, str(written.id), action, **{field: text, "note": "À part."})
        assert wrong.status_code == 422
        assert ">\nÀ part.</textarea>" in wrong.text
        assert f">\n{text}</textarea>" in wrong.text
    assert sentence in act(petit, str(written.id), action).text
    assert actions_of(town, written) == [*before, "read"]
    assert act(petit, str(written.id), action, **{field: "Vu avec l’infirmière."}).status_code == 303
    assert actions_of(town, written)[-1] == action
    page = seen(roux.get(f"/staff/desk/{written.id}"))
    label = {"done": "Ce qui a été fait", "why": "Pourquoi ce n’est plus urgent"}[field]
    assert f"{label} Vu avec l’infirmière." in page


def test_what_is_neither_urgent_nor_a_visit_is_closed_at_once(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    assert "Ce qui a été fait" not in seen(petit.get(f"/staff/desk/{written.id}"))
    assert act(petit, str(written.id), "close").status_code == 303


def test_a_text_that_came_too_late_to_be_asked_for_is_kept_all_the_same(town: Town) -> None:
    written, petit, roux = write(town, danger="yes"), town.browser("petit"), town.browser("roux")
    token = token_on(petit.get(f"/staff/desk/{written.id}").text)
    act(roux, str(written.id), "not_urgent", why="Les parents sont prévenus.")
    for action, field in (("not_urgent", "why"), ("close", "done")):
        sent = {"token": token, field: f"Texte de {action}.", "outcome": "acted"}
        assert petit.post(f"/staff/desk/{written.id}/{action}", sent).status_code == 303
        assert f"Texte de {action}." in roux.get(f"/staff/desk/{written.id}").text
