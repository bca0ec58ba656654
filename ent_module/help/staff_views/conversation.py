"""One conversation at the desk: reading it, and the moves of its page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.help import forms, signals
from ent_module.help.model import draft as drafts
from ent_module.help.model import meeting as meetings
from ent_module.help.model import outcomes
from ent_module.help.service import acting, answers, crip, desk, opened
from ent_module.help.service import ending as erasing
from ent_module.help.service.acting import Act
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.wording import ending, exchange, group
from ent_module.help.wording.writer import account
from ent_module.helplines import service as helplines
from ent_module.identity.model import Person
from ent_module.surveys import pdf
from ent_module.web.house import house
from ent_module.web.pages import render_template

DESK = "desk"
_LAST_STEP = 30_000
"""A larger number is no step of a page of ours, and the database would not take it."""
_MADE = 200
_TEXT_FIELDS = {
    "answer": "message",
    "note": "note",
    "hand_over": "because",
    "to_lane": "health",
    "shared": "passed",
    "close": "done",
    "not_urgent": "why",
}
"""The fields of the page of a conversation, by the move that keeps what is typed there."""
TEXTS = tuple(_TEXT_FIELDS.values())
_LINES = {"close": ("reference",)}
"""Short fields that a move keeps too."""
_CHOICES = {
    "note": ("on_day",),
    "close": ("outcome", "reference", "parents"),
    "concerned": ("adult",),
    "transmitted": ("way",),
    "shared": ("named",),
    erasing.ERASE: (erasing.SURE,),
    erasing.HOLD: (erasing.REASON,),
}
"""What else a move is told, by field."""
_LONGEST_CHOICE = 400
_TAKES_AWAY = {"step_aside", "to_lane", erasing.ERASE}
"""Whoever makes these moves sees the page no more."""


def thread(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """Opens a conversation: it has been read from now on, and an audit line says by whom."""
    try:
        found = opened.open_conversation(db, house().keys, person, conversation_id, datetime.now(UTC))
    except NothingToOpenError:
        raise NotFound from None
    return _page(db, found)


def _page(db: Session, found: opened.Opened, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page of a conversation. `typed`: what stands in its fields; `errors`, `refused`: what went wrong."""
    return render_template(
        "ent/help/conversation.html",
        one=found,
        words=group,
        ending=ending,
        exchange=exchange,
        account=account,
        token=forms.new(DESK),
        emergency=helplines.emergency(),
        longest=drafts.LONGEST,
        longest_reference=outcomes.LONGEST_REFERENCE,
        model_names=[(one.name, one.name) for one in answers.of_school(db, found.school_id)],
        markable=[(one.account_id, ending.adult(one)) for one in found.can_be_marked],
        crip=crip.of(db, found.school_id),
        can_be_case=signals.somebody_listens(),
        pdf=pdf.is_installed(),
        **{"typed": {}, "errors": {}, "refused": "", "to": "", "chosen": {}, "inserted": False, **more},
    ), status


def act(db: Session, person: Person, conversation_id: UUID, action: str) -> ResponseReturnValue:
    """One move. All buttons send all texts; each that the move does not keep is shown again, so that none is lost."""
    if action not in (*acting.ACTIONS, *_NO_MOVES, "insert") or action in {meetings.MEET, meetings.OFF}:
        raise NotFound
    where = url_for("ent_help_staff.thread", conversation_id=conversation_id)
    if request.method == "GET":  # after a reload: the answer to a move has no address of its own
        return redirect(where, 303)
    if action == "insert":
        return _insert(db, person, conversation_id)
    typed, shown, now = _typed(), _shown_again(), datetime.now(UTC)
    status, more = _tried(db, person, conversation_id, _asked(action, typed), typed, now)
    if status == _MADE:
        for field in (_TEXT_FIELDS.get(action, ""), *_LINES.get(action, ())):
            typed.pop(field, None)
        if not typed:
            return redirect(url_for("ent_help_staff.inbox") if action in _TAKES_AWAY else where, 303)
        if action in _CHOICES:  # what was chosen for that move is done with
            shown["chosen"] = {}
    found = _held(db, person, conversation_id)
    page = opened.shown(db, house().keys, person, found, now)
    return _page(db, page, status, typed=typed, **shown, **more)


def step_shown() -> int:
    """The last step, as the page of the form showed it."""
    return min(max(request.form.get("step", -1, int), -1), _LAST_STEP)


def _asked(action: str, typed: dict[str, str]) -> Act:
    more = {name: _chosen(name) for name in _CHOICES.get(action, ())}
    text = typed.get(_TEXT_FIELDS.get(action, ""), "")
    return Act(action, text, request.form.get("to", ""), step_shown(), forms.nonce(DESK), more)


def _insert(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """Puts a template of the school behind what stands in the answer. Sends nothing and keeps nothing."""
    forms.nonce(DESK)
    found, typed = _held(db, person, conversation_id), _typed()
    page = opened.shown(db, house().keys, person, found, datetime.now(UTC))
    if not (wanted := request.form.get("model", "")):  # also whoever presses Enter in a field of one line
        return _page(db, page, 422, typed=typed, errors={"model": [ending.choose_model()]}, **_shown_again())
    model = answers.named(db, found.row.establishment_id, wanted)
    if model is None:
        raise BadRequest
    typed["message"] = "\n\n".join(part for part in (typed.get("message", ""), model.text) if part)
    return _page(db, page, typed=typed, inserted=True, **_shown_again())


def _held(db: Session, person: Person, conversation_id: UUID) -> desk.Held:
    try:
        return desk.held(db, house().keys, person, conversation_id)
    except NothingToOpenError:
        raise NotFound from None


def _typed() -> dict[str, str]:
    """What stands in the fields of the page, but for empty ones."""
    names = (*TEXTS, *(name for lines in _LINES.values() for name in lines))
    texts = {field: drafts.cleaned(request.form.get(field, "")) for field in names}
    return {field: text for field, text in texts.items() if text}


def _chosen(name: str) -> str:
    return drafts.cleaned(request.form.get(name, ""))[:_LONGEST_CHOICE]


def _shown_again() -> dict[str, Any]:
    """What was chosen on the page, so that it stands there again."""
    names = {name for several in _CHOICES.values() for name in several}
    return {"to": request.form.get("to", ""), "chosen": {name: _chosen(name) for name in names}}


def _erase(db: Session, person: Person, one: UUID, asked: Act, now: datetime) -> None:
    erasing.erase(db, house().keys, person, one, now, sure=asked.more[erasing.SURE] == "yes")


def _hold(db: Session, person: Person, one: UUID, asked: Act, now: datetime) -> None:
    erasing.place_hold(db, house().keys, person, one, asked.more[erasing.REASON], now)


def _lift(db: Session, person: Person, one: UUID, _asked: Act, now: datetime) -> None:
    erasing.lift_hold(db, house().keys, person, one, now)


_NO_MOVES = {erasing.ERASE: _erase, erasing.HOLD: _hold, erasing.LIFT: _lift}


def _tried(
    db: Session, person: Person, conversation_id: UUID, asked: Act, typed: dict[str, str], now: datetime
) -> tuple[int, dict[str, Any]]:
    """Makes the move. Returns the status of the answer and, where it was not made, what to say about it."""
    kept = {_TEXT_FIELDS.get(asked.name, ""), *_LINES.get(asked.name, ())}
    if asked.name in _TAKES_AWAY and (left := [field for field in typed if field not in kept]):
        return 422, {"errors": {field: [group.text_first()] for field in left}}
    try:
        if asked.name in _NO_MOVES:
            _NO_MOVES[asked.name](db, person, conversation_id, asked, now)
        else:
            acting.perform(db, house().keys, person, conversation_id, asked, now)
    except NothingToOpenError:
        raise NotFound from None
    except acting.BadTargetError:
        raise BadRequest from None
    except acting.MoveRefusedError as refused:
        return 409, {"refused": group.refusal(refused.why, refused.holder)}
    except acting.TextProblemError as error:
        field = error.field or _TEXT_FIELDS[asked.name]
        return 422, {"errors": {field: [group.text_problem(error.problem, error.field or asked.name)]}}
    return _MADE, {}
