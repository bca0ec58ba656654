"""Forms that come twice, tampered with or with a mistake: nothing is lost, nothing is doubled."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from ent_module.help import codes, sealing
from ent_module.help.service import channel
from ent_module.help.tables import Conversation, Message
from ent_module.privacy.typed import typed_words
from tests.help.steps import (
    ARRIVED,
    MESSAGE,
    account,
    code_on,
    count,
    on_desk,
    opened,
    publish,
    seen,
    send,
    token_on,
    write,
)
from tests.support.forms import form
from tests.support.town import COLLEGE, ECOLE, Town


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


def test_a_code_longer_than_its_field_is_cut_before_any_work(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def measured(text: str) -> list[str]:
        lengths.append(len(text))
        return typed_words(text)

    monkeypatch.setattr(codes, "typed_words", measured)
    browser, written = town.browser("lina"), write(town)
    token = token_on(opened(browser, written.code).text)
    for path, more in (("/words", {}), ("/words/reply", {"token": token, "message": "Encore."})):
        refused = browser.post(path, {"code": "xyzzy " * 20_000, **more})
        assert refused.status_code == 422
        assert refused.text.count("xyzzy") < 200
    assert max(lengths) <= 400


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
        before = channel.before_writing(db, town.schools[ECOLE], datetime.now(UTC))
    assert [(one.name, one.office) for one in before.readers] == [
        ("Hugo Simon", "Circonscription de Lille 1"),
        ("Nadia Perrin", "Circonscription de Lille 1"),
    ]


def test_what_may_be_left_unsaid_is_folded_until_something_is_said(town: Town) -> None:
    lina = town.browser("lina")
    folds = re.compile(r'<details class="more" (open)?>')
    assert folds.findall(lina.get("/write").text) == ["", ""]
    again = send(lina, message="", since="weeks")
    assert (again.status_code, folds.findall(again.text)) == (422, ["open", ""])
    petit = str(town.membership("petit").account_id)
    again = send(lina, only=petit, stand_in="")
    assert (again.status_code, folds.findall(again.text)) == (422, ["", "open"])
