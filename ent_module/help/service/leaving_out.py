"""Someone is left out of a conversation that exists: who finds their own name in it, and who is marked by a reader."""

import secrets

from sqlalchemy.orm import Session

from ent_module.help.model.draft import Problem
from ent_module.help.model.moves import Lane, Refusal, State
from ent_module.help.sealing import Place, office_marker, told_marker
from ent_module.help.service import adults, desk, holding, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.doing import (
    BadTargetError,
    Context,
    MoveRefusedError,
    TextProblemError,
    hold,
    start_clock,
)
from ent_module.help.service.header import Header
from ent_module.identity import service as identity
from ent_module.web.house import Keys


def step_aside(context: Context) -> bool:
    """Someone finds their own name in the message: they lose the key for good, and the others are to read it anew."""
    _leave_out(context, context.me)
    hold(context, None)
    return start_clock(context)


def mark_concerned(context: Context) -> State:
    """A reader finds an adult in the text whom the writer has not left out: from now on that adult is, as if the writer
    had. What that adult had taken waits for somebody again. Returns the state that this leads to.
    """
    if not context.act.more.get("adult"):
        raise TextProblemError(Problem.CHOOSE, "adult")
    found = can_be_marked(context.db, context.keys, context.place, context.header, context.me)
    adult = next((one for one in found if str(one.account_id) == context.act.more.get("adult")), None)
    if adult is None:
        raise BadTargetError
    remaining = {one.account_id for one in _leave_out(context, adult)}
    holder = context.row.handled_by
    if holder is None or holder in remaining or context.row.state == State.CLOSED:
        return State(context.row.state)
    hold(context, None)
    start_clock(context)
    return State.HANDED_OVER


def can_be_marked(db: Session, keys: Keys, place: Place, header: Header, me: Adult) -> list[Adult]:
    """Whom a reader may mark: every adult of the school, its office, and those of levels above who read it. Not
    oneself: that is stepping aside. Not whoever is left out already.
    """
    school = place.establishment_id
    out = [me, *adults.left_out(db, school, header.excluded)]
    known = [Adult.of(account) for account in identity.adults(db, school)]
    found: list[Adult] = []
    for one in (*desk.active_readers(db, keys, place), *known):
        if not adults.among(one, [*out, *found]):
            found.append(one)
    heads = adults.heads(db, school)
    office_is_out = any(one.is_office for one in header.excluded) or adults.among(me, heads)
    return [*([] if office_is_out else [adults.office(school)]), *sorted(found, key=lambda one: one.name)]


def _leave_out(context: Context, adult: Adult) -> list[Adult]:
    """Takes away what that adult has of it, for good, and gives it to the next level where fewer than two are left.

    Returns who reads it then. Raises MoveRefusedError where nobody would.
    """
    db, school = context.db, context.place.establishment_id
    header = context.header.without(adult)
    remaining = desk.active_readers(db, context.keys, context.place, header.excluded)
    above = adults.next_level(db, school, header.excluded, remaining, Lane(context.row.lane))
    if not remaining and not above:
        raise MoveRefusedError(Refusal.ALONE)
    context.row.header = context.key.seal_header(header.as_json())
    _forget(context, adult)
    if len(remaining) < adults.WANTED:
        holding.give(db, context.keys, context.key, above)
        remaining += above
    return remaining


def _forget(context: Context, adult: Adult) -> None:
    """Takes away the keys of this adult and the signs that something waits: their own where they are head, and the
    office's, since they may become head.
    """
    db, school = context.db, context.place.establishment_id
    gone = adults.left_out(db, school, [adult])
    holding.forget(db, context.keys, context.key, lambda one: adults.among(one, gone))
    theirs = [one for one in adults.heads(db, school) if adults.among(one, gone)]
    signs = [told_marker(context.keys, school, one.account_id, context.row.id) for one in theirs]
    for sign in (*signs, office_marker(context.keys, school, context.row.id)):
        store.replace_marker(db, context.place, sign, secrets.token_bytes(16))
    db.flush()
