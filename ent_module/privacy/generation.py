"""Whether the database and the key store are of one time: both carry a mark, which changes each minute in both.

A database that comes back from a backup, or from a copy of its disk, has lost the tokens that were given since, while
the keys that signed them are still there: whoever had one would be given a second. Its mark is then an old one. The
store keeps the last two, so that nothing between them is ever out of step.

What does not belong here: what follows from it (`surveys.service.restoring`).
"""

import secrets

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ent_module.database import add_once
from ent_module.privacy.tables import KeyCheck
from ent_module.recall import remembered
from ent_module.web.house import KeyStore

_STORE = "store"
_NOTHING = bytes(32)
"""The mark of what was never marked."""


def fits(db: Session, store: KeyStore) -> bool:
    """Whether they are of one time. The database's mark is remembered for a few seconds, and read before it is called
    another one.
    """
    tables = (KeyCheck.__tablename__,)
    return remembered(db, ("generation",), tables, lambda: _kept(db)) in _marks(store) or _kept(db) in _marks(store)


def turn(db: Session, store: KeyStore) -> None:
    """Goes on to the next mark. The store has both before the database is committed: a crash leaves them together."""
    before, after = _kept(db), secrets.token_bytes(32)
    store.mark((before, after))
    if not add_once(db, KeyCheck, name=_STORE, value=after):
        db.execute(update(KeyCheck).where(KeyCheck.name == _STORE).values(value=after))


def forget(db: Session) -> None:
    """Takes the mark off the database, as where all keys are destroyed."""
    db.execute(delete(KeyCheck).where(KeyCheck.name == _STORE))


def _kept(db: Session) -> bytes:
    return db.scalar(select(KeyCheck.value).where(KeyCheck.name == _STORE)) or _NOTHING


def _marks(store: KeyStore) -> tuple[bytes, ...]:
    return store.marks() or (_NOTHING,)
