"""What a room is: one record that tells the house about it.

Built-in rooms and other people's are listed the same way, by the entry point `ent_module.rooms`. A room that
is not installed leaves no trace. What does not belong here: anything about a particular room.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Tile:
    """A door to a room on someone's home page. Text is already in the reader's language."""

    title: str
    text: str
    endpoint: str
    drawing: str
    order: int
    sign: str = ""
    """A short state in words (« 2 à lire »); never shown to pupils."""
    urgent: bool = False


@dataclass(frozen=True)
class WayIn:
    """A portal by which somebody who is not signed in may sign in: its name, and the path to follow."""

    portal: str
    path: str


@dataclass(frozen=True)
class Check:
    """One line of an establishment's readiness: what it is, whether it is done, where to do it."""

    label: str
    done: bool
    endpoint: str
    why: str = ""


@dataclass(frozen=True)
class Mistake:
    """A mistake in a content file, by file and line."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def _no_tiles(_db: Session, _person: Any) -> list[Tile]:
    return []


def _no_ways_in(_db: Session) -> list[WayIn]:
    return []


def _no_checks(_db: Session, _establishment_id: UUID) -> list[Check]:
    return []


def _no_erasure(_db: Session, _establishment_id: UUID, _account_id: UUID) -> None:
    return None


def _no_mistakes() -> Iterable[Mistake]:
    return ()


@dataclass(frozen=True)
class Room:
    """A room of the house. Everything but the name is optional."""

    name: str
    public: tuple[Any, ...] = ()
    """URL table of the pupils' and families' side (`web.urls.Url`)."""
    public_on: tuple[str, ...] = ("public",)
    """Which surfaces serve that table: pages that both sides need are on both, sign-in is on the staff's."""
    ballots: tuple[Any, ...] = ()
    """URL table of what nobody signs in for and where no cookie of ours goes, served beside the prefix (`-ballots`)."""
    staff: tuple[Any, ...] = ()
    """URL table of the staff's side, served under `/staff`."""
    tiles: Callable[[Session, Any], list[Tile]] = _no_tiles
    """The doors that a person sees on the home page."""
    ways_in: Callable[[Session], list[WayIn]] = _no_ways_in
    """How somebody who is not signed in may sign in, without coming from a portal's menu."""
    readiness: Callable[[Session, UUID], list[Check]] = _no_checks
    """What an establishment must still do for this room."""
    erasure: Callable[[Session, UUID, UUID], None] = _no_erasure
    """Removes what the room keeps on an account of an establishment. No page and no command asks for it yet."""
    jobs: tuple[tuple[str, Callable[[Any, datetime], None]], ...] = ()
    """Named work for the tick: it is given the house (`web.house.House`) and the time, and may run twice."""
    content: Callable[[], Iterable[Mistake]] = _no_mistakes
    """Reads the room's content files and yields the mistakes."""
    commands: tuple[Any, ...] = ()
    """click commands of the room."""
    links: Mapping[str, Callable[[Any, str], str | None]] = field(default_factory=dict)
    """What links of content texts mean (`[text](sheet:slug)`): for each scheme, the address to which a slug leads
    this person, or None where it leads them nowhere."""


def installed_rooms() -> list[Room]:
    """All rooms that are installed, in the order of their names."""
    found = [entry.load() for entry in entry_points(group="ent_module.rooms")]
    return sorted(found, key=lambda room: room.name)
