"""Whether one can write: two active listeners, or at an école the group above."""

import re
from dataclasses import replace
from datetime import date

import pytest

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.help import readiness
from ent_module.help.service import adults, channel
from ent_module.help.service.channel import Reason
from ent_module.identity import service as identity
from ent_module.identity.model import Profile, Role
from tests.help.steps import NOW, account, on_desk, publish, seen, send
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, LYCEE, OTHER, Town


def status(town: Town, uai: str = COLLEGE) -> channel.ChannelStatus:
    with town.house.database.reading() as db:
        return channel.channel_status(db, town.schools[uai])


def leave(town: Town, name: str, uai: str = COLLEGE) -> None:
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[uai], account(town, name, uai), Role.LISTENER)


def test_two_active_listeners_make_it_open(town: Town) -> None:
    assert status(town) == channel.ChannelStatus(open=True, readers=3, wanted=2, reason=Reason.OPEN)
    leave(town, "roux")
    assert status(town).open
    leave(town, "ines")
    assert status(town) == channel.ChannelStatus(open=False, readers=1, wanted=2, reason=Reason.TOO_FEW_READERS)
    assert "On ne peut pas écrire ici" in town.browser("lina").get("/write").text


@pytest.mark.parametrize("profile", [Profile.PARENT, Profile.VISITOR])
def test_who_is_no_adult_of_the_school_any_more_does_not_count(town: Town, profile: Profile) -> None:
    """At their last visit their portal said so: they could not open what was sent to them."""
    with town.house.database.writing() as db:
        identity.welcome(db, town.house.keys, replace(town.arrival("roux"), profile=profile))
    assert (status(town).readers, status(town).open) == (2, True)
    leave(town, "ines")
    assert status(town).reason is Reason.TOO_FEW_READERS


def test_the_own_lane_of_nurses_does_not_count(town: Town) -> None:
    with town.house.database.reading() as db:
        readers = adults.readers(db, town.schools[COLLEGE])
    assert account(town, "nurse") not in {one.account_id for one in readers}


def test_a_lycee_without_a_group_is_closed_although_there_is_a_level_above(town: Town) -> None:
    assert status(town, LYCEE).reason is Reason.TOO_FEW_READERS


def test_an_ecole_has_the_group_of_its_circonscription(town: Town) -> None:
    assert status(town, ECOLE) == channel.ChannelStatus(open=True, readers=2, wanted=2, reason=Reason.OPEN)
    leave(town, "circo1", CIRCONSCRIPTION)
    assert status(town, ECOLE).reason is Reason.TOO_FEW_READERS


def test_an_ecole_with_two_of_its_own_reads_itself(town: Town) -> None:
    with town.house.database.writing() as db:
        school, keys = town.schools[ECOLE], town.house.keys
        for name in ("Anne Sy", "Luc Roy"):
            one = identity.account(db, keys, school, town.portal_id, name, town.petit.profile, name)
            identity.grant(db, school, one.id, Role.LISTENER, date(2026, 9, 1))
        assert [one.name for one in adults.readers(db, school)] == ["Anne Sy", "Luc Roy"]


def test_opening_and_closing(town: Town) -> None:
    with town.house.database.writing() as db:
        channel.close_channel(db, town.schools[COLLEGE])
    assert status(town).reason is Reason.SWITCHED_OFF
    with town.house.database.writing() as db:
        channel.open_channel(db, town.schools[COLLEGE])
    assert status(town).open


def test_it_is_closed_until_someone_of_the_school_opens_it(town: Town) -> None:
    with town.house.database.writing() as db:
        department = establishments.above(db, town.schools[COLLEGE])[0]
        school = establishments.add(db, "0590009K", "Collège neuf", Kind.COLLEGE, parent=department, check=False)
        for name in ("Anne Sy", "Luc Roy"):
            one = identity.account(db, town.house.keys, school.id, town.portal_id, name, town.petit.profile, name)
            identity.grant(db, school.id, one.id, Role.LISTENER, date(2026, 9, 1))
        assert channel.channel_status(db, school.id).reason is Reason.SWITCHED_OFF
        establishments.draft(db, department.id, "channel", {"open": True})
        establishments.publish(db, department.id, "channel")
        assert channel.channel_status(db, school.id).reason is Reason.SWITCHED_OFF
        channel.open_channel(db, school.id)
        assert channel.channel_status(db, school.id).open


def test_it_cannot_be_opened_with_fewer_than_two(town: Town) -> None:
    for uai in (LYCEE, OTHER):
        if uai == OTHER:
            leave(town, "paul", OTHER)
        with town.house.database.writing() as db, pytest.raises(channel.TooFewReadersError):
            channel.open_channel(db, town.schools[uai])
        assert not status(town, uai).open


def cards_of_the_college(town: Town) -> None:
    cards = [
        {"id": "a", "name": "Marc Roux", "role": "CPE", "account_id": str(account(town, "petit"))},
        {"id": "b", "name": "", "role": "psychologue (PsyEN)", "account_id": str(account(town, "ines", COLLEGE))},
        {"id": "c", "name": "M. Blanc", "role": "AED", "place": "Vie scolaire", "account_id": None},
        {"id": "d", "name": "", "role": "Infirmerie", "hours": "lundi", "account_id": str(account(town, "nurse"))},
    ]
    publish(town, "cards", cards)


def test_a_card_adds_a_function_and_never_another_name(town: Town) -> None:
    """By that name a pupil leaves an adult out: a card that says « Marc Roux » must not stand for Jeanne Petit."""
    cards_of_the_college(town)
    with town.house.database.reading() as db:
        before = channel.before_writing(db, town.schools[COLLEGE], NOW)
    assert [one.plain for one in before.readers] == [
        "Inès Vidal, psychologue (PsyEN)",
        "Jeanne Petit, CPE",
        "Marc Roux",
    ]
    page = town.browser("lina").get("/write").text
    [box] = re.findall(rf'name="without" value="{account(town, "petit")}"[^>]*>\s*<span>([^<]+)', page)
    assert box.strip("\u2068\u2069") == "Jeanne Petit, CPE"
    arabic = town.browser("lina", "ar").get("/write").text
    assert "Jeanne Petit، CPE" in arabic


def test_one_writes_to_those_who_read_and_goes_and_sees_the_others(town: Town) -> None:
    cards_of_the_college(town)
    lina = town.browser("lina")
    page = lina.get("/write")
    assert set(re.findall(r'name="to" value="([^"]+)"', page.text)) == {"a", "b"}
    to_see = seen(page).partition("À aller voir")[2].partition("Tu écris pour qui")[0]
    for words in ("M. Blanc, AED", "Vie scolaire", "Infirmerie", "lundi"):
        assert words in to_see
    assert send(lina, to=["d"]).status_code == 422
    assert "message est arrivé" in send(lina, to=["a"]).text
    petit = town.browser("petit")
    assert "Jeanne Petit, CPE" in petit.get(f"/staff/desk/{on_desk(petit)[0]}").text


def test_what_is_missing_is_said(town: Town) -> None:
    with town.app.test_request_context(), town.house.database.writing() as db:
        before = [check.done for check in readiness.readiness(db, town.schools[COLLEGE])]
        for name, value in (("cards", [{"id": "a", "role": "CPE"}]), ("hours", {"days": {"mon": ["08:00", "17:00"]}})):
            establishments.draft(db, town.schools[COLLEGE], name, value)
            establishments.publish(db, town.schools[COLLEGE], name)
        after = [check.done for check in readiness.readiness(db, town.schools[COLLEGE])]
        checks = readiness.readiness(db, town.schools[LYCEE])
    assert (before, after) == ([True, True, False, False], [True, True, True, True])
    assert [check.done for check in checks] == [False, True, False, False]
    for check in checks:
        assert check.endpoint in town.house.declared
