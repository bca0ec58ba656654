"""The lists of the desk: the inbox, what is looked for, the agenda, the meeting's list, and handing on in one step."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help import forms
from ent_module.help.model.draft import CHOICES, Audience
from ent_module.help.model.moves import Lane
from ent_module.help.service import agenda, desk, finding, handing_on, linking, reach
from ent_module.help.service.acting import BadTargetError, MoveRefusedError
from ent_module.help.service.finding import Wanted
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.staff_views.conversation import DESK
from ent_module.help.wording import exchange
from ent_module.help.wording import group as words
from ent_module.identity.model import Person
from ent_module.web.house import house
from ent_module.web.pages import render_template

_LAST_PAGE = 10_000
"""A larger number is no page of ours, and the database would not take it."""
LONGEST_SEARCH = 100
_QUEUES = {"group": Lane.GROUP, "own": Lane.SECRECY}
"""The queues as addresses and forms name them."""
THEMES = CHOICES["what"][Audience.PUPIL]


def _page_number() -> int:
    return min(max(request.values.get("page", 1, int), 1), _LAST_PAGE)


def _lane(person: Person, asked: str) -> Lane:
    """Which queue is shown: their only one, else the one that was asked for."""
    own = [lane for lane in Lane if reach.listener_accounts(person, lane)]
    wanted = _QUEUES.get(asked)
    return wanted if wanted in own else own[0]


def _schools(db: Session, person: Person) -> list[tuple[UUID, str]]:
    """The schools from which something may be in the lists of that person."""
    found: dict[UUID, str] = {}
    for one in reach.everywhere(person):
        below = [] if one.kind.is_school else establishments.schools_below(db, one.establishment_id)
        found |= (
            {one.establishment_id: one.name} if one.kind.is_school else {school.id: school.name for school in below}
        )
    return sorted(found.items(), key=lambda school: school[1])


def inbox(db: Session, person: Person) -> ResponseReturnValue:
    """One list over all schools of the person. The message is never in it."""
    wanted = Wanted(lane=_lane(person, request.args.get("queue", "")), closed=request.args.get("show") == "closed")
    now, page = datetime.now(UTC), _page_number()
    found = desk.inbox(db, house().keys, person, now, page=page, closed=wanted.closed, lane=wanted.lane)
    return _list(db, person, found, wanted)


def find(db: Session, person: Person) -> ResponseReturnValue:
    """The list by what one looks for. By a form: what is looked for stands in no address."""
    if request.method == "GET":
        return redirect(url_for(".inbox"), 303)
    wanted = _wanted(db, person)
    found = finding.found(db, house().keys, person, wanted, datetime.now(UTC), page=_page_number())
    return _list(db, person, found, wanted, sought=True)


def _wanted(db: Session, person: Person) -> Wanted:
    """What the form looks for. Raises BadRequest for what no page of ours offers."""
    schools = {str(place): place for place, _name in _schools(db, person)}
    school, theme = request.form.get("school", ""), request.form.get("theme", "")
    lane, show = _QUEUES.get(request.form.get("queue", "")), request.form.get("show")
    if (school and school not in schools) or (theme and theme not in THEMES):
        raise BadRequest
    if lane is None or not reach.listener_accounts(person, lane) or show not in {"open", "closed"}:
        raise BadRequest
    return Wanted(
        lane=lane,
        closed=show == "closed",
        school=schools.get(school),
        urgent="urgent" in request.form,
        waiting="waiting" in request.form,
        mine="mine" in request.form,
        theme=theme,
        words=request.form.get("words", "")[:LONGEST_SEARCH].strip(),
    )


def _list(
    db: Session, person: Person, found: desk.Inbox, wanted: Wanted, *, sought: bool = False
) -> ResponseReturnValue:
    return render_template(
        "ent/help/inbox.html",
        inbox=found,
        closed=wanted.closed,
        wanted=wanted,
        sought=sought,
        lanes=[lane for lane in Lane if reach.listener_accounts(person, lane)],
        schools=_schools(db, person),
        themes=[(theme, words.theme(theme)) for theme in THEMES],
        longest=LONGEST_SEARCH,
        words=words,
    )


# --- Day by day, and together -----------------------------------------------------------------------------------------


def days(db: Session, person: Person) -> ResponseReturnValue:
    """What is due and what is booked, day by day."""
    found = agenda.days(db, house().keys, person, datetime.now(UTC))
    return render_template("ent/help/agenda.html", days=found, words=words, exchange=exchange)


def meeting(db: Session, person: Person) -> ResponseReturnValue:
    """The list to go through together, without a text: to be printed or shown."""
    now = datetime.now(UTC)
    found = agenda.meeting(db, house().keys, person, now)
    return render_template("ent/help/meeting.html", lines=found, words=words, today=paris(now).date())


def hand_on(db: Session, person: Person) -> ResponseReturnValue:
    """Everything that somebody has goes to a colleague, as when they leave."""
    holders, takers = handing_on.holding(db, house().keys, person)
    shown: dict[str, Any] = {"holders": holders, "takers": takers, "chosen": request.form}
    if request.method == "GET":
        return render_template("ent/help/hand_on.html", done=None, same=False, token=forms.new(DESK), **shown)
    whose = next((one for one in holders if str(one) == request.form.get("whose")), None)
    to = next((one for one in takers if str(one) == request.form.get("to")), None)
    nonce = forms.nonce(DESK)
    if whose is None or to is None:
        raise BadRequest
    try:
        done = handing_on.hand_on(db, house().keys, person, whose, to, nonce, datetime.now(UTC))
    except BadTargetError:
        return render_template("ent/help/hand_on.html", done=None, same=True, token=forms.new(DESK), **shown), 422
    holders, takers = handing_on.holding(db, house().keys, person)
    shown |= {"holders": holders, "takers": takers}
    return render_template("ent/help/hand_on.html", done=done, same=False, token=forms.new(DESK), **shown)


# --- Two conversations on one situation -------------------------------------------------------------------------------


def link(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """Which other conversation is about the same situation: one of those that this person may read."""
    try:
        here = desk.held(db, house().keys, person, conversation_id)
    except NothingToOpenError:
        raise NotFound from None
    lane, now = Lane(here.row.lane), datetime.now(UTC)
    if request.method == "POST" and not {"other", "apart"}.isdisjoint(request.form):
        return _link(person, conversation_id, now)
    wanted = Wanted(lane=lane, words=request.form.get("words", "")[:LONGEST_SEARCH].strip())
    found = finding.found(db, house().keys, person, wanted, now)
    lines = [line for line in found.lines if line.id != conversation_id]
    return render_template(
        "ent/help/link.html",
        conversation_id=conversation_id,
        lines=lines,
        wanted=wanted,
        token=forms.new(DESK),
        longest=LONGEST_SEARCH,
        words=words,
    )


def _link(person: Person, conversation_id: UUID, now: datetime) -> ResponseReturnValue:
    """In a session of its own: what only looks for words keeps nobody waiting who writes (`Url.slow`)."""
    try:
        apart = "apart" in request.form
        other, on = UUID(request.form["apart" if apart else "other"]), linking.UNLINK if apart else linking.LINK
        with house().database.writing() as db:
            linking.link(db, house().keys, person, conversation_id, other, forms.nonce(DESK), now, on=on)
    except NothingToOpenError:
        raise NotFound from None
    except (ValueError, BadTargetError, MoveRefusedError):
        raise BadRequest from None
    return redirect(url_for(".thread", conversation_id=conversation_id), 303)
