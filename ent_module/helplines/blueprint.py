"""The room has no pages of its own; it only has content to check."""

from ent_module.helplines.service import check_content
from ent_module.rooms import Room

ROOM = Room(name="helplines", content=check_content)
