"""Applications with one mistake each, on which the strategies prove themselves. The mistakes are made here alone.

Each is put into the running module for the length of a block: on the side that serves (`serving`), on the side that
counts (`closing`), and in what browsers do (`HABITS`).
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, event, select, text
from sqlalchemy.orm import Session

from ent_module.database import Database
from ent_module.privacy import ballot_seal, blind
from ent_module.surveys import ballot_views, campaign_keys, results_views
from ent_module.surveys.protocol import SentBallot, parse
from ent_module.surveys.release import Release
from ent_module.surveys.service import cards, counting, pool
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import SealedBallot
from ent_module.web.house import house
from ent_module.web.pages import render_template
from tools.attack.voter import SEALED, SUITE, Habits

PRODUCT = "product"
HABITS = {
    PRODUCT: Habits(),
    "rows": Habits(at_opening=False, seal=False),
    "clear": Habits(at_opening=False, seal=False),
    "unpadded": Habits(at_opening=False, pad=False),
    "unblinded": Habits(blind=False, seal=False),
    "unbound": Habits(at_opening=False, bind=False),
    "tallies": Habits(at_opening=False, seal=False),
    "ledger": Habits(at_opening=False),
    "digests": Habits(at_opening=False),
    "talkative": Habits(at_opening=False),
    **dict.fromkeys(
        ("card-rows", "card-clear", "card-unpadded", "card-noted", "card-ledger", "card-digests"), Habits()
    ),
    "card-unbound": Habits(bind=False),
}
TABLES = {
    "sqlite": "CREATE TABLE naive_{} (number INTEGER PRIMARY KEY, sent_at TEXT, said BLOB)",
    "postgresql": "CREATE TABLE naive_{} (number SERIAL PRIMARY KEY, sent_at TEXT, said BYTEA)",
}
"""Where naive applications write: answers, the order in which ballots came, rows at the closing."""


def prepare(database: Database) -> None:
    """Makes the tables of the naive applications."""
    with database.engine.execution_options(rw=True).begin() as connection:
        for name in ("answers", "arrival", "opened"):
            connection.execute(text(TABLES[database.engine.dialect.name].format(name)))


@contextmanager
def serving(name: str) -> Iterator[None]:
    """The application that serves has that mistake inside the block."""
    with ExitStack() as stack:
        for where, what, other in _SERVING.get(name, ()):
            stack.enter_context(patch.object(where, what, other))
        yield


@contextmanager
def closing(name: str) -> Iterator[None]:
    """The one that counts has it."""
    with ExitStack() as stack:
        for where, what, other in _CLOSING.get(name, ()):
            stack.enter_context(patch.object(where, what, other))
        if name in {"rows", "card-rows"}:
            event.listen(Engine, "begin", _overwrite_nothing)
        yield


# --- While pupils answer ----------------------------------------------------------------------------------------------

_put, _parse, _sign, _render = pool.put, parse, blind.BlindSigner.sign, render_template
_seal, _drawn, _card_page = ballot_seal.seal, cards.drawn, ballot_views._card_page  # noqa: SLF001  # what they replace


def _add(db: Session | Connection, table: str, said: bytes) -> None:
    db.execute(
        text(f"INSERT INTO naive_{table} (sent_at, said) VALUES (:at, :said)"),  # noqa: S608  # three names of our own
        {"at": datetime.now(UTC).isoformat(), "said": said},
    )


def _plain(sealed: bytes) -> bytes:
    return sealed[2 : 2 + int.from_bytes(sealed[:2], "big")]


def _put_in_clear(db: Session, _place: Any, _campaign: Any, ballot: SentBallot, _since: datetime) -> Outcome:
    """Answers as they come, in clear, with a number and a time."""
    _add(db, "answers", _plain(ballot.sealed))
    return Outcome.TAKEN


def _put_and_note(db: Session, place: Any, campaign: Any, ballot: SentBallot, since: datetime) -> Outcome:
    """The order in which ballots come is kept."""
    _add(db, "arrival", ballot.id.hex.encode())
    return _put(db, place, campaign, ballot, since)


def _parse_any_length(body: bytes, campaign: Any, cohorts: Any) -> SentBallot:
    """Ballots as long as their answers."""
    sent = _parse(body.ljust(4669, b"\0"), campaign, cohorts)
    return replace(sent, sealed=body[492:])


def _render_tallies(template: str, **values: Any) -> str:
    """Answers are added up while pupils answer, and shown."""
    page = _render(template, **values)
    with house().database.reading() as db:
        told = [json.loads(_plain(bytes(row[0]))) for row in db.execute(
            text("SELECT sealed FROM ent_sealed_ballot WHERE campaign_id = :one"),
            {"one": _id_of(db, values["campaign"].id)},
        )]  # fmt: skip
    counts: dict[str, int] = {}
    for answers in told:
        for item, (choice,) in answers.items():
            counts[f"{item}={choice}"] = counts.get(f"{item}={choice}", 0) + 1
    return page + "".join(f"<p>{name} {count}</p>" for name, count in counts.items())


def _id_of(db: Session, found: Any) -> Any:
    return found.hex if db.get_bind().dialect.name == "sqlite" else found


def _factor(signer: blind.BlindSigner) -> bytes:
    return signer._private.private_numbers().p.to_bytes(192)  # noqa: SLF001  # the mistake


def _sign_and_tell(signer: blind.BlindSigner, blinded: bytes) -> bytes:
    """A line for debugging."""
    structlog.get_logger("ent").info("signing", factor=_factor(signer).hex())
    return _sign(signer, blinded)


def _seal_nothing(_public: Any, _campaign: Any, _cohort: Any, _digest: bytes, answers: bytes) -> bytes:
    """The server keeps a card's answers as they are."""
    plain = len(answers).to_bytes(2, "big") + answers
    return plain + secrets.token_bytes(SEALED - len(plain))


def _seal_unpadded(public: Any, campaign: Any, cohort: Any, digest: bytes, answers: bytes) -> bytes:
    """The server seals a card's answers at their length."""
    place = b"ent-seal/1" + campaign.bytes + cohort.bytes + digest
    return SUITE.encrypt(len(answers).to_bytes(2, "big") + answers, public, info=place)


def _seal_unbound(public: Any, campaign: Any, cohort: Any, _digest: bytes, answers: bytes) -> bytes:
    """The server seals for any card."""
    return _seal(public, campaign, cohort, bytes(32), answers)


def _put_and_time(db: Session, _place: Any, _campaign: Any, ballot: SentBallot, _since: datetime) -> Outcome:
    """A card's answers as they come, with a time and the card."""
    _add(db, "answers", ballot.prepared.hex().encode() + b" " + _plain(ballot.sealed))
    return Outcome.TAKEN


def _page_and_time(db: Session, drawn: Any, typed: str, reading: Any) -> str:
    """When somebody has opened the questions, and with which card."""
    _add(db, "arrival", drawn.bound.hex().encode())
    return _card_page(db, drawn, typed, reading)


def _tell_the_code(db: Session, keys: Any, store: Any, typed: str) -> Any:
    """Another line for debugging."""
    structlog.get_logger("ent").info("card", code=typed)
    return _drawn(db, keys, store, typed)


_SERVING: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "rows": ((pool, "put", _put_in_clear),),
    "unpadded": ((pool, "parse", _parse_any_length),),
    "tallies": ((results_views, "render_template", _render_tallies),),
    "ledger": ((pool, "put", _put_and_note),),
    "talkative": ((blind.BlindSigner, "sign", _sign_and_tell), (cards, "drawn", _tell_the_code)),
    "card-rows": ((ballot_seal, "seal", _seal_nothing), (cards, "put", _put_in_clear)),
    "card-clear": ((ballot_seal, "seal", _seal_nothing),),
    "card-unpadded": ((ballot_seal, "seal", _seal_unpadded),),
    "card-noted": (
        (ballot_seal, "seal", _seal_nothing),
        (cards, "put", _put_and_time),
        (ballot_views, "_card_page", _page_and_time),
    ),
    "card-ledger": ((cards, "put", _put_and_note),),
    "card-unbound": ((ballot_seal, "seal", _seal_unbound),),
}


# --- When ballots are counted -----------------------------------------------------------------------------------------

_open_all, _write, _of = counting._open_all, counting._write, counting._of  # noqa: SLF001  # what the mistakes replace
_open = ballot_seal.open_ballot
_kept = bytearray()


def _open_unbound(private: Any, campaign: Any, cohort: Any, _digest: bytes, sealed: bytes) -> bytes:
    """Ballots open whatever token they came with."""
    return _open(private, campaign, cohort, bytes(32), sealed)


def _open_in(db: Session, store: Any, campaign: Any, ids: Iterable[UUID]) -> None:
    """Opens ballots in that order, keeps what they say, and writes it down as rows."""
    opener = campaign_keys.opener(store, campaign.id)
    for one in ids:
        found = db.get_one(SealedBallot, (campaign.establishment_id, one))
        ballot = SentBallot(found.cohort_id, found.prepared, found.signature, found.sealed)
        _kept.extend(ballot_seal.open_ballot(opener, campaign.id, ballot.cohort_id, ballot.bound_to, ballot.sealed))
        _kept.extend(b"\n")
    engine: Any = db.get_bind()
    with engine.execution_options(rw=True).begin() as connection:
        for said in _kept.splitlines():
            _add(connection, "opened", bytes(said))


def _pool(db: Session, campaign: Any) -> list[UUID]:
    return sorted(db.scalars(select(SealedBallot.id).where(*_of(SealedBallot, campaign))))


def _open_as_they_came(db: Session, store: Any, campaign: Any) -> Any:
    mine = set(_pool(db, campaign))
    came = [UUID(bytes(row[0]).decode()) for row in db.execute(text("SELECT said FROM naive_arrival ORDER BY number"))]
    _open_in(db, store, campaign, [one for one in came if one in mine])
    return _open_all(db, store, campaign)


def _open_by_digest(db: Session, store: Any, campaign: Any) -> Any:
    _open_in(db, store, campaign, _pool(db, campaign))
    return _open_all(db, store, campaign)


def _write_and_delete(db: Session, keys: Any, campaign: Any, tally: Any) -> None:
    db.execute(text("DELETE FROM naive_answers"))
    _write(db, keys, campaign, tally)


def _overwrite_nothing(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")


def _show(_counted: int, _groups: Any) -> Release:
    """Results are shown, however few took part."""
    return Release.SHOWN


@contextmanager
def _seen() -> Iterator[None]:
    yield


_CLOSING: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "rows": ((counting, "_write", _write_and_delete),),
    "unbound": ((ballot_seal, "open_ballot", _open_unbound),),
    "card-unbound": ((ballot_seal, "open_ballot", _open_unbound), (counting, "decide", _show)),
    "ledger": (
        (counting, "_open_all", _open_as_they_came),
        (counting, "unseen", _seen),
    ),
    "digests": ((counting, "_open_all", _open_by_digest),),
}
_CLOSING |= {f"card-{name}": _CLOSING[name] for name in ("rows", "ledger", "digests")}
