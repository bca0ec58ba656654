"""The room has no pages; it keeps the sessions' table clean."""

from datetime import datetime

from ent_module.rooms import Room
from ent_module.web.house import House
from ent_module.web.sessions import delete_expired


def _expired_sessions(house: House, now: datetime) -> None:
    with house.database.writing() as db:
        delete_expired(db, now)


ROOM = Room(name="jobs", jobs=(("web.expired_sessions", _expired_sessions),))
