"""`python -m ent_module.surveys.one_shot`: a process that holds the key of a survey, does one work, and ends.

Where the key of a survey is in two shares, it is in clear here alone: never in a process that serves pages, which lives
for weeks and may be looked into, and never on a disk. What the work needs comes by standard input, so that neither a
command line nor an environment shows it; what came of it leaves by standard output, in JSON. Nothing else is said: an
error is told by its kind. Everything that the process knew ends with it.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from ent_module.privacy import custody
from ent_module.privacy.unseen import stay_in_memory, unseen


def main() -> None:
    """Does what standard input asks for."""
    with unseen():
        stay_in_memory()
        json.dump(_answer(sys.stdin.buffer.read()), sys.stdout)


def _answer(asked: bytes) -> dict[str, Any]:
    try:
        told = json.loads(asked)
        return _WORKS[told.pop("work")](UUID(told.pop("campaign")), custody.Cost(*told.pop("cost")), **told)
    except custody.WrongSharesError:
        return {"opened": False}
    except Exception as error:  # noqa: BLE001  # a traceback could quote what it was told
        return {"failed": type(error).__name__}


def _make(campaign: UUID, cost: custody.Cost) -> dict[str, Any]:
    """Two shares, and a key that only they open."""
    shares = custody.draw()
    wrapped = custody.wrap(ec.generate_private_key(ec.SECP256R1()), shares, campaign, cost)
    return {"wrapped": wrapped.hex(), "phrase": shares.phrase, "paper": shares.paper.hex()}


def _open(campaign: UUID, cost: custody.Cost, **given: Any) -> dict[str, Any]:
    """Whether the shares open the key."""
    _key(campaign, cost, **given)
    return {"opened": True}


def _count(
    campaign: UUID, cost: custody.Cost, database: str, key_file: str, establishment: str, **given: Any
) -> dict[str, Any]:
    """The ballots are opened and counted, if the shares open the key."""
    key = _key(campaign, cost, **given)
    # What counts knows the whole program; a wrong share is told before that is loaded.
    import ent_module.establishments.service  # noqa: F401  # its table, to which ours refer
    from ent_module.database import make_database
    from ent_module.privacy.installation import open_keys
    from ent_module.surveys.campaign_keys import InHand
    from ent_module.surveys.service.counting import count

    ours = make_database(database)
    keys = open_keys(Path(key_file), ours.engine, embedded=False)
    count(ours, InHand(campaign, key), keys, UUID(establishment), campaign)
    ours.engine.dispose()
    return {"opened": True}


def _key(campaign: UUID, cost: custody.Cost, wrapped: str, phrase: list[str], paper: str) -> ec.EllipticCurvePrivateKey:
    shares = custody.Shares(tuple(phrase), bytes.fromhex(paper))
    return custody.unwrap(bytes.fromhex(wrapped), shares, campaign, cost)


_WORKS: dict[str, Callable[..., dict[str, Any]]] = {"make": _make, "open": _open, "count": _count}

if __name__ == "__main__":
    main()
