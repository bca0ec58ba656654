"""The room's URL tables and its record. Addresses are neutral: nothing in a history tells why someone came."""

from dataclasses import replace

from ent_module.help import door_views, jobs, notice_views, readiness
from ent_module.help.content import check_content
from ent_module.help.lock import LOCK
from ent_module.help.public_views import back, sending
from ent_module.help.service import clocks
from ent_module.help.staff_views import answers, code, conversation, duties, group, keeping, meetings, queue
from ent_module.help.tiles import tiles
from ent_module.identity.model import ADULTS_AT_SCHOOL, PUPILS_AND_PARENTS, Role, allow
from ent_module.rooms import Room
from ent_module.web.urls import Url

_LISTENERS = allow(Role.LISTENER, Role.SECRECY_LISTENER, anywhere=True)
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
    Url("/words/when", "when", back.when, PUPILS_AND_PARENTS, _BOTH),
    Url("/words/after", "helped", back.helped, PUPILS_AND_PARENTS, _BOTH),
)
_GROUP = allow(Role.LISTENER, anywhere=True)
_SHOWS_NONE = "it is for all adults, and shows and changes no conversation that is there"
_IS_THE_LOCK = "it is where the code is given"
_WITHOUT_TEXT = "a head reads no conversation"
_ONESELF = "an absence is said in one tap, from a sickbed; it shows and changes no conversation"
_SETTING = "a local admin's, who has no desk"
_DESK = (
    Url("/concern", "concern", door_views.concern, ADULTS_AT_SCHOOL, _BOTH, texts=_MESSAGE, unguarded=_SHOWS_NONE),
    Url("/poster", "poster", door_views.poster, ADULTS_AT_SCHOOL, unguarded=_SHOWS_NONE),
    Url("/intake", "intake", door_views.intake, _GROUP, _BOTH, texts=_MESSAGE),
    Url("/intake/<uuid:establishment_id>", "intake_for", door_views.intake, _GROUP, _BOTH, texts=_MESSAGE),
    Url("/desk", "inbox", queue.inbox, _LISTENERS),
    Url("/desk/code", "code", code.enter, _LISTENERS, _BOTH, unguarded=_IS_THE_LOCK),
    Url("/desk/code/new", "new_device", code.again, _LISTENERS, _BOTH, unguarded=_IS_THE_LOCK),
    Url("/desk/code/stop", "stop_device", code.take_back, _LISTENERS, ("POST",), unguarded=_IS_THE_LOCK),
    Url("/desk/find", "find", queue.find, _LISTENERS, _BOTH, slow=True),
    Url("/desk/agenda", "agenda", queue.days, _LISTENERS),
    Url("/desk/kept", "kept", keeping.kept, _LISTENERS),
    Url("/desk/meeting", "meeting", queue.meeting, _LISTENERS),
    Url("/desk/relay", "hand_on", queue.hand_on, _LISTENERS, _BOTH),
    Url("/desk/answers", "models", answers.models, _LISTENERS, _BOTH, texts=answers.TEXTS),
    Url(
        _ONE,
        "thread",
        conversation.thread,
        _LISTENERS,
        writes_on_get="the audit line of an opened message, and that it has been read",
    ),
    Url(f"{_ONE}/day", "meet", meetings.meet, _LISTENERS, _BOTH),
    Url(f"{_ONE}/slip", "slip", meetings.slip, _LISTENERS, ("POST",)),
    Url(f"{_ONE}/calendar", "calendar", meetings.calendar, _LISTENERS, ("POST",)),
    Url(f"{_ONE}/link", "link", queue.link, _LISTENERS, _BOTH, slow=True),
    Url(f"{_ONE}/copy", "export", duties.export, _LISTENERS, ("POST",), texts=conversation.TEXTS),
    Url(f"{_ONE}/copy.pdf", "export_pdf", duties.export_pdf, _LISTENERS, ("POST",), texts=conversation.TEXTS),
    Url(f"{_ONE}/<action>", "act", conversation.act, _LISTENERS, _BOTH, texts=conversation.TEXTS),
    Url("/group", "situation", group.situation, allow(Role.HEAD), unguarded=_WITHOUT_TEXT),
)
_LISTENS, _SETS = allow(Role.LISTENER, Role.SECRECY_LISTENER), allow(Role.LOCAL_ADMIN)
_MINE = "/settings/mine"
_PRESENCE = (
    Url(_MINE, "mine", notice_views.mine, _LISTENS, unguarded=_ONESELF),
    Url(f"{_MINE}/days", "days", notice_views.days, _LISTENS, ("POST",), unguarded=_ONESELF),
    Url(f"{_MINE}/away", "away", notice_views.away, _LISTENS, ("POST",), unguarded=_ONESELF),
    Url(f"{_MINE}/address", "address", notice_views.address, _LISTENS, ("POST",)),
    Url(f"{_MINE}/<token>/check", "check", notice_views.check, _LISTENS, _BOTH),
    Url("/settings/rhythm", "rhythm", notice_views.school, _SETS, _BOTH, unguarded=_SETTING),
)
_PAGES = _DESK + tuple(replace(page, in_place=True) for page in _PRESENCE)
STAFF = tuple(page if page.unguarded else replace(page, guard=LOCK) for page in _PAGES)
"""Every page of this side is locked, but for those that say why they are not."""
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
        ("help.erase", jobs.erase),
    ),
    content=check_content,
)
