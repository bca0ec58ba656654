"""Which portals may frame a page."""

import time
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from ent_module.database import Database
from ent_module.identity.model import Person
from ent_module.identity.service import portal_origins
from ent_module.web.headers import is_origin


class PortalOrigins:
    """The origins of the portals that may frame a page: for whoever is signed in their own portal only, for nobody all
    that are registered. Read once a minute, since a command may add one, and for somebody whose portal is not known.

    A database that does not answer leaves those that were known; what is no origin is left out.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[UUID, str] = {}
        self._due = float("-inf")

    def __call__(self, person: Person | None = None) -> tuple[str, ...]:
        """The origins, sorted."""
        if self._clock() >= self._due or (person is not None and person.portal_id not in self._known):
            self._read()
        if person is not None:
            return (self._known[person.portal_id],) if person.portal_id in self._known else ()
        return tuple(sorted(set(self._known.values())))

    def _read(self) -> None:
        with suppress(SQLAlchemyError), self._database.reading() as db:
            found = portal_origins(db).items()
            self._known = {portal: origin for portal, origin in found if is_origin(origin)}
            self._due = self._clock() + 60
