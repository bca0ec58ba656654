"""Appointments that give nothing away: what is proposed, what the writer says, the summons, and the calendar file."""

from datetime import date, datetime, time

import icalendar
import pytest

from ent_module.establishments.calendar import PARIS, Hours, SchoolCalendar
from ent_module.help.model import meeting
from ent_module.help.model.meeting import Meeting, Wrong
from tests.help.steps import (
    MESSAGE,
    NOW,
    Written,
    account,
    act,
    actions_of,
    next_day,
    opened,
    row_of,
    seen,
    step_on,
    token_on,
    write,
)
from tests.support.database import everything
from tests.support.forms import form
from tests.support.town import Browser, Town

CALENDAR = SchoolCalendar(Hours())
BREAKS = [(time(10), time(10, 15)), (time(12), time(13, 30))]
FINE = {"on_day": "2026-11-13", "at": "10:30", "place": "life"}


def proposes(browser: Browser, written: Written, **given: str) -> int:
    page = f"/staff/desk/{written.id}/day"
    found = browser.get(page).text
    values = {"token": token_on(found), "step": step_on(found), **FINE, "on_day": next_day().isoformat()}
    return browser.post(page, {**values, **given}).status_code


def says(browser: Browser, written: Written, **given: str) -> str:
    page = opened(browser, written.code)
    values = form(page.text, "/words/when").values
    answer = browser.post("/words/when", {**{name: one[-1:] for name, one in values.items()}, **given})
    return seen(answer)


# --- What may be proposed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"on_day": "2026-11-11"}, {"on_day": Wrong.PAST}),
        ({"on_day": "2026-11-14"}, {"on_day": Wrong.CLOSED}),
        ({"on_day": "2026-12-28"}, {"on_day": Wrong.CLOSED}),
        ({"on_day": "2027-04-01"}, {"on_day": Wrong.FAR}),
        ({"on_day": "demain"}, {"on_day": Wrong.DAY}),
        ({"at": "10:00"}, {"at": Wrong.BREAK}),
        ({"at": "10:14"}, {"at": Wrong.BREAK}),
        ({"at": "13 h"}, {"at": Wrong.BREAK}),
        ({"at": "07:59"}, {"at": Wrong.OUTSIDE}),
        ({"at": "17:00"}, {"at": Wrong.OUTSIDE}),
        ({"at": "25:00"}, {"at": Wrong.HOUR}),
        ({"on_day": "2026-11-12", "at": "09:00"}, {"at": Wrong.PAST}),
        ({"place": "infirmerie"}, {"place": Wrong.PLACE}),
        ({"place": "room", "room": "infirmerie scolaire"}, {"room": Wrong.ROOM}),
        ({"place": "room"}, {"room": Wrong.ROOM}),
    ],
)
def test_what_cannot_be_proposed(typed: dict[str, str], wrong: dict[str, Wrong]) -> None:
    assert meeting.proposed({**FINE, **typed}, CALENDAR, BREAKS, NOW) == wrong


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, Meeting(date(2026, 11, 13), time(10, 30), "life")),
        ({"at": "10 h 15"}, Meeting(date(2026, 11, 13), time(10, 15), "life")),
        ({"at": "13:30:00", "room": "12"}, Meeting(date(2026, 11, 13), time(13, 30), "life")),
        ({"place": "room", "room": "B 204"}, Meeting(date(2026, 11, 13), time(10, 30), "room", "B 204")),
    ],
)
def test_what_can(typed: dict[str, str], found: Meeting) -> None:
    assert meeting.proposed({**FINE, **typed}, CALENDAR, BREAKS, NOW) == found
    assert Meeting.of(found.as_values()) == found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("10:00-10:15, 12 h-13 h 30", [["10:00", "10:15"], ["12:00", "13:30"]]),
        ("15h30 à 15h45 ; 10:00–10:15", [["10:00", "10:15"], ["15:30", "15:45"]]),
        ("10:15-10:00", None),
        ("le matin", None),
        ("24:00-25:00", None),
        (", ".join(["10:00-10:15"] * 9), None),
    ],
)
def test_breaks_as_they_are_typed(typed: str, kept: list[list[str]] | None) -> None:
    assert meeting.typed_breaks(typed) == kept
    if kept:
        assert meeting.typed_breaks(meeting.written_breaks(kept)) == kept


def test_a_school_enters_its_breaks_and_nobody_is_called_then(town: Town) -> None:
    admin, rhythm = town.browser("admin"), "/staff/settings/rhythm"
    assert admin.fill(rhythm, {"breaks": "10:15"}, "morning").status_code == 422
    assert admin.fill(rhythm, {"breaks": "10:15-10:45"}, "morning").status_code == 303
    written, petit = write(town), town.browser("petit")
    assert "10 h 15–10 h 45" in seen(petit.get(f"/staff/desk/{written.id}/day"))
    assert proposes(petit, written) == 422
    assert proposes(petit, written, at="10:45") == 303


# --- Proposed and answered --------------------------------------------------------------------------------------------


def test_a_writer_accepts_in_one_tap(town: Town) -> None:
    written, petit, lina = write(town), town.browser("petit"), town.browser("lina")
    assert proposes(petit, written) == 303
    assert actions_of(town, written)[-1] == "meet"
    assert row_of(town, written).handled_by == account(town, "petit")
    page = seen(opened(lina, written.code))
    assert "10 h 30 · Vie scolaire" in page
    assert "Si tu viens, l’adulte saura qui tu es." in page
    assert "Ta réponse est partie." in says(lina, written, when="meet_yes")
    assert "Accepté" in seen(petit.get(f"/staff/desk/{written.id}/day"))
    assert "Rendez-vous accepté" in seen(petit.get(f"/staff/desk/{written.id}"))
    agenda = seen(petit.get("/staff/desk/agenda"))
    assert "10 h 30 · Vie scolaire · Accepté" in agenda
    assert MESSAGE not in agenda


def test_another_moment_is_asked_for_and_proposed(town: Town) -> None:
    written, petit, lina = write(town), town.browser("petit"), town.browser("lina")
    proposes(petit, written)
    assert "Écris quand tu peux." in says(lina, written, when="meet_other", moment=" ")
    assert "Ta réponse est partie." in says(lina, written, when="meet_other", moment="Plutôt vendredi")
    assert "Demande un autre moment : Plutôt vendredi" in seen(petit.get(f"/staff/desk/{written.id}"))
    assert proposes(petit, written, at="11:00") == 303
    agenda = seen(petit.get("/staff/desk/agenda"))
    assert "11 h · Vie scolaire · Pas encore de réponse" in agenda
    assert "10 h 30" not in agenda


def test_what_no_longer_counts_cannot_be_accepted(town: Town) -> None:
    written, petit, lina = write(town), town.browser("petit"), town.browser("lina")
    proposes(petit, written)
    page = opened(lina, written.code)
    old = {name: one[-1:] for name, one in form(page.text, "/words/when").values.items()}
    proposes(petit, written, at="11:00")
    answer = lina.post("/words/when", {**old, "when": "meet_yes"})
    assert "Ce rendez-vous a changé." in seen(answer)
    assert "Pas encore de réponse" in seen(petit.get(f"/staff/desk/{written.id}/day"))
    assert lina.post("/words/when", {**old, "when": "<b>"}).status_code == 400


def test_called_off(town: Town) -> None:
    written, petit, lina = write(town), town.browser("petit"), town.browser("lina")
    proposes(petit, written)
    assert proposes(petit, written, off="yes") == 303
    assert proposes(petit, written, off="yes") == 409
    page = opened(lina, written.code)
    assert "Rendez-vous annulé" in seen(page)
    assert 'name="when"' not in page.text
    assert "Vie scolaire" not in seen(petit.get("/staff/desk/agenda"))
    for out in ("slip", "calendar"):
        assert petit.post(f"/staff/desk/{written.id}/{out}").status_code == 400


def test_the_same_form_twice_makes_one(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    page = f"/staff/desk/{written.id}/day"
    found = petit.get(page).text
    values = {**FINE, "on_day": next_day().isoformat(), "token": token_on(found), "step": step_on(found)}
    assert [petit.post(page, values).status_code for _twice in range(2)] == [303, 303]
    assert actions_of(town, written).count("meet") == 1


def test_two_adults_never_call_the_same_pupil(town: Town) -> None:
    written = write(town)
    assert act(town.browser("ines"), str(written.id), "take").status_code == 303
    assert proposes(town.browser("petit"), written) == 409


# --- Without a thread -------------------------------------------------------------------------------------------------


def test_for_a_visit_it_is_noted_and_a_summons_printed(town: Town) -> None:
    written, petit = write(town, answer="visit", what=("home",)), town.browser("petit")
    assert proposes(petit, written, place="room", room="12") == 303
    assert "Convocation à remettre" in seen(petit.get("/staff/desk/agenda"))
    page = petit.post(f"/staff/desk/{written.id}/slip", {"named": "yes"})
    slips = page.text.split('<div class="slips"')[1].split("</main>")[0]
    assert slips.startswith(' lang="fr" dir="ltr"')
    assert "Lina Morel" in slips
    assert "6e B" in slips
    assert "Salle 12" in slips
    assert slips.count('<dl class="slip">') == 6
    for hidden in ("Petit", "écoute", "maison", str(written.id), MESSAGE):
        assert hidden not in slips
    assert "Lina" not in petit.post(f"/staff/desk/{written.id}/slip").text


def test_a_summons_is_in_french_whoever_prints_it(town: Town) -> None:
    written, petit = write(town, answer="visit"), town.browser("petit", "ar")
    proposes(petit, written)
    slips = petit.post(f"/staff/desk/{written.id}/slip").text.split('<div class="slips"')[1]
    assert "Vie scolaire" in slips
    assert "10\u202fh\u202f30" in slips


# --- The calendar file ------------------------------------------------------------------------------------------------


def test_the_calendar_file_tells_when_and_where_and_nothing_else(town: Town) -> None:
    written, petit = write(town, answer="here-named", what=("home",)), town.browser("petit")
    proposes(petit, written)
    answer = petit.post(f"/staff/desk/{written.id}/calendar")
    assert answer.mimetype == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert set(event) == {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "CLASS"}
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Rendez-vous", "Vie scolaire")
    assert event.decoded("DTSTART").astimezone(PARIS) == datetime.combine(next_day(), time(10, 30), PARIS)
    told = answer.text + answer.headers["Content-Disposition"]
    for hidden in ("Lina", "Morel", "6e B", "http", str(written.id), written.id.hex, "maison", "coute"):
        assert hidden not in told
    proposes(petit, written, at="11:00")
    (moved,) = icalendar.Calendar.from_ical(petit.post(f"/staff/desk/{written.id}/calendar").data).walk("VEVENT")
    assert moved["UID"] == event["UID"]
    assert int(moved.decoded("SEQUENCE")) > int(event.decoded("SEQUENCE"))


# --- Whoever is left out ----------------------------------------------------------------------------------------------


def test_whoever_is_left_out_sees_no_appointment(town: Town) -> None:
    roux = town.browser("roux")
    before = seen(roux.get("/staff/desk/agenda"))
    written = write(town, without=(account(town, "roux"),))
    assert proposes(town.browser("petit"), written) == 303
    assert seen(roux.get("/staff/desk/agenda")) == before
    at = f"/staff/desk/{written.id}"
    assert roux.get(f"{at}/day").status_code == 404
    assert [roux.post(f"{at}/{one}").status_code for one in ("slip", "calendar")] == [404, 404]


def test_nothing_of_it_stands_in_the_clear(town: Town) -> None:
    written = write(town)
    proposes(town.browser("petit"), written, place="room", room="Z 913")
    assert "Z 913" not in str(everything(town.house.database))
