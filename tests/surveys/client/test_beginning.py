"""In class the page waits for the word: what it asks when somebody wants to begin, and what it does then."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from playwright.sync_api import BrowserContext, Page, Route, expect

from ent_module.privacy import blind
from tests.surveys.client.issuer import Issuer

pytestmark = pytest.mark.browser

Ask = Callable[..., tuple[Issuer, str]]
SEND = "Envoyer mes réponses"


@pytest.fixture(scope="module")
def signing() -> RSAPrivateKey:
    return blind.generate()


@pytest.fixture
def ask(serve: Callable[..., str], signing: RSAPrivateKey) -> Ask:
    """`ask(**options)` serves an issuer of a class that answers in class, and says where its page is."""

    def make(**options: Any) -> tuple[Issuer, str]:
        issuer = Issuer(signing, **{"where": "class", **options})
        return issuer, f"{serve(issuer.app())}/ent/surveys/{issuer.campaign}/lina"

    return make


def shows(page: Page, state: str) -> None:
    expect(page.locator("[data-state]:visible")).to_have_attribute("data-state", state)


def tries(page: Page) -> None:
    page.get_by_role("button", name="Commencer").click()


def notes(page: Page, name: str) -> None:
    expect(page.locator("[data-note]:visible")).to_have_attribute("data-note", name)
    shows(page, "ready")
    expect(page.locator("form#questions")).to_be_hidden()


def asked(issuer: Issuer) -> list[dict[str, str]]:
    return [headers for way, headers, _body in issuer.seen if "/begun/" in way]


def test_nobody_begins_before_the_word(page: Page, ask: Ask) -> None:
    issuer, address = ask(begun={"0ther"})
    page.goto(address)
    for times in (1, 2):
        tries(page)
        notes(page, "gathering")
        assert len(asked(issuer)) == times
    page.wait_for_timeout(1_500)
    assert len(asked(issuer)) == 2  # nothing is asked again by itself
    issuer.begun.add("c1a55")
    tries(page)
    shows(page, "answering")
    expect(page.locator("form#questions")).to_be_visible()
    before = len(issuer.seen)
    page.get_by_label("Bleu").check()
    page.get_by_role("button", name=SEND).click()
    shows(page, "sent")
    assert [way for way, _headers, _body in issuer.seen[before:]] == ["/ent-ballots/pool"]
    assert page.evaluate("[{...sessionStorage}, {...localStorage}]") == [{}, {}]


def test_the_question_is_the_same_for_everyone_and_names_nobody(
    new_context: Callable[..., BrowserContext], ask: Ask
) -> None:
    issuer, address = ask(begun={"c1a55"})
    for pupil in ("lina", "adam"):
        page = new_context().new_page()
        page.goto(address.replace("lina", pupil))
        tries(page)
        shows(page, "answering")
    first, second = asked(issuer)
    assert first == second
    assert not {"Cookie", "Referer", "Authorization", "X-Csrf-Token"} & set(first)


def test_without_a_network_the_button_stays(page: Page, ask: Ask, context: BrowserContext) -> None:
    issuer, address = ask(begun={"c1a55"})
    page.goto(address)
    shows(page, "ready")
    context.set_offline(True)
    tries(page)
    notes(page, "offline")
    context.set_offline(False)
    issuer.answers += [503, 429]
    for _failure in range(2):
        tries(page)
        notes(page, "offline")
    assert issuer.answers == []
    page.route("**/begun/**", lambda route: route.fulfill(body="<html>portal</html>", content_type="text/html"))
    tries(page)
    notes(page, "offline")
    page.unroute("**/begun/**")
    tries(page)
    shows(page, "answering")


def test_two_presses_ask_once(page: Page, ask: Ask) -> None:
    issuer, address = ask()
    page.goto(address)
    shows(page, "ready")
    page.evaluate("for (const _press of [1, 2, 3]) document.querySelector('[data-begin]').click()")
    notes(page, "gathering")
    assert len(asked(issuer)) == 1


def test_a_tab_that_has_begun_goes_on_though_the_teacher_lets_others_in(page: Page, ask: Ask) -> None:
    issuer, address = ask(begun={"c1a55"})
    page.goto(address)
    tries(page)
    shows(page, "answering")
    issuer.begun.clear()
    page.reload()
    tries(page)
    shows(page, "answering")
    assert len(asked(issuer)) == len(issuer.issued) == 1
    kept = json.loads(page.evaluate("Object.values(sessionStorage)[0]"))
    assert kept["begun"] is True
    page.goto(address.replace("lina", "adam"))  # another one at this device waits like the others
    tries(page)
    notes(page, "gathering")


def test_who_comes_late_is_told_so_and_may_come_again(page: Page, ask: Ask) -> None:
    issuer, address = ask(answers=[423, 200], begun={"c1a55"})
    page.goto(address)
    shows(page, "begun")
    expect(page.locator("form#questions")).to_be_hidden()
    page.reload()
    tries(page)
    shows(page, "answering")
    tokens = {body for way, _headers, body in issuer.seen if way.endswith("/token")}
    assert len(tokens) == len(issuer.issued) == 1


def test_what_is_over_does_not_begin(page: Page, ask: Ask) -> None:
    issuer, address = ask()
    page.goto(address)
    shows(page, "ready")
    issuer.answers.append(410)
    tries(page)
    shows(page, "ended")


@pytest.mark.parametrize("where", ["shared", "home"])
def test_elsewhere_nothing_is_asked(page: Page, ask: Ask, where: str) -> None:
    issuer, address = ask(where=where)
    page.goto(address)
    tries(page)
    shows(page, "answering")
    assert asked(issuer) == []


def test_a_page_that_waits_for_nobody_would_be_seen(page: Page, ask: Ask) -> None:
    """Control: the same, by a script that begins whatever it is told."""

    def hasty(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("!(await mayBegin())", "false"))

    page.route("**/surveys/ballot.js", hasty)
    issuer, address = ask()
    page.goto(address)
    tries(page)
    shows(page, "answering")
    assert asked(issuer) == []
