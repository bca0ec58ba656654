"""The room has no pages; it keeps the tables of sessions and of what is handed over clean."""

from datetime import datetime

from ent_module.rooms import Room
from ent_module.web import hand_over, sessions
from ent_module.web.house import House


def _expired_sessions(house: House, now: datetime) -> None:
    with house.database.writing() as db:
        sessions.delete_expired(db, now)
        hand_over.delete_expired(db, now)


ROOM = Room(name="jobs", jobs=(("web.expired_sessions", _expired_sessions),))
