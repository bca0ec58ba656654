"""How a conversation ends, and begins again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help import content_keys
from ent_module.help.model import outcomes
from ent_module.help.model.draft import Problem
from ent_module.help.model.moves import Refusal, State
from ent_module.help.model.retention import Reason
from ent_module.help.service import desk, erasing
from ent_module.help.service.desk import closing_needs_words
from ent_module.help.service.doing import (
    BadTargetError,
    Context,
    MoveRefusedError,
    TextProblemError,
    hold,
    keep_note,
    need_text,
)
from ent_module.help.tables import Hold
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.web.house import Keys

ERASE, SURE = "erase", "erasing"
"""Erasing is no move: nothing is left that could have moved. The field says that no duty stands against it."""
HOLD, LIFT, REASON = "hold", "lift", "reason"
"""Neither is a move: what holds a conversation does not change where it stands."""
FIELDS = ("outcome", "reference", "parents")
"""What a form says of an ending, beside the words on what was done."""


def close(context: Context) -> bool:
    """With an outcome, in the clear, and what belongs to it, sealed among the notes. What is urgent, or a visit that
    leaves no other trace, is not closed without a word on what was done.
    """
    said = {name: context.act.more.get(name, "") for name in FIELDS}
    try:
        problems = outcomes.problems(**said)
    except ValueError:
        raise BadTargetError from None
    need_text(context, required=closing_needs_words(context.row, context.header))
    for field, problem in problems.items():
        raise TextProblemError(problem, field)
    keep_note(context, **said)
    context.row.outcome = said["outcome"]
    hold(context, context.me)
    return True


def reopen(context: Context) -> bool:
    """What came of it is open again."""
    context.row.outcome = None
    return True


def erase(db: Session, keys: Keys, person: Person, conversation_id: UUID, now: datetime, *, sure: bool) -> None:
    """Erases a conversation with all that belongs to it: what was written, notes, keys, code. What is kept is that this
    was done, on what day and by whom. It must be closed with an outcome, nothing may hold it, and the reader must have
    said that no duty stands against it. What nobody can read any more, since its ek is lost, goes in any state.

    Raises NothingToOpenError, MoveRefusedError, TextProblemError.
    """
    found = desk.held(db, keys, person, conversation_id, lock=True)
    ended = found.row.state == State.CLOSED and found.row.outcome is not None
    lost = found.key is None and content_keys.is_lost(keys, found.row.id)
    if not (ended or lost) or erasing.hold_on(db, found.row) is not None:
        raise MoveRefusedError(Refusal.STATE)
    if not sure:
        raise TextProblemError(Problem.CHOOSE, SURE)
    day = paris(now).date()
    audit.note(db, found.row.establishment_id, found.me.account_id, "message.erased", found.row.id, day)
    erasing.erase_rows(db, found.row, day, by_itself=False)


def place_hold(db: Session, keys: Keys, person: Person, conversation_id: UUID, reason: str, now: datetime) -> None:
    """Keeps a conversation from being erased, in any state; a second one changes nothing.

    Raises NothingToOpenError, TextProblemError, BadTargetError.
    """
    found = desk.held(db, keys, person, conversation_id, lock=True)
    if not reason:
        raise TextProblemError(Problem.CHOOSE, REASON)
    if reason not in set(Reason):
        raise BadTargetError
    if erasing.hold_on(db, found.row) is not None:
        return
    day, school = paris(now).date(), found.row.establishment_id
    db.add(Hold(establishment_id=school, id=found.row.id, reason=reason, day=day, account_id=found.me.account_id))
    audit.note(db, school, found.me.account_id, f"message.{HOLD}", found.row.id, day)
    db.flush()


def lift_hold(db: Session, keys: Keys, person: Person, conversation_id: UUID, now: datetime) -> None:
    """Lets it be erased again: another adult than the one who held it. Raises NothingToOpenError, MoveRefusedError."""
    found = desk.held(db, keys, person, conversation_id, lock=True)
    hold = erasing.hold_on(db, found.row)
    if hold is None:
        return
    if any(one.account_id == hold.account_id for one in person.memberships):
        raise MoveRefusedError(Refusal.STATE)
    audit.note(db, found.row.establishment_id, found.me.account_id, f"message.{LIFT}", found.row.id, paris(now).date())
    db.delete(hold)
    db.flush()
