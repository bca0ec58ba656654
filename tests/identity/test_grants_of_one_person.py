"""Nobody is the second person of what they decided themselves, under whichever account and name."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from ent_module.identity import grants, service
from ent_module.identity.grants import Reason
from ent_module.identity.model import Membership, Role, Seat
from tests.identity.groups import DAY, me, refusal, seat_of
from tests.support.town import COLLEGE, Town


def second_account(db: Session, town: Town, name: str, *, called: str, role: Role) -> Membership:
    """Another account of someone at the collège, from another portal that knows them under that name."""
    moodle = service.add_portal(db, "lti", "Moodle", "https://moodle.example")
    service.attach(db, moodle, town.schools[COLLEGE])
    arrival = replace(town.arrival(name), portal_id=moodle.id, name=called, head=False)
    account_id = service.welcome(db, town.house.keys, arrival).here.account_id
    service.grant(db, town.schools[COLLEGE], account_id, role, DAY)
    return service.welcome(db, town.house.keys, arrival).here


@pytest.mark.parametrize("called", ["Yann Le Gall", "LE GALL Yann", "yann le-gâll", ""])
def test_nobody_is_their_own_second_person_under_another_account(
    db: Session, town: Town, proposed: Seat, called: str
) -> None:
    twin = second_account(db, town, "admin", called=called, role=Role.LOCAL_ADMIN)
    assert not seat_of(db, town, "alba").may_be_decided_by(twin)
    assert called not in grants.possible_seconds(db, town.schools[COLLEGE], seat_of(db, town, "alba"))
    assert refusal(grants.confirm, db, twin, Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER
    assert seat_of(db, town, "alba").waits


def test_nor_the_one_whom_it_is_about(db: Session, town: Town, proposed: Seat) -> None:
    twin = second_account(db, town, "alba", called="Alba COSTA", role=Role.LISTENER)
    assert refusal(grants.confirm, db, twin, Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER
    grants.confirm(db, me(db, town, "head"), Role.LISTENER, proposed.id, DAY)
    grants.propose_end(db, me(db, town, "admin"), Role.LISTENER, proposed.id, DAY)
    for step in (grants.confirm_end, grants.keep):
        assert refusal(step, db, twin, Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER


def test_the_digest_tells_one_person_under_two_names(db: Session, town: Town, proposed: Seat) -> None:
    twin = second_account(db, town, "admin", called="Y. L. G.", role=Role.LOCAL_ADMIN)
    assert seat_of(db, town, "alba").may_be_decided_by(twin)  # nothing tells them apart from a colleague
    mine, other = (service.account_of(db, one.establishment_id, one.account_id) for one in (town.admin.here, twin))
    assert mine is not None
    assert other is not None
    other.person = mine.person
    db.flush()
    assert not seat_of(db, town, "alba").may_be_decided_by(twin)
    assert refusal(grants.confirm, db, twin, Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER
