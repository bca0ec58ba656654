from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

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
