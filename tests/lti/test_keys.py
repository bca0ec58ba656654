"""The platform's keys: kept for an hour, fetched again for a key that is not known, and not more often than is due."""

from typing import Any

import pytest

from ent_module.sign_in.fetching import FetchError
from ent_module.sign_in.keysets import KeySets, usable_keys
from tests.lti.conftest import Clock, Plugged
from tests.lti.platform import ABSENT, Platform, public_jwk


class Source:
    """Where key sets are fetched from: counts, and fails when it is told to."""

    def __init__(self, *kids: str) -> None:
        self.kids = kids
        self.count = 0
        self.down = False

    def __call__(self, _url: str, *, allow_local: bool) -> Any:
        assert not allow_local
        self.count += 1
        if self.down:
            raise FetchError("unreachable")
        return {"keys": [public_jwk(kid) for kid in self.kids]}


def sets(source: Source) -> tuple[KeySets, Clock]:
    clock = Clock()
    return KeySets(allow_local=False, clock=clock, fetch=source), clock


def test_a_set_is_kept_for_an_hour() -> None:
    source = Source("key-1")
    keys, clock = sets(source)
    for passed in (0, 60, 3500):
        clock.now = 1000 + passed
        keys.refresh("https://a.example/", "key-1")
        assert keys.known("https://a.example/", "key-1")
    assert source.count == 1
    clock.now = 1000 + 3601
    assert not keys.known("https://a.example/", "key-1"), "a key that the platform may have withdrawn"
    keys.refresh("https://a.example/", "key-1")
    assert source.count == 2


def test_an_unknown_key_is_asked_for_once_a_minute() -> None:
    source = Source("key-1")
    keys, clock = sets(source)
    keys.refresh("https://a.example/", "key-1")
    source.kids = ("key-2",)
    keys.refresh("https://a.example/", "key-2")
    assert keys.known("https://a.example/", "key-2")
    assert not keys.known("https://a.example/", "key-1"), "it was withdrawn"
    for kid in "abcdef":
        keys.refresh("https://a.example/", kid)
    assert source.count == 2
    clock.now += 61
    keys.refresh("https://a.example/", "g")
    keys.refresh("https://a.example/", "h")
    assert source.count == 3


def test_a_platform_that_does_not_answer_is_left_alone_for_seconds_and_takes_nothing_with_it() -> None:
    source = Source("key-1")
    keys, clock = sets(source)
    source.down = True
    keys.refresh("https://a.example/", "key-1")
    keys.refresh("https://a.example/", "key-1")
    assert source.count == 1
    source.down = False
    clock.now += 6
    keys.refresh("https://a.example/", "key-1")
    assert keys.known("https://a.example/", "key-1")
    source.down = True
    keys.refresh("https://a.example/", "key-2")
    assert keys.known("https://a.example/", "key-1")


def test_platforms_do_not_share_keys() -> None:
    keys, _clock = sets(Source("key-1"))
    keys.refresh("https://a.example/", "key-1")
    assert not keys.known("https://b.example/", "key-1")


@pytest.mark.parametrize(
    "changed", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "oct"}, {"n": "AQAB"}, {"n": ABSENT}, {"e": "é"}, {"kid": 7}]
)
def test_keys_that_cannot_sign_for_us_are_left_out(changed: dict[str, Any]) -> None:
    assert [*usable_keys({"keys": [public_jwk("key-1", **changed), public_jwk("key-2")]})] == ["key-2"]


def test_a_short_key_is_left_out() -> None:
    assert usable_keys({"keys": [public_jwk("short", bits=1024)]}) == {}


def test_a_key_needs_neither_use_nor_algorithm() -> None:
    assert [*usable_keys({"keys": [public_jwk("key-1", use=ABSENT, alg=ABSENT)]})] == ["key-1"]


@pytest.mark.parametrize("document", [[], None, {}, {"keys": {}}, {"keys": None}, "keys"])
def test_what_is_no_key_set_is_said(document: Any) -> None:
    with pytest.raises(FetchError):
        usable_keys(document)


def test_a_key_that_was_changed_while_the_old_one_is_cached_is_accepted(plugged: Plugged, platform: Platform) -> None:
    assert plugged.visit().launch().status_code == 303
    assert plugged.visit().launch().status_code == 303
    assert platform.fetches == 1
    platform.rotate()
    assert plugged.visit().launch().status_code == 303
    assert platform.fetches == 2


def test_keys_are_fetched_for_a_login_of_ours_only(plugged: Plugged, platform: Platform) -> None:
    visit = plugged.visit()
    visit.begin()
    form = platform.form(visit.redirect)
    visit.end(form | {"state": "another"})
    assert platform.fetches == 0
    visit.end(form | {"id_token": "x.y.z"})
    assert platform.fetches == 0
