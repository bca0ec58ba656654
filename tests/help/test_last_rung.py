"""The mailbox of the territory, and the tick over a holiday, ending in mail received."""

from datetime import UTC, date, datetime, timedelta

from ent_module.help import jobs
from ent_module.help.service import listening
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from ent_module.jobs.service import tick
from tests.help.notices import reach, setting
from tests.help.steps import NOW, account, act, actions_of, row_of, seen, write
from tests.support.database import everything
from tests.support.mailbox import Mailbox
from tests.support.town import COLLEGE, DEPARTEMENT, Town

EVENING = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
_ALL = ["mon", "tue", "wed", "thu", "fri"]


def says(town: Town, name: str, *days: str, stands_in: bool = False) -> None:
    with town.house.database.writing() as db:
        me = town.membership(name, COLLEGE)
        listening.set_days(db, me, list(days) or _ALL, stands_in=stands_in, on_call=False)


def nobody_above(town: Town) -> None:
    with town.house.database.writing() as db:
        me = town.membership("referent")
        identity.revoke(db, me.establishment_id, me.account_id, Role.LISTENER)


def test_at_the_end_the_mailbox_of_the_territory_is_told_once(town: Town, box: Mailbox) -> None:
    nobody_above(town)
    setting(town, DEPARTEMENT, "mailbox", "cellule@dept.example")
    written = write(town)
    for hours in range(0, 24 * 8, 2):
        now = datetime(2026, 11, 13, 6, 30, tzinfo=UTC) + timedelta(hours=hours)
        jobs.escalate(town.house, now)
        jobs.tell(town.house, now)
    assert box.recipients == ["cellule@dept.example"]
    assert actions_of(town, written) == ["sent", "mailbox"]
    assert row_of(town, written).escalated_on is None
    assert "la boîte du niveau supérieur" in seen(town.browser("petit").get(f"/staff/desk/{written.id}"))


def test_where_really_nobody_is_left_the_mailbox_is_told_each_week_until_somebody_listens(
    town: Town, box: Mailbox
) -> None:
    nobody_above(town)
    setting(town, DEPARTEMENT, "mailbox", "cellule@dept.example")
    written = write(town, without=(account(town, "ines"),))
    with town.house.database.writing() as db:
        for name in ("petit", "roux"):
            identity.revoke(db, town.schools[COLLEGE], account(town, name), Role.LISTENER)
    for hours in range(0, 24 * 10, 2):
        now = datetime(2026, 11, 13, 6, 30, tzinfo=UTC) + timedelta(hours=hours)
        jobs.escalate(town.house, now)
        jobs.tell(town.house, now)
    assert box.recipients == ["cellule@dept.example"] * 2
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "clerk"), Role.LISTENER, date(2026, 9, 1))
    jobs.escalate(town.house, NOW + timedelta(days=12))
    assert town.browser("clerk").get(f"/staff/desk/{written.id}").status_code == 200


def test_a_mailbox_where_somebody_left_out_works_is_not_told(town: Town, box: Mailbox) -> None:
    setting(town, DEPARTEMENT, "mailbox", "cellule@dept.example")
    written = write(town, without=(account(town, "referent"),))
    for days in range(20):
        jobs.escalate(town.house, NOW + timedelta(days=days))
        jobs.tell(town.house, datetime(2026, 11, 13, 6, 30, tzinfo=UTC) + timedelta(days=days))
    assert box.raw == []
    assert actions_of(town, written) == ["sent"]


def test_the_tick_over_a_holiday_ends_in_mail_received(town: Town, box: Mailbox) -> None:
    """Written on the eve of the Christmas holidays, after school; each hour of three weeks the tick runs, twice."""
    reach(town, "petit", "referent")
    says(town, "petit", stands_in=False)
    written = write(town, now=datetime(2026, 12, 18, 20, 0, tzinfo=UTC))
    assert written.receipt.due_on == date(2027, 1, 4)
    moment, came = datetime(2026, 12, 18, 20, 30, tzinfo=UTC), []
    while moment < datetime(2027, 1, 6, 0, 0, tzinfo=UTC):
        for _turn in range(2):
            before = len(box.raw)
            assert set(tick(town.house, moment).values()) == {"done"}
            came += [(moment, to) for to in box.recipients[before:]]
        moment += timedelta(hours=1)
    assert sorted(came) == [
        (datetime(2027, 1, 4, 6, 30, tzinfo=UTC), "petit@ac.example"),
        (datetime(2027, 1, 4, 15, 30, tzinfo=UTC), "petit@ac.example"),
        (datetime(2027, 1, 5, 6, 30, tzinfo=UTC), "petit@ac.example"),
        (datetime(2027, 1, 5, 6, 30, tzinfo=UTC), "referent@ac.example"),
        (datetime(2027, 1, 5, 15, 30, tzinfo=UTC), "petit@ac.example"),
        (datetime(2027, 1, 5, 15, 30, tzinfo=UTC), "referent@ac.example"),
    ]
    assert actions_of(town, written) == ["sent", "escalate"]
    act(town.browser("petit"), str(written.id), "take")
    once = everything(town.house.database)
    jobs.tell(town.house, datetime(2027, 1, 5, 15, 40, tzinfo=UTC))
    assert everything(town.house.database) == once


def test_changes_of_the_group_are_told_by_mail_without_a_word_on_them(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    setting(town, DEPARTEMENT, "mailbox", "cellule@dept.example")
    clerk = str(account(town, "clerk"))
    assert town.browser("admin").post("/staff/settings/members/propose", {"account_id": clerk}).status_code == 303
    jobs.tell(town.house, EVENING)
    assert sorted(box.recipients) == ["cellule@dept.example", "petit@ac.example", "roux@ac.example"]
    assert len({str(letter.get_content()) for letter in box.letters}) == 1
    assert not any(b"Luc" in raw or b"Martin" in raw for _to, raw in box.raw)
