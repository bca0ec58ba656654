"""The desk of the listening group: one inbox, and what a listener does with a conversation."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ent_module.help.model.moves import State, waits
from ent_module.help.service import acting, desk, reach
from ent_module.help.tables import Conversation, KeySlots
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from ent_module.privacy.tables import AuditLine
from tests.help.steps import (
    MESSAGE,
    NOW,
    account,
    act,
    on_desk,
    opened,
    row_of,
    seen,
    token_on,
    write,
)
from tests.support.database import everything
from tests.support.town import COLLEGE, ECOLE, OTHER, Town

# --- Inbox ------------------------------------------------------------------------------------------------------------

TRAIL = {"ent_audit", "ent_audit_head"}


def test_one_inbox_over_all_schools_of_the_person(town: Town) -> None:
    here, there, school = write(town), write(town, uai=OTHER), write(town, uai=ECOLE)
    assert set(on_desk(town.browser("ines"))) == {str(here.id), str(there.id)}
    assert on_desk(town.browser("petit")) == [str(here.id)]
    assert on_desk(town.browser("paul")) == [str(there.id)]
    assert on_desk(town.browser("circo1")) == [str(school.id)]
    page = seen(town.browser("ines").get("/staff/desk"))
    assert "Collège Simone-Veil" in page
    assert "Collège Lucie-Aubrac" in page


def test_a_line_says_what_is_needed_and_nothing_of_the_message(town: Town) -> None:
    write(town, danger="yes", what=("home", "sad"), about="me", answer="here-named", now=NOW - timedelta(days=30))
    page = seen(town.browser("petit").get("/staff/desk"))
    for words in (
        "Urgent",
        "en retard de",
        "Nouveau",
        "À la maison · Ne va pas bien",
        "Pour soi",
        "personne ne l’a pris",
    ):
        assert words in page
    for words in (MESSAGE, "Lina", "6e B"):
        assert words not in page


def test_an_urgent_one_that_waits_is_to_be_read_at_once(town: Town) -> None:
    urgent, calm = write(town, danger="yes", now=datetime.now(UTC)), write(town, now=datetime.now(UTC))
    browser = town.browser("petit")
    first, second = seen(browser.get("/staff/desk")).split("personne ne l’a pris")[:2]
    assert "à lire tout de suite" in first
    assert "jour d’école" not in first
    assert "à lire tout de suite" not in second
    page = seen(browser.get(f"/staff/desk/{urgent.id}"))
    assert "à lire tout de suite" in page
    assert "jour d’école" not in page
    assert "jour d’école" in seen(browser.get(f"/staff/desk/{calm.id}"))


def test_danger_now_is_said_on_top_and_not_among_the_facts(town: Town) -> None:
    grave, calm = write(town, danger="yes"), write(town, danger="unknown")
    browser = town.browser("petit")
    page = browser.get(f"/staff/desk/{grave.id}")
    above, _between, below = seen(page).partition("Sans nom.")
    assert "Danger : oui, maintenant" in above
    assert "Oui, maintenant" not in below
    other = seen(browser.get(f"/staff/desk/{calm.id}"))
    assert "oui, maintenant" not in other
    assert "Ne sait pas" in other


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.booleans(), st.sampled_from(State), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=8
    )
)
def test_urgent_first_then_what_waits_then_by_day_and_by_arrival(
    town: Town, lines: list[tuple[bool, State, int, int]]
) -> None:
    before = {one.id for one in _inbox(town)}
    placed: dict[Any, tuple[Any, ...]] = {}
    for urgent, state, due, slot in lines:
        written = write(town, now=NOW)
        values = {"urgent": urgent, "state": state.value, "due_on": NOW.date() + timedelta(days=due)}
        arrived = NOW - timedelta(days=slot)
        with town.house.database.writing() as db:
            db.execute(
                update(Conversation)
                .where(Conversation.establishment_id == written.school, Conversation.id == written.id)
                .values(**values, received_slot=arrived)
            )
        if state is not State.CLOSED:
            placed[written.id] = (not urgent, not waits(state, held=False), values["due_on"], arrived)
    shown = [one.id for one in _inbox(town) if one.id not in before]
    assert set(shown) == set(placed)
    assert [placed[one] for one in shown] == sorted(placed.values())
    with town.house.database.writing() as db:
        db.execute(update(Conversation).values(state="closed"), execution_options={"across": True})


def _inbox(town: Town) -> list[desk.Line]:
    with town.house.database.reading() as db:
        found = desk.inbox(db, town.house.keys, town.petit, NOW)
        assert not found.more
        return found.lines


def test_pages_hold_each_conversation_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PER_PAGE", 3)
    written = {str(write(town).id) for _turn in range(7)}
    browser = town.browser("ines")
    pages = [on_desk(browser, f"?page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {one for page in pages for one in page} == written
    assert "Page suivante" not in browser.get("/staff/desk?page=3").text
    assert on_desk(browser, "?page=-1") == pages[0]
    assert on_desk(browser, "?page=x") == pages[0]


def test_closed_ones_are_on_a_list_of_their_own(town: Town) -> None:
    written, browser = write(town), town.browser("petit")
    browser.get(f"/staff/desk/{written.id}")
    act(browser, str(written.id), "close")
    assert on_desk(browser) == []
    assert on_desk(browser, "?show=closed") == [str(written.id)]


def test_the_tile_counts_what_this_person_can_read(town: Town) -> None:
    assert "Rien à lire" in seen(town.browser("petit").get("/"))
    write(town)
    write(town, without=(account(town, "petit"),))
    write(town, danger="yes", without=(account(town, "petit"),))
    assert "1 à lire ou à prendre" in (petit := seen(town.browser("petit").get("/")))
    assert "urgent" not in petit
    assert "3 à lire ou à prendre, dont 1 urgent" in seen(town.browser("ines").get("/"))


def test_the_tile_speaks_of_several_schools_to_whoever_has_several(town: Town) -> None:
    for name, several in (("roux", False), ("ines", True), ("circo1", True)):
        assert ("tous vos établissements" in seen(town.browser(name).get("/"))) is several, name


def test_the_desk_shows_no_school_but_the_messages_own(town: Town) -> None:
    written, browser = write(town, uai=OTHER), town.browser("ines")
    assert "Collège Simone-Veil" in seen(browser.get("/"))  # the school of her session
    for page in ("/staff/desk", "/staff/desk?show=closed", f"/staff/desk/{written.id}"):
        shown = re.sub(r'(?s)<select id="school".*?</select>', "", browser.get(page).text)  # of which one may choose
        assert "Collège Simone-Veil" not in shown
    assert "Collège Lucie-Aubrac" in seen(browser.get("/staff/desk"))


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_opening_marks_it_read_and_leaves_an_audit_line_without_content(town: Town) -> None:
    written, browser = write(town), town.browser("petit")
    before = everything(town.house.database)
    page = browser.get(f"/staff/desk/{written.id}")
    assert MESSAGE in page.text
    after = everything(town.house.database)
    assert {table for table in after if after[table] != before[table]} == {*TRAIL, "ent_conversation", "ent_move"}
    browser.get(f"/staff/desk/{written.id}")
    again = everything(town.house.database)
    assert {table for table in again if again[table] != after[table]} == TRAIL
    assert row_of(town, written).state == State.READ
    with town.house.database.reading() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.establishment_id == written.school)).all()
    opened_lines = [line for line in lines if line.action == "message.opened"]
    assert [(line.account_id, line.object_id) for line in opened_lines] == [(account(town, "petit"), written.id)] * 2


def test_a_colleagues_look_does_not_hide_that_the_writer_has_written_again(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), town.browser("roux")
    act(petit, str(written.id), "take")
    lina = town.browser("lina")
    page = opened(lina, written.code)
    lina.post("/words/reply", {"token": token_on(page.text), "code": written.code, "message": "Encore."})
    assert "Encore." in roux.get(f"/staff/desk/{written.id}").text
    assert row_of(town, written).state == State.NEW
    with town.house.database.reading() as db:
        [line] = db.scalars(
            select(AuditLine).where(
                AuditLine.establishment_id == written.school, AuditLine.account_id == account(town, "roux")
            )
        )
    assert line.action == "message.opened"
    petit.get(f"/staff/desk/{written.id}")
    assert row_of(town, written).state == State.IN_PROGRESS


def test_outsiders_learn_nothing_of_a_conversation(town: Town) -> None:
    written = write(town)
    for name, status in (
        ("paul", 404),
        ("referent", 404),
        ("circo1", 404),
        ("lina", 403),
        ("alba", 403),
        ("head", 403),
    ):
        browser = town.browser(name)
        for address in (f"/staff/desk/{written.id}", f"/staff/desk/{uuid4()}"):
            assert browser.get(address).status_code == status, name
        there, nowhere = (browser.get(f"/staff/desk/{one}").text.replace(str(one), "") for one in (written.id, uuid4()))
        assert _without_request_id(there) == _without_request_id(nowhere)
        before = everything(town.house.database)
        for action in acting.ACTIONS:
            refused = browser.post(f"/staff/desk/{written.id}/{action}", {"message": "x", "note": "x"})
            assert refused.status_code in {400, 403, 404}
        assert everything(town.house.database) == before


def _without_request_id(page: str) -> str:
    return re.sub(r'<bdi dir="ltr">[0-9a-f]{12}</bdi>', "", page)


def test_someone_who_is_no_longer_a_listener_reads_nothing_more(town: Town) -> None:
    written = write(town)
    browser = town.browser("roux")
    assert on_desk(browser) == [str(written.id)]
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "roux"), Role.LISTENER)
    assert browser.get("/staff/desk").status_code == 403
    assert browser.get(f"/staff/desk/{written.id}").status_code == 403


def test_a_new_listener_reads_only_what_comes_from_then_on(town: Town) -> None:
    old = write(town)
    with town.house.database.writing() as db:
        identity.grant(db, town.schools[COLLEGE], account(town, "clerk"), Role.LISTENER, date(2026, 11, 1))
    new = write(town)
    browser = town.browser("clerk")
    assert on_desk(browser) == [str(new.id)]
    assert browser.get(f"/staff/desk/{old.id}").status_code == 404


def test_the_law_is_at_hand(town: Town) -> None:
    written = write(town)
    page = seen(town.browser("petit").get(f"/staff/desk/{written.id}"))
    assert "Vous pouvez transmettre vous-même, sans accord préalable." in page
    assert "article 40 du code de procédure pénale" in page


@pytest.mark.parametrize("page", ["/", "/staff/desk"])
def test_a_key_that_goes_while_a_page_is_made_is_no_error(
    town: Town, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """On PostgreSQL the page's next query sees what somebody has committed meanwhile."""
    written, petit, real = write(town), town.browser("petit"), reach.keys_of

    def overtaken(db: Session, *arguments: Any) -> dict[UUID, Any]:
        with town.house.database.writing() as other:
            mine = (KeySlots.establishment_id == written.school) & (KeySlots.id == written.id)
            other.execute(delete(KeySlots).where(mine))
        return real(db, *arguments)

    monkeypatch.setattr(desk, "keys_of", overtaken)
    assert petit.get(page).status_code == 200
