"""A conversation goes to somebody else: a colleague, the next level, the lane under professional secrecy."""

from sqlalchemy.orm import Session

from ent_module.help.model.draft import text_problem
from ent_module.help.model.moves import Lane, State
from ent_module.help.sealing import Place
from ent_module.help.service import adults, desk, holding, store
from ent_module.help.service.adults import Adult
from ent_module.help.service.doing import (
    BadTargetError,
    Context,
    TextProblemError,
    hold,
    keep_note,
    start_clock,
)
from ent_module.help.service.header import Header
from ent_module.web.house import Keys

UP = "up"
"""Handing over to the next level, in place of a colleague's account."""


def hand_over(context: Context) -> bool:
    """To a colleague who can read it, or to the next level, whose listeners are given the key. The clock starts anew.

    A colleague who cannot read it yet is given the key (`takers`). To oneself too: so one takes over from a colleague
    who is away. Why is a note of the group; the next level is always told why.
    """
    if problem := text_problem(context.act.text, required=context.act.to == UP):
        raise TextProblemError(problem)
    readers = desk.active_readers(context.db, context.keys, context.place, context.header.excluded)
    if context.act.to == UP:
        _up(context, readers)
    else:
        able = takers(context.db, context.keys, context.place, context.header, Lane(context.row.lane))
        colleague = next((one for one in able if str(one.account_id) == context.act.to), None)
        if colleague is None:
            raise BadTargetError
        if colleague not in readers:
            holding.give(context.db, context.keys, context.key, [colleague])
        hold(context, colleague)
    if context.act.text:
        keep_note(context)
    return start_clock(context)


def takers(db: Session, keys: Keys, place: Place, header: Header | None, lane: Lane) -> list[Adult]:
    """To whom it can be handed over: who reads it, and who has joined the group or enrolled another device since. Never
    who is left out, nor anybody else where the writer has said who alone is to read.
    """
    excluded = header.excluded if header is not None else ()
    found = desk.active_readers(db, keys, place, excluded)
    if header is None:
        return found
    out = adults.left_out(db, place.establishment_id, excluded)
    group = adults.readers(db, place.establishment_id, lane)
    wanted = [one for one in group if not header.only or adults.among(one, header.only)]
    return [*found, *(one for one in wanted if not adults.among(one, [*out, *found]))]


def _up(context: Context, readers: list[Adult]) -> None:
    school, excluded = context.place.establishment_id, context.header.excluded
    above = adults.next_level(context.db, school, excluded, readers, Lane(context.row.lane))
    if not above:
        raise BadTargetError
    holding.give(context.db, context.keys, context.key, above)
    hold(context, None)


def is_made(context: Context) -> bool:
    """Whether this very form has handed it over, and so it still is: sent twice, it climbs no further."""
    line = store.step(context.db, context.place, context.act.step + 1)
    made = line is not None and (line.action, line.account_id) == ("hand_over", context.me.account_id)
    holder = UP if context.row.handled_by is None else str(context.row.handled_by)
    same = (context.act.name, context.act.to, context.row.state) == ("hand_over", holder, State.HANDED_OVER)
    return made and same
