"""Work of the tick. Each job may run twice."""

from datetime import datetime

from ent_module.help.service import attempts, clocks
from ent_module.web.house import House


def escalate(house: House, now: datetime) -> None:
    """Where nobody has read by the due day, the next level is given the key; where every reader has left, others are.

    One transaction for each conversation: what goes wrong with one keeps none of the others waiting.
    """
    with house.database.reading() as db:
        places = clocks.places_to_look_at(db)
    failure: Exception | None = None
    for place in places:
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
