"""What can be read of a process's memory: what a core dump of it would hold that is its own alone."""

import os
import struct
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PRESENT, _ALONE = 1 << 63, 1 << 56


def core_limit(process: int) -> str:
    """How large a core file of that process may be: bytes, or « unlimited »."""
    limits = Path(f"/proc/{process}/limits").read_text("ascii")
    return next(line for line in limits.splitlines() if line.startswith("Max core file size")).split()[4]


def dump(process: int) -> list[bytes]:
    """The pages that belong to that process alone (a forked one shares the rest with whoever knew nothing), in the
    order of their addresses; none where it may not be looked into."""
    found = []
    try:
        maps = Path(f"/proc/{process}/maps").read_text("ascii").splitlines()
        with Path(f"/proc/{process}/mem").open("rb", 0) as memory, Path(f"/proc/{process}/pagemap").open("rb") as pages:
            for line in maps:
                span, rights, *_rest = line.split()
                if rights.startswith("rw"):
                    start, end = (int(address, 16) for address in span.split("-"))
                    found += [_read(memory.fileno(), *run) for run in _own(pages.fileno(), start, end)]
    except PermissionError:
        return []
    return found


def _own(pages: int, start: int, end: int) -> list[tuple[int, int]]:
    """Runs of pages that nobody shares: address and length."""
    count = (end - start) // _PAGE
    told = os.pread(pages, 8 * count, 8 * (start // _PAGE))
    runs: list[tuple[int, int]] = []
    for number, (entry,) in enumerate(struct.iter_unpack("Q", told)):
        if not (entry & _PRESENT and entry & _ALONE):
            continue
        address = start + number * _PAGE
        if runs and address == sum(runs[-1]):
            runs[-1] = runs[-1][0], runs[-1][1] + _PAGE
        else:
            runs.append((address, _PAGE))
    return runs


def _read(memory: int, address: int, length: int) -> bytes:
    try:
        return os.pread(memory, length, address)
    except OSError:  # a page of the kernel's
        return b""
