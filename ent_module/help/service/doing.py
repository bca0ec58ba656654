"""What the moves of the desk have in common: what a form asks for, what it is done with, why it cannot be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.help.model.draft import Problem, text_problem
from ent_module.help.model.moves import Lane, Refusal
from ent_module.help.sealing import ConversationKey, Place, request_digest
from ent_module.help.service import channel, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.header import Header
from ent_module.help.tables import Conversation, Note
from ent_module.web.house import Keys


class MoveRefusedError(Exception):
    """The move cannot be made now."""

    def __init__(self, why: Refusal, holder: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.holder = holder


class TextProblemError(Exception):
    """Something is missing or too long; what was typed must be shown again."""

    def __init__(self, problem: Problem, field: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.field = field
        """Empty: the text that the move keeps."""


class BadTargetError(LookupError):
    """It cannot be handed over to that person, or what was chosen is on no page of ours."""


@dataclass(frozen=True)
class Act:
    """What a form of the desk asks for."""

    name: str
    text: str = ""
    to: str = ""
    step: int = -1
    """The last of what had happened, as its page showed it."""
    nonce: bytes = b""
    more: Mapping[str, str] = field(default_factory=dict)
    """What else was chosen or typed, by field."""


@dataclass(frozen=True)
class Context:
    """A move about to be made, with all that it is made of."""

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
        """Where the conversation is."""
        return Place(self.row.establishment_id, self.row.id)

    @property
    def today(self) -> date:
        """The day as the schools have it."""
        return paris(self.now).date()

    def digest(self, conversation: str = "") -> bytes:
        """What makes a form of the desk that is sent twice one message or note."""
        content = {
            "conversation": conversation or str(self.row.id),
            "act": self.act.name,
            "text": self.act.text,
            **({"more": dict(self.act.more)} if self.act.more else {}),
        }
        return request_digest(self.keys, self.row.establishment_id, self.act.nonce, content)

    def signed(self, **more: str) -> dict[str, str]:
        """The text as it is sealed: with its day and whoever wrote it."""
        return {"text": self.act.text, "day": self.today.isoformat(), "from": self.me.name, **more}


def hold(context: Context, adult: Adult | None) -> None:
    """From now on that adult has the conversation, or nobody."""
    context.row.handled_by = adult.account_id if adult else None
    context.row.handled_by_establishment = adult.establishment_id if adult else None


def start_clock(context: Context) -> bool:
    """Whoever is to read it now has as long as for a new message."""
    context.row.due_on = channel.due_day(
        context.db, context.place.establishment_id, context.now, lane=Lane(context.row.lane)
    )
    context.row.escalated_on = None
    return True


def need_text(context: Context, *, required: bool = True) -> None:
    """Raises TextProblemError for a text that is too long, or missing where it is asked for."""
    if problem := text_problem(context.act.text, required=required):
        raise TextProblemError(problem)


def keep_note(context: Context, **more: str) -> bool:
    """Keeps the text as a note of the group. False where this very form has made one."""
    return add_note(context, context.key, context.digest(), {**context.signed(), "on": context.act.name, **more})


def add_note(context: Context, key: ConversationKey, digest: bytes, value: Mapping[str, str]) -> bool:
    """Adds a note to the conversation of that key. False where this very form has made one."""
    place = key.place
    if store.noted(context.db, place.establishment_id, digest):
        return False
    row_id, number = uuid4(), store.next_number(context.db, Note, place)
    context.db.add(
        Note(
            establishment_id=place.establishment_id,
            id=row_id,
            conversation_id=place.conversation_id,
            number=number,
            author_id=context.me.account_id,
            request_digest=digest,
            sealed=key.desk.seal(dict(value), row_id, number),
        )
    )
    context.db.flush()
    return True
