"""Forms of other sites: nothing of them is taken, and nothing shown."""

import pytest

from tests.support.database import everything
from tests.support.town import OTHER, Town

CANARY = "perroquet-7f3a"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://ent.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://ent.example"},
    {"Origin": "https://ent.example:8443"},
    {"Origin": "https://ent.example:x"},
    {"Origin": "null"},
]
OWN: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "https://ent.example"},
    {"Origin": "https://ent.example:443"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_the_text_of_another_sites_form_is_not_shown(town: Town, headers: dict[str, str]) -> None:
    for name in ("lina", None):
        browser = town.browser(name)
        answer = browser.post("/write", {"message": CANARY, "csrf_token": "none"}, headers=headers)
        assert answer.status_code == 400
        assert CANARY not in answer.text
        assert "Lina" not in answer.text


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_the_text_of_our_own_form_with_a_token_that_is_over_is_shown(town: Town, headers: dict[str, str]) -> None:
    answer = town.browser("lina").post("/write", {"message": CANARY, "csrf_token": "none"}, headers=headers)
    assert answer.status_code == 400
    assert CANARY in answer.text


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_not_even_a_form_with_its_token_is_taken_from_elsewhere(town: Town, headers: dict[str, str]) -> None:
    browser = town.browser("ines")
    before = everything(town.house.database)
    assert browser.post("/work-in", {"uai": OTHER}, headers=headers).status_code == 400
    assert everything(town.house.database) == before
    assert browser.post("/work-in", {"uai": OTHER}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_the_token_of_another_session_is_refused(town: Town) -> None:
    mine, other = town.browser("ines"), town.browser("ines")
    mine.session, held = other.session, mine.session
    before = everything(town.house.database)
    assert mine.post("/work-in", {"uai": OTHER}).status_code == 400
    assert everything(town.house.database) == before
    mine.session = held
    assert mine.post("/work-in", {"uai": OTHER}).status_code == 303


def test_what_machines_call_is_not_asked_where_it_comes_from(town: Town) -> None:
    """A launch is posted from the portal's page: its proof is its own."""
    called = [
        one for one in town.house.declared.values() if one.proof and "POST" in one.methods and "<" not in one.rule
    ]
    assert {"login", "launch"} <= {one.name for one in called}
    for entry in called:
        told, untold = (
            town.browser().client.post(f"/ent{entry.rule}", data={"state": "x"}, headers=headers)
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {})
        )
        assert told.status_code == untold.status_code, entry.name
