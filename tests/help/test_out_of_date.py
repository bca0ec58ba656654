"""A page of the desk that is out of date, or a form sent twice, does nothing twice and says what is now true."""

from ent_module.help.model.moves import State
from ent_module.identity.model import Role
from tests.help.steps import (
    Written,
    account,
    act,
    actions_of,
    opened,
    readers_of,
    row_of,
    seen,
    token_on,
    write,
)
from tests.setup.pages import newcomer
from tests.support.forms import form
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, Browser, Town

CHANGED = "L’échange a changé entre-temps."


def shown_to(browser: Browser, written: Written) -> dict[str, list[str]]:
    """The form of the page, as it stands before somebody."""
    return form(browser.get(f"/staff/desk/{written.id}").text, "/hand_over").values


def test_handing_up_twice_from_one_page_climbs_one_level(town: Town) -> None:
    anne = newcomer(town, "Anne Sy", ECOLE, Role.LISTENER)
    newcomer(town, "Luc Roy", ECOLE, Role.LISTENER)
    written = write(town, uai=ECOLE)
    own, page = readers_of(town, written), shown_to(anne, written)
    assert len(own) == 2
    for _turn in range(3):
        assert (
            anne.post(f"/staff/desk/{written.id}/hand_over", {**page, "to": "up", "because": "Trop loin."}).status_code
            == 303
        )
    circo = {account(town, name, CIRCONSCRIPTION) for name in ("circo1", "circo2")}
    assert readers_of(town, written) == own | circo
    assert actions_of(town, written).count("hand_over") == 1
    assert "Transmis" in seen(anne.get(f"/staff/desk/{written.id}"))
    # A page that shows how it stands now climbs on.
    assert act(anne, str(written.id), "hand_over", to="up").status_code == 303
    assert readers_of(town, written) == own | circo | {account(town, "referent")}


def test_handing_over_twice_to_a_colleague_takes_it_from_nobody(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), town.browser("roux")
    page = {**shown_to(petit, written), "to": str(account(town, "roux"))}
    for _turn in range(2):
        assert petit.post(f"/staff/desk/{written.id}/hand_over", page).status_code == 303
    assert actions_of(town, written).count("hand_over") == 1
    act(roux, str(written.id), "take")
    late = petit.post(f"/staff/desk/{written.id}/hand_over", page)
    assert late.status_code == 409
    assert CHANGED in seen(late)
    assert "pris par Marc Roux" in seen(late)
    assert row_of(town, written).state == State.IN_PROGRESS


def test_another_colleague_from_an_old_page_is_not_what_was_sent_before(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    page = shown_to(petit, written)
    where = f"/staff/desk/{written.id}/hand_over"
    assert petit.post(where, {**page, "to": str(account(town, "roux"))}).status_code == 303
    for to in (str(account(town, "ines", COLLEGE)), "up"):
        again = petit.post(where, {**page, "to": to})
        assert again.status_code == 409
        assert "pris par Marc Roux" in seen(again)
    # The page that says so is up to date, and sends it.
    fresh = form(petit.post(where, {**page, "to": "up"}).text, "/hand_over").values
    assert petit.post(where, {**fresh, "to": str(account(town, "ines", COLLEGE))}).status_code == 303
    assert row_of(town, written).handled_by == account(town, "ines", COLLEGE)


def test_a_page_from_before_a_new_message_neither_hands_over_nor_calms(town: Town) -> None:
    written, petit, lina = write(town, danger="yes"), town.browser("petit"), town.browser("lina")
    page = shown_to(petit, written)
    thread = opened(lina, written.code)
    lina.post("/words/reply", {"token": token_on(thread.text), "code": written.code, "message": "C’est pire."})
    before = actions_of(town, written)
    for action, more in (("not_urgent", {"why": "Tout va bien."}), ("hand_over", {"to": "up"})):
        late = petit.post(f"/staff/desk/{written.id}/{action}", {**page, **more})
        assert late.status_code == 409
        assert CHANGED in seen(late)
        assert "C’est pire." in late.text
    assert (
        "Tout va bien." in petit.post(f"/staff/desk/{written.id}/not_urgent", {**page, "why": "Tout va bien."}).text
    )  # kept on the page
    assert actions_of(town, written) == before
    assert row_of(town, written).urgent


def test_calmed_twice_from_one_page_is_calmed_once(town: Town) -> None:
    written, petit, roux = write(town, danger="yes"), town.browser("petit"), town.browser("roux")
    page = {**shown_to(petit, written), "why": "Vu avec la famille."}
    for _turn in range(2):
        assert petit.post(f"/staff/desk/{written.id}/not_urgent", page).status_code == 303
    assert actions_of(town, written).count("not_urgent") == 1
    act(roux, str(written.id), "urgent")
    late = petit.post(f"/staff/desk/{written.id}/not_urgent", page)
    assert late.status_code == 409
    assert row_of(town, written).urgent


def test_a_form_without_its_step_is_out_of_date(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    page = shown_to(petit, written)
    for step in ("", "x", "-1", "99", "2147483647", "9" * 19, "9" * 40, "-" + "9" * 40):
        late = petit.post(f"/staff/desk/{written.id}/hand_over", {**page, "step": step, "to": "up"})
        assert late.status_code == 409, step
    assert actions_of(town, written) == ["sent", "read"]
