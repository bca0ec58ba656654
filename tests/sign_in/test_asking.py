"""What portals say is asked once: by many at the same time, within the hour, and not in vain again and again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest

from ent_module.sign_in.asking import Answers
from ent_module.sign_in.fetching import FetchError
from ent_module.sign_in.keysets import KeySets
from ent_module.sign_in.oidc.provider import Providers
from tests.lti.conftest import Clock
from tests.lti.platform import public_jwk

ISSUER = "https://a.example"
TOKEN = f"{ISSUER}/token"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": TOKEN,
    "jwks_uri": f"{ISSUER}/keys",
}


class Portal:
    """Says who it is, and counts how often it was asked; it answers when `together` are asking, or after a moment."""

    def __init__(self, *, down: bool = False, together: int = 1, patience: float = 0.5) -> None:
        self.count = 0
        self.down = down
        self.all_here = Barrier(together, timeout=patience)

    def __call__(self, _url: str, *, allow_local: bool = False) -> dict[str, Any]:
        assert not allow_local
        self.count += 1
        with suppress(BrokenBarrierError):
            self.all_here.wait()
        if self.down:
            raise FetchError("unreachable")
        return DOCUMENT


def ask_at_once(ask: Callable[[str], Any]) -> list[str]:
    """Two threads ask at the same time; returns what each of them learns."""
    begin = Barrier(2)

    def one(_turn: int) -> str:
        begin.wait()
        try:
            return str(ask(ISSUER)["token_endpoint"])
        except FetchError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_two_who_want_to_know_at_once_ask_once() -> None:
    portal = Portal(together=2)
    assert ask_at_once(Providers(allow_local=False, fetch=portal).described) == [TOKEN, TOKEN]
    assert portal.count == 1
    # Control: what remembers without a lock asks twice.
    portal = Portal(together=2, patience=20)
    assert ask_at_once(cache(portal)) == [TOKEN, TOKEN]
    assert portal.count == 2


def test_a_portal_that_is_down_is_asked_once_by_two_and_both_are_told() -> None:
    portal = Portal(down=True, together=2)
    assert ask_at_once(Providers(allow_local=False, fetch=portal).described) == ["unreachable", "unreachable"]
    assert portal.count == 1


def test_a_description_is_kept_for_an_hour() -> None:
    portal, clock = Portal(), Clock()
    providers = Providers(allow_local=False, clock=clock, fetch=portal)
    for passed, count in ((0, 1), (3600, 1), (3601, 2)):
        clock.now = 1000 + passed
        assert providers.described(ISSUER)["token_endpoint"] == TOKEN
        assert portal.count == count


def test_a_portal_that_did_not_answer_is_left_alone_for_seconds() -> None:
    portal, clock = Portal(down=True), Clock()
    providers = Providers(allow_local=False, clock=clock, fetch=portal)
    for passed, count in ((0, 1), (4, 1), (5, 2)):
        clock.now = 1000 + passed
        with pytest.raises(FetchError):
            providers.described(ISSUER)
        assert portal.count == count
    portal.down = False
    clock.now += 5
    assert providers.described(ISSUER)["token_endpoint"] == TOKEN
    clock.now += 3601
    portal.down = True
    with pytest.raises(FetchError):
        providers.described(ISSUER)


def test_whoever_asks_one_address_does_not_wait_for_another() -> None:
    blocked, there = Event(), Event()

    def ask(address: str) -> str:
        if address == "slow":
            there.set()
            assert blocked.wait(10)
        return address

    answers = Answers(ask)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(answers.asked, "slow")
        assert there.wait(10)
        assert answers.asked("quick") == "quick"
        assert not slow.done()
        blocked.set()
        assert slow.result() == "slow"


def test_a_key_that_is_known_does_not_wait_for_one_that_is_not() -> None:
    blocked, there = Event(), Event()

    def fetch(_url: str, *, allow_local: bool) -> Any:
        assert not allow_local
        if keys.known(ISSUER, "key-1"):
            there.set()
            assert blocked.wait(10)
        return {"keys": [public_jwk("key-1")]}

    keys = KeySets(allow_local=False, fetch=fetch)
    keys.refresh(ISSUER, "key-1")
    with ThreadPoolExecutor(1) as pool:
        unknown = pool.submit(keys.refresh, ISSUER, "key-2")
        assert there.wait(10)
        keys.refresh(ISSUER, "key-1")
        assert keys.known(ISSUER, "key-1")
        assert not unknown.done()
        blocked.set()
