"""What the attacker gets: files as they lie on disk, a logical dump, logs, pages, the issuance list, memory.

He may know the answers that were given, as a set: what he does not know is whose they are.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import text

from tools.attack import files, memory
from tools.attack.cluster import cluster, server_log
from tools.attack.sheets import Sheet

if TYPE_CHECKING:
    from tools.attack.stage import Stage

Reader = Callable[["Spoils"], Iterable[bytes]]
"""Where a strategy looks: the bytes, in its order."""
PHASES = ("mid", "end", "aborted", "closed")


@dataclass(frozen=True)
class Row:
    """A row of a dump. `writer` and `place` are what PostgreSQL tells besides (xmin, ctid)."""

    table: str
    values: dict[str, Any]
    writer: int = 0
    place: tuple[int, int] = (0, 0)

    @cached_property
    def bytes(self) -> bytes:
        """All of it."""
        return b"\0".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for value in self.values.values()
        )


@dataclass
class Loot:
    """What was taken at one moment."""

    rows: list[Row]
    main: list[bytes]
    """The files that hold tables, as they would be after a checkpoint; on PostgreSQL those that were written to."""
    raw: list[bytes]
    """The same as they lay there, and whatever else lay in the folder, temporary files included."""
    wal: bytes
    """The write-ahead log: on SQLite with its frames, on PostgreSQL its records one after the other."""
    log: str
    """What application, counting and database server have written to their logs."""

    @cached_property
    def written(self) -> list[bytes]:
        """The write-ahead log in the order in which it was written; on SQLite, what its pages held at each moment."""
        return list(files.as_written(self.raw[0], self.wal)) if self.wal.startswith(files.SQLITE_LOG) else [self.wal]


@dataclass
class Spoils:
    """All of it, of one class."""

    database: str
    campaign: UUID
    given: list[Sheet]
    """The answers of the class, without names."""
    issued: list[int] = field(default_factory=list)
    """The issuance list: who has asked, in that order."""
    seats: list[str] = field(default_factory=list)
    """How they are called in the table of issuance."""
    pages: list[str] = field(default_factory=list)
    loot: dict[str, Loot] = field(default_factory=dict)
    core: list[bytes] = field(default_factory=list)
    may_dump: bool = False
    """Whether the process that counts would have left a core file."""
    ours: set[bytes] = field(default_factory=set)
    """Beginnings of the accomplices' tokens."""
    known: list[Sheet] = field(default_factory=list)
    """What they answered, and whoever else is known."""
    digests: list[bytes] = field(default_factory=list)
    """Of those who answer by cards: what names the ballots of the cards, in the order of the sheet that was printed."""
    _read: dict[Reader, list[bytes]] = field(default_factory=dict)
    _found: dict[Reader, list[bytes]] = field(default_factory=dict)

    def read(self, reader: Reader) -> list[bytes]:
        """What that reader finds, read once. What it has found before is left out: it tells nothing new."""
        if reader not in self._read:
            self._read[reader] = list(dict.fromkeys(reader(self)))
        return self._read[reader]

    def came(self, reader: Reader) -> list[bytes]:
        """The tokens that it finds, each once, in their order."""
        if reader not in self._found:
            self._found[reader] = list(dict.fromkeys(self.tokens(self.read(reader))))
        return self._found[reader]

    def rows(self, phase: str, table: str) -> list[Row]:
        """A table as it was then."""
        return [row for row in self.loot[phase].rows if row.table == table] if phase in self.loot else []

    def tokens(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Beginnings of the class's tokens that stand in these bytes, in their order, or what names cards' ballots."""
        if self.digests:
            for chunk in chunks:
                yield from sorted((one for one in self.digests if one in chunk), key=chunk.index)
            return
        mark = b"ent-ballot/1" + self.campaign.bytes
        for chunk in chunks:
            at = chunk.find(mark)
            while at >= 0:
                if at >= 32 and chunk[at - 32 : at] not in self.ours:
                    yield chunk[at - 32 : at]
                at = chunk.find(mark, at + 1)


@dataclass
class Thief:
    """Takes it."""

    stage: "Stage"
    spoils: Spoils

    def __post_init__(self) -> None:
        self._begun = self._position()

    def first_sealed(self) -> bytes:
        """The ciphertext of the only ballot by a token in the campaign's pool, read from the database."""
        with self.stage.house.database.engine.connect() as connection:
            asked = text("SELECT sealed FROM ent_sealed_ballot WHERE campaign_id = :one AND NOT card")
            mine = self.spoils.campaign
            value = mine.hex if self.stage.database == "sqlite" else mine
            return bytes(connection.execute(asked, {"one": value}).scalar_one())

    def sealed_of(self, digest: bytes) -> bytes:
        """The ciphertext of a card's ballot."""
        with self.stage.house.database.engine.connect() as connection:
            found = connection.execute(text("SELECT prepared, sealed FROM ent_sealed_ballot")).all()
        return next(bytes(row.sealed) for row in found if bytes(row.prepared) == digest)

    def take(self, phase: str) -> None:
        """Everything, at this moment."""
        self.spoils.loot[phase] = self._sqlite() if self.stage.database == "sqlite" else self._postgresql()

    def look_into(self, process: int) -> None:
        """The memory of a process that has stopped, which then goes on."""
        if process:
            self.spoils.core, self.spoils.may_dump = memory.dump(process), memory.core_limit(process) != "0"
            os.kill(process, signal.SIGCONT)

    def _log(self) -> str:
        closer = self.stage.folder / "closer.log"
        return self.stage.log.getvalue() + (closer.read_text("utf-8", "replace") if closer.exists() else "")

    def _stolen(self) -> Path:
        """A copy of the stage's folder. Another program makes it: a process that closes a file of SQLite's gives up all
        locks that it has on it, and here pupils are being served."""
        copy = self.stage.folder.with_suffix(".stolen")
        subprocess.run(["cp", "-a", self.stage.folder, copy], check=True)
        return copy

    def _sqlite(self) -> Loot:
        copy = self._stolen()
        place = copy / "ent.sqlite"
        raw = [file.read_bytes() for name in ("", "-wal", "-shm") if (file := Path(f"{place}{name}")).exists()]
        others = _others(copy)
        Path(f"{place}-shm").unlink(missing_ok=True)
        with closing(sqlite3.connect(place)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            rows = list(_dump(connection))
        main = place.read_bytes()
        shutil.rmtree(copy)
        wal = raw[1] if len(raw) > 1 else b""
        return Loot(rows, [main], [*raw, *others], wal, self._log())

    def _postgresql(self) -> Loot:
        with self.stage.house.database.engine.connect() as connection:
            rows = [
                _postgres_row(table, dict(found))
                for table in connection.scalars(
                    text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
                ).all()
                for found in connection.execute(
                    text(f'SELECT xmin::text AS "_xmin", ctid::text AS "_ctid", * FROM "{table}"')  # noqa: S608  # names come from the database
                ).mappings()
            ]
            number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        with self.stage.house.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CHECKPOINT"))
        data = cluster().folder / "data"
        main = files.changed(data / "base" / str(number), self._begun[1])
        copy = self._stolen()
        others = [*files.changed(data / "base" / "pgsql_tmp", 0), *_others(copy)]
        shutil.rmtree(copy)
        log = self._log() + server_log().read_bytes()[self.stage.logged :].decode("utf-8", "replace")
        return Loot(rows, main, [*main, *others], files.records(data / "pg_wal", self._begun[0]), log)

    def _position(self) -> tuple[int, float]:
        """Where PostgreSQL's log stands, and when that is."""
        if self.stage.database == "sqlite":
            return 0, 0.0
        with self.stage.house.database.engine.connect() as connection:
            at = connection.scalar(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))
        mark = self.stage.folder / "begun"
        mark.touch()
        return int(at), mark.stat().st_mtime


def _others(folder: Path) -> list[bytes]:
    """Files that are neither the database's nor the master key."""
    return [
        file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith("ent.sqlite") and file.name != "master.key"
    ]


def _dump(connection: sqlite3.Connection) -> Iterator[Row]:
    connection.row_factory = sqlite3.Row
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # names come from the database
            yield Row(table, dict(row))


def _postgres_row(table: str, values: dict[str, Any]) -> Row:
    writer, place = int(values.pop("_xmin")), values.pop("_ctid")
    block, number = place.strip("()").split(",")
    return Row(table, values, writer, (int(block), int(number)))
