"""Where links of content lead, without knowing the rooms by name: each room says so in its record.

`sheet:slug` and the like are schemes of some room's `links`; a scheme that stands alone (`help:`) is a room's name and
leads where that room's tile leads this person. Where the room is not installed, or keeps its door shut for them, the
link leads nowhere.
"""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from ent_module.web.house import house
from ent_module.web.markdown import Follow


def door(db: Session, person: Any, name: str) -> str | None:
    """The address of that room's door on the pupils' and families' side, where it shows this person one."""
    room = house().room(name)
    if room is None:
        return None
    endpoints = (tile.endpoint for tile in room.tiles(db, person))
    found = next((one for one in endpoints if one.startswith(f"ent_{name}.") and one in house().declared), None)
    return url_for(found) if found is not None else None


def follow(db: Session, person: Any) -> Follow:
    """Follows links for that person."""

    def _follow(target: str) -> str | None:
        scheme, _colon, slug = target.partition(":")
        if not slug:
            return door(db, person, scheme)
        for room in house().rooms:
            if scheme in room.links:
                return room.links[scheme](person, slug)
        return None

    return _follow
