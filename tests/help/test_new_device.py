"""Another device in place of a lost one: a second person, 24 hours, all are told; it opens only what comes then."""

from uuid import UUID

import pytest
from sqlalchemy import select

from ent_module.help.sealing import Place
from ent_module.help.slots import SlotKey
from ent_module.help.tables import KeySlots, Notice
from ent_module.identity import new_device
from ent_module.identity.tables import Account
from tests.help.devices import (
    DESK,
    NEW,
    Device,
    a_day_passes,
    a_minute_passes,
    allow,
    ask_for_another,
    enrol,
    give,
    locked,
    place,
)
from tests.help.steps import MESSAGE, NOW, Written, act, on_desk, readers_of, write
from tests.setup.test_teams import MEMBERS
from tests.support.forms import forms
from tests.support.town import COLLEGE, Browser, Town


@pytest.fixture
def closed(town: Town) -> Town:
    return locked(town)


def renewed(town: Town, who: str, second: str) -> tuple[Browser, Device]:
    """Somebody for whom another device has come into force, at the desk with it."""
    browser, other = town.browser(who), town.browser(second)
    device = ask_for_another(browser)
    enrol(other)
    assert allow(other, who) == 303
    a_day_passes(town)
    page = browser.get(DESK)
    assert "Votre nouvel appareil compte maintenant" in page.text
    assert give(browser, device.code(), page).status_code == 303
    a_minute_passes(town)
    return browser, device


def _opens(town: Town, written: Written, version: int) -> bool:
    """Whether Madame Petit's key of that version finds a slot."""
    with town.house.database.reading() as db:
        row = db.get(KeySlots, (written.school, written.id))
    assert row
    key = SlotKey.of(town.house.keys, written.school, town.membership("petit").account_id, version)
    return key.is_in(row.slots, Place(written.school, written.id))


def test_nobody_enrols_another_device_alone(closed: Town) -> None:
    """Whoever has only the portal's password asks, and that is all: no button, no waiting, no second asking helps."""
    enrol(closed.browser("petit"))
    thief = closed.browser("petit")
    device = ask_for_another(thief)
    assert give(thief, device.code(), thief.get(DESK)).status_code == 422
    assert thief.post(f"{place(closed, 'petit')}/allow").status_code == 403  # the lock of the desk, here too
    ask_for_another(thief)
    assert thief.get(DESK).status_code == 403


@pytest.mark.parametrize("who", ["admin", "head", "petit", "roux", "clerk"])
def test_the_second_person_is_a_member_with_a_device_and_nobody_else(closed: Town, who: str) -> None:
    """A local admin renews the password of a colleague and comes under their account: as themself they may not allow
    it, nor as the colleague, nor as another one whose password they have renewed too."""
    enrol(closed.browser("petit"))
    ask_for_another(closed.browser("petit"))
    if who == "roux":
        enrol(closed.browser("roux"))  # he has one: this browser does not
    assert allow(closed.browser(who), "petit") in {403, 409}
    with closed.house.database.reading() as db:
        asked = new_device.requests(db, closed.house.keys, closed.schools[COLLEGE])
    assert [one.counts_from for one in asked] == [None]


def test_the_service_refuses_a_second_person_without_a_device(closed: Town) -> None:
    """What the page's lock keeps is kept below it too."""
    enrol(closed.browser("petit"))
    ask_for_another(closed.browser("petit"))
    with closed.house.database.writing() as db:
        found = new_device.requests(db, closed.house.keys, closed.schools[COLLEGE])[0]
        for who in ("roux", "admin", "petit"):
            by = closed.membership(who)
            with pytest.raises(new_device.NotPossibleError):
                new_device.allow(db, closed.house.keys, by, found.account_id, found.number, NOW)


def test_what_is_allowed_is_the_device_that_was_seen(closed: Town) -> None:
    """Between the second person's look and their word, somebody else asks under the same account."""
    enrol(closed.browser("petit"))
    petit, roux = closed.browser("petit"), closed.browser("roux")
    ask_for_another(petit)
    enrol(roux)
    page = roux.get(MEMBERS)
    path = f"{place(closed, 'petit')}/allow"
    seen = next(one for one in forms(page.text) if one.action.endswith(path)).values["number"][0]
    assert seen in petit.get(NEW).text
    ask_for_another(closed.browser("petit"))
    assert roux.post(path, {"number": seen}).status_code == 409
    assert allow(roux, "petit") == 303
    ask_for_another(closed.browser("petit"))  # and what was allowed is not, once another one is asked for
    with closed.house.database.reading() as db:
        assert new_device.requests(db, closed.house.keys, closed.schools[COLLEGE])[0].counts_from is None


def test_it_counts_a_day_later_and_the_old_one_until_then(closed: Town) -> None:
    petit, roux = closed.browser("petit"), closed.browser("roux")
    old = enrol(petit)
    new = ask_for_another(petit)
    enrol(roux)
    assert allow(roux, "petit") == 303
    for device, status in ((new, 422), (old, 303)):
        browser = closed.browser("petit")
        page = browser.get(DESK)
        assert "Un autre appareil a été demandé pour vous" in page.text
        assert give(browser, device.code(), page).status_code == status
    a_minute_passes(closed)
    a_day_passes(closed)
    assert petit.get(DESK).status_code == 403  # what the old one has opened is closed
    for device, status in ((old, 422), (new, 303)):
        browser = closed.browser("petit")
        assert give(browser, device.code(), browser.get(DESK)).status_code == status
    assert give(petit, old.code(), petit.get(DESK)).status_code == 422


def test_it_opens_what_comes_from_then_on_and_nothing_from_before(closed: Town) -> None:
    enrol(closed.browser("petit"))
    before = write(closed)
    petit, _device = renewed(closed, "petit", "roux")
    assert on_desk(petit) == []
    assert petit.get(f"{DESK}/{before.id}").status_code == 404
    assert _opens(closed, before, 1)  # the slot is still there: one that kept its first key would read on
    assert not _opens(closed, before, 2)
    assert str(before.id) not in petit.post(f"{DESK}/find", {"words": "sac", "queue": "group", "show": "open"}).text
    after = write(closed)
    assert on_desk(petit) == [str(after.id)]
    assert MESSAGE in petit.get(f"{DESK}/{after.id}").text
    ines = closed.browser("ines")
    enrol(ines)  # whoever keeps theirs reads both
    assert set(on_desk(ines)) == {str(before.id), str(after.id)}


def test_the_request_that_brings_the_new_device_reads_with_its_keys(closed: Town) -> None:
    """A form that meets the lock goes on in the same request: not with the keys from before."""
    petit, roux = closed.browser("petit"), closed.browser("roux")
    enrol(petit)
    before = write(closed)
    device = ask_for_another(petit)
    enrol(roux)
    assert allow(roux, "petit") == 303
    a_day_passes(closed)
    asked = petit.post(f"{DESK}/find", {"words": "sac", "queue": "group", "show": "open"})
    found = give(petit, device.code(), asked)
    assert found.status_code == 200
    assert str(before.id) not in found.text


def test_what_is_handed_over_after_that_can_be_read(closed: Town) -> None:
    enrol(closed.browser("petit"))
    before = write(closed)
    petit, _device = renewed(closed, "petit", "roux")
    ines = closed.browser("ines")
    enrol(ines)
    petit_id = str(closed.membership("petit").account_id)
    assert act(ines, str(before.id), "hand_over", to=petit_id).status_code == 303
    assert MESSAGE in petit.get(f"{DESK}/{before.id}").text


def test_what_one_adult_alone_was_to_read_is_handed_to_nobody_else(closed: Town) -> None:
    """The writer chose Monsieur Roux, and Inès as his stand-in: Madame Petit has joined nothing by being a member."""
    roux, ines = (closed.membership(who, COLLEGE).account_id for who in ("roux", "ines"))
    written = write(closed, only=str(roux), stand_in=str(ines))
    browser = closed.browser("ines")
    enrol(browser)
    petit_id = str(closed.membership("petit").account_id)
    assert act(browser, str(written.id), "hand_over", to=petit_id).status_code == 400
    assert act(browser, str(written.id), "hand_over", to=str(roux)).status_code == 303


def test_exclusion_holds_through_another_device_and_handing_over(closed: Town) -> None:
    """Madame Petit is left out: neither device shows it to her, and nobody can hand it over to her."""
    enrol(closed.browser("petit"))
    hidden = write(closed, without=(closed.membership("petit").account_id,))
    petit, _device = renewed(closed, "petit", "roux")
    assert on_desk(petit) == []
    ines = closed.browser("ines")
    enrol(ines)
    petit_id = str(closed.membership("petit").account_id)
    assert petit_id not in ines.get(f"{DESK}/{hidden.id}").text
    assert act(ines, str(hidden.id), "hand_over", to=petit_id, why="x").status_code == 400
    assert petit.get(f"{DESK}/{hidden.id}").status_code == 404
    assert closed.membership("petit").account_id not in readers_of(closed, hidden)


def test_any_member_stops_it_within_the_day_and_so_does_its_owner(closed: Town) -> None:
    petit, roux, admin = closed.browser("petit"), closed.browser("roux"), closed.browser("admin")
    old = enrol(petit)
    new = ask_for_another(petit)
    enrol(roux)
    assert allow(roux, "petit") == 303
    assert admin.post(f"{place(closed, 'petit')}/stop").status_code == 303
    assert admin.post(f"{place(closed, 'petit')}/stop").status_code == 409
    ask_for_another(petit)
    assert petit.post(f"{DESK}/code/stop").status_code == 303
    for device, status in ((new, 422), (old, 303)):
        browser = closed.browser("petit")
        assert give(browser, device.code(), browser.get(DESK)).status_code == status


def test_all_members_and_the_level_above_are_told(closed: Town) -> None:
    petit, roux = closed.browser("petit"), closed.browser("roux")
    enrol(petit)
    ask_for_another(petit)
    enrol(roux)
    allow(roux, "petit")
    page = closed.browser("ines").get(MEMBERS).text
    for said in ("a enregistré un appareil", "demande un autre appareil", "a autorisé un autre appareil"):
        assert said in page
    with closed.house.database.reading() as db:
        wanted = select(Notice).where(Notice.establishment_id == closed.schools[COLLEGE], Notice.kind == "news")
        told = [row.account_id for row in db.scalars(wanted)]
    group = [closed.membership(who, COLLEGE).account_id for who in ("petit", "roux", "ines", "nurse")]
    assert {one: told.count(one) for one in group} == dict.fromkeys(group, 4)  # enrolled twice, asked, allowed


def test_the_nurse_too(closed: Town) -> None:
    """She is on no list of the group; her request stands on its page all the same."""
    enrol(closed.browser("nurse"))
    _nurse, _device = renewed(closed, "nurse", "roux")


def _version(town: Town, account_id: UUID) -> int:
    with town.house.database.reading() as db:
        wanted = select(Account.key_version).where(
            Account.establishment_id == town.schools[COLLEGE], Account.id == account_id
        )
        return db.scalars(wanted).one()


def test_a_new_device_turns_the_keys_of_all_schools_of_its_person(closed: Town) -> None:
    enrol(closed.browser("ines"))
    elsewhere = write(closed, uai="0590002C")
    ines, _device = renewed(closed, "ines", "roux")
    assert str(elsewhere.id) not in on_desk(ines)
    assert _version(closed, closed.membership("ines", COLLEGE).account_id) == 2
    assert _version(closed, closed.membership("petit").account_id) == 1
