"""The platforms' public keys: fetched when a launch needs them, kept for an hour."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64decode

from ent_module.sign_in.fetching import TOTAL_SECONDS, FetchError, fetch_json

HOUR = 3600
COOL_DOWN = 60
"""Seconds between two fetches that only an unknown key asks for: anyone may name one."""
AFTER_FAILURE = 5
"""Seconds before a platform that did not answer is asked again: a whole class must not wait in turn."""
_SMALLEST = 2048


@dataclass
class _Set:
    keys: dict[str, list[RSAKey]] = field(default_factory=dict)
    fetched: float | None = None
    asked_again: float | None = None
    failed: float | None = None
    lock: Lock = field(default_factory=Lock)


class KeySets:
    """The key sets of one application. `clock` gives seconds; `fetch` raises FetchError."""

    def __init__(
        self,
        *,
        allow_local: bool,
        clock: Callable[[], float] = time.monotonic,
        fetch: Callable[..., Any] = fetch_json,
    ) -> None:
        self._allow_local = allow_local
        self._clock = clock
        self._fetch = fetch
        self._sets: dict[str, _Set] = {}

    def known(self, url: str, kid: str) -> list[RSAKey]:
        """The keys of that name in the set at `url`, as far as they are here and not too old. Asks nobody."""
        found = self._sets.get(url)
        return found.keys.get(kid, []) if found is not None and self._is_fresh(found) else []

    def refresh(self, url: str, kid: str) -> None:
        """Fetches the set at `url` where the key is missing and asking is due. A failure leaves what is known.

        Whoever comes while it is being fetched waits for that, and never longer than one fetch may take.
        """
        found = self._sets.setdefault(url, _Set())
        if not found.lock.acquire(timeout=TOTAL_SECONDS):
            return
        try:
            if self.known(url, kid) or not self._is_due(found):
                return
            if self._is_fresh(found):
                found.asked_again = self._clock()
            try:
                found.keys = usable_keys(self._fetch(url, allow_local=self._allow_local))
                found.fetched, found.failed = self._clock(), None
            except FetchError:
                found.failed = self._clock()
        finally:
            found.lock.release()

    def _is_fresh(self, found: _Set) -> bool:
        return found.fetched is not None and self._clock() - found.fetched <= HOUR

    def _is_due(self, found: _Set) -> bool:
        now = self._clock()
        if found.failed is not None and now - found.failed < AFTER_FAILURE:
            return False
        return not self._is_fresh(found) or found.asked_again is None or now - found.asked_again >= COOL_DOWN


def usable_keys(document: Any) -> dict[str, list[RSAKey]]:
    """The RSA signature keys of a key set by name; other keys, and broken ones, are left out. Raises FetchError."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise FetchError("content")
    found: dict[str, list[RSAKey]] = {}
    for one in listed:
        if isinstance(one, dict) and isinstance(one.get("kid"), str) and (key := _key(one)):
            found.setdefault(one["kid"], []).append(key)
    return found


def _key(one: dict[str, Any]) -> RSAKey | None:
    if one.get("kty") != "RSA" or one.get("use", "sig") != "sig" or one.get("alg", "RS256") != "RS256":
        return None
    try:
        # Looked at first: joserfc warns of a short key, and takes it.
        bits = int.from_bytes(urlsafe_b64decode(one["n"].encode())).bit_length()
        return RSAKey.import_key({name: one[name] for name in ("kty", "n", "e")}) if bits >= _SMALLEST else None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
