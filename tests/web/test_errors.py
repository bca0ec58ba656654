import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

import ent_module
from ent_module.extension import add_table
from ent_module.identity.model import SIGNED_IN
from ent_module.web.tables import SessionRow
from ent_module.web.urls import Url
from tests.support.town import Town

CANARY = "perroquet-7f3a"


def test_unknown_address_is_our_own_page_without_echo(town: Town) -> None:
    answer = town.browser("lina").get(f"/{CANARY}?x={CANARY}")
    assert answer.status_code == 404
    assert CANARY not in answer.text
    assert "Quitter vite" in answer.text


def test_errors_speak_the_readers_language(town: Town) -> None:
    assert "This page does not exist" in town.browser("lina", "en").get("/nothing").text
    assert "هذه الصفحة غير موجودة" in town.browser("lina", "ar").get("/nothing").text


def _expire(town: Town) -> None:
    with town.house.database.writing() as db:
        db.execute(update(SessionRow).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))


def test_a_text_that_could_not_be_sent_is_given_back_to_copy(town: Town) -> None:
    browser = town.browser("lina")
    answer = browser.post("/write", {"message": f"<b>{CANARY}</b>", "csrf_token": "of another session"})
    assert answer.status_code == 400
    assert f"&lt;b&gt;{CANARY}&lt;/b&gt;" in answer.text
    _expire(town)
    late = browser.post("/write", {"message": CANARY})
    assert late.status_code == 401
    assert CANARY in late.text


def test_every_long_text_of_a_form_is_given_back_when_the_session_is_over(town: Town) -> None:
    admin = town.browser("admin")
    _expire(town)
    late = admin.post("/staff/settings/words", {"before-fr": f"{CANARY} un", "before-ar": f"{CANARY} deux"})
    assert late.status_code == 401
    assert f"{CANARY} un" in late.text
    assert f"{CANARY} deux" in late.text
    assert len(set(re.findall(r'<textarea id="([^"]+)"', late.text))) == 2


def test_the_fields_of_every_page_that_take_long_texts_are_given_back(town: Town) -> None:
    named = {name for entry in town.house.declared.values() for name in entry.texts}
    used = set()
    for page in Path(ent_module.__file__).parent.glob("*/templates/**/*.html"):
        source = page.read_text(encoding="utf-8")
        used |= {
            name.replace("{{ code }}", "fr").replace("{{ id }}", "answers-fr")
            for name in re.findall(r'<textarea id="[^"]+" name="([^"]+)"', source)
        }
        used |= set(re.findall(r'text_area\("([^"]+)"', source))
    used.discard("{{ name }}")  # the part itself
    used.discard("text-")  # numbered
    assert "text-0" in named
    assert used >= {"message", "note", "before-fr"}
    assert used - named == {"code", "paper"}  # secrets, and on paper


def test_a_form_without_long_texts_says_that_nothing_was_sent(town: Town) -> None:
    lina = town.browser("lina")
    path = f"/surveys/{uuid4()}/token"
    _expire(town)
    assert "Rien n’a été envoyé." in lina.post(path, {"climate_help": "agree"}).text
    assert "Rien n’a été envoyé." not in lina.get("/me").text


def test_a_form_that_was_not_ours_says_to_copy_before_opening_the_page_again(town: Town) -> None:
    lina = town.browser("lina")
    wrong = {"csrf_token": "of another session"}
    assert "Copier d’abord le texte" in lina.post("/write", {"message": CANARY, **wrong}).text
    assert "Copier d’abord le texte" not in lina.post("/write", wrong).text


def test_after_quick_exit_nothing_gives_back_what_was_typed(town: Town) -> None:
    browser = town.browser("noe")
    browser.get("/leave")
    for page in ("/write/steps", "/write", "/words/reply"):
        again = browser.post(page, {"message": CANARY})
        assert again.status_code == 401
        assert CANARY not in again.text


def test_method_that_nobody_serves_is_a_page(town: Town) -> None:
    assert town.browser("lina").client.post("/ent/legal").status_code in {404, 405}
    assert town.browser("lina").client.delete("/ent/").status_code in {404, 405}


def test_a_programming_error_tells_nothing(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    def breaks(_db: Session, _person: Any) -> str:
        raise RuntimeError(CANARY)

    add_table(town.app, town.house, "ent_broken", "web", (Url("/broken", "now", breaks, SIGNED_IN),))
    answer = town.browser("lina").get("/broken")
    logged = capsys.readouterr()
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert CANARY not in logged.out + logged.err
    assert "RuntimeError" in logged.err


def test_too_large_a_form_is_a_clear_page(town: Town) -> None:
    answer = town.browser("lina").post("/language", {"message": "x" * 300_000})
    assert answer.status_code == 413
    assert "trop long" in answer.text
