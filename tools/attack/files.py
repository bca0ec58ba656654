"""How databases lie on disk: pages, what is in them, and write-ahead logs. Read as bytes, without their programs."""

import struct
from collections.abc import Iterator
from pathlib import Path

POSTGRES_PAGE, _SHORT, _LONG = 8192, 24, 40
"""PostgreSQL's pages; in its log each has a header, which is longer at the start of a segment."""
SQLITE_PAGE, _FRAMES, _FRAME = 4096, 32, 24
"""SQLite's pages, and the headers of its log: one for all, and one before each page."""
SQLITE_LOG = b"\x37\x7f\x06"
"""How its log begins."""


def changed(folder: Path, since: float) -> list[bytes]:
    """The files of a folder that were written to since then, by name."""
    return [
        file.read_bytes()
        for file in (sorted(folder.glob("*")) if folder.exists() else [])
        if file.is_file() and file.stat().st_mtime >= since - 0.1
    ]


def records(folder: Path, since: int) -> bytes:
    """PostgreSQL's log from a position on, without the headers of its pages: records lie one after the other."""
    segments = sorted(file for file in folder.glob("0*") if len(file.name) == 24)
    size = segments[0].stat().st_size
    found: list[bytes] = []
    for file in segments:
        start = int(file.name[8:16], 16) * 0x1_0000_0000 + int(file.name[16:], 16) * size
        if start + size <= since:
            continue
        raw = file.read_bytes()
        for at in range(0, size, POSTGRES_PAGE):
            page = raw[at : at + POSTGRES_PAGE]
            if struct.unpack_from("<Q", page, 8)[0] != start + at:
                return b"".join(found)  # what comes is older: the segment was used before
            if start + at + POSTGRES_PAGE > since:
                found.append(page[_SHORT if at else _LONG :])
    return b"".join(found)


def pages(file: bytes, size: int) -> Iterator[bytes]:
    """The pages of a file."""
    return (file[at : at + size] for at in range(0, len(file), size))


def by_overflow(file: bytes) -> list[bytes]:
    """The rows in an SQLite file that are too large for a page, of tables without row numbers, in the order of the
    pages that hold their ends: these are given out as rows come."""
    held = dict(enumerate(pages(file, SQLITE_PAGE), 1))
    found = sorted((cell for page in held.values() for cell in _large_cells(page)), key=lambda cell: cell[1])
    return [_whole(held, *cell) for cell in found]


def as_written(file: bytes, wal: bytes) -> Iterator[bytes]:
    """SQLite's log in the order of its commits: each page that was written, and the large rows on it, put together
    from the pages as they were then."""
    held = dict(enumerate(pages(file, SQLITE_PAGE), 1))
    group: list[bytes] = []
    for number, ends, page in _frames(wal):
        held[number] = page
        group.append(page)
        if ends:
            yield from group
            yield from (_whole(held, *cell) for one in group for cell in _large_cells(one))
            group = []


def _frames(wal: bytes) -> Iterator[tuple[int, bool, bytes]]:
    """Page number, whether a transaction ends with it, and the page; what an older round has left comes last."""
    salt, size = wal[16:24], _FRAME + SQLITE_PAGE
    frames = [wal[at : at + size] for at in range(_FRAMES, len(wal) - size + 1, size)]
    for current in (True, False):
        for frame in frames:
            if (frame[8:16] == salt) is current:
                number, length = struct.unpack_from(">II", frame)
                yield number, bool(length), frame[_FRAME:]


def _large_cells(page: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Of the cells that go on elsewhere: what lies here, the page where it goes on, how much is there. In trees without
    row numbers inner pages hold rows too."""
    header, before = {b"\x0a": (8, 0), b"\x02": (12, 4)}.get(page[:1], (0, 0))
    if not header:
        return
    (count,) = struct.unpack_from(">H", page, 3)
    for (at,) in struct.iter_unpack(">H", page[header : header + 2 * count]):
        payload, length = _varint(page, at + before)
        start, local = at + before + length, _local(payload)
        if local < payload and start + local + 4 <= len(page):
            yield page[start : start + local], struct.unpack_from(">I", page, start + local)[0], payload - local


def _whole(held: dict[int, bytes], cell: bytes, number: int, left: int) -> bytes:
    while left > 0 and number in held:
        page = held[number]
        cell += page[4 : 4 + left]
        left -= len(page) - 4
        (number,) = struct.unpack_from(">I", page)
    return cell


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for length, byte in enumerate(page[at : at + 9], 1):
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, length
    return value, 9


def _local(payload: int) -> int:
    """How much of a cell's payload lies in its own page (SQLite's file format, 1.6)."""
    most, least = (SQLITE_PAGE - 12) * 64 // 255 - 23, (SQLITE_PAGE - 12) * 32 // 255 - 23
    if payload <= most:
        return payload
    local = least + (payload - least) % (SQLITE_PAGE - 4)
    return local if local <= most else least
