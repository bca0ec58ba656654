"""How ballots and a closing wait for each other: many ballots at once, or one closing.

A lock that is written nowhere. A lock of the campaign's row would be: PostgreSQL notes each of many that share one.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.recall import anew

_LOCK = "SELECT pg_advisory_xact_lock(%s::bigint)"
_SHARED = "SELECT pg_advisory_xact_lock_shared(%s::bigint)"


def hold(db: Session, campaign_id: UUID, *, alone: bool = False) -> None:
    """Holds a campaign as it is until the transaction ends, beside others that do, or `alone`.

    What is to be read of the campaign is read by a later statement. SQLite has one writer at a time anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        place = int.from_bytes(campaign_id.bytes[:8], "big", signed=True)
        anew(db)
        db.connection().exec_driver_sql(_LOCK if alone else _SHARED, (place,))
