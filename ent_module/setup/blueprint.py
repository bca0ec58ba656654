"""The room's URL table and its record. All of it is on the staff's side."""

from dataclasses import replace

from ent_module.help.lock import LOCK
from ent_module.identity.model import Role, allow
from ent_module.rooms import Room
from ent_module.setup.commands import local_admin
from ent_module.setup.staff_views import cards, devices, overview, pages, teams
from ent_module.setup.tiles import readiness, tiles
from ent_module.web.urls import Url

CHANGE = allow(Role.LOCAL_ADMIN)
SEE = allow(Role.LOCAL_ADMIN, Role.HEAD)
DECIDE = allow(Role.LOCAL_ADMIN, Role.HEAD, Role.LISTENER)
NEWS = allow(Role.LOCAL_ADMIN, Role.HEAD, Role.LISTENER, anywhere=True)
"""Members hear of changes wherever they work; the group itself is shown to those who belong to this school's."""
BELONG = allow(Role.LISTENER, Role.LOCAL_ADMIN)
_GET_POST = ("GET", "POST")
_WORDS = ("before-fr", "before-en", "before-ar")
_TEAM = "/settings/<any(members, admins):team>"
_NAME = "<any(cards, hours, words, delay):name>"

_PAGES = (
    Url("/settings", "overview", overview.overview, SEE),
    Url("/settings/cards", "cards", cards.cards, CHANGE),
    Url("/settings/cards/new", "new_card", cards.new, CHANGE, _GET_POST),
    Url("/settings/cards/<card_id>", "card", cards.card, CHANGE, _GET_POST),
    Url("/settings/cards/<card_id>/remove", "remove_card", cards.remove, CHANGE, ("POST",)),
    Url("/settings/cards/<card_id>/move", "move_card", cards.move, CHANGE, ("POST",)),
    Url("/settings/hours", "hours", pages.hours, CHANGE, _GET_POST),
    Url("/settings/words", "words", pages.words, CHANGE, _GET_POST, texts=_WORDS),
    Url("/settings/delay", "delay", pages.delay, CHANGE, _GET_POST),
    Url("/settings/publish/cards", "publish", cards.publish, CHANGE, ("POST",)),
    Url(f"/settings/discard/{_NAME}", "discard", pages.discard, CHANGE, ("POST",)),
    Url("/settings/members", "members", teams.members, NEWS),
    Url("/settings/admins", "admins", teams.admins, DECIDE),
    Url("/settings/members/emptying", "empty_followed", teams.empty_followed, CHANGE, ("POST",)),
    Url("/settings/members/device/<uuid:account_id>/<action>", "device", devices.decide, DECIDE, ("POST",), guard=LOCK),
    Url(f"{_TEAM}/propose", "propose", teams.propose, SEE, ("POST",), guard=LOCK),
    Url(f"{_TEAM}/leave", "leave", teams.leave, BELONG, _GET_POST),
    Url(f"{_TEAM}/<uuid:seat_id>/<action>", "act", teams.act, DECIDE, ("POST",), guard=LOCK),
    Url("/settings/channel", "channel", overview.channel, SEE),
    Url("/settings/channel/open", "open_channel", overview.open_channel, CHANGE, ("POST",)),
    Url("/settings/channel/confirm", "confirm_group", overview.confirm_group, SEE, ("POST",)),
    Url("/settings/channel/close", "close_channel", overview.close_channel, CHANGE, _GET_POST),
    Url("/settings/numbers", "numbers", overview.numbers, SEE),
)
STAFF = tuple(replace(page, in_place=True) for page in _PAGES)
"""All of it is about the establishment in which one works: a form shown for one never changes another one."""
ROOM = Room(name="setup", staff=STAFF, tiles=tiles, readiness=readiness, commands=(local_admin,))
