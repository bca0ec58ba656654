"""Finding conversations: by what their lines say, and by words within them.

Words are looked for in memory, in what this person may read and in nothing else; no index is kept anywhere.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.help.model.moves import Lane
from ent_module.help.service import desk, opened, store
from ent_module.help.service.desk import PER_PAGE, Inbox, Readable
from ent_module.help.tables import CLOSED, Conversation
from ent_module.identity.model import Person
from ent_module.web.house import Keys

_AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Everything empty: the whole queue."""

    lane: Lane = Lane.GROUP
    closed: bool = False
    school: UUID | None = None
    urgent: bool = False
    waiting: bool = False
    mine: bool = False
    theme: str = ""
    words: str = ""


def found(db: Session, keys: Keys, person: Person, wanted: Wanted, now: datetime, *, page: int = 1) -> Inbox:
    """One page of what is looked for, in the inbox's order."""
    start = (page - 1) * PER_PAGE
    hits = list(islice(_matching(db, keys, person, wanted), start, start + PER_PAGE + 1))
    shown = [(one.row, one.header) for one in hits[:PER_PAGE]]
    return Inbox(desk.lines(db, person, shown, now), page, more=len(hits) > PER_PAGE)


def _matching(db: Session, keys: Keys, person: Person, wanted: Wanted) -> Iterator[Readable]:
    every = desk.each(db, keys, person, wanted.lane, *_conditions(person, wanted))
    themed = (one for one in every if not wanted.theme or (one.header and wanted.theme in one.header.what))
    sought = folded(wanted.words).split()
    return _with_words(db, themed, sought) if sought else themed


def _conditions(person: Person, wanted: Wanted) -> list[Any]:
    mine = [one.account_id for one in person.memberships]
    chosen = [
        (True, Conversation.rank == CLOSED if wanted.closed else Conversation.rank < CLOSED),
        (wanted.school is not None, Conversation.establishment_id == wanted.school),
        (wanted.urgent, Conversation.urgent),
        (wanted.waiting, store.waits()),
        (wanted.mine, Conversation.handled_by.in_(mine)),
    ]
    return [condition for asked, condition in chosen if asked]


def folded(text: str) -> str:
    """A text as it is looked for: without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    for mark in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(mark, "")
    return plain


def _with_words(db: Session, every: Iterator[Readable], sought: list[str]) -> Iterator[Readable]:
    """Those of which messages, notes or the name hold all the words. Opened a few at a time and forgotten at once."""
    while some := list(islice(every, _AT_ONCE)):
        texts = opened.texts(db, some)
        for one in some:
            whole = folded(" ".join([*texts.get(one.row.id, ()), one.header.name if one.header else ""]))
            if all(word in whole for word in sought):
                yield one
