"""Two persons decide who is in a group: tried by many at once, and by writing the rows oneself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.identity import grants
from ent_module.identity.grants import GrantRefusedError, UnknownSeatError
from ent_module.identity.model import Role, Seat
from ent_module.identity.tables import Grant
from ent_module.privacy.tables import AuditLine
from tests.identity.groups import DAY, me, seat_of
from tests.support.town import COLLEGE, Town


def test_of_many_who_decide_at_once_one_is_first(town: Town) -> None:
    database, college = town.house.database, town.schools[COLLEGE]
    with database.writing() as db:
        grants.propose(db, me(db, town, "admin"), town.membership("alba").account_id, Role.LISTENER, DAY)
        seat = seat_of(db, town, "alba")

    def decide(name: str) -> bool:
        action = grants.refuse if name == "roux" else grants.confirm
        try:
            with database.writing() as db:
                action(db, me(db, town, name), Role.LISTENER, seat.id, DAY)
        except (GrantRefusedError, UnknownSeatError):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(decide, ("head", "petit", "roux", "ines"))) == 1
    with database.reading() as db:
        lines = db.scalars(select(AuditLine.action).where(AuditLine.establishment_id == college)).all()
    assert len(lines) == 2


def test_many_proposals_at_once_make_one(town: Town) -> None:
    database = town.house.database

    def propose(_turn: int) -> bool:
        try:
            with database.writing() as db:
                grants.propose(db, me(db, town, "admin"), town.membership("alba").account_id, Role.LISTENER, DAY)
        except GrantRefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(propose, range(4))) == 1


# What the database itself refuses, however the row is written.


def row(town: Town, **columns: str | date | None) -> Grant:
    """A row for Alba as listener; people by name."""
    accounts: dict[str, Any] = {
        key: town.membership(value).account_id if isinstance(value, str) else value for key, value in columns.items()
    }
    return Grant(
        **{
            "establishment_id": town.schools[COLLEGE],
            "account_id": town.membership("alba").account_id,
            "role": "listener",
            **accounts,
        }
    )


def refused_by_the_database(db: Session, made: Grant) -> str:
    with pytest.raises(IntegrityError) as refused, db.begin_nested():
        db.add(made)
    return str(refused.value.orig)


BROKEN: list[tuple[dict[str, str | date], str]] = [
    ({"proposed_by": "admin", "confirmed_by": "admin", "since": DAY}, "two_persons"),
    ({"confirmed_by": "head", "since": DAY}, "two_persons"),
    ({"proposed_by": "admin", "confirmed_by": "alba", "since": DAY}, "not_oneself"),
    ({"proposed_by": "admin", "since": DAY}, "begins_confirmed"),
    ({"since": DAY, "leave_proposed_by": "admin", "until": DAY}, "ends_confirmed"),
    ({"since": DAY, "until": DAY}, "ends_confirmed"),
    ({"leave_proposed_by": "alba", "until": DAY}, "ends_confirmed"),
    ({"since": DAY, "leave_proposed_by": "admin", "leave_confirmed_by": "admin", "until": DAY}, "leave_two_persons"),
    ({"since": DAY, "leave_confirmed_by": "head"}, "leave_two_persons"),
    ({"since": DAY, "leave_proposed_by": "admin", "leave_confirmed_by": "alba", "until": DAY}, "leave_not_oneself"),
    ({"proposed_by": "other_admin"}, "foreign key"),
    ({"proposed_by": "zoe"}, "foreign key"),
    ({"since": DAY, "leave_proposed_by": "other_admin"}, "foreign key"),
]
RIGHT: list[dict[str, str | date]] = [
    {"proposed_by": "admin"},
    {"proposed_by": "admin", "confirmed_by": "head", "since": DAY},
    {"since": DAY},
    {"since": DAY, "leave_proposed_by": "alba", "until": DAY},
    {"since": DAY, "leave_proposed_by": "admin", "leave_confirmed_by": "petit", "until": DAY},
]


def test_the_database_keeps_the_promise(db: Session, town: Town) -> None:
    for columns, constraint in BROKEN:
        assert constraint in refused_by_the_database(db, row(town, **columns)).lower(), columns


def test_the_database_takes_what_is_right(db: Session, town: Town) -> None:
    for columns in RIGHT:
        right = row(town, **columns)
        db.add(right)
        db.flush()
        db.delete(right)
        db.flush()


def test_the_database_takes_nobody_twice(db: Session, town: Town) -> None:
    db.add(row(town, since=DAY, leave_proposed_by="alba", until=DAY))
    db.add(row(town, since=DAY))
    db.flush()
    assert "unique" in refused_by_the_database(db, row(town, proposed_by="admin")).lower()


@pytest.mark.parametrize("column", ["confirmed_by", "leave_confirmed_by"])
def test_a_proposal_cannot_be_turned_into_a_role_by_the_proposer(
    db: Session, town: Town, proposed: Seat, column: str
) -> None:
    found = db.get(Grant, (town.schools[COLLEGE], proposed.id))
    assert found is not None
    admin: UUID = town.membership("admin").account_id
    setattr(found, column, admin)
    found.since, found.until = DAY, DAY if column == "leave_confirmed_by" else None
    with pytest.raises(IntegrityError):
        db.flush()
