"""How a conversation ends, and begins again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model import outcomes
from ent_module.help.model.draft import Problem
from ent_module.help.model.moves import Refusal, State
from ent_module.help.service import desk
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
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.web.house import Keys

ERASE, SURE = "erase", "erasing"
"""Erasing is no move: nothing is left that could have moved. The field says that no duty stands against it."""
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
    was done, on what day and by whom. It must be closed with an outcome, and the reader must have said that no duty
    stands against it.

    Raises NothingToOpenError, MoveRefusedError, TextProblemError.
    """
    found = desk.held(db, keys, person, conversation_id, lock=True)
    if found.row.state != State.CLOSED or found.row.outcome is None:
        raise MoveRefusedError(Refusal.STATE)
    if not sure:
        raise TextProblemError(Problem.CHOOSE, SURE)
    day = paris(now).date()
    audit.note(db, found.row.establishment_id, found.me.account_id, "message.erased", found.row.id, day)
    db.delete(found.row)  # the rest goes with it
    db.flush()
