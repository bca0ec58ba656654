"""Filters and search: in what the person may read, opened in memory, in no address and no index."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ent_module.help.service import finding
from ent_module.help.service.finding import Wanted
from tests.help.steps import NOW, WHERE, Written, account, act, row_of, seen, write
from tests.support.database import everything
from tests.support.town import OTHER, Browser, Town


def look(browser: Browser, **given: Any) -> list[str]:
    answer = browser.post("/staff/desk/find", {"queue": "group", "show": "open", **given})
    assert answer.status_code == 200, answer.status_code
    return WHERE.findall(answer.text)


def ids(*written: Written) -> set[str]:
    return {str(one.id) for one in written}


def test_each_filter_leaves_what_it_says(town: Town) -> None:
    here = write(town, what=("sad",))
    there = write(town, uai=OTHER, what=("home", "sad"))
    grave = write(town, danger="yes")
    ines = town.browser("ines")
    act(ines, str(here.id), "take")
    assert set(look(ines)) == ids(here, there, grave)
    assert set(look(ines, school=str(there.school))) == ids(there)
    assert set(look(ines, urgent="yes")) == ids(grave)
    assert set(look(ines, mine="yes")) == ids(here)
    assert set(look(ines, waiting="yes")) == ids(there, grave)
    assert set(look(ines, theme="sad")) == ids(here, there)
    assert set(look(ines, theme="sad", waiting="yes")) == ids(there)
    act(ines, str(here.id), "close")
    assert set(look(ines, show="closed", theme="sad")) == ids(here)


@pytest.mark.parametrize("wrong", [
    {"school": "x"}, {"theme": "x"}, {"queue": "own"}, {"queue": "x"}, {"show": "x"},
    {"school": "00000000-0000-4000-8000-000000000000"},
])  # fmt: skip
def test_what_no_page_offers_is_refused(town: Town, wrong: dict[str, str]) -> None:
    sent = {"queue": "group", "show": "open", **wrong}
    assert town.browser("petit").post("/staff/desk/find", sent).status_code == 400


def test_words_are_found_in_messages_notes_and_the_name_whatever_their_accents(town: Town) -> None:
    first = write(town, message="Il m’a frappé à la récréation.")
    second = write(town, message="Rien de tel.", answer="here-named")
    petit = town.browser("petit")
    act(petit, str(second.id), "note", note="Voir la conseillère.")
    assert set(look(petit, words="RECREATION frappe")) == ids(first)
    assert set(look(petit, words="conseillere")) == ids(second)
    assert set(look(petit, words="lina morel")) == ids(second)
    assert look(petit, words="girafe") == []
    assert "Rien de tel." in seen(petit.post("/staff/desk/find", {"queue": "group", "show": "open", "words": "girafe"}))


def test_looking_leaves_no_trace_and_stands_in_no_address(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    write(town, message="perroquet")
    petit = town.browser("petit")
    before = everything(town.house.database)
    assert len(look(petit, words="perroquet")) == 1
    assert everything(town.house.database) == before
    assert "perroquet" not in capsys.readouterr().err
    assert petit.get("/staff/desk/find").headers["Location"] == "/ent/staff/desk"


def test_whoever_is_left_out_finds_nothing(town: Town) -> None:
    hidden = write(town, message="Monsieur Roux crie.", without=(account(town, "roux"),))
    assert look(town.browser("roux"), words="crie") == []
    assert look(town.browser("roux")) == []
    assert set(look(town.browser("petit"), words="crie")) == ids(hidden)


def test_pages_of_what_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PER_PAGE", 3)
    written = ids(*(write(town, message="Un même mot.") for _turn in range(7)))
    petit = town.browser("petit")
    pages = [look(petit, words="même", page=str(number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {one for page in pages for one in page} == written


# --- Agenda and meeting -----------------------------------------------------------------------------------------------


def test_the_agenda_has_due_days_and_appointments_without_a_text(town: Town) -> None:
    now = datetime.now(UTC)
    written, petit = write(town, now=now), town.browser("petit")
    day = (now + timedelta(days=30)).date()
    act(petit, str(written.id), "note", note="Rappeler sa mère.", on_day=day.isoformat())
    with town.house.database.reading() as db:
        from ent_module.help.service import agenda

        found = {one.day: one.entries for one in agenda.days(db, town.house.keys, town.petit, now)}
    assert set(found) == {day, row_of(town, written).due_on}
    assert [entry.booked for entry in found[day]] == [True]
    page = seen(petit.get("/staff/desk/agenda"))
    assert "À revoir" in page
    assert "Rappeler" not in page
    assert act(petit, str(written.id), "note", note="x", on_day="2026-02-31").status_code == 422


def test_the_meeting_list_has_no_text_and_only_what_one_may_read(town: Town) -> None:
    shown = write(town, what=("home",), answer="here-named")
    write(town, what=("sexual",), without=(account(town, "petit"),))
    petit = town.browser("petit")
    act(petit, str(shown.id), "note", note="Secret du groupe.")
    page = seen(petit.get("/staff/desk/meeting"))
    assert "À la maison" in page
    assert "Note ajoutée · Jeanne Petit" in page
    for hidden in ("sac dans le couloir", "Secret du groupe", "Lina", "Gestes ou paroles à caractère sexuel"):
        assert hidden not in page


def test_search_reads_only_the_lane_that_is_shown(town: Town) -> None:
    write(town, message="mot")
    with town.house.database.reading() as db:
        assert not finding.found(db, town.house.keys, town.nurse, Wanted(words="mot"), NOW).lines
