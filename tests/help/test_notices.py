"""Mails to the group, through a real mail server: when, to whom, what they say, and what they never say."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from ent_module.help import jobs
from ent_module.help.service import listening
from ent_module.help.tables import Notice
from tests.help.notices import reach, setting, text_of
from tests.help.steps import NOW, account, act, write
from tests.support.database import every_byte
from tests.support.mailbox import Mailbox
from tests.support.town import COLLEGE, Town

MORNING = datetime(2026, 11, 13, 6, 30, tzinfo=UTC)
"""The Friday after NOW, half past seven in Paris."""
EVENING = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)
CANARY = "perroquet-bleu-sous-le-banc"


# --- When -------------------------------------------------------------------------------------------------------------


def test_a_notice_leaves_at_the_fixed_hours_and_at_no_other(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    moment = NOW.replace(hour=0, minute=0)
    came: list[datetime] = []
    while moment < NOW + timedelta(days=4):
        before = len(box.raw)
        jobs.tell(town.house, moment)
        came += [moment] * (len(box.raw) - before)
        moment += timedelta(minutes=10)
    hours = [
        datetime(2026, 11, day, hour, minute, tzinfo=UTC) for day in (12, 13) for hour, minute in ((6, 30), (15, 0))
    ]
    hours.append(datetime(2026, 11, 16, 6, 30, tzinfo=UTC))
    assert came == hours  # Thursday, Friday and Monday and Friday; nothing at night, nothing at the week-end


def test_nothing_leaves_in_the_holidays(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town, now=datetime(2026, 12, 18, 15, 0, tzinfo=UTC), danger="yes")
    for day in range(19, 32):
        for hour in range(24):
            jobs.tell(town.house, datetime(2026, 12, day, hour, 35, tzinfo=UTC))
    assert box.raw == []
    jobs.tell(town.house, datetime(2027, 1, 4, 6, 30, tzinfo=UTC))
    assert box.recipients == ["petit@ac.example"]


def test_a_notice_stops_once_it_is_opened_or_taken(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    one, other = write(town), write(town)
    town.browser("roux").get(f"/staff/desk/{one.id}")
    act(town.browser("roux"), str(other.id), "take")
    jobs.tell(town.house, EVENING)
    assert box.raw == []


def test_what_was_read_and_is_late_is_told_again(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    one = write(town)
    town.browser("petit").get(f"/staff/desk/{one.id}")
    jobs.tell(town.house, datetime(2026, 11, 16, 6, 30, tzinfo=UTC))
    assert box.recipients == ["petit@ac.example"]


def test_danger_is_told_at_once_in_open_hours_only_and_once(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    setting(town, COLLEGE, "response_days", 3)
    write(town, danger="yes", now=NOW)
    for minutes in range(0, 60, 5):
        jobs.tell(town.house, NOW + timedelta(minutes=minutes))
    assert box.recipients == ["petit@ac.example"]


def test_danger_at_night_waits_for_the_morning(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    night = datetime(2026, 11, 12, 20, 0, tzinfo=UTC)
    write(town, danger="yes", now=night)
    for hours in range(10):
        jobs.tell(town.house, night + timedelta(hours=hours))
    assert box.raw == []
    jobs.tell(town.house, MORNING)
    assert box.recipients == ["petit@ac.example"]


def test_a_rota_tells_at_night_whom_it_names_and_who_has_agreed(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux", "ines")
    named = [str(account(town, name, COLLEGE)) for name in ("petit", "roux")]
    setting(town, COLLEGE, "rota", {"accounts": named, "until": "2026-11-30"})
    with town.house.database.writing() as db:
        for name in ("petit", "ines"):
            me = town.membership(name, COLLEGE)
            listening.set_days(db, me, ["mon"], stands_in=False, on_call=True)
    night = datetime(2026, 11, 12, 20, 0, tzinfo=UTC)
    write(town, danger="no", now=night)
    jobs.tell(town.house, night)
    assert box.raw == []
    write(town, danger="yes", now=night)
    jobs.tell(town.house, night)
    assert box.recipients == ["petit@ac.example"]
    setting(town, COLLEGE, "rota", {"accounts": named, "until": "2026-11-11"})
    write(town, danger="yes", now=night)
    jobs.tell(town.house, night)
    assert len(box.raw) == 1


# --- To whom ----------------------------------------------------------------------------------------------------------


def test_whoever_is_left_out_is_never_told(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    reach(town, "ines", uai=COLLEGE)
    write(town, danger="yes", without=(account(town, "roux"),))
    for moment in (NOW, EVENING, MORNING, datetime(2026, 11, 20, 6, 30, tzinfo=UTC)):
        jobs.escalate(town.house, moment)
        jobs.tell(town.house, moment)
    assert set(box.recipients) == {"petit@ac.example", "ines@ac.example"}
    with town.house.database.reading() as db:
        mine = select(Notice.state).where(
            Notice.establishment_id == town.schools[COLLEGE], Notice.account_id == account(town, "roux")
        )
        assert set(db.scalars(mine)) == {"nothing"}


def test_control_nobody_left_out_all_are_told(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    write(town)
    jobs.tell(town.house, EVENING)
    assert sorted(box.recipients) == ["petit@ac.example", "roux@ac.example"]


def test_whoever_left_the_group_or_is_away_is_told_nothing(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    write(town)
    with town.house.database.writing() as db:
        listening.go_away(db, town.house.keys, town.membership("roux"), date(2026, 11, 13), NOW.date())
    town.browser("petit").post("/staff/settings/members/leave")
    jobs.tell(town.house, EVENING)
    assert box.raw == []


def test_one_address_gets_one_letter(town: Town, box: Mailbox) -> None:
    """Inès listens in two collèges and has given the same address in both."""
    reach(town, "ines", uai=COLLEGE)
    reach(town, "ines", uai="0590002C")
    write(town)
    jobs.tell(town.house, EVENING)
    assert box.recipients == ["ines@ac.example"]


def test_an_address_is_used_only_once_its_link_was_followed(town: Town, box: Mailbox) -> None:
    petit = town.browser("petit")
    assert petit.fill("/staff/settings/mine", {"address": "p@ac.example"}, "address").status_code == 303
    write(town)
    now = datetime.now(UTC)
    jobs.tell(town.house, now.replace(hour=23))
    [letter] = box.letters
    link = re.search(r"/staff/settings/mine/[0-9a-f]{32}/check", text_of(letter))
    assert link
    assert "à confirmer" in petit.get("/staff/settings/mine").text
    jobs.tell(town.house, EVENING)
    assert len(box.raw) == 1
    assert town.browser("roux").get(link[0]).status_code == 404
    assert petit.get(link[0]).status_code == 200
    assert "à confirmer" in petit.get("/staff/settings/mine").text  # opening it changes nothing
    assert petit.fill(link[0]).status_code == 303
    assert "Adresse confirmée" in petit.get("/staff/settings/mine").text
    jobs.tell(town.house, EVENING)
    assert len(box.raw) == 2


def test_nobodys_mailbox_is_filled_by_checks(town: Town, box: Mailbox) -> None:
    petit = town.browser("petit")
    answers = [
        petit.fill("/staff/settings/mine", {"address": f"p{number}@ac.example"}, "address").status_code
        for number in range(6)
    ]
    assert answers == [303] * 5 + [422]
    jobs.tell(town.house, datetime.now(UTC))
    assert box.recipients == ["p4@ac.example"]


@pytest.mark.parametrize("typed", ["nobody", "a@b", "a@b.fr\nBcc: c@d.fr", "a@b.fr, c@d.fr", "x" * 250 + "@b.fr"])
def test_what_is_no_address_is_refused_and_shown_again(town: Town, typed: str) -> None:
    answer = town.browser("petit").fill("/staff/settings/mine", {"address": typed}, "address")
    assert answer.status_code == 422
    assert "Indiquez une adresse" in answer.text


# --- What they say ----------------------------------------------------------------------------------------------------


def test_all_letters_say_the_same_and_nothing_of_what_was_written(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    write(town, message=CANARY, danger="yes")
    jobs.tell(town.house, NOW)
    write(town, message=CANARY)
    jobs.tell(town.house, EVENING)
    assert len(box.raw) == 4
    link = "https://ent.example/ent/staff/desk"
    words = f"Bonjour,\n\nQuelque chose est à consulter dans votre espace\u202f:\n{link}\n\n"
    words += "Ce courriel est envoyé par un programme. Personne ne lit les réponses."
    assert {(letter["Subject"], text_of(letter).strip()) for letter in box.letters} == {("À consulter", words)}
    for _to, raw in box.raw:
        for word in (CANARY, "perroquet", "Lina", "Veil", COLLEGE, "urgent", "danger", "élève"):
            assert word.encode() not in raw


def test_control_a_canary_in_a_letter_would_be_found(box: Mailbox) -> None:
    box.raw.append(("x", CANARY.encode()))
    assert any(CANARY.encode() in raw for _to, raw in box.raw)


def test_each_reads_letters_in_the_language_of_their_page(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    with town.house.database.writing() as db:
        me = town.membership("petit")
        row = listening.row_of(db, me.establishment_id, me.account_id)
        assert row is not None
        listening.set_address(db, town.house.keys, me, "petit@ac.example", "ar", NOW.date())
        row.checked_on = NOW.date()
    write(town)
    jobs.tell(town.house, EVENING)
    assert any("الاطلاع" in text_of(letter) for letter in box.letters)


def test_addresses_are_sealed_where_they_are_kept(town: Town, box: Mailbox) -> None:
    reach(town, "petit")
    write(town)
    jobs.tell(town.house, EVENING)
    assert box.recipients == ["petit@ac.example"]
    with town.house.database.reading() as db:
        assert b"petit@ac" not in every_byte(db)
