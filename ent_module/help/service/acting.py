"""What a listener does with a conversation: small named moves, each refused where it has no sense, each logged."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.help import signals
from ent_module.help.model.draft import Problem
from ent_module.help.model.moves import MOVES, Direction, Refusal, State, refusal
from ent_module.help.model.outcomes import WAYS
from ent_module.help.service import desk, store
from ent_module.help.service.desk import Held
from ent_module.help.service.doing import (
    Act,
    BadTargetError,
    Context,
    MoveRefusedError,
    TextProblemError,
    hold,
    keep_note,
    need_text,
)
from ent_module.help.service.ending import close, reopen
from ent_module.help.service.lanes import share, to_lane
from ent_module.help.service.leaving_out import mark_concerned, step_aside
from ent_module.help.service.meetings import call_off, meet
from ent_module.help.service.passing_on import UP, hand_over, is_made
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.web.house import Keys

__all__ = ["ACTIONS", "UP", "Act", "BadTargetError", "MoveRefusedError", "TextProblemError", "perform"]


def perform(db: Session, keys: Keys, person: Person, conversation_id: UUID, act: Act, now: datetime) -> None:
    """Makes one move.

    Raises NothingToOpenError for whoever holds no key, MoveRefusedError, TextProblemError, BadTargetError.
    """
    found = desk.held(db, keys, person, conversation_id, lock=True)
    header = desk.header_of(found.key, found.row)
    if act.name not in _DOES or found.key is None or header is None:
        raise MoveRefusedError(Refusal.STATE)
    _check(db, person, found, act)
    context = Context(db, keys, found.row, found.key, header, found.me, act, now)
    if is_made(context):
        return
    if _is_out_of_date(context):
        raise MoveRefusedError(Refusal.STATE)
    done = _DOES[act.name](context)
    if done:
        state = done if isinstance(done, State) else None
        store.move(db, found.row, act.name, context.today, found.me, state=state)
        audit.note(
            db, found.row.establishment_id, found.me.account_id, f"message.{act.name}", found.row.id, context.today
        )
    db.flush()


def _check(db: Session, person: Person, found: Held, act: Act) -> None:
    other = found.row.handled_by is not None and not desk.holds(person, found.row)
    why = refusal(MOVES[act.name], State(found.row.state), held_by_other=other)
    if why is not None:
        raise MoveRefusedError(why, desk.holder_name(db, found.row))


def _is_out_of_date(context: Context) -> bool:
    """Whether the form stood on a page that no longer shows how things are, where that matters: handing over what a
    colleague has taken meanwhile, calming what the writer has written to again.
    """
    if context.act.step == store.last_step(context.db, context.place):
        return False
    return context.act.name == "hand_over" or (context.act.name == "not_urgent" and context.row.urgent)


# Each returns whether something changed, so that a form sent twice is logged once, or the state that it leads to.


def _take(context: Context) -> bool:
    if context.row.handled_by == context.me.account_id and context.row.state == State.IN_PROGRESS:
        return False
    hold(context, context.me)
    return True


def _answer(context: Context) -> bool:
    if not context.header.answer.has_code:
        raise MoveRefusedError(Refusal.STATE)
    need_text(context)
    digest = context.digest()
    if store.received(context.db, context.place.establishment_id, digest) is not None:
        return False
    value = context.signed()
    store.add_message(context.db, context.key.thread, Direction.OUT, value, digest, context.me.account_id)
    hold(context, context.me)
    return True


def _note(context: Context) -> bool:
    """A day may go with it, on which the agenda has it."""
    need_text(context)
    day = context.act.more.get("on_day", "")
    try:
        return keep_note(context, **({"on_day": date.fromisoformat(day).isoformat()} if day else {}))
    except ValueError:
        raise TextProblemError(Problem.CHOOSE, "on_day") from None


def _transmitted(context: Context) -> bool:
    """That somebody has sent it where the law says: by which way, on what day, and nothing of what was sent. Never
    asked for before sending, and no condition of it.
    """
    way = context.act.more.get("way", "")
    if not way:
        raise TextProblemError(Problem.CHOOSE, "way")
    if way not in WAYS:
        raise BadTargetError
    return keep_note(context, way=way)


def _case(context: Context) -> bool:
    """The group follows it as a case: whoever takes cases is told, by ids alone."""
    if not signals.somebody_listens():
        raise MoveRefusedError(Refusal.STATE)
    signals.becomes_case.send(
        context.db,
        establishment_id=context.place.establishment_id,
        conversation_id=context.place.conversation_id,
        account_id=context.me.account_id,
    )
    return True


def _urgent(context: Context) -> bool:
    changed = not context.row.urgent
    context.row.urgent = True
    return changed


def _not_urgent(context: Context) -> bool:
    """Not without a word on why: the note tells colleagues what made the danger pass."""
    changed = context.row.urgent
    need_text(context, required=changed)
    kept = bool(context.act.text) and keep_note(context)
    context.row.urgent = False
    return changed or kept


_DOES: Mapping[str, Callable[[Context], bool | State]] = MappingProxyType(
    {
        "take": _take,
        "answer": _answer,
        "note": _note,
        "hand_over": hand_over,
        "urgent": _urgent,
        "not_urgent": _not_urgent,
        "step_aside": step_aside,
        "concerned": mark_concerned,
        "transmitted": _transmitted,
        "to_lane": to_lane,
        "shared": share,
        "case": _case,
        "meet": meet,
        "meet_off": call_off,
        "close": close,
        "reopen": reopen,
    }
)
ACTIONS = tuple(_DOES)
