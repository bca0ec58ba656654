"""The room has no pages; its record offers the commands."""

from ent_module.establishments.commands import establishment
from ent_module.establishments.trail import audit
from ent_module.rooms import Room

ROOM = Room(name="establishments", commands=(establishment, audit))
