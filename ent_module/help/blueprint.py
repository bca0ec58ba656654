"""The room's URL tables and its record. Addresses are neutral: nothing in a history tells why someone came."""

from ent_module.help import codes, door_views, jobs, readiness, staff_views
from ent_module.help.public_views import back, sending
from ent_module.help.service import clocks
from ent_module.help.tiles import tiles
from ent_module.identity.model import ADULTS_AT_SCHOOL, PUPILS_AND_PARENTS, Role, allow
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
    Url("/words/name", "give_name", back.give_name, PUPILS_AND_PARENTS, _BOTH),
    Url("/words/end", "ask_erasure", back.ask_erasure, PUPILS_AND_PARENTS, _BOTH),
    Url("/words/after", "helped", back.helped, PUPILS_AND_PARENTS, _BOTH),
)
STAFF = (
    Url("/concern", "concern", door_views.concern, ADULTS_AT_SCHOOL, _BOTH, texts=_MESSAGE),
    Url("/poster", "poster", door_views.poster, ADULTS_AT_SCHOOL),
    Url("/intake", "intake", door_views.intake, _LISTENERS, _BOTH, texts=_MESSAGE),
    Url("/intake/<uuid:establishment_id>", "intake_for", door_views.intake, _LISTENERS, _BOTH, texts=_MESSAGE),
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
ROOM = Room(
    name="help",
    public=PUBLIC,
    staff=STAFF,
    tiles=tiles,
    readiness=readiness.readiness,
    erasure=clocks.erase_account,
    jobs=(("help.escalate", jobs.escalate), ("help.forget_attempts", jobs.forget_attempts)),
    content=codes.check_content,
)
