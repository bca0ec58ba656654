"""How the tests of this room look at groups, and at whoever changes them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ent_module.identity import grants, service
from ent_module.identity.grants import GrantRefusedError, Reason
from ent_module.identity.model import Membership, Role, Seat
from tests.support.town import COLLEGE, Town

DAY = date(2026, 11, 12)


def me(db: Session, town: Town, name: str, uai: str = COLLEGE) -> Membership:
    """Someone's account with the roles that count now."""
    person = service.welcome(db, town.house.keys, town.arrival(name))
    return next(one for one in person.memberships if one.uai == uai)


def seat_of(db: Session, town: Town, name: str, role: Role = Role.LISTENER, uai: str = COLLEGE) -> Seat:
    """Someone's place in a group, given or proposed."""
    account_id = town.membership(name, uai).account_id
    return next(seat for seat in grants.seats(db, town.schools[uai], role) if seat.account_id == account_id)


def a_day_passes(db: Session) -> None:
    """Whoever was confirmed as a listener counts from now on."""
    db.flush()
    db.execute(text("UPDATE ent_grant SET counts_from = NULL"))
    db.expire_all()


def refusal(action: Any, *arguments: Any) -> Reason:
    """Why that is refused; it must be."""
    with pytest.raises(GrantRefusedError) as refused:
        action(*arguments)
    return refused.value.reason
