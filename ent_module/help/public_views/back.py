"""The way back: the code opens a thread, in which one can write again."""

from datetime import UTC, datetime
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from ent_module.help import codes, forms
from ent_module.help.forms import Sent
from ent_module.help.model import draft as drafts
from ent_module.help.model import meeting as meetings
from ent_module.help.model import steps
from ent_module.help.model.codes import WORDS
from ent_module.help.public_views.spoken import audience_of, spoken
from ent_module.help.service import channel, returning
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.wording import exchange, mistakes
from ent_module.help.wording import writer as words
from ent_module.help.wording.writer import account
from ent_module.identity.model import Membership, Person
from ent_module.privacy.typed import typed_words
from ent_module.web.house import house
from ent_module.web.pages import render_template

_REPLY = "reply"
_LONGEST_CODE = 400
"""As the field has it: whatever is longer is cut before any work is done on it."""


def come_back(db: Session, person: Person) -> ResponseReturnValue:
    """Asks for the code; with it, shows the thread on this very page, which has no address of its own."""
    if request.method == "GET":
        return _ask_code(person)
    opened = _opened(db, person.here)
    return _ask_code(person, failed=True) if opened is None else _thread(db, person, opened, _new(person.here))


def reply(db: Session, person: Person) -> ResponseReturnValue:
    """Writes again in a thread of the school where its page was opened. The code travels in that page alone."""
    if request.method == "GET":  # after a reload: a thread has no address of its own
        return redirect(url_for("ent_help.come_back"), 303)
    sent = _sent(person)
    text = drafts.cleaned(request.form.get("message", ""))
    opened = _opened(db, sent.place)
    if opened is None:
        return _ask_code(person, failed=True, typed=text)
    if wrong := drafts.text_problem(text, required=True):
        errors = {"message": [mistakes.problem(audience_of(person), wrong)]}
        return _thread(db, person, opened, request.form["token"], errors=errors, typed=text)
    try:
        due_on = returning.write_again(db, house().keys, opened.key, text, sent.nonce, datetime.now(UTC))
    except NothingToOpenError:
        return _ask_code(person, failed=True, typed=text)
    return _thread(db, person, returning.read_thread(db, opened.key), _new(sent.place), due_on=due_on)


def give_name(db: Session, person: Person) -> ResponseReturnValue:
    """The name, given later: on a page of its own, with a box to tick, so that nobody does it by accident."""
    return _step(db, person, steps.NAME, account(person.name, person.here.classes))


def ask_erasure(db: Session, person: Person) -> ResponseReturnValue:
    """The wish that it be erased, which the group confirms."""
    return _step(db, person, steps.ERASE, "")


def when(db: Session, person: Person) -> ResponseReturnValue:
    """To an appointment: yes, no, or another moment; in one tap."""
    if request.method == "GET":
        return redirect(url_for("ent_help.come_back"), 303)
    said, turn = request.form.get("when", ""), request.form.get("turn", 0, int)
    if said not in meetings.ANSWERS:
        raise BadRequest
    sent = _sent(person)
    opened = _opened(db, sent.place)
    if opened is None:
        return _ask_code(person, failed=True)
    moment = " ".join(drafts.cleaned(request.form.get("moment", "")).split())[: meetings.LONGEST_MOMENT]
    errors = {}
    if opened.booked is None or opened.booked.turn != turn:
        errors = {"moment": [exchange.other_meeting()]}
    elif said == meetings.OTHER and not moment:
        errors = {"moment": [exchange.moment_problem(audience_of(person))]}
    if errors:
        return _thread(db, person, opened, request.form["token"], errors=errors, typed="", moment=moment)
    return _taken(db, person, said, moment if said == meetings.OTHER else "")


def helped(db: Session, person: Person) -> ResponseReturnValue:
    """At the end: whether it helped. « No » opens it again."""
    if request.method == "GET":
        return redirect(url_for("ent_help.come_back"), 303)
    if (said := request.form.get("helped", "")) not in steps.HELP:
        raise BadRequest
    return _taken(db, person, steps.HELPED, said)


def _sent(person: Person) -> Sent:
    """The form of a thread's page, as it was handed out. Raises BadRequest for any other."""
    sent = forms.sent(_REPLY, person)
    if sent is None:
        raise BadRequest
    return sent


def _step(db: Session, person: Person, on: str, text: str) -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("ent_help.come_back"), 303)
    if on == steps.NAME and not person.name:
        raise BadRequest
    if request.form.get("sure") == "yes":
        return _taken(db, person, on, text)
    sent = _sent(person)
    if _opened(db, sent.place) is None:
        return _ask_code(person, failed=True)
    audience = audience_of(person)
    errors = {"sure": [exchange.to_tick(audience)]} if "asked" in request.form else {}
    return render_template(
        "ent/help/sure.html",
        **spoken(audience),
        explained=exchange.explained(audience, on),
        where=request.endpoint,
        who=account(person.name, person.here.classes) if on == steps.NAME else "",
        code=_code(),
        token=request.form["token"],
        errors=errors,
    ), 422 if errors else 200


def _taken(db: Session, person: Person, on: str, text: str) -> ResponseReturnValue:
    sent = _sent(person)
    opened = _opened(db, sent.place)
    if opened is None:
        return _ask_code(person, failed=True)
    try:
        due_on = returning.write_again(db, house().keys, opened.key, text, sent.nonce, datetime.now(UTC), on)
    except NothingToOpenError:
        return _ask_code(person, failed=True)
    again = None if steps.is_quiet(on, text) else due_on
    done = exchange.done(audience_of(person), on)
    return _thread(db, person, returning.read_thread(db, opened.key), _new(sent.place), due_on=again, done=done)


def _new(place: Membership) -> str:
    return forms.new(_REPLY, place)


def _code() -> str:
    return request.form.get("code", "")[:_LONGEST_CODE]


def _opened(db: Session, place: Membership) -> returning.Opened | None:
    """The thread of that school which the code in the form opens."""
    if not _well_formed(_code()):
        return None
    keys, now = house().keys, datetime.now(UTC)
    return returning.open_with_code(db, keys, place.establishment_id, place.account_id, _code(), now)


def _well_formed(typed: str) -> bool:
    return any(seed is not None for seed in codes.seeds(typed))


def _ask_code(person: Person, *, failed: bool = False, typed: str = "") -> ResponseReturnValue:
    code = _code()
    return render_template(
        "ent/help/code.html",
        **spoken(audience_of(person)),
        failed=failed,
        code=code,
        given=len(typed_words(code)),
        wanted=WORDS,
        unknown=codes.unknown_words(code)[:WORDS],
        typed=typed,
    ), 422 if failed else 200


def _thread(db: Session, person: Person, opened: returning.Opened, token: str, **more: Any) -> ResponseReturnValue:
    audience, establishment_id = audience_of(person), opened.key.place.establishment_id
    due_on = channel.due_day(db, establishment_id, datetime.now(UTC), lane=opened.lane)
    return render_template(
        "ent/help/thread.html",
        **spoken(audience),
        messages=opened.messages,
        opened=opened,
        exchange=exchange,
        helped=exchange.helped(audience) if opened.asks_whether_it_helped else None,
        who=account(person.name, person.here.classes),
        asked=exchange.asked(audience, named=opened.named) if opened.booked else None,
        longest_moment=meetings.LONGEST_MOMENT,
        answered=any(not message.mine for message in opened.messages),
        reading=words.thread_reading(returning.who_reads(db, house().keys, opened.key), due_on),
        not_a_chat=words.not_a_chat(audience),
        code=_code(),
        token=token,
        longest=drafts.LONGEST,
        errors=more.pop("errors", {}),
        **more,
    ), 422 if more.get("typed") is not None else 200
