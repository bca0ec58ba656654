"""Where a writer wants one adult alone and a stand-in: who is given it when both have gone, or are away."""

from datetime import UTC, date, datetime, timedelta

from ent_module.help import jobs
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.model.moves import Lane
from ent_module.help.service import adults, listening
from ent_module.help.service.clocks import _rescuers
from ent_module.help.service.header import Header, Writer
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.steps import NOW, Written, account, actions_of, readers_of, seen, send, write
from tests.support.town import COLLEGE, Town


def alone(town: Town) -> Written:
    """Roux is to read, and Ines where he is away."""
    one = write(town, only=str(account(town, "roux")), stand_in=str(account(town, "ines", COLLEGE)))
    assert readers_of(town, one) == {account(town, "roux"), account(town, "ines", COLLEGE)}
    return one


def leave(town: Town, *names: str) -> None:
    with town.house.database.writing() as db:
        for name in names:
            identity.revoke(db, town.schools[COLLEGE], account(town, name, COLLEGE), Role.LISTENER)


def test_when_both_have_gone_a_level_above_reads_and_not_the_school(town: Town) -> None:
    written = alone(town)
    leave(town, "roux", "ines")
    jobs.escalate(town.house, NOW)
    assert actions_of(town, written) == ["sent", "rescue"]
    assert account(town, "referent") in readers_of(town, written)
    assert account(town, "petit") not in readers_of(town, written)


def test_when_nobody_above_listens_the_school_does_rather_than_nobody(town: Town) -> None:
    written = alone(town)
    leave(town, "roux", "ines")
    with town.house.database.writing() as db:
        place = town.membership("referent").establishment_id
        identity.revoke(db, place, account(town, "referent"), Role.LISTENER)
    jobs.escalate(town.house, NOW)
    assert account(town, "petit") in readers_of(town, written)


def test_one_of_the_two_who_listens_again_is_given_it(town: Town) -> None:
    written = alone(town)
    with town.house.database.writing() as db:
        only = tuple(one for one in adults.readers(db, written.school) if one.account_id == account(town, "roux"))
        header = Header.of(
            Writer(written.school, Audience.PUPIL, "fr", ""), Draft(Audience.PUPIL, answer="visit"), (), (), only
        )
        found = _rescuers(db, written.school, header, Lane.GROUP)
        assert [one.account_id for one in found] == [account(town, "roux")]


def test_late_the_schools_own_stand_in_is_passed_over(town: Town) -> None:
    with town.house.database.writing() as db:
        place = town.schools[COLLEGE]
        clerk = town.membership("clerk")
        identity.grant(db, place, clerk.account_id, Role.LISTENER, date(2026, 9, 1))
        listening.set_days(db, clerk, ["mon", "tue", "thu", "fri"], stands_in=True, on_call=False)
    written, other = alone(town), write(town)
    jobs.escalate(town.house, NOW + timedelta(days=4))
    assert clerk.account_id in readers_of(town, other)  # control
    assert clerk.account_id not in readers_of(town, written)
    assert account(town, "referent") in readers_of(town, written)


def test_whoever_is_away_cannot_be_chosen_to_read_alone(town: Town) -> None:
    lina, today = town.browser("lina"), datetime.now(UTC).date()
    roux, ines = (account(town, name, COLLEGE) for name in ("roux", "ines"))
    assert f'name="stand_in" value="{ines}"' in lina.get("/write").text
    with town.house.database.writing() as db:
        me = town.membership("ines", COLLEGE)
        listening.go_away(db, town.house.keys, me, today + timedelta(days=2), today)
    refused = send(lina, only=str(roux), stand_in=str(ines))
    assert refused.status_code == 422
    assert "Un de ces deux adultes ne peut pas lire" in seen(refused)
    assert f'name="stand_in" value="{ines}"' not in lina.get("/write").text
