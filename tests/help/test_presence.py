"""Days of presence, absence, who stands in, and a school's own rhythm."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ent_module.establishments.calendar import Hours, SchoolCalendar
from ent_module.help import jobs
from ent_module.help.model import clock
from ent_module.help.service import channel, listening
from ent_module.help.service.listening import NotPossibleError
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.notices import reach, setting
from tests.help.steps import NOW, account, actions_of, on_desk, readers_of, seen, write
from tests.support.mailbox import Mailbox
from tests.support.town import COLLEGE, OTHER, Town

FRIDAY = date(2026, 11, 13)
PRESENCE = "/staff/settings/mine"
_ALL = ["mon", "tue", "wed", "thu", "fri"]


def says(town: Town, name: str, *days: str, stands_in: bool = False) -> None:
    with town.house.database.writing() as db:
        me = town.membership(name, COLLEGE)
        listening.set_days(db, me, list(days) or _ALL, stands_in=stands_in, on_call=False)


def leaves_for(town: Town, *names: str, until: date) -> None:
    with town.house.database.writing() as db:
        for name in names:
            listening.go_away(db, town.house.keys, town.membership(name, COLLEGE), until, NOW.date())


# --- Days of presence -------------------------------------------------------------------------------------------------


def test_the_day_announced_is_one_on_which_somebody_is_there(town: Town) -> None:
    assert write(town).receipt.due_on == FRIDAY
    for name in ("petit", "roux", "ines"):
        says(town, name, "tue")
    assert write(town).receipt.due_on == date(2026, 11, 17)
    says(town, "ines", "mon", "thu")
    assert write(town).receipt.due_on == date(2026, 11, 16)


def test_presence_puts_off_by_three_school_days_at_most(town: Town) -> None:
    for name in ("petit", "roux", "ines"):
        says(town, name, "thu")
    assert write(town).receipt.due_on == date(2026, 11, 19)
    assert write(town, now=NOW - timedelta(days=9)).receipt.due_on == date(2026, 11, 5)
    setting(town, COLLEGE, "hours", {"days": {day: ["08:00", "17:00"] for day in _ALL}, "closed": ["2026-11-19"]})
    assert write(town).receipt.due_on == date(2026, 11, 18)


def test_days_on_which_the_school_is_closed_are_no_presence(town: Town) -> None:
    for name in ("petit", "roux", "ines"):
        says(town, name, "wed")
    assert write(town).receipt.due_on == FRIDAY


def test_the_day_is_the_same_whomever_one_leaves_out(town: Town) -> None:
    """Else it would tell the group, by its date alone, that somebody is left out."""
    says(town, "petit", "mon")
    says(town, "roux", "fri")
    says(town, "ines", "mon")
    left_out = write(town, without=(account(town, "roux"),))
    assert left_out.receipt.due_on == write(town).receipt.due_on == FRIDAY


def test_a_calendar_without_any_day_still_says_one() -> None:
    empty = SchoolCalendar(Hours({}, frozenset()), "B")
    assert clock.due_day(empty, NOW, 1, frozenset({"mon"}), 3) == FRIDAY


# --- Sorting ----------------------------------------------------------------------------------------------------------


def test_what_was_read_has_one_day_more_to_be_taken(town: Town) -> None:
    read, unread = write(town), write(town)
    town.browser("petit").get(f"/staff/desk/{read.id}")
    referent = account(town, "referent")
    jobs.escalate(town.house, datetime(2026, 11, 16, 9, tzinfo=UTC))
    assert [referent in readers_of(town, one) for one in (read, unread)] == [False, True]
    jobs.escalate(town.house, datetime(2026, 11, 17, 9, tzinfo=UTC))
    assert referent in readers_of(town, read)


def test_a_school_may_give_more_days_to_sort(town: Town) -> None:
    setting(town, COLLEGE, "triage_days", 4)
    read = write(town)
    town.browser("petit").get(f"/staff/desk/{read.id}")
    jobs.escalate(town.house, datetime(2026, 11, 19, 9, tzinfo=UTC))
    assert account(town, "referent") not in readers_of(town, read)
    jobs.escalate(town.house, datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert account(town, "referent") in readers_of(town, read)


# --- Standing in ------------------------------------------------------------------------------------------------------


def test_who_stands_in_reads_only_what_nobody_took_in_time(town: Town) -> None:
    says(town, "ines", stands_in=True)
    written = write(town)
    assert account(town, "ines") not in readers_of(town, written)
    assert on_desk(town.browser("ines")) == []
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert account(town, "ines") in readers_of(town, written)
    assert account(town, "referent") not in readers_of(town, written)
    assert actions_of(town, written) == ["sent", "stand_in"]
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert actions_of(town, written) == ["sent", "stand_in"]
    jobs.escalate(town.house, NOW + timedelta(days=6))
    assert actions_of(town, written) == ["sent", "stand_in", "escalate"]
    assert "le remplaçant peut lire aussi" in seen(town.browser("petit").get(f"/staff/desk/{written.id}"))


def test_who_stands_in_and_is_left_out_never_reads(town: Town) -> None:
    says(town, "ines", stands_in=True)
    written = write(town, without=(account(town, "ines"),))
    leaves_for(town, "petit", "roux", until=FRIDAY)
    for days in range(30):
        jobs.escalate(town.house, NOW + timedelta(days=days))
    assert account(town, "ines") not in readers_of(town, written)
    assert actions_of(town, written) == ["sent", "escalate"]


def test_who_stands_in_joins_where_too_few_are_left(town: Town) -> None:
    says(town, "ines", stands_in=True)
    written = write(town, without=(account(town, "roux"),))
    assert account(town, "ines") in readers_of(town, written)
    assert account(town, "referent") not in readers_of(town, written)


def test_two_must_read_from_the_beginning(town: Town) -> None:
    says(town, "ines", stands_in=True)
    with town.house.database.writing() as db, pytest.raises(NotPossibleError):
        listening.set_days(db, town.membership("roux"), ["mon"], stands_in=True, on_call=False)
    answer = town.browser("roux").post(f"{PRESENCE}/days", {"days": ["mon"], "stands_in": "1"})
    assert answer.status_code == 422
    assert "deux autres membres" in answer.text
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "petit"), Role.LISTENER)
        assert channel.channel_status(db, town.schools[COLLEGE]).open  # then nobody stands in: both read
    assert account(town, "ines") in readers_of(town, write(town))


def test_where_all_are_away_the_one_who_stands_in_reads_at_once(town: Town) -> None:
    says(town, "ines", stands_in=True)
    written = write(town)
    leaves_for(town, "petit", until=FRIDAY)
    jobs.escalate(town.house, NOW)
    assert account(town, "ines") not in readers_of(town, written)
    leaves_for(town, "roux", until=FRIDAY)
    jobs.escalate(town.house, NOW)
    assert account(town, "ines") in readers_of(town, written)
    assert account(town, "referent") not in readers_of(town, written)


# --- Absence ----------------------------------------------------------------------------------------------------------


def test_absence_is_one_tap_and_the_one_who_stands_in_is_told(town: Town, box: Mailbox) -> None:
    says(town, "ines", stands_in=True)
    reach(town, "petit", "roux")
    reach(town, "ines", uai=COLLEGE)
    roux = town.browser("roux")
    assert roux.post(f"{PRESENCE}/away").status_code == 303
    assert "Absent jusqu’au" in roux.get(PRESENCE).text
    jobs.tell(town.house, EVENING)
    assert box.recipients == ["ines@ac.example"]
    assert roux.post(f"{PRESENCE}/away", {"back": "1"}).status_code == 303
    assert "Absent jusqu’au" not in roux.get(PRESENCE).text


EVENING = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


def test_where_nobody_stands_in_the_group_is_told(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    leaves_for(town, "roux", until=FRIDAY)
    jobs.tell(town.house, EVENING)
    assert box.recipients == ["petit@ac.example"]


@pytest.mark.parametrize("until", ["2020-01-01", "2099-01-01", "demain", ""])
def test_an_absence_has_an_end_that_can_be(town: Town, until: str) -> None:
    answer = town.browser("roux").post(f"{PRESENCE}/away", {"until": until})
    assert answer.status_code == 422
    assert "Indiquez un jour" in answer.text


def test_a_page_for_one_school_changes_no_other(town: Town) -> None:
    ines = town.browser("ines")
    ines.post(f"{PRESENCE}/days", {"days": ["mon"]})
    with town.house.database.reading() as db:
        assert set(listening.rows(db, town.schools[COLLEGE])) == {account(town, "ines", COLLEGE)}
        assert listening.rows(db, town.schools[OTHER]) == {}


# --- The school's own rhythm ------------------------------------------------------------------------------------------


def test_an_admin_sets_the_hours_within_limits(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    admin = town.browser("admin")
    assert admin.fill("/staff/settings/rhythm", {"morning": "08:30", "triage": "3"}, "morning").status_code == 303
    jobs.tell(town.house, datetime(2026, 11, 13, 6, 30, tzinfo=UTC))
    assert box.raw == []
    jobs.tell(town.house, datetime(2026, 11, 13, 7, 30, tzinfo=UTC))
    assert len(box.raw) == 1
    wrong = (
        {"morning": "03:00"},
        {"evening": "23:00"},
        {"triage": "40"},
        {"months": "13"},
        {"rota": [str(account(town, "clerk"))]},
    )
    for one in (*wrong, {"mailbox": "a@b.fr"}):
        typed = {"morning": "08:00", "evening": "16:00", "triage": "2", "months": "2", **one}
        assert admin.post("/staff/settings/rhythm", typed).status_code == 422, one


def test_a_rota_needs_names_an_end_and_each_ones_yes(town: Town) -> None:
    admin, petit = town.browser("admin"), town.browser("petit")
    named = [str(account(town, "petit"))]
    assert "Astreinte" not in petit.get(PRESENCE).text
    page = "/staff/settings/rhythm"
    assert admin.fill(page, {"rota": named, "until": ""}, "morning").status_code == 422
    until = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    assert admin.fill(page, {"rota": named, "until": until}, "morning").status_code == 303
    assert "n’a pas encore donné son accord" in admin.get(page).text
    assert "Astreinte" in petit.get(PRESENCE).text
    assert petit.fill(PRESENCE, {"on_call": ["1"]}, "days").status_code == 303
    assert "a donné son accord" in admin.get(page).text
