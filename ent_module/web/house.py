"""What one installation of the module in one application holds. Kept in `app.extensions["ent"]`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast
from uuid import UUID

import click
from flask import current_app
from flask.cli import ScriptInfo
from jinja2 import Environment
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.database import Database
from ent_module.rooms import Room, Tile, WayIn
from ent_module.web.kept import Kept

if TYPE_CHECKING:
    from ent_module.web.sessions import WebSession


class Secrets(Protocol):
    """Where keys are read."""

    def get(self, owner: UUID, name: str) -> bytes:
        """The secret of `owner` under that name. Raises `privacy.key_store.LostKeyError`."""
        ...

    def is_there(self) -> bool:
        """Whether the store itself is."""
        ...


class KeyStore(Secrets, Protocol):
    """Where keys are that are destroyed one day (`privacy.key_store.KeyStore`)."""

    def put(self, owner: UUID, name: str, secret: bytes) -> bytes:
        """Keeps a secret of `owner` under that name, unless there is one; returns what is kept."""
        ...

    def owners(self) -> list[UUID]:
        """Whose secrets are there."""
        ...

    def mark(self, marks: Sequence[bytes]) -> None:
        """Keeps these marks of its time in place of those before."""
        ...

    def marks(self) -> tuple[bytes, ...]:
        """The marks again."""
        ...

    def holds(self, owner: UUID) -> bool:
        """Whether anything of that owner is left."""
        ...

    def destroy(self, owner: UUID) -> None:
        """Removes all secrets of that owner."""
        ...


class Keys(Protocol):
    """Where keys come from (`privacy.keys.MasterKey`)."""

    def derive(self, purpose: str, *parts: bytes, length: int = 32) -> bytes:
        """A key of `length` bytes for one purpose and these parts."""
        ...


class ContentKeys(Keys, Protocol):
    """The host's keys, with the store of the keys by which what was written is erased (`help.content_keys`)."""

    contents: KeyStore


@dataclass(frozen=True)
class House:
    """Settings, database, keys and rooms of one installation, and what the extension hands to `web`."""

    settings: Settings
    database: Database
    keys: Keys
    store: KeyStore
    """Keys that live for a time, outside the database."""
    rooms: tuple[Room, ...]
    identify: Callable[[Session, "WebSession | None"], Any]
    """The person of a session, or None."""
    templates: dict[str, Environment]
    """Our own (`web.pages`), not the host's."""
    addresses: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Addresses that many pages have (`web.addresses`)."""
    kept: Kept = field(default_factory=Kept)
    """Parts of pages that never change (`pages.part`)."""
    problems: Callable[[], tuple[str, ...]] = tuple
    """What keeps the installation from working, in words for whoever runs it."""
    frame_ancestors: Callable[[Any], tuple[str, ...]] = lambda _person: ()
    """Origins of the portals that may frame a page of that person's, or of nobody's."""
    declared: dict[str, Any] = field(default_factory=dict)
    """Endpoint → its `Url`; an endpoint that is not here is refused."""

    def tiles(self, db: Session, person: Any) -> list[Tile]:
        """The doors that a person may take, in order; those that another process serves are left out."""
        found = [tile for room in self.rooms for tile in room.tiles(db, person)]
        return sorted((tile for tile in found if self._opens(tile.endpoint, person)), key=lambda tile: tile.order)

    def _opens(self, endpoint: str, person: Any) -> bool:
        return endpoint in self.declared and bool(self.declared[endpoint].allow.admits(person))

    def ways_in(self, db: Session) -> list[WayIn]:
        """The portals by which one may sign in from here. They stand on both sides: the staff's serves them."""
        return [way for room in self.rooms for way in room.ways_in(db)]

    def room(self, name: str) -> Room | None:
        """The room of that name, where it is installed."""
        return next((room for room in self.rooms if room.name == name), None)


def installed() -> House | None:
    """The house of the application whose `flask ent …` runs; None under `ent-module`, which has settings only."""
    context = click.get_current_context(silent=True)
    found = context.find_object(ScriptInfo) if context is not None else None
    return cast("House | None", found.load_app().extensions.get("ent")) if found is not None else None


def house() -> House:
    """The house of the application that answers the present request."""
    return cast(House, current_app.extensions["ent"])
