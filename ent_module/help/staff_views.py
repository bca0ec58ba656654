"""The desk of the listening group, and the page on which a head sees that something waits."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
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
from ent_module.web.errors import Refused
from ent_module.web.house import house

_DESK = "desk"
_LAST_PAGE = 10_000
_TEXT_FIELD = {"answer": "message", "note": "note"}


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


def _page(found: opened.Opened, **more: Any) -> ResponseReturnValue:
    errors = more.pop("errors", {})
    return render_template(
        "ent/help/conversation.html",
        one=found,
        words=words,
        account=account,
        token=forms.new(_DESK),
        emergency=helplines.emergency(),
        longest=drafts.LONGEST,
        errors=errors,
        **more,
    ), 422 if errors else 200


def act(db: Session, person: Person, conversation_id: UUID, action: str) -> ResponseReturnValue:
    """One move. What was typed is shown again where the text cannot be kept."""
    if action not in acting.ACTIONS:
        raise NotFound
    if request.method == "GET":  # from a page that was shown again with a mistake, after choosing a language
        return redirect(url_for("ent_help_staff.thread", conversation_id=conversation_id), 303)
    text = drafts.cleaned(request.form.get(_TEXT_FIELD.get(action, ""), ""))
    asked = Act(action, text, request.form.get("to", ""), forms.nonce(_DESK))
    keys, now = house().keys, datetime.now(UTC)
    try:
        acting.perform(db, keys, person, conversation_id, asked, now)
    except NothingToOpenError:
        raise NotFound from None
    except acting.BadTargetError:
        raise BadRequest from None
    except acting.MoveRefusedError as refused:
        raise Refused(words.refusal(refused.why, refused.holder), 409) from None
    except acting.TextProblemError as error:
        shown = opened.shown(db, person, desk.held(db, keys, person, conversation_id), now)
        field = _TEXT_FIELD[action]
        return _page(shown, errors={field: [words.text_problem(error.problem)]}, typed={field: text})
    if action == "step_aside":
        return redirect(url_for("ent_help_staff.inbox"), 303)
    return redirect(url_for("ent_help_staff.thread", conversation_id=conversation_id), 303)


def situation(db: Session, person: Person) -> ResponseReturnValue:
    """What a head is told. No name of the group: it may be the adult whom the writer leaves out."""
    found = heads.situation(db, house().keys, person.here, datetime.now(UTC))
    return render_template("ent/help/situation.html", sentence=words.situation(found), kind=found.value)
