"""What follows from the members of a portal's group, whatever the portal: what two persons decide counts more."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.identity import following, grants
from ent_module.identity import service as identity
from ent_module.identity.following import Follow
from ent_module.identity.model import Role, Seat
from ent_module.identity.tables import FollowedSeat
from ent_module.migrations.run import configuration
from tests.identity.groups import a_day_passes
from tests.support.town import COLLEGE, Town

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = START.date()


@pytest.fixture
def follow(db: Session, town: Town) -> Follow:
    """The collège follows a group of its portal, and nobody is in the listening group."""
    return begin(db, town)


def begin(db: Session, town: Town) -> Follow:
    place = town.schools[COLLEGE]
    for account in identity.holders(db, place, Role.LISTENER):
        identity.revoke(db, place, account.id, Role.LISTENER)
    following.follow(db, place, town.portal_id, "/personnels")
    return Follow(place, town.portal_id, "/personnels")


def look(db: Session, town: Town, follow: Follow, *members: str, minutes: int = 0) -> list[str]:
    """A look that finds these members; returns who listens then."""
    subjects = [town.arrival(name).subject for name in members]
    following.apply(db, town.house.keys, follow, subjects, START + timedelta(minutes=minutes))
    db.flush()
    return [one.name for one in identity.holders(db, follow.establishment_id, Role.LISTENER)]


def seat(db: Session, follow: Follow, name: str) -> Seat:
    return next(one for one in grants.seats(db, follow.establishment_id, Role.LISTENER) if one.name == name)


def taken_in(db: Session, town: Town, follow: Follow, name: str) -> None:
    account = town.membership(name, COLLEGE).account_id
    grants.propose(db, town.membership("admin"), account, Role.LISTENER, DAY)
    found = next(one for one in grants.seats(db, follow.establishment_id, Role.LISTENER) if one.account_id == account)
    grants.confirm(db, town.membership("head"), Role.LISTENER, found.id, DAY)
    a_day_passes(db)


def taken_out(db: Session, town: Town, follow: Follow, name: str) -> None:
    found = seat(db, follow, name).id
    grants.propose_end(db, town.membership("admin"), Role.LISTENER, found, DAY)
    grants.confirm_end(db, town.membership("head"), Role.LISTENER, found, DAY)


def test_whom_two_persons_took_in_and_out_is_not_brought_back_by_the_group(
    db: Session, town: Town, follow: Follow
) -> None:
    taken_in(db, town, follow, "petit")
    assert look(db, town, follow, "petit", "roux") == ["Jeanne Petit", "Marc Roux"]
    taken_out(db, town, follow, "Jeanne Petit")
    assert look(db, town, follow, "petit", "roux", minutes=15) == ["Marc Roux"]
    assert look(db, town, follow, "roux", minutes=30) == ["Marc Roux"]
    assert look(db, town, follow, "petit", "roux", minutes=45) == ["Jeanne Petit", "Marc Roux"], "put in anew"


def test_whom_two_persons_took_in_again_stays_when_the_group_drops_them(
    db: Session, town: Town, follow: Follow
) -> None:
    look(db, town, follow, "petit", "roux")
    taken_out(db, town, follow, "Jeanne Petit")
    taken_in(db, town, follow, "petit")
    assert look(db, town, follow, "roux", minutes=15) == ["Jeanne Petit", "Marc Roux"]
    assert following.left(db, follow.establishment_id, DAY) == [], "the group took nobody out"


def test_an_empty_group_has_nobody_to_take_whom_it_did_not_give(db: Session, town: Town, follow: Follow) -> None:
    taken_in(db, town, follow, "petit")
    look(db, town, follow, "petit")
    assert look(db, town, follow, minutes=15) == ["Jeanne Petit"]
    found = following.standing(db, follow.establishment_id)
    assert found
    assert not found.waits_to_empty


def starts_again(db: Session, follow: Follow) -> None:
    following.stop(db, follow.establishment_id)
    following.follow(db, follow.establishment_id, follow.portal_id, follow.path)


def test_whom_two_persons_took_out_is_not_brought_back_by_following_again(
    db: Session, town: Town, follow: Follow
) -> None:
    look(db, town, follow, "petit", "roux", "ines")
    taken_out(db, town, follow, "Jeanne Petit")
    following.stop(db, follow.establishment_id)
    taken_out(db, town, follow, "Inès Vidal")
    starts_again(db, follow)
    assert look(db, town, follow, "petit", "roux", "ines", minutes=15) == ["Marc Roux"]
    taken_out(db, town, follow, "Marc Roux")
    assert look(db, town, follow, "petit", "roux", "ines", minutes=30) == [], "nor is who stayed at the stop"
    assert look(db, town, follow, "roux", minutes=45) == []
    assert look(db, town, follow, "petit", "roux", minutes=60) == ["Jeanne Petit"], "put in anew"


def test_whom_the_end_of_following_left_in_stays_whatever_the_group_says_later(
    db: Session, town: Town, follow: Follow
) -> None:
    look(db, town, follow, "petit", "roux")
    starts_again(db, follow)
    assert look(db, town, follow, "roux", "ines", minutes=15) == ["Inès Vidal", "Jeanne Petit", "Marc Roux"]
    assert look(db, town, follow, "ines", minutes=30) == ["Inès Vidal", "Jeanne Petit", "Marc Roux"]
    assert look(db, town, follow, "roux", minutes=45) == ["Jeanne Petit", "Marc Roux"], "its own it takes back"


def test_a_place_that_the_command_line_gave_is_not_the_group_s(db: Session, town: Town, follow: Follow) -> None:
    account = town.membership("petit", COLLEGE).account_id
    identity.grant(db, follow.establishment_id, account, Role.LISTENER, DAY)
    look(db, town, follow, "petit", "roux")
    assert look(db, town, follow, "roux", minutes=15) == ["Jeanne Petit", "Marc Roux"]
    look(db, town, follow, "petit", "roux", minutes=30)
    taken_out(db, town, follow, "Jeanne Petit")
    assert look(db, town, follow, "petit", "roux", minutes=45) == ["Marc Roux"]


def test_the_schema_before_knew_what_a_group_gave_by_whom_nobody_proposed(town: Town) -> None:
    database = town.house.database
    with database.writing() as db:
        follow = begin(db, town)
        taken_in(db, town, follow, "petit")
        look(db, town, follow, "petit", "roux")
    before = gave(town)
    assert [one is None for one in before.values()].count(True) == 1
    for step, revision in ((command.downgrade, "0005"), (command.upgrade, "head")):
        step(configuration(database.engine), revision)
    assert gave(town) == before


def gave(town: Town) -> dict[UUID, UUID | None]:
    """For each seat's account, the place that the group gave."""
    with town.house.database.reading() as db:
        rows = db.execute(select(FollowedSeat.account_id, FollowedSeat.gave), execution_options={"across": True})
        return {row.account_id: row.gave for row in rows}


def test_the_page_says_when_somebody_comes_back(town: Town) -> None:
    with town.house.database.writing() as db:
        following.follow(db, town.schools[COLLEGE], town.portal_id, "/personnels")
    page = town.browser("admin").get("/staff/settings/members").text
    assert "ne revient que si le portail la retire de son groupe, puis l’y remet" in page
