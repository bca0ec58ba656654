"""The chain of the audit trail: how lines of an establishment follow one another, and what a look at them finds.

Each line bears the digest of the one before it, and its own over that and over all it says (SHA-256). No line has a
number: what stands where is known only by walking from the first. So a line that somebody changed, took out or put
elsewhere shows, unless all that came after it was written anew as well. That, and taking away the last lines, is found
only with a digest that was noted somewhere else before: `ent-module audit verify` prints it, and takes it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from ent_module.privacy.keys import framed


class Link(Protocol):
    """A line, as the chain needs it."""

    id: UUID
    establishment_id: UUID
    day: date
    account_id: UUID
    action: str
    object_id: UUID | None
    previous: bytes
    digest: bytes


def beginning(establishment_id: UUID) -> bytes:
    """What the first line of an establishment follows."""
    return sha256(framed(b"ent/audit/1", establishment_id.bytes)).digest()


def digest_of(line: Link) -> bytes:
    """The digest of a line after the one that it says it follows."""
    return sha256(
        framed(
            b"ent/audit/1/line",
            line.previous,
            line.establishment_id.bytes,
            line.id.bytes,
            line.day.isoformat().encode(),
            line.account_id.bytes,
            line.action.encode(),
            line.object_id.bytes if line.object_id else b"",
        )
    ).digest()


@dataclass(frozen=True)
class Found:
    """What a look at one establishment's lines found."""

    lines: int
    head: bytes
    """The digest of the last line that can be reached from the first."""
    changed: list[UUID] = field(default_factory=list)
    """Lines that say something else than when they were added."""
    unreached: int = 0
    """Lines that stand behind one that is missing or changed."""
    cut: bool = False
    """Whether the last lines are missing: the head that is kept beside the trail is another."""
    missing: list[bytes] = field(default_factory=list)
    """Digests noted elsewhere that no line has."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not (self.changed or self.unreached or self.cut or self.missing)


def walked(establishment_id: UUID, lines: Iterable[Link], kept_head: bytes | None, noted: Iterable[bytes]) -> Found:
    """Follows the lines from the first. `kept_head`: what stands beside the trail; `noted`: digests known from before.

    A line that was changed is passed over by the digest that it was given, so that only that one is named.
    """
    by_previous = {line.previous: line for line in lines}
    changed, seen, here = [], set(), beginning(establishment_id)
    reached = {here}
    while (line := by_previous.get(here)) is not None and line.id not in seen:
        seen.add(line.id)
        if digest_of(line) != line.digest:
            changed.append(line.id)
        here = line.digest
        reached.add(here)
    return Found(
        lines=len(seen),
        head=here,
        changed=changed,
        unreached=len(by_previous) - len(seen),
        cut=here != (kept_head or beginning(establishment_id)),
        missing=[one for one in noted if one not in reached],
    )
