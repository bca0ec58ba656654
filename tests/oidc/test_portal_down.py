"""A portal that describes itself wrongly, does not answer, or is at no address that may be asked."""

from typing import Any

import pytest

from ent_module.sign_in.oidc.provider import Providers
from tests.oidc.conftest import Visit, plug
from tests.oidc.liar import Liar, called, running
from tests.oidc.test_refusals import begin, end
from tests.support.town import Town


@pytest.fixture
def visit(town: Town, liar: Liar) -> Visit:
    return Visit(town.browser(), plug(town, liar.address))


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "ftp://evil.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=called,
)
def test_a_portal_that_describes_itself_wrongly_is_not_followed(
    visit: Visit, liar: Liar, document: dict[str, Any]
) -> None:
    liar.document = document
    answer = visit.begin()
    assert answer.status_code == 503
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_portal_that_does_not_answer_is_a_clear_page(town: Town, visit: Visit) -> None:
    gone = Visit(visit.browser, plug(town, "http://127.0.0.1:1", name="Parti"))
    answer = gone.begin()
    assert answer.status_code == 503
    assert "ne répond pas" in answer.text
    assert "119" in answer.text


def test_a_portal_that_goes_away_meanwhile_is_a_clear_page(town: Town, visit: Visit) -> None:
    with running() as brief:
        there = Visit(visit.browser, plug(town, brief.address, name="Bref"))
        asked = begin(there, brief)
    answer = end(there, asked["state"])
    assert answer.status_code == 503
    assert "ne répond pas" in answer.text


def test_a_private_address_is_not_asked(town: Town, visit: Visit, liar: Liar) -> None:
    """What a registration could no longer say, a portal may still come to mean: it is checked at each call."""
    town.app.extensions["ent_oidc"] = Providers(allow_local=False)
    assert visit.begin().status_code == 503
    assert liar.asked == []


def test_a_portal_that_nobody_registered_is_not_there(town: Town) -> None:
    browser = town.browser()
    for path in (f"/sign-in/{town.portal_id}", f"/sign-in/{town.portal_id}/callback?state=x"):
        assert browser.get(path).status_code == 404
    assert browser.client.post(f"/ent/sign-in/{town.portal_id}/back-channel").status_code == 404
