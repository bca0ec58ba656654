"""Establishments, their settings and their calendar."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from ent_module.establishments.calendar import Hours, SchoolCalendar
from ent_module.establishments.model import Kind, Standing, is_uai, normalised_uai
from ent_module.establishments.tables import Establishment, Setting
from ent_module.recall import once, remembered, serves, stop

TABLES = (Establishment.__tablename__, Setting.__tablename__)
"""On what this room's answers rest, for whoever remembers them (`recall`)."""
_SETTINGS = select(Setting).where(Setting.establishment_id == bindparam("place"))


class UnknownEstablishmentError(LookupError):
    """No establishment has that code."""


class BadUaiError(ValueError):
    """The code is not a school code."""


class BadParentError(ValueError):
    """That establishment cannot be the level above this one."""


def add(
    db: Session,
    uai: str,
    name: str,
    kind: Kind,
    *,
    parent: Establishment | None = None,
    zone: str = "B",
    check: bool = True,
) -> Establishment:
    """Adds an establishment, or changes the one that has the code. Raises BadUaiError, BadParentError."""
    uai = normalised_uai(uai)
    if not is_uai(uai, check_letter=check):
        raise BadUaiError(uai)
    if parent is not None and not kind.may_stand_below(Kind(parent.kind)):
        raise BadParentError(parent.uai)
    found = db.scalar(select(Establishment).where(Establishment.uai == uai))
    if found is None:
        found = Establishment(uai=uai)
        db.add(found)
    found.name, found.kind, found.zone = name, kind.value, zone
    found.parent_id = parent.id if parent else None
    db.flush()
    return found


def by_uai(db: Session, uai: str) -> Establishment:
    """The establishment of that code. Raises UnknownEstablishmentError."""
    found = db.scalar(select(Establishment).where(Establishment.uai == normalised_uai(uai)))
    if found is None:
        raise UnknownEstablishmentError(uai)
    return found


def get(db: Session, establishment_id: UUID) -> Establishment:
    """The establishment of that id. Raises UnknownEstablishmentError."""
    return once(db, (Establishment, establishment_id), lambda: _get(db, establishment_id))


def _get(db: Session, establishment_id: UUID) -> Establishment:
    found = db.get(Establishment, establishment_id)
    if found is None:
        raise UnknownEstablishmentError
    return found


def by_uais(db: Session, uais: Iterable[str]) -> list[Establishment]:
    """The establishments of these codes, in the order of the codes; unknown codes are left out."""
    order = {uai: index for index, uai in enumerate(normalised_uai(uai) for uai in uais)}
    found = db.scalars(select(Establishment).where(Establishment.uai.in_(order)))
    return sorted(found, key=lambda one: order[one.uai])


def by_ids(db: Session, ids: Iterable[UUID]) -> dict[UUID, Establishment]:
    """The establishments of these ids."""
    return {one.id: one for one in db.scalars(select(Establishment).where(Establishment.id.in_(list(ids))))}


@dataclass(frozen=True)
class Known:
    """What every page says of an establishment."""

    uai: str
    name: str
    kind: Kind


def known(db: Session, ids: Iterable[UUID]) -> dict[UUID, Known]:
    """The establishments of these ids, for pages: remembered for a few seconds."""
    wanted = tuple(ids)
    return remembered(db, ("known", *wanted), TABLES, lambda: _known(db, wanted))


def _known(db: Session, ids: tuple[UUID, ...]) -> dict[UUID, Known]:
    return {one.id: Known(one.uai, one.name, Kind(one.kind)) for one in by_ids(db, ids).values()}


def every(db: Session) -> list[Establishment]:
    """All establishments by code."""
    return list(db.scalars(select(Establishment).order_by(Establishment.uai)))


def above(db: Session, establishment_id: UUID) -> list[Establishment]:
    """The levels above an establishment, the nearest first."""
    found: list[Establishment] = []
    current = get(db, establishment_id)
    while current.parent_id is not None and len(found) < 8:
        current = get(db, current.parent_id)
        found.append(current)
    return found


def below(db: Session, establishment_id: UUID) -> list[Establishment]:
    """The establishments right below a level, by name."""
    found = select(Establishment).where(Establishment.parent_id == establishment_id)
    return list(db.scalars(found.order_by(Establishment.name)))


def schools_below(db: Session, establishment_id: UUID) -> list[Establishment]:
    """The schools of a level, those of the levels in between included."""
    found: list[Establishment] = []
    for one in below(db, establishment_id):
        found += [one] if Kind(one.kind).is_school else schools_below(db, one.id)
    return found


def hold(db: Session, establishment_id: UUID) -> None:
    """Until the transaction ends, nobody else decides anything for this establishment; readers and pupils go on.

    On SQLite a writing session holds the database already. On PostgreSQL the row is locked FOR NO KEY UPDATE, which
    leaves alone those who only refer to it.
    """
    db.execute(select(Establishment.id).where(Establishment.id == establishment_id).with_for_update(key_share=True))


def _row(db: Session, establishment_id: UUID, name: str, *, fresh: bool = False) -> Setting | None:
    """One setting; `fresh`: as it stands in the database now, to be changed."""
    if not fresh and serves(db):
        return _rows(db, establishment_id).get(name)
    return db.scalar(
        select(Setting).where(Setting.establishment_id == establishment_id, Setting.name == name),
        execution_options={"populate_existing": fresh},
    )


def _rows(db: Session, establishment_id: UUID) -> dict[str, Setting]:
    """All settings of an establishment by name: a page asks for several, and for some of them over and over."""

    def read() -> dict[str, Setting]:
        return {row.name: row for row in db.scalars(_SETTINGS, {"place": establishment_id})}

    return once(db, (Setting, establishment_id), read)


def published(db: Session, establishment_id: UUID, name: str, default: Any = None) -> Any:
    """A setting as everyone sees it: the establishment's own, else that of the nearest level above, else `default`."""
    for level in (get(db, establishment_id), *above(db, establishment_id)):
        row = _row(db, level.id, name)
        if row is not None and row.published is not None:
            return row.published
    return default


def own(db: Session, establishment_id: UUID, name: str, default: Any = None) -> Any:
    """A setting as the establishment itself published it, whatever the levels above say; else `default`."""
    row = _row(db, establishment_id, name)
    return default if row is None or row.published is None else row.published


def drafted(db: Session, establishment_id: UUID, name: str, default: Any = None) -> Any:
    """A setting as it is being prepared, else as it is published."""
    row = _row(db, establishment_id, name)
    if row is not None and row.draft is not None:
        return row.draft
    return published(db, establishment_id, name, default)


def standing(db: Session, establishment_id: UUID, name: str) -> Standing:
    """How far the establishment is with that setting."""
    row = _row(db, establishment_id, name)
    if row is not None and row.draft is not None:
        return Standing.DRAFTED
    if row is not None and row.published is not None:
        return Standing.PUBLISHED
    return Standing.MISSING if published(db, establishment_id, name) is None else Standing.INHERITED


def draft(db: Session, establishment_id: UUID, name: str, value: Any) -> None:
    """Keeps a value that nobody sees yet."""
    hold(db, establishment_id)
    row = _row(db, establishment_id, name, fresh=True)
    if row is None:
        db.add(Setting(establishment_id=establishment_id, name=name, draft=value))
    else:
        row.draft = value
    db.flush()


def discard(db: Session, establishment_id: UUID, name: str) -> None:
    """Drops the draft; what is published stays. Nothing happens where there is no draft."""
    hold(db, establishment_id)
    row = _row(db, establishment_id, name, fresh=True)
    if row is not None:
        row.draft = None
        db.flush()


def publish(db: Session, establishment_id: UUID, name: str) -> bool:
    """Makes the draft what everyone sees. False where there was no draft."""
    hold(db, establishment_id)
    row = _row(db, establishment_id, name, fresh=True)
    if row is None or row.draft is None:
        return False
    row.published, row.draft = row.draft, None
    db.flush()
    return True


def calendar(db: Session, establishment_id: UUID) -> SchoolCalendar:
    """When the establishment is open: its hours, its zone's holidays, public holidays."""
    return remembered(db, ("calendar", establishment_id), TABLES, lambda: _calendar(db, establishment_id))


def _calendar(db: Session, establishment_id: UUID) -> SchoolCalendar:
    zone = get(db, establishment_id).zone
    return SchoolCalendar(Hours.from_setting(published(db, establishment_id, "hours")), zone)


@contextmanager
def as_if_published(db: Session, establishment_id: UUID) -> Iterator[None]:
    """Inside, `published` answers with the establishment's drafts: a preview made by the very code of the real page.

    Nothing is written: rows are changed in memory only, and are as before afterwards.
    """
    stop(db)
    rows = db.scalars(select(Setting).where(Setting.establishment_id == establishment_id, Setting.draft.is_not(None)))
    before = [(row, row.published) for row in rows]
    with db.no_autoflush:
        for row, _published in before:
            set_committed_value(row, "published", row.draft)
        try:
            yield
        finally:
            for row, value in before:
                set_committed_value(row, "published", value)
