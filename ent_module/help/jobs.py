"""Work of the tick. Each job may run twice."""

from datetime import datetime

import structlog

from ent_module.help.model.notices import State
from ent_module.help.post import RefusedError, post
from ent_module.help.service import attempts, clocks, erasing, notices, retention
from ent_module.web.house import House

log = structlog.get_logger("ent")


def escalate(house: House, now: datetime) -> None:
    """Where nobody has read by the due day, the next level is given the key; where every reader has left, others are.

    One reading finds what changes; one transaction for each of these: what goes wrong with one keeps none of the others
    waiting. What the clock can do nothing for is logged as a number alone.
    """
    with house.database.reading() as db:
        due = clocks.due(db, house.keys, now)
    if due.unreadable or due.without_reader:
        log.warning("messages wait for nobody", unreadable=due.unreadable, without_reader=due.without_reader)
    failure: Exception | None = None
    for place in due.places:
        try:
            with house.database.writing() as db:
                clocks.tick(db, house.keys, place, now)
        except Exception as error:  # noqa: BLE001  # the others first; the tick is told afterwards
            failure = error
    if failure is not None:
        raise failure


def forget_attempts(house: House, now: datetime) -> None:
    """Deletes the counts of wrong codes of past hours."""
    with house.database.writing() as db:
        attempts.forget(db, now)


def tell(house: House, now: datetime) -> None:
    """Sends the notices that are owed. Without a mail server none is even written down.

    Each is noted as sent right after the server has taken it: a crash in between sends that one again, the same, and
    loses none. An address that the server refuses for good keeps no other waiting.
    """
    if not house.settings.smtp_host:
        return
    with house.database.writing() as db:
        notices.prepare(db, house.keys, now)
    with house.database.writing() as db:
        ready = notices.outgoing(db, house.keys, house.settings, now)
    if not ready:
        return
    with post(house.settings) as server:
        for one in ready:
            state = State.SENT
            try:
                server.send(one.letter)
            except RefusedError:
                state = State.REFUSED
            with house.database.writing() as db:
                notices.settle(db, one.notices, state)


def forget_notices(house: House, now: datetime) -> None:
    """Deletes the notices of past weeks."""
    with house.database.writing() as db:
        notices.forget(db, now)


def erase(house: House, now: datetime) -> None:
    """Erases what was closed long enough ago, one transaction each, and destroys each ek that outlived its rows."""
    with house.database.reading() as db:
        places = retention.due(db, now)
    failure: Exception | None = None
    for place in places:
        try:
            with house.database.writing() as db:
                retention.erase_if_due(db, place, now)
        except Exception as error:  # noqa: BLE001  # the others first; the tick is told afterwards
            failure = error
    with house.database.reading() as db:
        erasing.finish(db, house.keys, now)
    with house.database.writing() as db:
        erasing.forget(db, now)
    if failure is not None:
        raise failure
