"""The writer's own door to nurse and social worker, and that lane's presence, mails and clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ent_module.help import jobs
from ent_module.help.model.moves import Lane
from ent_module.help.service import listening
from ent_module.help.service.listening import NotPossibleError
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.notices import reach
from tests.help.steps import (
    ARRIVED,
    MESSAGE,
    NOW,
    account,
    act,
    actions_of,
    on_desk,
    opened,
    readers_of,
    row_of,
    seen,
    send,
    write,
)
from tests.help.test_leaving_out import what_is_seen
from tests.support.mailbox import Mailbox
from tests.support.town import COLLEGE, Town

DAYS = ["mon", "tue", "wed", "thu", "fri"]
BOTH = {"nurse", "clerk"}
QUESTION = "Seulement l’infirmier·ère ou l’assistant·e de service social"


def joins_the_lane(town: Town, *names: str) -> None:
    """These have the nurse's role, at the collège or at their own level."""
    with town.house.database.writing() as db:
        for name in names:
            me = town.membership(name)
            identity.grant(db, me.establishment_id, me.account_id, Role.SECRECY_LISTENER, date(2026, 9, 1))


def stands_in(town: Town, name: str) -> None:
    with town.house.database.writing() as db:
        listening.set_days(db, town.membership(name), DAYS, stands_in=True, on_call=False)


def names_of(town: Town, *names: str) -> set[object]:
    return {account(town, name) for name in names}


# --- The door ---------------------------------------------------------------------------------------------------------


def test_it_is_offered_only_where_two_would_read(town: Town) -> None:
    lina = town.browser("lina")
    assert QUESTION not in seen(lina.get("/write"))
    joins_the_lane(town, "clerk")
    page = seen(lina.get("/write"))
    assert QUESTION in page
    assert "Awa Diop, Luc Martin" in page
    assert "article 226-13" in page
    assert "article 226-14" in page
    for other in ("karim", "noe"):
        assert QUESTION not in seen(town.browser(other).get("/write"))


def test_it_is_not_offered_where_only_a_level_above_has_the_role(town: Town) -> None:
    joins_the_lane(town, "referent")
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "nurse"), Role.SECRECY_LISTENER)
    assert QUESTION not in seen(town.browser("lina").get("/write"))


def test_only_the_lane_reads_it_and_nobody_else_learns_of_it(town: Town) -> None:
    joins_the_lane(town, "clerk")
    others = {name: town.browser(name) for name in ("petit", "roux", "ines", "head")}
    before = {name: what_is_seen(browser) for name, browser in others.items()}
    answer = send(town.browser("lina"), lane="secrecy", danger="yes")
    assert ARRIVED in answer.text
    assert "Awa Diop" in seen(answer)
    assert "Petit" not in seen(answer)
    (one,) = on_desk(town.browser("nurse"))
    assert on_desk(town.browser("clerk")) == [one]
    assert {name: what_is_seen(browser) for name, browser in others.items()} == before
    assert MESSAGE in seen(town.browser("nurse").get(f"/staff/desk/{one}"))


def test_the_writer_comes_back_and_writes_again_in_the_lane(town: Town) -> None:
    joins_the_lane(town, "clerk")
    with town.house.database.writing() as db:
        for name in ("nurse", "clerk"):
            listening.set_days(db, town.membership(name), ["tue"], stands_in=False, on_call=False)
    written = write(town, lane="secrecy")
    assert written.receipt.due_on == date(2026, 11, 17)
    assert write(town).receipt.due_on == date(2026, 11, 13)
    assert row_of(town, written).lane == Lane.SECRECY
    page = seen(opened(town.browser("lina"), written.code))
    assert "Awa Diop" in page
    assert "Petit" not in page
    assert act(town.browser("nurse"), str(written.id), "answer", message="Passe me voir.").status_code == 303
    assert "Passe me voir." in seen(opened(town.browser("lina"), written.code))


def test_the_door_that_closed_meanwhile_loses_no_word(town: Town) -> None:
    joins_the_lane(town, "clerk")
    lina = town.browser("lina")
    page = lina.get("/write")
    assert QUESTION in seen(page)
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "clerk"), Role.SECRECY_LISTENER)
    answer = send(lina, lane="secrecy")
    assert answer.status_code == 422
    assert MESSAGE in answer.text
    assert on_desk(town.browser("nurse")) == []


def test_what_no_page_offers_is_refused(town: Town) -> None:
    assert send(town.browser("lina"), lane="group").status_code == 400


def test_one_adult_alone_does_not_count_there(town: Town) -> None:
    joins_the_lane(town, "clerk")
    written = write(town, lane="secrecy", only=str(account(town, "petit")), stand_in=str(account(town, "roux")))
    assert readers_of(town, written) == names_of(town, *BOTH)


# --- Its clocks -------------------------------------------------------------------------------------------------------


def test_the_stand_in_of_the_lane_then_the_same_profession_above_and_never_the_group(town: Town) -> None:
    joins_the_lane(town, "clerk", "admin", "referent")
    stands_in(town, "admin")
    written = write(town, lane="secrecy")
    assert readers_of(town, written) == names_of(town, *BOTH)
    jobs.escalate(town.house, NOW + timedelta(days=4))
    assert readers_of(town, written) == names_of(town, *BOTH, "admin")
    jobs.escalate(town.house, NOW + timedelta(days=8))
    assert readers_of(town, written) == names_of(town, *BOTH, "admin", "referent")
    assert actions_of(town, written) == ["sent", "stand_in", "escalate"]
    jobs.escalate(town.house, NOW + timedelta(days=40))
    assert not names_of(town, "petit", "roux", "ines") & readers_of(town, written)


# --- Presence and mails -----------------------------------------------------------------------------------------------


def test_a_nurse_has_a_page_of_presence_and_cannot_leave_the_lane_without_readers(town: Town) -> None:
    nurse = town.browser("nurse")
    assert "/staff/settings/mine" in nurse.get("/staff/desk").text
    assert nurse.fill("/staff/settings/mine", {"days": ["tue"]}, "days").status_code == 303
    with pytest.raises(NotPossibleError):
        stands_in(town, "nurse")


def test_absence_is_told_in_the_lane_alone(town: Town, box: Mailbox) -> None:
    joins_the_lane(town, "clerk")
    reach(town, "nurse", "clerk", "petit", uai=COLLEGE)
    with town.house.database.writing() as db:
        listening.go_away(db, town.house.keys, town.membership("nurse"), NOW.date(), NOW.date())
    jobs.tell(town.house, datetime(2026, 11, 12, 15, 5, tzinfo=UTC))
    assert [letter["To"] for letter in box.letters] == ["clerk@ac.example"]


def test_mails_of_the_lane_go_to_the_lane_alone(town: Town, box: Mailbox) -> None:
    joins_the_lane(town, "clerk")
    reach(town, "nurse", "petit", uai=COLLEGE)
    written = write(town, lane="secrecy")
    jobs.tell(town.house, datetime(2026, 11, 12, 15, 5, tzinfo=UTC))
    assert [letter["To"] for letter in box.letters] == ["nurse@ac.example"]
    assert act(town.browser("nurse"), str(written.id), "take").status_code == 303
    jobs.tell(town.house, datetime(2026, 11, 13, 6, 35, tzinfo=UTC))
    assert len(box.letters) == 1
    write(town)
    jobs.tell(town.house, datetime(2026, 11, 13, 15, 5, tzinfo=UTC))
    assert [letter["To"] for letter in box.letters] == ["nurse@ac.example", "petit@ac.example"]


def test_danger_in_the_lane_is_told_at_once_to_the_lane(town: Town, box: Mailbox) -> None:
    joins_the_lane(town, "clerk")
    reach(town, "nurse", "petit", uai=COLLEGE)
    write(town, lane="secrecy", danger="yes")
    jobs.tell(town.house, NOW)
    assert [letter["To"] for letter in box.letters] == ["nurse@ac.example"]
