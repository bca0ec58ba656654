"""What a listener does with a conversation: small named moves, each refused where it has no sense, each logged."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.draft import Problem, text_problem
from ent_module.help.model.moves import MOVES, Direction, Refusal, State, refusal
from ent_module.help.sealing import ConversationKey, Place, office_marker, request_digest, told_marker
from ent_module.help.service import adults, channel, desk, holding, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.desk import Held, closing_needs_words
from ent_module.help.service.header import Header
from ent_module.help.tables import Conversation, Note
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.web.house import Keys

UP = "up"
"""Handing over to the next level, in place of a colleague's account."""


class MoveRefusedError(Exception):
    """The move cannot be made now."""

    def __init__(self, why: Refusal, holder: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.holder = holder


class TextProblemError(Exception):
    """The text is missing or too long; what was typed must be shown again."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class BadTargetError(LookupError):
    """It cannot be handed over to that person."""


@dataclass(frozen=True)
class Act:
    """What a form of the desk asks for."""

    name: str
    text: str = ""
    to: str = ""
    step: int = -1
    """The last of what had happened, as its page showed it."""
    nonce: bytes = b""


@dataclass(frozen=True)
class _Context:
    db: Session
    keys: Keys
    row: Conversation
    key: ConversationKey
    header: Header
    me: Adult
    act: Act
    now: datetime

    @property
    def place(self) -> Place:
        return Place(self.row.establishment_id, self.row.id)

    @property
    def today(self) -> date:
        return paris(self.now).date()

    def digest(self) -> bytes:
        """What makes a form of the desk that is sent twice one message or note."""
        content = {"conversation": str(self.row.id), "act": self.act.name, "text": self.act.text}
        return request_digest(self.keys, self.row.establishment_id, self.act.nonce, content)


def perform(db: Session, keys: Keys, person: Person, conversation_id: UUID, act: Act, now: datetime) -> None:
    """Makes one move.

    Raises NothingToOpenError for whoever holds no key, MoveRefusedError, TextProblemError, BadTargetError.
    """
    found = desk.held(db, keys, person, conversation_id, lock=True)
    header = desk.header_of(found.key, found.row)
    if act.name not in _DOES or found.key is None or header is None:
        raise MoveRefusedError(Refusal.STATE)
    _check(db, person, found, act)
    context = _Context(db, keys, found.row, found.key, header, found.me, act, now)
    if _is_made(context):
        return
    if _is_out_of_date(context):
        raise MoveRefusedError(Refusal.STATE)
    if _DOES[act.name](context):
        store.move(db, found.row, act.name, context.today, found.me)
        audit.note(
            db, found.row.establishment_id, found.me.account_id, f"message.{act.name}", found.row.id, context.today
        )
    db.flush()


def _check(db: Session, person: Person, found: Held, act: Act) -> None:
    other = found.row.handled_by is not None and not desk.holds(person, found.row)
    why = refusal(MOVES[act.name], State(found.row.state), held_by_other=other)
    if why is not None:
        raise MoveRefusedError(why, desk.holder_name(db, found.row))


def _is_out_of_date(context: _Context) -> bool:
    """Whether the form stood on a page that no longer shows how things are, where that matters: handing over what a
    colleague has taken meanwhile, calming what the writer has written to again.
    """
    if context.act.step == store.last_step(context.db, context.place):
        return False
    return context.act.name == "hand_over" or (context.act.name == "not_urgent" and context.row.urgent)


def _is_made(context: _Context) -> bool:
    """Whether this very form has handed it over, and so it still is: sent twice, it climbs no further."""
    line = store.step(context.db, context.place, context.act.step + 1)
    made = line is not None and (line.action, line.account_id) == ("hand_over", context.me.account_id)
    holder = UP if context.row.handled_by is None else str(context.row.handled_by)
    same = (context.act.name, context.act.to, context.row.state) == ("hand_over", holder, State.HANDED_OVER)
    return made and same


def _hold(context: _Context, adult: Adult | None) -> None:
    context.row.handled_by = adult.account_id if adult else None
    context.row.handled_by_establishment = adult.establishment_id if adult else None


# Each returns whether something changed, so that a form sent twice is logged once.


def _take(context: _Context) -> bool:
    if context.row.handled_by == context.me.account_id and context.row.state == State.IN_PROGRESS:
        return False
    _hold(context, context.me)
    return True


def _answer(context: _Context) -> bool:
    if not context.header.answer.has_code:
        raise MoveRefusedError(Refusal.STATE)
    _need_text(context)
    digest = context.digest()
    if store.received(context.db, context.place.establishment_id, digest) is not None:
        return False
    value = _signed(context)
    store.add_message(context.db, context.key.thread, Direction.OUT, value, digest, context.me.account_id)
    _hold(context, context.me)
    return True


def _note(context: _Context) -> bool:
    _need_text(context)
    return _keep_note(context)


def _keep_note(context: _Context) -> bool:
    digest = context.digest()
    if store.noted(context.db, context.place.establishment_id, digest):
        return False
    row_id, number = uuid4(), store.next_number(context.db, Note, context.place)
    context.db.add(
        Note(
            establishment_id=context.place.establishment_id,
            id=row_id,
            conversation_id=context.place.conversation_id,
            number=number,
            author_id=context.me.account_id,
            request_digest=digest,
            sealed=context.key.desk.seal({**_signed(context), "on": context.act.name}, row_id, number),
        )
    )
    return True


def _need_text(context: _Context, *, required: bool = True) -> None:
    if problem := text_problem(context.act.text, required=required):
        raise TextProblemError(problem)


def _signed(context: _Context) -> dict[str, str]:
    return {"text": context.act.text, "day": context.today.isoformat(), "from": context.me.name}


def _hand_over(context: _Context) -> bool:
    """To a colleague who can read it, or to the next level, whose listeners are given the key. The clock starts anew.

    To oneself too: so one takes over from a colleague who is away.
    """
    readers = desk.active_readers(context.db, context.keys, context.place, context.header.excluded)
    if context.act.to == UP:
        above = adults.next_level(context.db, context.place.establishment_id, context.header.excluded, readers)
        if not above:
            raise BadTargetError
        holding.give(context.db, context.keys, context.key, above)
        _hold(context, None)
    else:
        colleague = next((one for one in readers if str(one.account_id) == context.act.to), None)
        if colleague is None:
            raise BadTargetError
        _hold(context, colleague)
    return _start_clock(context)


def _urgent(context: _Context) -> bool:
    changed = not context.row.urgent
    context.row.urgent = True
    return changed


def _not_urgent(context: _Context) -> bool:
    """Not without a word on why: the note tells colleagues what made the danger pass."""
    changed = context.row.urgent
    _need_text(context, required=changed)
    kept = bool(context.act.text) and _keep_note(context)
    context.row.urgent = False
    return changed or kept


def _step_aside(context: _Context) -> bool:
    """Someone finds their own name in the message: they lose the key for good, and the others are to read it anew."""
    header = context.header.without(context.me)
    remaining = desk.active_readers(context.db, context.keys, context.place, header.excluded)
    above = adults.next_level(context.db, context.place.establishment_id, header.excluded, remaining)
    if not remaining and not above:
        raise MoveRefusedError(Refusal.ALONE)
    context.row.header = context.key.seal_header(header.as_json())
    _hold(context, None)
    _forget(context)
    if len(remaining) < adults.WANTED:
        holding.give(context.db, context.keys, context.key, above)
    return _start_clock(context)


def _start_clock(context: _Context) -> bool:
    context.row.due_on = channel.due_day(context.db, context.place.establishment_id, context.now)
    context.row.escalated_on = None
    return True


def _forget(context: _Context) -> None:
    """Takes away the keys of this adult and the signs that something waits: their own where they are head, and the
    office's, since they may become head.
    """
    school = context.place.establishment_id
    holding.forget(context.db, context.keys, context.key, context.me.is_same)
    mine = [one for one in adults.heads(context.db, school) if one.is_same(context.me)]
    signs = [told_marker(context.keys, school, one.account_id, context.row.id) for one in mine]
    for sign in (*signs, office_marker(context.keys, school, context.row.id)):
        store.replace_marker(context.db, context.place, sign, secrets.token_bytes(16))
    context.db.flush()


def _close(context: _Context) -> bool:
    """What is urgent, or a visit that leaves no other trace, is not closed without a word on what was done."""
    _need_text(context, required=closing_needs_words(context.row, context.header))
    if context.act.text:
        _keep_note(context)
    _hold(context, context.me)
    return True


def _reopen(_context: _Context) -> bool:
    return True


_DOES: Mapping[str, Callable[[_Context], bool]] = MappingProxyType(
    {
        "take": _take,
        "answer": _answer,
        "note": _note,
        "hand_over": _hand_over,
        "urgent": _urgent,
        "not_urgent": _not_urgent,
        "step_aside": _step_aside,
        "close": _close,
        "reopen": _reopen,
    }
)
ACTIONS = tuple(_DOES)
