"""An appointment: proposing it, calling it off, printing a summons that gives nothing away, and a calendar file."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments.calendar import paris
from ent_module.help import forms
from ent_module.help.model import meeting as meetings
from ent_module.help.sealing import Place
from ent_module.help.service import acting, desk, opened
from ent_module.help.service import meetings as service
from ent_module.help.service.acting import Act
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.staff_views.conversation import DESK, step_shown
from ent_module.help.wording import exchange, group
from ent_module.help.wording.writer import account
from ent_module.identity.model import Person
from ent_module.languages import SOURCE
from ent_module.web import parts
from ent_module.web.house import house
from ent_module.web.pages import part_in, render_template

_LONGEST = 40
BLANK_SLIPS = 5
"""So many go with it on its sheet, to be filled in by hand for anything else: it does not stand out."""


def meet(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """The appointment of a conversation: what counts now, and another one."""
    if request.method == "GET":
        return _page(db, person, conversation_id)
    typed = {name: request.form.get(name, "").strip()[:_LONGEST] for name in meetings.FIELDS}
    off = "off" in request.form
    asked = Act(meetings.OFF if off else meetings.MEET, step=step_shown(), nonce=forms.nonce(DESK))
    asked = asked if off else Act(asked.name, step=asked.step, nonce=asked.nonce, more=typed)
    try:
        acting.perform(db, house().keys, person, conversation_id, asked, datetime.now(UTC))
    except NothingToOpenError:
        raise NotFound from None
    except acting.MoveRefusedError as refused:
        said = group.refusal(refused.why, refused.holder)
        return _page(db, person, conversation_id, 409, typed=typed, refused=said)
    except service.MeetingProblemError as problem:
        errors = {name: [exchange.meeting_problem(one)] for name, one in problem.wrong.items()}
        return _page(db, person, conversation_id, 422, typed=typed, errors=errors)
    return redirect(url_for(".meet", conversation_id=conversation_id), 303)


def _page(db: Session, person: Person, conversation_id: UUID, status: int = 200, **more: Any) -> ResponseReturnValue:
    now = datetime.now(UTC)
    try:
        held = desk.held(db, house().keys, person, conversation_id)
    except NothingToOpenError:
        raise NotFound from None
    found = opened.shown(db, house().keys, person, held, now)
    if found.header is None:
        raise NotFound
    today = paris(now).date()
    return render_template(
        "ent/help/meet.html",
        one=found,
        exchange=exchange,
        places=[(name, exchange.place(name)) for name in meetings.PLACES],
        breaks=[f"{parts.clock(start)}–{parts.clock(end)}" for start, end in service.breaks(db, found.school_id)],
        who=account(found.header.name, found.header.classes) if found.header.answer.named else "",
        first=today,
        last=today + timedelta(days=meetings.FARTHEST.days),
        token=forms.new(DESK),
        **{"typed": {}, "errors": {}, "refused": "", **more},
    ), status


def slip(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """The summons to be printed, among blank ones that look the same; in French, as a school gives it."""
    held, header, booked = _taken_out(db, person, conversation_id)
    wanted = "named" in request.form and header is not None and header.answer.named
    with force_locale(SOURCE):
        lines = {
            "name": header.name if wanted and header else "",
            "classes": ", ".join(header.classes) if wanted and header else "",
            "day": parts.day(booked.meeting.day),
            "hour": f"{booked.meeting.at.hour}\u202fh\u202f{booked.meeting.at.minute:02}",
            "place": exchange.place(booked.meeting.place, booked.meeting.room),
        }
    slips = part_in(SOURCE, "ent/help/_slips.html", slips=[lines, *[{}] * BLANK_SLIPS])
    return render_template("ent/help/slip.html", conversation_id=held.row.id, slips=slips)


def calendar(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """The appointment for the adult's own calendar, which others may see: no name, no reason, no link."""
    held, _header, booked = _taken_out(db, person, conversation_id)
    with force_locale(SOURCE):
        title, where = exchange.plain_title(), exchange.place(booked.meeting.place, booked.meeting.room)
    place = Place(held.row.establishment_id, held.row.id)
    file = service.as_calendar(house().keys, place, booked, title, where, datetime.now(UTC))
    answer: Response = make_response(file)
    answer.mimetype = "text/calendar"
    answer.headers["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return answer


def _taken_out(db: Session, person: Person, conversation_id: UUID) -> Any:
    try:
        return service.taken_out(db, house().keys, person, conversation_id, datetime.now(UTC))
    except NothingToOpenError:
        raise NotFound from None
    except LookupError:
        raise BadRequest from None
