"""The room's URL tables and its record. Addresses are neutral: nothing in a history tells why someone came."""

from dataclasses import replace

from ent_module.help import codes, jobs, notice_views, readiness, staff_views
from ent_module.help.public_views import back, sending
from ent_module.help.service import clocks
from ent_module.help.tiles import tiles
from ent_module.identity.model import PUPILS_AND_PARENTS, Role, allow
from ent_module.rooms import Room
from ent_module.web.urls import Url

_LISTENERS = allow(Role.LISTENER, anywhere=True)
_BOTH = ("GET", "POST")
_MESSAGE = ("message",)
_ONE = "/desk/<uuid:conversation_id>"

PUBLIC = (
    Url("/write", "write", sending.write, PUPILS_AND_PARENTS, _BOTH, texts=_MESSAGE),
    Url("/write/visit", "visit", sending.visit, PUPILS_AND_PARENTS, _BOTH, texts=_MESSAGE),
    Url("/write/steps", "steps", sending.steps, PUPILS_AND_PARENTS, _BOTH, texts=_MESSAGE),
    Url("/words", "come_back", back.come_back, PUPILS_AND_PARENTS, _BOTH),
    Url("/words/reply", "reply", back.reply, PUPILS_AND_PARENTS, _BOTH, texts=_MESSAGE),
)
_DESK = (
    Url("/desk", "inbox", staff_views.inbox, _LISTENERS),
    Url(
        _ONE,
        "thread",
        staff_views.thread,
        _LISTENERS,
        writes_on_get="the audit line of an opened message, and that it has been read",
    ),
    Url(f"{_ONE}/<action>", "act", staff_views.act, _LISTENERS, _BOTH, texts=staff_views.TEXTS),
    Url("/group", "situation", staff_views.situation, allow(Role.HEAD)),
)
_LISTENS, _SETS = allow(Role.LISTENER), allow(Role.LOCAL_ADMIN)
_MINE = "/settings/mine"
_PRESENCE = (
    Url(_MINE, "mine", notice_views.mine, _LISTENS),
    Url(f"{_MINE}/days", "days", notice_views.days, _LISTENS, ("POST",)),
    Url(f"{_MINE}/away", "away", notice_views.away, _LISTENS, ("POST",)),
    Url(f"{_MINE}/address", "address", notice_views.address, _LISTENS, ("POST",)),
    Url(f"{_MINE}/<token>/check", "check", notice_views.check, _LISTENS, _BOTH),
    Url("/settings/rhythm", "rhythm", notice_views.school, _SETS, _BOTH),
)
STAFF = _DESK + tuple(replace(page, in_place=True) for page in _PRESENCE)
ROOM = Room(
    name="help",
    public=PUBLIC,
    staff=STAFF,
    tiles=tiles,
    readiness=readiness.readiness,
    erasure=clocks.erase_account,
    jobs=(
        ("help.escalate", jobs.escalate),
        ("help.forget_attempts", jobs.forget_attempts),
        ("help.tell", jobs.tell),
        ("help.forget_notices", jobs.forget_notices),
    ),
    content=codes.check_content,
)
