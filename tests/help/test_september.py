"""In September the group is confirmed again, or the page for writing closes."""

from datetime import date

import pytest

from ent_module.establishments import service as establishments
from ent_module.help.service import channel
from ent_module.help.service.channel import Reason
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.steps import account, write
from tests.support.town import COLLEGE, THIS_YEAR, Town

PAGE = "/staff/settings/channel"


def opened_in(town: Town, year: int) -> None:
    with town.house.database.writing() as db:
        establishments.draft(db, town.schools[COLLEGE], "channel", {"open": True, "year": year})
        establishments.publish(db, town.schools[COLLEGE], "channel")


def status_on(town: Town, day: date, monkeypatch: pytest.MonkeyPatch) -> Reason:
    monkeypatch.setattr(channel, "today_in_paris", lambda: day)
    with town.house.database.reading() as db:
        return channel.channel_status(db, town.schools[COLLEGE]).reason


def test_the_channel_closes_on_the_evening_of_the_thirtieth(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_in(town, 2026)
    days = (date(2026, 10, 1), date(2027, 9, 30), date(2027, 10, 1))
    found = [status_on(town, day, monkeypatch) for day in days]
    assert found == [Reason.OPEN, Reason.OPEN, Reason.NOT_CONFIRMED]
    with town.house.database.writing() as db:
        channel.confirm_group(db, town.schools[COLLEGE], date(2027, 9, 2))
    found = [status_on(town, day, monkeypatch) for day in (*days, date(2028, 9, 30), date(2028, 10, 1))]
    assert found == [Reason.OPEN] * 4 + [Reason.NOT_CONFIRMED]


def test_what_was_opened_before_this_was_noted_is_of_its_year(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with town.house.database.writing() as db:
        establishments.draft(db, town.schools[COLLEGE], "channel", {"open": True})
        establishments.publish(db, town.schools[COLLEGE], "channel")
    found = [status_on(town, day, monkeypatch) for day in (date(2027, 9, 30), date(2027, 10, 1))]
    assert found == [Reason.OPEN, Reason.NOT_CONFIRMED]


def test_one_page_asks_and_confirms(town: Town) -> None:
    written = write(town, answer="here-named")
    assert "Confirmer le groupe" not in town.browser("head").get(PAGE).text
    opened_in(town, THIS_YEAR - 2)
    head, lina = town.browser("head"), town.browser("lina")
    assert "le groupe n’a pas été confirmé" in head.get(PAGE).text
    assert "Groupe d’écoute confirmé" in head.get("/staff/settings").text
    assert "Envoyer mon message" not in lina.get("/write").text
    assert "tel:119" in lina.get("/write").text
    assert town.browser("petit").get(f"/staff/desk/{written.id}").status_code == 200  # what has begun goes on
    assert head.fill(PAGE, having="/confirm").status_code == 303
    assert "Confirmer le groupe" not in head.get(PAGE).text
    assert "Envoyer mon message" in lina.get("/write").text


def test_a_group_that_is_not_ready_cannot_be_confirmed(town: Town) -> None:
    opened_in(town, THIS_YEAR - 2)
    with town.house.database.writing() as db:
        for name in ("petit", "roux"):
            identity.revoke(db, town.schools[COLLEGE], account(town, name), Role.LISTENER)
    answer = town.browser("admin").post(f"{PAGE}/confirm")
    assert answer.status_code == 409
    assert "deux membres actifs" in answer.text


def test_opening_is_confirming(town: Town) -> None:
    opened_in(town, THIS_YEAR - 2)
    with town.house.database.writing() as db:
        channel.open_channel(db, town.schools[COLLEGE])
        assert channel.channel_status(db, town.schools[COLLEGE]).open
