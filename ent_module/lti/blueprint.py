"""The room's URL tables and its record."""

from ent_module.lti.commands import COMMANDS
from ent_module.rooms import Room

ROOM = Room(name="lti", commands=COMMANDS)
