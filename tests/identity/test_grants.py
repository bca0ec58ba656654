"""Two persons decide who is in a group: tried through the service."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from ent_module.identity import grants, service
from ent_module.identity.grants import Reason, UnknownSeatError
from ent_module.identity.model import Role, Seat
from ent_module.privacy import audit
from tests.identity.groups import DAY, a_day_passes, me, refusal, seat_of
from tests.support.town import COLLEGE, OTHER, Town


def test_a_proposal_gives_nothing_until_a_second_person_confirms(db: Session, town: Town, proposed: Seat) -> None:
    assert proposed.waits
    assert not me(db, town, "alba").has(Role.LISTENER)
    assert "Alba Costa" not in [one.name for one in service.holders(db, town.schools[COLLEGE], Role.LISTENER)]
    grants.confirm(db, me(db, town, "head"), Role.LISTENER, proposed.id, DAY)
    assert not me(db, town, "alba").has(Role.LISTENER)
    assert "Alba Costa" not in [one.name for one in service.holders(db, town.schools[COLLEGE], Role.LISTENER)]
    assert seat_of(db, town, "alba").counts_from is not None
    a_day_passes(db)
    assert me(db, town, "alba").has(Role.LISTENER)
    assert seat_of(db, town, "alba").since == DAY


def test_within_a_day_one_alone_stops_it(db: Session, town: Town, proposed: Seat) -> None:
    petit, clerk = me(db, town, "petit"), me(db, town, "clerk")
    assert refusal(grants.stop, db, petit, Role.LISTENER, proposed.id, DAY) is Reason.NOTHING_WAITS
    grants.confirm(db, me(db, town, "head"), Role.LISTENER, proposed.id, DAY)
    assert refusal(grants.stop, db, clerk, Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER
    grants.stop(db, petit, Role.LISTENER, proposed.id, DAY)
    a_day_passes(db)
    assert not me(db, town, "alba").has(Role.LISTENER)


def test_after_a_day_it_takes_two_again(db: Session, town: Town, proposed: Seat) -> None:
    grants.confirm(db, me(db, town, "head"), Role.LISTENER, proposed.id, DAY)
    a_day_passes(db)
    assert refusal(grants.stop, db, me(db, town, "petit"), Role.LISTENER, proposed.id, DAY) is Reason.NOTHING_WAITS


@pytest.mark.parametrize("second", ["head", "petit", "roux"])
def test_who_may_be_the_second(db: Session, town: Town, proposed: Seat, second: str) -> None:
    assert proposed.may_be_decided_by(me(db, town, second))
    grants.confirm(db, me(db, town, second), Role.LISTENER, proposed.id, DAY)
    assert not seat_of(db, town, "alba").waits


def test_who_may_not(db: Session, town: Town, proposed: Seat) -> None:
    for second in ("admin", "alba", "clerk", "nurse", "lina"):
        someone = me(db, town, second)
        assert not proposed.may_be_decided_by(someone), second
        assert refusal(grants.confirm, db, someone, Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER
    assert seat_of(db, town, "alba").waits


def test_another_local_admin_may_be_the_second(db: Session, town: Town, proposed: Seat) -> None:
    service.grant(db, town.schools[COLLEGE], town.membership("clerk").account_id, Role.LOCAL_ADMIN, DAY)
    grants.confirm(db, me(db, town, "clerk"), Role.LISTENER, proposed.id, DAY)


def test_the_one_proposed_may_not_confirm_even_as_head(db: Session, town: Town) -> None:
    grants.propose(db, me(db, town, "admin"), town.membership("head").account_id, Role.LISTENER, DAY)
    seat = seat_of(db, town, "head")
    assert refusal(grants.confirm, db, me(db, town, "head"), Role.LISTENER, seat.id, DAY) is Reason.NEEDS_ANOTHER
    assert "Hélène Roy" not in grants.possible_seconds(db, town.schools[COLLEGE], seat)
    assert grants.possible_seconds(db, town.schools[COLLEGE], seat) == ["Inès Vidal", "Jeanne Petit", "Marc Roux"]


def test_an_admin_who_proposes_himself_still_needs_a_second(db: Session, town: Town) -> None:
    admin = me(db, town, "admin")
    grants.propose(db, admin, admin.account_id, Role.LISTENER, DAY)
    seat = seat_of(db, town, "admin")
    assert refusal(grants.confirm, db, admin, Role.LISTENER, seat.id, DAY) is Reason.NEEDS_ANOTHER


def test_only_the_local_admin_proposes_listeners(db: Session, town: Town) -> None:
    clerk = town.membership("clerk").account_id
    for name in ("head", "petit", "alba", "lina", "karim"):
        someone = me(db, town, name)
        assert refusal(grants.propose, db, someone, clerk, Role.LISTENER, DAY) is Reason.MAY_NOT_PROPOSE, name


def test_the_head_names_local_admins_and_somebody_else_confirms(db: Session, town: Town) -> None:
    clerk = town.membership("clerk").account_id
    assert refusal(grants.propose, db, me(db, town, "admin"), clerk, Role.LOCAL_ADMIN, DAY) is Reason.MAY_NOT_PROPOSE
    grants.propose(db, me(db, town, "head"), clerk, Role.LOCAL_ADMIN, DAY)
    seat = seat_of(db, town, "clerk", Role.LOCAL_ADMIN)
    assert refusal(grants.confirm, db, me(db, town, "head"), Role.LOCAL_ADMIN, seat.id, DAY) is Reason.NEEDS_ANOTHER
    grants.confirm(db, me(db, town, "admin"), Role.LOCAL_ADMIN, seat.id, DAY)
    assert me(db, town, "clerk").has(Role.LOCAL_ADMIN)


def test_only_an_adult_of_the_school_is_proposed(db: Session, town: Town) -> None:
    admin = me(db, town, "admin")
    for name in ("lina", "karim", "zoe", "paul"):
        outsider = town.membership(name).account_id
        assert refusal(grants.propose, db, admin, outsider, Role.LISTENER, DAY) is Reason.NOT_AN_ADULT, name


def test_nobody_is_proposed_twice(db: Session, town: Town, proposed: Seat) -> None:
    admin = me(db, town, "admin")
    for account_id in (proposed.account_id, town.membership("petit").account_id):
        assert refusal(grants.propose, db, admin, account_id, Role.LISTENER, DAY) is Reason.THERE_ALREADY


def test_a_decided_proposal_is_not_decided_again(db: Session, town: Town, proposed: Seat) -> None:
    head, roux = me(db, town, "head"), me(db, town, "roux")
    grants.confirm(db, head, Role.LISTENER, proposed.id, DAY)
    assert refusal(grants.confirm, db, roux, Role.LISTENER, proposed.id, DAY) is Reason.NOTHING_WAITS
    assert refusal(grants.refuse, db, roux, Role.LISTENER, proposed.id, DAY) is Reason.NOTHING_WAITS


@pytest.mark.parametrize("name", ["admin", "alba", "head", "petit"])
def test_a_proposal_is_dropped_by_either_side(db: Session, town: Town, proposed: Seat, name: str) -> None:
    grants.refuse(db, me(db, town, name), Role.LISTENER, proposed.id, DAY)
    with pytest.raises(UnknownSeatError):
        grants.confirm(db, me(db, town, "head"), Role.LISTENER, proposed.id, DAY)


def test_a_colleague_without_a_role_drops_nothing(db: Session, town: Town, proposed: Seat) -> None:
    assert refusal(grants.refuse, db, me(db, town, "clerk"), Role.LISTENER, proposed.id, DAY) is Reason.NEEDS_ANOTHER


def test_an_end_takes_two_persons_too(db: Session, town: Town) -> None:
    admin, roux = me(db, town, "admin"), seat_of(db, town, "roux")
    grants.propose_end(db, admin, Role.LISTENER, roux.id, DAY)
    assert me(db, town, "roux").has(Role.LISTENER)
    assert seat_of(db, town, "roux").may_end
    for name in ("admin", "roux"):
        someone = me(db, town, name)
        assert refusal(grants.confirm_end, db, someone, Role.LISTENER, roux.id, DAY) is Reason.NEEDS_ANOTHER
    grants.confirm_end(db, me(db, town, "petit"), Role.LISTENER, roux.id, DAY)
    assert not me(db, town, "roux").has(Role.LISTENER)


def test_an_end_may_be_dropped_but_not_by_the_one_it_is_about(db: Session, town: Town) -> None:
    roux = seat_of(db, town, "roux")
    grants.propose_end(db, me(db, town, "admin"), Role.LISTENER, roux.id, DAY)
    assert refusal(grants.keep, db, me(db, town, "roux"), Role.LISTENER, roux.id, DAY) is Reason.NEEDS_ANOTHER
    grants.keep(db, me(db, town, "petit"), Role.LISTENER, roux.id, DAY)
    assert not seat_of(db, town, "roux").may_end
    head = me(db, town, "head")
    assert refusal(grants.confirm_end, db, head, Role.LISTENER, roux.id, DAY) is Reason.NOTHING_WAITS


def test_only_the_one_who_may_propose_proposes_an_end(db: Session, town: Town) -> None:
    roux = seat_of(db, town, "roux")
    for name in ("petit", "head", "clerk"):
        someone = me(db, town, name)
        assert refusal(grants.propose_end, db, someone, Role.LISTENER, roux.id, DAY) is Reason.MAY_NOT_PROPOSE, name


def test_one_leaves_by_oneself_and_may_be_proposed_again(db: Session, town: Town) -> None:
    roux = me(db, town, "roux")
    grants.leave(db, roux, Role.LISTENER, DAY)
    assert not me(db, town, "roux").has(Role.LISTENER)
    with pytest.raises(UnknownSeatError):
        grants.leave(db, roux, Role.LISTENER, DAY)
    grants.propose(db, me(db, town, "admin"), roux.account_id, Role.LISTENER, DAY)
    grants.confirm(db, me(db, town, "head"), Role.LISTENER, seat_of(db, town, "roux").id, DAY)
    a_day_passes(db)
    assert me(db, town, "roux").has(Role.LISTENER)
    ended = [one for one in grants.changes(db, town.schools[COLLEGE], Role.LISTENER, DAY) if one.until]
    assert [one.name for one in ended] == ["Marc Roux"]


def test_leaving_one_school_is_not_leaving_the_other(db: Session, town: Town) -> None:
    grants.leave(db, me(db, town, "ines", OTHER), Role.LISTENER, DAY)
    assert me(db, town, "ines", COLLEGE).has(Role.LISTENER)
    assert not me(db, town, "ines", OTHER).has(Role.LISTENER)


def test_a_proposal_cannot_be_left(db: Session, town: Town, proposed: Seat) -> None:
    assert proposed.waits
    with pytest.raises(UnknownSeatError):
        grants.leave(db, me(db, town, "alba"), Role.LISTENER, DAY)


def test_another_schools_admin_and_head_reach_nothing(db: Session, town: Town, proposed: Seat) -> None:
    roux = seat_of(db, town, "roux")
    for name in ("other_admin", "other_head", "paul"):
        outsider = me(db, town, name, OTHER)
        for action in (grants.confirm, grants.refuse, grants.propose_end, grants.confirm_end, grants.keep):
            for seat in (proposed, roux):
                with pytest.raises(UnknownSeatError):
                    action(db, outsider, Role.LISTENER, seat.id, DAY)
    assert seat_of(db, town, "alba") == proposed
    assert seat_of(db, town, "roux") == roux


def test_a_place_is_not_reached_through_another_group(db: Session, town: Town, proposed: Seat) -> None:
    with pytest.raises(UnknownSeatError):
        grants.confirm(db, me(db, town, "head"), Role.LOCAL_ADMIN, proposed.id, DAY)
    with pytest.raises(UnknownSeatError):
        grants.confirm(db, me(db, town, "head"), Role.LISTENER, uuid4(), DAY)


def test_changes_are_those_of_late(db: Session, town: Town, proposed: Seat) -> None:
    college = town.schools[COLLEGE]
    grants.confirm(db, me(db, town, "head"), Role.LISTENER, proposed.id, DAY)
    grants.leave(db, me(db, town, "roux"), Role.LISTENER, DAY + timedelta(days=3))
    found = grants.changes(db, college, Role.LISTENER, DAY)
    assert [(seat.name, seat.until is not None) for seat in found] == [("Marc Roux", True), ("Alba Costa", False)]
    assert [seat.name for seat in grants.changes(db, college, Role.LISTENER, DAY + timedelta(days=1))] == ["Marc Roux"]


def test_each_step_leaves_a_line_in_the_audit_trail(db: Session, town: Town, proposed: Seat) -> None:
    admin, head = me(db, town, "admin"), me(db, town, "head")
    grants.confirm(db, head, Role.LISTENER, proposed.id, DAY)
    grants.propose_end(db, admin, Role.LISTENER, proposed.id, DAY)
    grants.confirm_end(db, head, Role.LISTENER, proposed.id, DAY)
    steps = {f"listener.{step}" for step in ("proposed", "confirmed", "end_proposed", "end_confirmed")}
    lines = audit.lines(db, town.schools[COLLEGE], steps, DAY)
    assert {(line.action, line.account_id, line.object_id) for line in lines} == {
        ("listener.proposed", admin.account_id, proposed.id),
        ("listener.confirmed", head.account_id, proposed.id),
        ("listener.end_proposed", admin.account_id, proposed.id),
        ("listener.end_confirmed", head.account_id, proposed.id),
    }


def test_the_operator_gives_a_role_that_waits(db: Session, town: Town, proposed: Seat) -> None:
    service.grant(db, town.schools[COLLEGE], proposed.account_id, Role.LISTENER, DAY)
    assert not seat_of(db, town, "alba").waits
    service.grant(db, town.schools[COLLEGE], proposed.account_id, Role.LISTENER, DAY + timedelta(days=9))
    assert seat_of(db, town, "alba").since == DAY
