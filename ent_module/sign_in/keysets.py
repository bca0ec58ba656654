"""The platforms' public keys: fetched when a launch needs them, kept for an hour."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64decode

from ent_module.sign_in.asking import Answers, Clock
from ent_module.sign_in.fetching import FetchError, fetch_json

_SMALLEST = 2048


class KeySets:
    """The key sets of one application. `clock` gives seconds; `fetch` raises FetchError."""

    def __init__(
        self, *, allow_local: bool, clock: Clock = time.monotonic, fetch: Callable[..., Any] = fetch_json
    ) -> None:
        self._sets = Answers(lambda url: usable_keys(fetch(url, allow_local=allow_local)), clock)

    def known(self, url: str, kid: str) -> list[RSAKey]:
        """The keys of that name in the set at `url`, as far as they are here and not too old. Asks nobody."""
        return (self._sets.known(url) or {}).get(kid, [])

    def refresh(self, url: str, kid: str) -> None:
        """Fetches the set at `url` where the key is missing and asking is due. A failure leaves what is known."""
        with suppress(FetchError):
            self._sets.asked(url, lambda keys: kid in keys)


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
