"""What the attacker makes of his spoils: for each strategy one function, from spoils to a guess.

A guess is a list: the answers of the first on the issuance list, of the second, and so on. Whoever finds answers in
clear takes them in the order that his strategy rests on. What he finds no answers for he fills up with the rest of
what was given, so that each guess is a matching, and hits by chance are one a class in the mean.
"""

import random  # noqa: TID251  # the class is invented; what is secret comes from the module
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from tools.attack import files
from tools.attack.sheets import Sheet, in_clear
from tools.attack.spoils import PHASES, Loot, Reader, Row, Spoils
from tools.attack.voter import message_of

Guess = list[Sheet | None]
POOL, ISSUANCE = "ent_sealed_ballot", "ent_issuance"


@dataclass(frozen=True)
class Strategy:
    """One way to guess."""

    name: str
    guess: Callable[[Spoils], Guess]
    variant: str
    """The application with the mistake that it lives on."""
    reads: Reader | None = None
    """The bytes in which it looks, in its order: there it must find all ballots of the module itself, or be blind. None
    where it does not look for ballots."""
    databases: tuple[str, ...] = ("sqlite", "postgresql")
    cards: bool = False
    """Whether it is about those who answer by cards."""


def matching(spoils: Spoils, guess: Iterable[Sheet | None], rest: Sequence[Sheet]) -> list[Sheet]:
    """A guess made whole: each of the answers once; the first claim to one counts, the rest is taken as it comes."""
    left, made = set(spoils.given), []
    for wanted in [*guess, *[None] * len(spoils.given)][: len(spoils.given)]:
        made.append(wanted if wanted in left else None)
        left.discard(wanted or "")
    others = (one for one in rest if one in left)
    return [one if one is not None else next(others) for one in made]


def leaning(spoils: Spoils, strategy: Strategy) -> list[Sheet]:
    """What a strategy takes where it can read nothing. Its order tells which ballot is whose; what the ballot says it
    guesses by the look of the ciphertext, which would tell if there were any rule in it. Without an order: by lot."""
    rest = list(spoils.given)
    random.Random(f"{strategy.name} {spoils.campaign}").shuffle(rest)  # noqa: S311  # a guess
    if strategy.reads is None:
        return rest
    sealed = {bytes(row.values["prepared"])[:32]: bytes(row.values["sealed"])[65:] for row in spoils.rows("end", POOL)}
    came = [token for token in spoils.came(strategy.reads) if token in sealed]
    looks = {token: place for place, token in enumerate(sorted(came, key=sealed.__getitem__))}
    return [spoils.given[looks[token]] for token in came] if len(came) == len(rest) else rest


def in_order(spoils: Spoils, chunks: Iterable[bytes]) -> Guess:
    """The first answers found are those of the first who asked, and so on."""
    known = set(spoils.given)
    return list(dict.fromkeys(sheet for sheet in in_clear(chunks) if sheet in known))


def _phases(spoils: Spoils, *names: str) -> Iterator[Loot]:
    return (spoils.loot[name] for name in names or PHASES if name in spoils.loot)


# --- Order -----------------------------------------------------------------------------------------------------------


def row_order(spoils: Spoils) -> Iterator[bytes]:
    """Rows as the database gives them."""
    return (row.bytes for loot in _phases(spoils, "end", "aborted", "closed") for row in loot.rows)


def page_offsets(spoils: Spoils) -> Iterator[bytes]:
    """Where rows lie in the files: by page, and in a page from its end, where the first are put; on SQLite, what is too
    large for a page by the pages that it goes on in."""
    for loot in _phases(spoils, "end"):
        for file in loot.main:
            if spoils.database == "sqlite":
                yield from files.by_overflow(file)
            yield from _backwards(file, spoils)


def _backwards(file: bytes, spoils: Spoils) -> Iterator[bytes]:
    marks = b"|".join([rb"\{[\"']kestrel|ent-ballot/1", *map(re.escape, spoils.digests)])
    for page in files.pages(file, files.SQLITE_PAGE if spoils.database == "sqlite" else files.POSTGRES_PAGE):
        found = [match.start() for match in re.finditer(marks, page)]
        yield from (page[max(0, at - 32) : at + 1000] for at in reversed(found))


def free_pages(spoils: Spoils) -> Iterator[bytes]:
    """What is left in the files after the closing has deleted it."""
    return (part for loot in _phases(spoils, "closed") for file in loot.main for part in _backwards(file, spoils))


def wal_order(spoils: Spoils) -> Iterator[bytes]:
    """The write-ahead log, from its start, of each moment at which it was copied."""
    for loot in _phases(spoils):
        yield from loot.written


def writers(spoils: Spoils) -> Iterator[bytes]:
    """Rows by the transaction that wrote them, and by their place (PostgreSQL)."""
    for loot in _phases(spoils, "end", "aborted", "closed"):
        yield from (row.bytes for row in sorted(loot.rows, key=lambda row: (row.writer, row.place)))


def times(spoils: Spoils) -> Iterator[bytes]:
    """Rows and lines of logs that bear a time, by it."""
    return (said for _when, said in sorted(_dated(spoils), key=lambda one: one[0].replace(" ", "T")))


def _dated(spoils: Spoils) -> list[tuple[str, bytes]]:
    dated: list[tuple[str, bytes]] = []
    for loot in _phases(spoils, "end", "aborted", "closed"):
        dated += ((when, row.bytes) for row in loot.rows for when in _times(row))
        dated += ((match[0], line.encode()) for line in loot.log.splitlines() if (match := _TIME.search(line)))
    return dated


_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*")


def _times(row: Row) -> Iterator[str]:
    for value in row.values.values():
        if isinstance(value, datetime):
            yield value.isoformat()
        elif isinstance(value, str) and _TIME.fullmatch(value.removesuffix("+00:00")):
            yield value


def aborted(spoils: Spoils) -> Iterator[bytes]:
    """All files as they were when the counting had been killed: rows, pages, log, whatever else lay there."""
    for loot in _phases(spoils, "aborted"):
        yield from (row.bytes for row in loot.rows)
        yield from (*loot.main, *loot.raw, loot.wal, loot.log.encode())


def core(spoils: Spoils) -> Iterator[bytes]:
    """The memory of the process that counts, in the middle of it: first where most answers lie side by side."""
    heaps: list[bytes] = []
    for chunk in spoils.core:
        ends = -1_000
        for match in re.finditer(rb"\{[\"']kestrel[^}]{1,900}\}", chunk):
            if match.start() - ends > 64:
                heaps.append(b"")
            heaps[-1] += match[0]
            ends = match.end()
    return iter(sorted(heaps, key=len, reverse=True))


# --- Other traces ----------------------------------------------------------------------------------------------------


def arrivals(spoils: Spoils) -> list[bytes]:
    """The class's tokens in the order in which their ballots came, as the write-ahead log tells it."""
    return spoils.came(wal_order)


def lengths(spoils: Spoils) -> Guess:
    """The longest ciphertext holds the longest answers."""
    sizes = {bytes(row.values["prepared"])[:32]: len(row.values["sealed"]) for row in spoils.rows("end", POOL)}
    came = [token for token in arrivals(spoils) if token in sizes]
    guess: Guess = [None] * len(came)
    for place, sheet in zip(
        sorted(range(len(came)), key=lambda place: sizes[came[place]]), sorted(spoils.given, key=len), strict=False
    ):
        guess[place] = sheet
    return guess


def token_reuse(n: int, spoils: Spoils) -> Guess:
    """A value of a ballot, or one reckoned from it, that stands in a row of the issuance too; what the ballot says is
    read where it is in clear."""
    owner: dict[bytes, int] = {}
    for row in spoils.rows("end", ISSUANCE):
        seat = UUID(str(row.values["id"])).hex
        if seat in spoils.seats:
            owner |= {bytes(value): spoils.seats.index(seat) for value in row.values.values() if _long(value)}
    guess: Guess = [None] * len(spoils.given)
    for row in spoils.rows("end", POOL):
        prepared, signature = bytes(row.values["prepared"]), bytes(row.values["signature"])
        traces = [prepared, prepared[:32], signature, message_of(signature, n)]
        traces += [sha256(one).digest() for one in traces]
        for trace in traces:
            if trace in owner:
                guess[owner[trace]] = next(in_clear([row.bytes]), None)
    return guess


def _long(value: Any) -> bool:
    return isinstance(value, bytes | memoryview) and len(value) >= 16


def participation(spoils: Spoils) -> Guess:
    """What has changed on the head's page since the one before: somebody's answers."""
    guess: Guess = []
    before: dict[str, str] = {}
    for page in spoils.pages:
        now = dict(re.findall(r"([\w=]+)\s+(\d+)", re.sub(r"<[^>]+>", " ", page)))
        changed = {name for name, count in now.items() if before.get(name) != count}
        fits = {sheet: len(_choices(sheet) & changed) for sheet in spoils.given if sheet not in guess}
        best = max(fits, key=lambda sheet: fits[sheet] - len(_choices(sheet)), default=None)
        guess.append(best if best is not None and fits[best] else None)
        before = now
    return guess


def _choices(sheet: Sheet) -> set[str]:
    return {"=".join(pair) for pair in re.findall(r'"(\w+)":\["(\w+)"\]', sheet)}


def digest_order(spoils: Spoils) -> Guess:
    """Answers that the closing leaves lie in the order of the ballots' digests; the ballots came in the order of the
    log."""
    ids = {bytes(row.values["prepared"])[:32]: UUID(str(row.values["id"])).hex for row in spoils.rows("end", POOL)}
    came = [token for token in arrivals(spoils) if token in ids]
    found = in_order(spoils, spoils.read(aborted)) or in_order(spoils, spoils.read(core))
    guess: Guess = [None] * len(came)
    for token, sheet in zip(sorted(came, key=lambda token: ids[token]), found, strict=False):
        guess[came.index(token)] = sheet
    return guess


def copied(spoils: Spoils) -> Sheet:
    """Whose ballot was copied: the first one's. What stands out in the numbers are its answers."""
    counts = {
        f"{row.values['item']}={row.values['choice']}": row.values["count"]
        for row in spoils.rows("closed", "ent_result_cell")
        if UUID(str(row.values["campaign_id"])) == spoils.campaign
    }
    for known in spoils.known:
        for choice in _choices(known):
            counts[choice] = counts.get(choice, 0) - 1
    return max(
        spoils.given, key=lambda sheet: sum(counts.get(one, 0) for one in _choices(sheet)) / len(_choices(sheet))
    )


def by(reads: Reader) -> Callable[[Spoils], Guess]:
    """The strategy that takes the answers which that reader finds, in its order."""
    return lambda spoils: in_order(spoils, spoils.read(reads))


def strategies(n: int) -> tuple[Strategy, ...]:
    """Those about pupils with tokens; `n` is the modulus of the key that signs tokens."""
    return (
        Strategy("row-order", by(row_order), "rows", row_order),
        Strategy("page-offsets", by(page_offsets), "clear", page_offsets),
        Strategy("free-pages", by(free_pages), "rows"),
        Strategy("wal-order", by(wal_order), "clear", wal_order),
        Strategy("xmin-ctid", by(writers), "clear", writers, ("postgresql",)),
        Strategy("times", by(times), "rows"),
        Strategy("lengths", lengths, "unpadded", wal_order),
        Strategy("token-reuse", lambda spoils: token_reuse(n, spoils), "unblinded", row_order),
        Strategy("participation", participation, "tallies"),
        Strategy("aborted-closing", by(aborted), "ledger", aborted),
        Strategy("core-dump", by(core), "ledger"),
        Strategy("digest-order", digest_order, "digests", wal_order),
    )
