"""Mails to the group: at two fixed hours of school days, and at once where somebody is in danger, in open hours.

What a mail says is always the same. Whether one is owed follows from what the person could see at the desk at that
moment (`desk.inbox`), so whoever is left out of a conversation is never sent anything because of it. What is owed is
written down first and sent afterwards; after a crash in between it is sent once more, with the same Message-ID.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help.model import clock
from ent_module.help.model.moves import Lane, State
from ent_module.help.model.notices import KEPT, Hours, Kind, hour_of
from ent_module.help.model.notices import State as Sent
from ent_module.help.post import Letter
from ent_module.help.service import adults, desk, listening, reach, store
from ent_module.help.service.desk import Line
from ent_module.help.service.listening import is_away, reached, token
from ent_module.help.tables import Conversation, Listening, Notice
from ent_module.help.wording import letters
from ent_module.identity import service as identity
from ent_module.identity.model import Person, Profile
from ent_module.languages import SOURCE
from ent_module.web.house import Keys

_ACROSS = {"across": True}
_PAGES = 25
"""So far is a desk looked through; beyond it there is something to say anyway."""
_LINK = "/staff/desk"
_OF_WAITING = frozenset({Kind.MORNING, Kind.EVENING, Kind.DANGER})


# --- What waits for somebody ------------------------------------------------------------------------------------------


def _person(db: Session, establishment_id: UUID, account_id: UUID) -> Person | None:
    """The listener as they would come here: with all their accounts, since they are left out as a person."""
    mine = identity.accounts_of_same_person(db, establishment_id, account_id)
    if not mine or not Profile(mine[0].profile).is_adult_at_school:
        return None
    accounts = [[str(one.establishment_id), str(one.id), []] for one in mine]
    first = mine[0]
    said = {"portal": str(first.portal_id), "profile": first.profile, "name": first.name, "active": 0}
    return identity.person_of(db, {**said, "accounts": accounts})


def _waiting(db: Session, keys: Keys, person: Person, now: datetime) -> Iterator[Line]:
    """What waits for this person at the desk. What a colleague has opened waits no longer, until it is late."""
    for lane in Lane:
        if reach.listener_accounts(person, lane):
            yield from _waiting_in(db, keys, person, now, lane)


def _waiting_in(db: Session, keys: Keys, person: Person, now: datetime, lane: Lane) -> Iterator[Line]:
    for page in range(1, _PAGES + 1):
        found = desk.inbox(db, keys, person, now, page=page, lane=lane)
        for line in found.lines:
            if line.waiting and (line.state != State.READ or line.waiting.kind is clock.Wait.LATE):
                yield line
        if not found.more:
            return


def _urgent(db: Session, keys: Keys, person: Person, now: datetime) -> list[Line]:
    return [line for line in _waiting(db, keys, person, now) if line.urgent]


# --- What is owed -----------------------------------------------------------------------------------------------------


def prepare(db: Session, keys: Keys, now: datetime) -> None:
    """Writes down what is owed now. Running it twice writes nothing more."""
    today, dangerous = paris(now).date(), _levels_in_danger(db)
    for row in _reachable(db):
        person = _person(db, row.establishment_id, row.account_id)
        if person is None or not person.memberships or is_away(row, today):
            continue
        _prepare_hour(db, keys, row, person, now)
        if row.establishment_id in dangerous and _may_disturb(db, row, now):
            for line in _urgent(db, keys, person, now):
                _owe(db, keys, row, Kind.DANGER, today, line.id.bytes)


def _reachable(db: Session) -> list[Listening]:
    """Those whose address is checked and who listen today."""
    rows = db.scalars(
        select(Listening)
        .where(Listening.checked_on.is_not(None))
        .order_by(Listening.establishment_id, Listening.account_id),
        execution_options=_ACROSS,
    ).all()
    group = cache(lambda place: {one.account_id for one in adults.all_listeners(db, place)})
    return [row for row in rows if row.account_id in group(row.establishment_id)]


def _levels_in_danger(db: Session) -> set[UUID]:
    """The schools where something urgent waits, and the levels above them."""
    schools = db.scalars(
        select(Conversation.establishment_id).where(Conversation.urgent, store.waits()).distinct(),
        execution_options=_ACROSS,
    )
    return {level for school in schools for level in adults.levels(db, school)}


def _prepare_hour(db: Session, keys: Keys, row: Listening, person: Person, now: datetime) -> None:
    """One look at each fixed hour: what comes after it waits for the next one, so that no notice tells a moment."""
    hour = _hour(db, row.establishment_id, now)
    if hour is None or _known(db, keys, row, hour[1], hour[0]):
        return
    state = Sent.OWED if next(_waiting(db, keys, person, now), None) else Sent.NOTHING
    _owe(db, keys, row, hour[1], hour[0], state=state)


def _hour(db: Session, establishment_id: UUID, now: datetime) -> tuple[date, Kind] | None:
    hours = Hours.from_setting(establishments.published(db, establishment_id, "notice_hours"))
    return hour_of(establishments.calendar(db, establishment_id), hours, now)


def _may_disturb(db: Session, row: Listening, now: datetime) -> bool:
    """Whether danger may be told now: while the school is open, or by its rota to whoever it names and who agreed."""
    if establishments.calendar(db, row.establishment_id).is_open(now):
        return True
    rota = establishments.own(db, row.establishment_id, "rota") or {}
    named = str(row.account_id) in rota.get("accounts", ())
    return named and row.on_call and paris(now).date().isoformat() <= str(rota.get("until", ""))


def _known(db: Session, keys: Keys, row: Listening, kind: Kind, day: date) -> bool:
    found = listening.mark(keys, row.account_id, kind, day.isoformat().encode())
    wanted = select(Notice.id).where(Notice.establishment_id == row.establishment_id, Notice.mark == found)
    return db.scalar(wanted) is not None


def _owe(db: Session, keys: Keys, row: Listening, kind: Kind, day: date, *what: bytes, state: Sent = Sent.OWED) -> None:
    if kind is Kind.DANGER:  # once for a message, whatever the day
        found = listening.mark(keys, row.account_id, kind, *what)
    else:
        found = listening.mark(keys, row.account_id, kind, day.isoformat().encode(), *what)
    listening.keep(db, row.establishment_id, row.account_id, kind, state, day, found)


# --- What leaves ------------------------------------------------------------------------------------------------------


@dataclass
class Outgoing:
    """A letter, and the notices that it stands for."""

    letter: Letter
    notices: list[tuple[UUID, UUID]] = field(default_factory=list)


def outgoing(db: Session, keys: Keys, settings: Settings, now: datetime) -> list[Outgoing]:
    """The letters that leave now, one for each address whatever it is owed for. Notices that nobody needs any longer
    are set aside, so this is asked with a session that writes.
    """
    found: dict[tuple[str, bool], Outgoing] = {}
    rows = db.scalars(
        select(Notice).where(Notice.state == Sent.OWED.value).order_by(Notice.day, Notice.id), execution_options=_ACROSS
    ).all()
    for row in rows:
        if not _is_needed(db, keys, row, now):
            row.state = Sent.NOTHING.value
            continue
        if not _may_leave(db, row, now) or (to := _to(db, keys, row)) is None:
            continue
        kind = Kind(row.kind)
        key = (to.address, kind is Kind.CHECK)
        if key not in found:
            found[key] = Outgoing(_letter(db, keys, settings, row, to))
        found[key].notices.append((row.establishment_id, row.id))
    db.flush()
    return list(found.values())


def _is_needed(db: Session, keys: Keys, row: Notice, now: datetime) -> bool:
    """Whether there is still something to say, to somebody who still listens."""
    said = _said(db, row)
    if said is None or row.account_id is None:
        return row.account_id is None
    person = _person(db, row.establishment_id, row.account_id)
    if said.address is None or person is None or not reach.everywhere(person):
        return False
    kind = Kind(row.kind)
    if kind is Kind.CHECK:
        return row.mark == listening.mark(keys, row.account_id, kind, row.day.isoformat().encode(), said.address)
    if kind is Kind.DANGER:
        marks = {listening.mark(keys, row.account_id, kind, one.id.bytes) for one in _urgent(db, keys, person, now)}
        return row.mark in marks
    if kind not in _OF_WAITING:
        return True
    its_hour = _hour(db, row.establishment_id, now) == (row.day, kind)
    return its_hour and next(_waiting(db, keys, person, now), None) is not None


def _said(db: Session, row: Notice) -> Listening | None:
    return listening.row_of(db, row.establishment_id, row.account_id) if row.account_id else None


def _may_leave(db: Session, row: Notice, now: datetime) -> bool:
    """Whether this is its time: news and mailboxes wait for a fixed hour, danger for open hours or the rota; whoever is
    away is told nothing until they are back.
    """
    kind, said = Kind(row.kind), _said(db, row)
    if kind is Kind.CHECK:
        return True
    if is_away(said, paris(now).date()):
        return False
    if kind is not Kind.DANGER:
        return _hour(db, row.establishment_id, now) is not None
    return said is not None and _may_disturb(db, said, now)


def _to(db: Session, keys: Keys, row: Notice) -> listening.Reached | None:
    if row.account_id is None:
        address = establishments.own(db, row.establishment_id, "mailbox")
        return listening.Reached(str(address), SOURCE) if address else None
    said = _said(db, row)
    if said is None or (said.checked_on is None and row.kind != Kind.CHECK):
        return None
    return reached(keys, said)


def _letter(db: Session, keys: Keys, settings: Settings, row: Notice, to: listening.Reached) -> Letter:
    at = settings.public_url.rstrip("/") + settings.url_prefix
    if row.kind != Kind.CHECK:
        return Letter(to.address, *letters.notice(to.language, at + _LINK), row.mark)
    said = _said(db, row)
    link = f"{at}/staff/settings/mine/{token(keys, said)}/check" if said else at
    return Letter(to.address, *letters.check(to.language, link), row.mark)


def settle(db: Session, ids: list[tuple[UUID, UUID]], state: Sent) -> None:
    """Writes down what became of these notices."""
    for key in ids:
        row = db.get(Notice, key)
        if row is not None:
            row.state = state.value
    db.flush()


def forget(db: Session, now: datetime) -> None:
    """Deletes what was sent or set aside long ago. Of danger it is kept as long as the message may wait."""
    old = Notice.day < paris(now).date() - KEPT
    done = Notice.state != Sent.OWED.value
    db.execute(delete(Notice).where(old, done, Notice.kind != Kind.DANGER.value), execution_options=_ACROSS)
    ancient = Notice.day < paris(now).date() - KEPT * 50
    db.execute(delete(Notice).where(ancient), execution_options=_ACROSS)
