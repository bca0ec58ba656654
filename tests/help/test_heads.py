"""A head sees that something waits or is urgent, in words, without a number and without a text."""

import re
from datetime import UTC, date, datetime, timedelta

from ent_module.help.service.heads import Situation, situation
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Membership, Profile, Role
from tests.help.steps import MESSAGE, NOW, account, act, seen, write
from tests.support.town import COLLEGE, OTHER, Town


def sees(town: Town, name: str = "head", uai: str = COLLEGE, days: int = 0) -> Situation:
    with town.house.database.reading() as db:
        return situation(db, town.house.keys, town.membership(name, uai), NOW + timedelta(days=days))


def test_the_gravest_thing_is_told(town: Town) -> None:
    assert sees(town) is Situation.QUIET
    first = write(town)
    assert sees(town) is Situation.UNREAD
    assert sees(town, days=1) is Situation.UNREAD  # the due day itself
    assert sees(town, days=2) is Situation.LATE
    urgent = write(town, danger="yes")
    assert sees(town) is Situation.URGENT
    petit = town.browser("petit")
    act(petit, str(urgent.id), "take")
    act(petit, str(urgent.id), "not_urgent", why="Vue avec la CPE.")
    act(petit, str(first.id), "take")
    assert sees(town, days=9) is Situation.QUIET
    act(petit, str(first.id), "urgent")
    assert sees(town) is Situation.URGENT  # read, but still urgent
    act(petit, str(first.id), "close", done="Vu avec la famille.")
    assert sees(town) is Situation.QUIET


def test_another_school_is_none_of_a_heads_business(town: Town) -> None:
    write(town, danger="yes")
    assert sees(town, "other_head", OTHER) is Situation.QUIET
    assert "Rien n’attend" in seen(town.browser("other_head").get("/staff/group"))


def another_head(town: Town, name: str = "Rémi Vasseur") -> Membership:
    """Somebody whom the portal names head of the collège arrives for the first time."""
    with town.house.database.writing() as db:
        arrival = Arrival(town.portal_id, name, Profile.MANAGEMENT, name, (COLLEGE,), (), "fr", head=True)
        return identity.welcome(db, town.house.keys, arrival).here


def told(town: Town, head: Membership) -> Situation:
    with town.house.database.reading() as db:
        return situation(db, town.house.keys, head, NOW)


def test_a_head_who_comes_for_the_first_time_after_the_message_is_told(town: Town) -> None:
    write(town)
    assert told(town, another_head(town)) is Situation.UNREAD


def test_where_a_head_is_left_out_only_the_others_are_told(town: Town) -> None:
    second = another_head(town)
    write(town, without=(account(town, "head"),))
    assert sees(town) is Situation.QUIET
    assert told(town, second) is Situation.UNREAD
    third = another_head(town, "Zoé Lang")  # may be the same person under another account
    assert told(town, third) is Situation.QUIET


def test_a_head_who_steps_aside_is_told_no_more(town: Town) -> None:
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "head"), Role.LISTENER, date(2026, 9, 1))
    written, second = write(town), another_head(town)
    act(town.browser("head"), str(written.id), "step_aside")
    assert sees(town) is Situation.QUIET
    assert told(town, second) is Situation.QUIET


def test_there_is_no_number_and_no_text(town: Town) -> None:
    now = datetime.now(UTC)
    one = write(town, what=("home",), now=now)
    before = [re.sub(r"\s+", " ", town.browser("head").get(path).text) for path in ("/", "/staff/group")]
    browser = town.browser("head")
    page = seen(browser.get("/staff/group"))
    assert "Quelque chose attend d’être lu" in page
    assert "Demandez au groupe d’écoute où il en est" in page
    for words in (MESSAGE, "À la maison", "Lina", str(one.id), "Jeanne Petit", "Inès Vidal"):
        assert words not in page
        assert words not in "".join(before)
    more = browser.get("/staff/group").text
    write(town, now=now)
    write(town, now=now)
    assert browser.get("/staff/group").text == more


def test_a_head_has_no_desk(town: Town) -> None:
    written = write(town)
    browser = town.browser("head")
    assert browser.get("/staff/desk").status_code == 403
    assert browser.get(f"/staff/desk/{written.id}").status_code == 403
    assert town.browser("petit").get("/staff/group").status_code == 403
