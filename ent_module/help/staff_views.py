"""The desk of the listening group, and the page on which a head sees that something waits."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.help import forms
from ent_module.help.model import draft as drafts
from ent_module.help.service import acting, desk, heads, opened
from ent_module.help.service.acting import Act
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.wording import group as words
from ent_module.help.wording.writer import account
from ent_module.helplines import service as helplines
from ent_module.identity.model import Person
from ent_module.web.house import house
from ent_module.web.pages import render_template

_DESK = "desk"
_LAST_PAGE = 10_000
_LAST_STEP = 30_000
"""Larger numbers are no step of a page of ours, and the database would not take them."""
_MADE = 200
_TEXT_FIELDS = {"answer": "message", "note": "note", "close": "done", "not_urgent": "why"}
"""The fields of the page of a conversation, by the move that keeps what is typed there."""
TEXTS = tuple(_TEXT_FIELDS.values())


def inbox(db: Session, person: Person) -> ResponseReturnValue:
    """One list over all schools of the person. The message is never in it."""
    page = min(max(request.args.get("page", 1, int), 1), _LAST_PAGE)
    closed = request.args.get("show") == "closed"
    found = desk.inbox(db, house().keys, person, datetime.now(UTC), page=page, closed=closed)
    return render_template("ent/help/inbox.html", inbox=found, closed=closed, words=words)


def thread(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """Opens a conversation: it has been read from now on, and an audit line says by whom."""
    try:
        found = opened.open_conversation(db, house().keys, person, conversation_id, datetime.now(UTC))
    except NothingToOpenError:
        raise NotFound from None
    return _page(found)


def _page(found: opened.Opened, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page of a conversation. `typed`: what stands in its fields; `errors`, `refused`: what went wrong."""
    return render_template(
        "ent/help/conversation.html",
        one=found,
        words=words,
        account=account,
        token=forms.new(_DESK),
        emergency=helplines.emergency(),
        longest=drafts.LONGEST,
        **{"typed": {}, "errors": {}, "refused": "", "to": "", **more},
    ), status


def act(db: Session, person: Person, conversation_id: UUID, action: str) -> ResponseReturnValue:
    """One move. All buttons send all texts; each that the move does not keep is shown again, so that none is lost."""
    if action not in acting.ACTIONS:
        raise NotFound
    where = url_for("ent_help_staff.thread", conversation_id=conversation_id)
    if request.method == "GET":  # after a reload: the answer to a move has no address of its own
        return redirect(where, 303)
    typed, to, now = _typed(), request.form.get("to", ""), datetime.now(UTC)
    step = min(max(request.form.get("step", -1, int), -1), _LAST_STEP)
    asked = Act(action, typed.get(_TEXT_FIELDS.get(action, ""), ""), to, step, forms.nonce(_DESK))
    status, more = _tried(db, person, conversation_id, asked, typed, now)
    if status == _MADE:
        typed.pop(_TEXT_FIELDS.get(action, ""), None)
        if not typed:
            return redirect(url_for("ent_help_staff.inbox") if action == "step_aside" else where, 303)
    found = _held(db, person, conversation_id)
    return _page(opened.shown(db, house().keys, person, found, now), status, typed=typed, to=to, **more)


def _held(db: Session, person: Person, conversation_id: UUID) -> desk.Held:
    try:
        return desk.held(db, house().keys, person, conversation_id)
    except NothingToOpenError:
        raise NotFound from None


def _typed() -> dict[str, str]:
    """What stands in the fields of the page, but for empty ones."""
    texts = {field: drafts.cleaned(request.form.get(field, "")) for field in _TEXT_FIELDS.values()}
    return {field: text for field, text in texts.items() if text}


def _tried(
    db: Session, person: Person, conversation_id: UUID, asked: Act, typed: dict[str, str], now: datetime
) -> tuple[int, dict[str, Any]]:
    """Makes the move. Returns the status of the answer and, where it was not made, what to say about it."""
    if asked.name == "step_aside" and typed:  # whoever steps aside sees the page no more
        return 422, {"errors": {field: [words.text_first()] for field in typed}}
    try:
        acting.perform(db, house().keys, person, conversation_id, asked, now)
    except NothingToOpenError:
        raise NotFound from None
    except acting.BadTargetError:
        raise BadRequest from None
    except acting.MoveRefusedError as refused:
        return 409, {"refused": words.refusal(refused.why, refused.holder)}
    except acting.TextProblemError as error:
        return 422, {"errors": {_TEXT_FIELDS[asked.name]: [words.text_problem(error.problem, asked.name)]}}
    return _MADE, {}


def situation(db: Session, person: Person) -> ResponseReturnValue:
    """What a head is told. No name of the group: it may be the adult whom the writer leaves out."""
    found = heads.situation(db, house().keys, person.here, datetime.now(UTC))
    return render_template("ent/help/situation.html", sentence=words.situation(found), kind=found.value)
