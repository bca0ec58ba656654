"""Pages that answer a form: which address they take, so that nothing is sent twice, and what they leave out."""

import re
from typing import Any

import pytest

from tests.help.steps import code_on, opened, send
from tests.support.town import Browser, Town

_LANGUAGES = "languages-label"


def instead(page: str) -> str:
    """The address that a page takes; empty for one that is an address already."""
    found = re.search(r'<html[^>]* data-instead="([^"]*)"', page)
    return found[1] if found else ""


def test_a_page_that_was_opened_keeps_its_address_and_its_languages(town: Town) -> None:
    for path in ("/", "/write", "/words", "/nothing"):
        page = town.browser("lina").get(path).text
        assert not instead(page), path
        assert "web/instead.js" not in page
        assert _LANGUAGES in page


@pytest.mark.parametrize(
    ("name", "path", "data", "address"),
    [
        ("lina", "/write", {"token": ""}, "/ent/write"),
        ("lina", "/words", {"code": "abeille"}, "/ent/words"),
        ("alba", "/staff/surveys/open", {}, "/ent/staff/surveys/open"),
        ("lina", "/language", {"language": "xx"}, "/ent/"),
        ("lina", "/nothing", {}, "/ent/"),
        (None, "/write", {}, "/ent/write"),
    ],
)
def test_a_page_that_answers_a_form_takes_an_address(
    town: Town, name: str | None, path: str, data: dict[str, Any], address: str
) -> None:
    answer = town.browser(name).post(path, data)
    assert answer.status_code >= 400
    assert instead(answer.text) == address
    assert "web/instead.js" in answer.text
    assert _LANGUAGES not in answer.text


def test_the_pages_with_a_code_or_a_thread_take_that_of_home(town: Town) -> None:
    browser = town.browser("lina")
    sent = send(browser).text
    thread = opened(browser, code_on(sent)).text
    for page in (sent, thread):
        assert instead(page) == "/ent/"
        assert _LANGUAGES not in page
        assert "<noscript><p>Après, ferme cet onglet.</p></noscript>" in page
    assert "Après, fermez cet onglet." in send(_parent(town)).text


def _parent(town: Town) -> Browser:
    return town.browser("karim")
