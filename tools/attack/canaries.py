"""Secrets that must be nowhere: keys and answers, looked for in everything that was taken, and in what an error
reporter sees that unfolds the local variables of every frame.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from ent_module.privacy import blind
from ent_module.web.house import House
from tools.attack.settings import KEY
from tools.attack.sheets import FIRST
from tools.attack.spoils import Spoils

_DEEP = 6
"""How far the reporter unfolds what a variable holds."""


def secrets_of(house: House, campaign: Any) -> dict[str, bytes]:
    """What must not be found while the survey of that id is open."""
    (tokens,) = house.settings.resolved_key_store.glob(f"{campaign.hex}/tokens-*")
    numbers = blind.load(house.store.get(campaign, tokens.name)).private_numbers()
    opener = load_der_private_key(house.store.get(campaign, "sealing"), None)
    if not isinstance(opener, EllipticCurvePrivateKey):
        raise TypeError("the sealing key is of another kind")
    found = {name: getattr(numbers, name) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")}
    found["seal"] = opener.private_numbers().private_value
    spelt = {name: value.to_bytes((value.bit_length() + 7) // 8, "big") for name, value in found.items()}
    return {**spelt, **{one: house.store.get(campaign, one) for one in ("seats", "cards")}, "master": KEY}


def spellings(secret: bytes) -> Iterator[bytes]:
    """How bytes may be written down. Of base64 three beginnings, as it may start anywhere."""
    yield secret
    yield secret[::-1]
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield str(int.from_bytes(secret, "big")).encode()
    yield repr(secret)[2:-1].encode()
    for skip in range(3):
        part = secret[skip : skip + (len(secret) - skip) // 3 * 3]
        yield b64encode(part)
        yield urlsafe_b64encode(part)


def found(spoils: Spoils, secrets: dict[str, bytes]) -> list[str]:
    """Which secrets, and whether answers, stand in the files and logs, and at which moment first."""
    hits, seen = [], set()
    for phase, loot in spoils.loot.items():
        parts = [*loot.main, *loot.raw, loot.wal, loot.log.encode(), *(row.bytes for row in loot.rows), *_pages(spoils)]
        new = [one for one in parts if one not in seen]
        seen.update(new)
        hits += [f"{phase}: {name}" for name in _named(b"\0".join(new), secrets)]
    return hits


def _pages(spoils: Spoils) -> Iterator[bytes]:
    return (page.encode() for page in spoils.pages)


def _named(text: bytes, secrets: dict[str, bytes]) -> list[str]:
    hits = [name for name, secret in secrets.items() if any(one in text for one in spellings(secret))]
    return hits + ["answers"] * any(one.encode() in text for one in (f'{{"{FIRST}"', f"{{'{FIRST}'", f"{FIRST}="))


def reported(error: BaseException, secrets: dict[str, bytes]) -> list[str]:
    """Which secrets an error reporter would have sent away."""
    return _named("\n".join(_unfolded(error)).encode("utf-8", "surrogateescape"), secrets)


def _unfolded(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield repr(error)
        trace: TracebackType | None = error.__traceback__
        while trace is not None:
            for value in trace.tb_frame.f_locals.values():
                yield from _said(value, _DEEP)
            trace = trace.tb_next
        error = error.__cause__ or error.__context__


def _said(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value.hex()
    yield repr(value)[:100_000]
    if not depth:
        return
    inner = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list | tuple) else []
    for one in [*inner, *getattr(value, "__dict__", {}).values()][:200]:
        yield from _said(one, depth - 1)
