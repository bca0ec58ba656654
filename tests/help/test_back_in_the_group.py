"""Who leaves a group and comes back: a device anew, and only what comes from then on."""

import pytest

from ent_module.identity import grants
from ent_module.identity import service as identity
from ent_module.identity.model import Membership, Role
from tests.help.devices import DESK, Device, enrol, give, locked
from tests.help.steps import NOW, on_desk, write
from tests.support.town import COLLEGE, Town


@pytest.fixture
def closed(town: Town) -> Town:
    return locked(town)


def _out_and_in(town: Town, who: str, first: Membership, second: Membership) -> None:
    """Two persons take somebody out of the group, and in again; a day passes."""
    where, day = town.schools[COLLEGE], NOW.date()
    with town.house.database.writing() as db:
        seat = next(one for one in grants.seats(db, where, Role.LISTENER) if one.name == town.people[who].name)
        grants.propose_end(db, first, Role.LISTENER, seat.id, day)
        grants.confirm_end(db, second, Role.LISTENER, seat.id, day)
        grants.propose(db, first, seat.account_id, Role.LISTENER, day)
        seat = next(one for one in grants.seats(db, where, Role.LISTENER) if one.account_id == seat.account_id)
        grants.confirm(db, second, Role.LISTENER, seat.id, day)
    town.a_day_passes()


def test_whoever_comes_back_reads_what_comes_from_then_on_and_enrols_anew(closed: Town) -> None:
    """The way for a group of which nobody else has a device."""
    petit = closed.browser("petit")
    old = enrol(petit)
    before = write(closed)
    _out_and_in(closed, "petit", closed.membership("admin"), closed.membership("head"))
    fresh = closed.browser("petit")
    page = fresh.get(DESK)
    assert Device.from_page(page.text) != old
    assert petit.get(DESK).status_code == 403
    enrol(fresh)
    assert fresh.get(f"{DESK}/{before.id}").status_code == 404
    assert on_desk(fresh) == []
    after = write(closed)
    assert on_desk(fresh) == [str(after.id)]


def test_leaving_one_of_two_groups_keeps_the_device(closed: Town) -> None:
    ines = closed.browser("ines")
    device = enrol(ines)
    assert ines.post("/staff/settings/members/leave").status_code == 303
    other = closed.browser("ines")
    assert give(other, device.code(), other.get(DESK)).status_code == 303


def test_a_portals_group_that_drops_somebody_and_takes_them_back_gives_no_new_device(closed: Town) -> None:
    """Whoever rules the portal's groups could do that at night."""
    device, member = enrol(closed.browser("petit")), closed.membership("petit")
    with closed.house.database.writing() as db:
        identity.revoke(db, member.establishment_id, member.account_id, Role.LISTENER)
        identity.grant(db, member.establishment_id, member.account_id, Role.LISTENER, NOW.date())
    browser = closed.browser("petit")
    page = browser.get(DESK)
    assert 'class="letters"' not in page.text
    assert give(browser, device.code(), page).status_code == 303
