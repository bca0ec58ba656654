"""A pupil's way from the questions to the pool, in a browser: what is sent, what is kept, and what goes wrong."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from ent_module.privacy import blind
from tests.support.patience import becomes
from tests.surveys.client.issuer import Issuer, base64

pytestmark = pytest.mark.browser

SEND = "Envoyer mes réponses"
Ask = Callable[..., Issuer]


@pytest.fixture(scope="module")
def signing() -> RSAPrivateKey:
    return blind.generate()


@pytest.fixture
def ask(serve: Callable[..., str], signing: RSAPrivateKey) -> Ask:
    """`ask(**options)` serves an issuer; the pages of the test's browser find it at its `at`."""

    def make(**options: Any) -> Issuer:
        issuer = Issuer(signing, **options)
        addresses[id(issuer)] = serve(issuer.app())
        return issuer

    addresses.clear()
    return make


addresses: dict[int, str] = {}


def visit(page: Page, issuer: Issuer, pupil: str = "lina") -> None:
    page.goto(f"{addresses[id(issuer)]}/ent/surveys/{issuer.campaign}/{pupil}")


def shows(page: Page, state: str) -> None:
    expect(page.locator("[data-state]:visible")).to_have_attribute("data-state", state)


def begin(page: Page, issuer: Issuer, pupil: str = "lina") -> None:
    """Opens the questions, up to the first."""
    visit(page, issuer, pupil)
    page.get_by_role("button", name="Commencer").click()
    shows(page, "answering")


COUNT_THE_WAITS = """(() => {
    const { setTimeout } = window;
    window.waits = 0;
    window.setTimeout = (...given) => { window.waits += 1; return setTimeout(...given); };
})()"""


def stop_the_clock(page: Page) -> None:
    """From now on the page's timers wait until the test lets time pass."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)
    page.add_init_script(COUNT_THE_WAITS)
    page.evaluate(COUNT_THE_WAITS)


def waits(page: Page, times: int) -> None:
    """The page has taken note of an answer, and begun to wait, that many times: only then may time pass."""
    becomes(page, lambda: page.evaluate("window.waits") == times)


def fill(page: Page) -> None:
    page.get_by_label("Bleu").check()
    page.get_by_label("Pomme").check()
    page.get_by_label("Poire").check()


FILLED = {"colour": ["blue"], "fruit": ["apple", "pear"]}


def everything_kept(page: Page) -> dict[str, Any]:
    """All that the page's browser keeps for the site."""
    found: dict[str, Any] = page.evaluate(
        """async () => {
          const bases = {};
          for (const { name } of await indexedDB.databases()) {
            const opening = indexedDB.open(name);
            const base = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
            for (const store of base.objectStoreNames) {
              const asked = base.transaction(store).objectStore(store).getAll();
              bases[`${name}/${store}`] = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
            }
            base.close();
          }
          return {
            tab: { ...sessionStorage }, browser: { ...localStorage }, bases, caches: await caches.keys(),
            cookie: document.cookie, history: history.state, address: location.href, name: window.name,
          };
        }"""
    )
    return found


def tells(kept: dict[str, Any]) -> list[str]:
    """The words of the answers that stand in what is kept."""
    text = json.dumps(kept)
    return [word for word in ("colour", "blue", "fruit", "apple", "pear", "canary") if word in text]


@contextmanager
def dialogs(page: Page) -> Iterator[list[str]]:
    """The dialogs that open; each is agreed to."""
    seen: list[str] = []

    def note(dialog: Dialog) -> None:
        seen.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    yield seen
    page.remove_listener("dialog", note)


def test_answers_arrive_sealed_and_nothing_is_left(page: Page, ask: Ask) -> None:
    issuer = ask()
    begin(page, issuer)
    before = len(issuer.seen)
    fill(page)
    page.get_by_role("button", name=SEND).click()
    shows(page, "sent")
    assert issuer.opened() == [FILLED]
    assert [way for way, _headers, _body in issuer.seen[before:]] == ["/ent-ballots/pool"]
    expect(page.get_by_role("heading", name="Parler à quelqu’un")).to_be_visible()
    expect(page.locator("form#questions")).to_have_count(0)
    assert page.url.endswith(f"/ent/surveys/{issuer.campaign}/after")
    kept = everything_kept(page)
    assert kept["tab"] == kept["browser"] == kept["bases"] == {}
    assert kept["caches"] == []


def test_the_ballots_side_learns_nothing_of_who_it_is(page: Page, ask: Ask) -> None:
    issuer = ask()
    begin(page, issuer)
    page.get_by_role("button", name=SEND).click()
    shows(page, "sent")
    [(keys, _)] = issuer.asked(json_name(issuer))
    [(pool, _)] = issuer.asked("/pool")
    for headers in (keys, pool):
        assert not {"Cookie", "Referer", "Authorization", "X-Csrf-Token"} & set(headers)
    [(token, blinded)] = issuer.asked("/token")
    assert "Referer" not in token
    [(prepared, _sealed)] = issuer.pool.items()
    assert len(blinded) == 384
    assert not any(prepared[start : start + 8] in blinded for start in range(0, 100, 4))
    assert pool["Content-Type"] == "application/octet-stream"


def json_name(issuer: Issuer) -> str:
    return issuer.page("lina").split('data-keys="')[1].split('"')[0]


def test_blank_and_full_ballots_look_the_same(page: Page, ask: Ask) -> None:
    issuer, ends, blank = ask(), [], "Je préfère ne pas répondre"
    for pupil, filled, word, button in (
        ("lina", False, "", blank),
        ("adam", False, "", SEND),
        ("noe", True, "", SEND),
        ("ana", False, "é" * 900, SEND),
        ("leo", True, "x", blank),
    ):
        begin(page, issuer, pupil)
        if filled:
            fill(page)
        page.get_by_label("Mot").fill(word)
        page.get_by_role("button", name=button).click()
        shows(page, "sent")
        ends.append(page.locator("body").inner_text())
    assert issuer.opened() == [{}, {}, FILLED, {"word": ["é" * 900]}, {}]
    assert {len(body) for _headers, body in issuer.asked("/pool")} == {4_669}
    assert {len(body) for _headers, body in issuer.asked("/token")} == {384}
    assert len(set(ends)) == 1


def test_two_clicks_make_one_ballot(page: Page, ask: Ask) -> None:
    issuer = ask()
    begin(page, issuer)
    fill(page)
    page.evaluate(
        """() => {
          const [send, blank] = document.querySelectorAll(".last-step button");
          send.click(); send.click(); blank.click(); send.form.requestSubmit();
        }"""
    )
    shows(page, "sent")
    assert issuer.opened() == [FILLED]
    assert len(issuer.asked("/pool")) == 1


@pytest.mark.parametrize("where", ["shared", "home"])
def test_a_browser_that_dies_goes_on_with_its_token(page: Page, ask: Ask, context: BrowserContext, where: str) -> None:
    issuer = ask(where=where)
    begin(page, issuer)
    fill(page)
    if where == "home":
        page.close()
        page = context.new_page()
    begin(page, issuer)
    expect(page.get_by_label("Bleu")).not_to_be_checked()
    fill(page)
    page.get_by_role("button", name=SEND).click()
    shows(page, "sent")
    assert issuer.opened() == [FILLED]
    assert len(issuer.asked("/token")) == 1
    visit(page, issuer)
    shows(page, "already")
    assert everything_kept(page)["bases"].get("ent-ballots/tokens", []) == []


OVER = "2026-01-31"


def next_campaign(issuer: Issuer, **differs: str) -> None:
    """The same school asks something else, at the same address: its pages share what the browser keeps."""
    for name, value in {"campaign": uuid4(), "issued": {}, **differs}.items():
        setattr(issuer, name, value)


def days_kept(page: Page) -> list[str]:
    """Until when each token in the browser is kept."""
    return sorted(state["until"] for state in everything_kept(page)["bases"].get("ent-ballots/tokens", []))


@pytest.mark.parametrize("where", ["shared", "home"])
def test_a_token_that_was_never_sent_is_forgotten_once_its_survey_is_over(page: Page, ask: Ask, where: str) -> None:
    issuer = ask(where="home", until=OVER)
    begin(page, issuer)
    begin(page, issuer)
    assert (days_kept(page), len(issuer.asked("/token"))) == ([OVER], 1)  # its own page goes on with it
    next_campaign(issuer, until="2999-12-30")
    begin(page, issuer)
    becomes(page, lambda: days_kept(page) == ["2999-12-30"])
    next_campaign(issuer, until=OVER)
    begin(page, issuer)
    next_campaign(issuer, until="2999-12-31", where=where)
    begin(page, issuer)
    left = ["2999-12-30", "2999-12-31"] if where == "home" else ["2999-12-30"]
    becomes(page, lambda: days_kept(page) == left)


def test_a_token_that_nobody_forgets_would_be_seen(page: Page, ask: Ask) -> None:
    """Control: the same, by a script that does not look."""

    def blind_to_time(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("!(at.value.until >= today)", "false"))

    page.route("**/surveys/ballot.js", blind_to_time)
    issuer = ask(where="home", until=OVER)
    begin(page, issuer)
    next_campaign(issuer, until="2999-12-30")
    begin(page, issuer)
    page.wait_for_load_state("networkidle")
    assert days_kept(page) == [OVER, "2999-12-30"]


def test_on_a_shared_device_nothing_outlives_the_tab(page: Page, ask: Ask, context: BrowserContext) -> None:
    issuer = ask()
    begin(page, issuer)
    page.close()
    page = context.new_page()
    visit(page, issuer)
    shows(page, "already")
    assert everything_kept(page)["tab"] == {}
    assert len(issuer.asked("/token")) == 2


def test_a_browser_that_dies_before_the_answer_asks_with_the_same_bytes(page: Page, ask: Ask) -> None:
    issuer = ask(where="home", answers=[503] * 20)
    visit(page, issuer)
    expect_asked(page, issuer, "/token", 1)
    shows(page, "preparing")
    kept = everything_kept(page)
    assert "blinded" in json.dumps(kept)
    assert "signature" not in json.dumps(kept)
    issuer.answers.clear()
    begin(page, issuer)
    assert len({body for _headers, body in issuer.asked("/token")}) == 1


def expect_asked(page: Page, issuer: Issuer, end: str, times: int) -> None:
    becomes(page, lambda: len(issuer.asked(end)) >= times)


@pytest.mark.parametrize("where", ["shared", "home"])
def test_somebody_else_gets_a_token_of_their_own(page: Page, ask: Ask, where: str) -> None:
    issuer = ask(where=where)
    begin(page, issuer, "lina")
    begin(page, issuer, "adam")
    page.get_by_role("button", name=SEND).click()
    shows(page, "sent")
    assert set(issuer.issued) == {"lina", "adam"}
    assert len({body for _headers, body in issuer.asked("/token")}) == 2
    visit(page, issuer, "lina")
    shows(page, "already")


SLOW_TO_BLIND = """
    const { digest } = SubtleCrypto.prototype;
    let slow = true;
    SubtleCrypto.prototype.digest = async function (name, data) {
      if (slow && name === "SHA-384") await new Promise((done) => setTimeout(done, 500));
      slow &&= name !== "SHA-384";
      return digest.call(this, name, data);
    };
"""


def test_two_tabs_at_home_ask_for_one_token(page: Page, ask: Ask, context: BrowserContext) -> None:
    issuer, other = ask(where="home"), context.new_page()
    context.add_init_script(SLOW_TO_BLIND)
    for tab in (page, other):
        tab.goto(addresses[id(issuer)] + "/elsewhere")
    address = f"/ent/surveys/{issuer.campaign}/lina"
    for tab in (page, other):
        tab.evaluate("address => { location = address }", address)
    for tab in (page, other):
        shows(tab, "ready")
    assert len({body for _headers, body in issuer.asked("/token")}) == 1
    for tab in (page, other):
        tab.bring_to_front()
        tab.get_by_role("button", name="Commencer").click()
        tab.get_by_role("button", name=SEND).click()
        shows(tab, "sent")
    assert len(issuer.opened()) == 1


SMALL = base64(blind.modulus(generate_private_key(65537, 2048).public_key()))


TAMPERED: list[dict[str, Any]] = [
    {"v": 1},
    {"campaign": "00000000-0000-4000-8000-000000000000"},
    {"questionnaire": "q2"},
    {"id": "00000000-0000-4000-8000-000000000000"},
    {"n": SMALL},
    {"e": 3},
    {"cohorts": []},
]


def test_other_keys_than_expected_are_not_used(page: Page, ask: Ask) -> None:
    issuer = ask()
    for tampered in TAMPERED:
        issuer.tampered = tampered
        visit(page, issuer)
        shows(page, "changed")
    issuer.tampered = {}
    issuer.served = issuer.keys + b" "  # under the name of others
    visit(page, issuer)
    shows(page, "changed")
    assert issuer.asked("/token") == []
    assert everything_kept(page)["tab"] == {}
    issuer.served = None
    visit(page, issuer)
    shows(page, "ready")


def test_a_signature_of_another_key_is_not_taken(page: Page, ask: Ask) -> None:
    issuer = ask()
    other = Issuer(generate_private_key(65537, 3072))
    while other.signing.public_key().public_numbers().n < issuer.signing.public_key().public_numbers().n:
        other = Issuer(generate_private_key(65537, 3072))  # a smaller one may not sign what was blinded for the first
    issuer.__dict__["sign"] = other.sign
    visit(page, issuer)
    shows(page, "changed")
    expect(page.locator("form#questions")).to_be_hidden()


def test_a_token_that_is_not_given(page: Page, ask: Ask) -> None:
    issuer = ask()
    for times, (status, state) in enumerate(
        ((400, "refused"), (401, "refused"), (403, "refused"), (404, "refused"), (302, "refused"), (410, "ended")), 1
    ):
        issuer.answers = [status]
        visit(page, issuer)
        shows(page, state)
        expect(page.locator("form#questions")).to_be_hidden()
        assert (everything_kept(page)["tab"] == {}) is (status == 410)
        assert len(issuer.asked("/token")) == times
    assert issuer.issued == {}


def test_a_busy_server_is_asked_again_with_the_same_bytes(page: Page, ask: Ask) -> None:
    issuer = ask(answers=[503, 429, 200, 500, 400, 503])
    stop_the_clock(page)
    visit(page, issuer)
    for times, wait in ((1, 1), (2, 2)):
        expect_asked(page, issuer, "/token", times)
        shows(page, "preparing")
        waits(page, times)
        page.clock.run_for(wait * 1000)
    page.get_by_role("button", name="Commencer").click()
    fill(page)
    page.get_by_role("button", name=SEND).click()
    for times, wait in ((1, 1), (2, 2), (3, 4)):
        expect_asked(page, issuer, "/pool", times)
        shows(page, "waiting")
        waits(page, 2 + times)
        page.clock.run_for(wait * 1000 - 100)
        assert len(issuer.asked("/pool")) == times
        page.clock.run_for(100)
    shows(page, "sent")
    assert len(issuer.asked("/token")) == 3
    assert len({body for _headers, body in issuer.asked("/token")}) == 1
    assert len(issuer.asked("/pool")) == 4
    assert len({body for _headers, body in issuer.asked("/pool")}) == 1
    assert issuer.opened() == [FILLED]


def test_it_never_waits_longer_than_a_minute(page: Page, ask: Ask) -> None:
    issuer = ask()
    begin(page, issuer)
    stop_the_clock(page)
    issuer.answers += [503] * 9
    page.get_by_role("button", name=SEND).click()
    for times, wait in enumerate((1, 2, 4, 8, 16, 32, 60, 60, 60), start=1):
        expect_asked(page, issuer, "/pool", times)
        shows(page, "waiting")
        waits(page, times)
        page.clock.run_for(wait * 1000 - 100)
        assert len(issuer.asked("/pool")) == times
        page.clock.run_for(100)
    shows(page, "sent")


def test_answers_wait_for_the_network(page: Page, ask: Ask, context: BrowserContext) -> None:
    issuer = ask()
    begin(page, issuer)
    fill(page)
    stop_the_clock(page)
    context.set_offline(True)
    page.get_by_role("button", name=SEND).click()
    shows(page, "waiting")
    assert tells(everything_kept(page)) == []
    context.set_offline(False)
    shows(page, "sent")
    assert issuer.opened() == [FILLED]


def test_the_questions_wait_for_the_network(page: Page, ask: Ask) -> None:
    issuer = ask()
    page.route("**/token", lambda route: route.abort())
    visit(page, issuer)
    shows(page, "preparing")
    page.unroute("**/token")
    shows(page, "ready")
    assert len(issuer.issued) == 1


@pytest.mark.parametrize(("status", "state"), [(409, "sent"), (410, "ended")])
def test_a_ballot_that_comes_second_or_too_late(page: Page, ask: Ask, status: int, state: str) -> None:
    issuer = ask()
    begin(page, issuer)
    issuer.answers.append(status)
    page.get_by_role("button", name=SEND).click()
    shows(page, state)
    assert everything_kept(page)["tab"] == {}
    assert page.url.endswith("/after")
    expect(page.locator("form#questions")).to_have_count(0)


def test_answers_are_never_stored(page: Page, ask: Ask) -> None:
    issuer = ask(where="home")
    begin(page, issuer)
    assert tells(everything_kept(page)) == []
    fill(page)
    page.get_by_label("Mot").fill("canary")
    assert tells(everything_kept(page)) == []
    issuer.answers += [503] * 9
    page.get_by_role("button", name=SEND).click()
    shows(page, "waiting")
    assert tells(everything_kept(page)) == []
    with dialogs(page):
        page.reload()
    shows(page, "ready")
    assert tells(everything_kept(page)) == []
    expect(page.get_by_label("Mot")).to_have_value("")


CARELESS = (
    "sessionStorage.setItem('draft', JSON.stringify([...new FormData(form)]))",
    "localStorage.setItem('draft', form.elements.word.value)",
    "history.replaceState({ draft: [...new FormData(form)] }, '')",
    """const asked = indexedDB.open('d');
    asked.onupgradeneeded = () => asked.result.createObjectStore('s').put([...new FormData(form)], 1)""",
)


def test_the_same_look_finds_answers_that_are_stored(page: Page, ask: Ask) -> None:
    issuer = ask()
    for careless in CARELESS:
        begin(page, issuer)
        fill(page)
        page.get_by_label("Mot").fill("canary")
        page.evaluate(f"() => {{ const form = document.forms[0]; {careless}; }}")
        becomes(page, lambda: "canary" in tells(everything_kept(page)))
        page.evaluate("() => { localStorage.clear(); delete sessionStorage.draft; indexedDB.deleteDatabase('d'); }")


def test_leaving_warns_only_while_answers_wait(page: Page, ask: Ask) -> None:
    issuer = ask()
    begin(page, issuer)
    with dialogs(page) as seen:
        fill(page)
        page.reload()
        assert seen == []
        page.get_by_role("button", name="Commencer").click()
        page.get_by_label("Bleu").check()
        issuer.answers += [503] * 9
        page.get_by_role("button", name=SEND).click()
        shows(page, "waiting")
        page.reload()
        assert seen == ["beforeunload"]
        issuer.answers.clear()
        page.get_by_role("button", name="Commencer").click()
        page.get_by_label("Bleu").check()
        page.get_by_role("button", name=SEND).click()
        shows(page, "sent")
        page.goto(addresses[id(issuer)] + "/elsewhere")
        assert seen == ["beforeunload"]


@pytest.mark.parametrize("way", ["link", "keys"])
def test_leaving_fast_is_never_held_back(page: Page, ask: Ask, way: str) -> None:
    issuer = ask()
    begin(page, issuer)
    fill(page)
    issuer.answers += [503] * 9
    page.get_by_role("button", name=SEND).click()
    shows(page, "waiting")
    with dialogs(page) as seen:
        if way == "link":
            page.get_by_role("link", name="Quitter vite").click()
        else:
            for _ in range(3):
                page.keyboard.press("Shift")
        page.wait_for_url("**/elsewhere")
        assert seen == []


def test_one_question_at_a_time_by_keyboard(page: Page, ask: Ask) -> None:
    issuer = ask(steps=True)
    visit(page, issuer)
    page.get_by_role("button", name="Commencer").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Bleu")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 sur 3")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 3 sur 3")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=SEND)).to_be_visible()
    assert issuer.asked("/pool") == []
    page.get_by_role("button", name=SEND).press("Enter")
    shows(page, "sent")
    expect(page.locator("[data-state=sent]")).to_be_focused()
    assert issuer.opened() == [{"colour": ["blue"], "fruit": ["apple"]}]
    page.go_back()
    shows(page, "sent")


READY_TOO_EARLY = """
    window.early = false;
    new MutationObserver(() => {
      const ready = document.querySelector("[data-state=ready]:not([hidden])");
      if (ready && !document.querySelector(".step-place")) window.early = true;
    }).observe(document, { subtree: true, childList: true, attributes: true });
"""


def test_who_begins_sees_the_questions_arranged_however_late_their_script(page: Page, ask: Ask) -> None:
    issuer = ask(steps=True, late=1.0)
    page.add_init_script(READY_TOO_EARLY)
    begin(page, issuer)
    expect(page.get_by_text("Question 1 sur 3")).to_be_visible()
    assert page.evaluate("window.early") is False


def test_a_browser_that_cannot_seal_says_so(page: Page, ask: Ask) -> None:
    issuer = ask()
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })")
    visit(page, issuer)
    shows(page, "unable")
    assert [way for way, _headers, _body in issuer.seen if "ballots" in way] == []


def test_a_browser_that_keeps_nothing_asks_for_no_token(page: Page, ask: Ask) -> None:
    issuer = ask()
    refused = "get() { throw new DOMException('', 'SecurityError') }"
    page.add_init_script(
        f"for (const name of ['sessionStorage', 'indexedDB']) Object.defineProperty(window, name, {{ {refused} }})"
    )
    for where in ("shared", "home"):
        issuer.where = where
        issuer.seen.clear()
        visit(page, issuer)
        expect_asked(page, issuer, json_name(issuer), 1)
        shows(page, "unable")
        assert issuer.asked("/token") == []


def test_too_many_words_for_a_ballot_are_not_lost_silently(page: Page, ask: Ask) -> None:
    issuer = ask()
    begin(page, issuer)
    page.get_by_label("Mot").fill("é" * 2_100)
    page.get_by_role("button", name=SEND).click()
    shows(page, "unable")
    assert issuer.asked("/pool") == []
