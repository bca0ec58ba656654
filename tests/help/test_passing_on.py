"""Handing over with a reason, all of a leaver's at once, two conversations on one situation, templates of answers."""

import re

from sqlalchemy import func, select

from ent_module.help.tables import Note
from tests.help.steps import (
    Written,
    account,
    act,
    actions_of,
    on_desk,
    opened,
    readers_of,
    row_of,
    seen,
    token_on,
    write,
)
from tests.support.forms import form
from tests.support.town import COLLEGE, OTHER, Browser, Town


def test_the_next_level_is_told_why(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    refused = act(petit, str(written.id), "hand_over", to="up", because="", note="À part.")
    assert refused.status_code == 422
    assert "Écrivez pourquoi vous transmettez au niveau suivant." in refused.text
    assert '<option value="up" selected>' in refused.text
    assert ">\nÀ part.</textarea>" in refused.text
    assert account(town, "referent") not in readers_of(town, written)
    assert act(petit, str(written.id), "hand_over", to="up", because="La famille a deux écoles.").status_code == 303
    page = seen(town.browser("referent").get(f"/staff/desk/{written.id}"))
    assert "Pourquoi c’est transmis La famille a deux écoles." in page
    assert "La famille a deux écoles." not in opened(town.browser("lina"), written.code).text


def test_a_colleague_needs_no_reason(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    to = str(account(town, "roux"))
    assert act(petit, str(written.id), "hand_over", to=to, because="").status_code == 303
    assert "Aucune note." in seen(petit.get(f"/staff/desk/{written.id}"))


# --- A leaver ---------------------------------------------------------------------------------------------------------


def hand_on(browser: Browser, whose: object, to: object) -> str:
    token = token_on(browser.get("/staff/desk/relay").text)
    answer = browser.post("/staff/desk/relay", {"token": token, "whose": str(whose), "to": str(to)})
    assert answer.status_code == 200, answer.status_code
    return seen(answer)


def test_all_that_a_leaver_has_goes_to_a_colleague_who_may_read_it(town: Town) -> None:
    several = [write(town) for _turn in range(3)]
    hidden = write(town, without=(account(town, "ines", COLLEGE),))
    untouched = write(town)
    for written in (*several, hidden):
        act(town.browser("roux"), str(written.id), "take")
    page = hand_on(town.browser("petit"), account(town, "roux"), account(town, "ines", COLLEGE))
    assert "3 échanges transmis." in page
    assert "1 échange n’a pas changé" in page
    assert {row_of(town, one).handled_by for one in several} == {account(town, "ines", COLLEGE)}
    assert row_of(town, hidden).handled_by == account(town, "roux")
    assert row_of(town, untouched).handled_by is None
    assert str(hidden.id) not in on_desk(town.browser("ines"))


def test_whoever_hands_on_moves_only_what_they_may_read_themselves(town: Town) -> None:
    hidden = write(town, without=(account(town, "petit"),))
    act(town.browser("roux"), str(hidden.id), "take")
    assert "Personne n’a d’échange en charge." in seen(town.browser("petit").get("/staff/desk/relay"))
    assert row_of(town, hidden).handled_by == account(town, "roux")


def test_to_hand_on_to_the_same_person_or_to_a_stranger_is_refused(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), account(town, "roux")
    act(town.browser("roux"), str(written.id), "take")
    token = token_on(petit.get("/staff/desk/relay").text)
    for to, status in ((roux, 422), (account(town, "paul"), 400), ("x", 400)):
        sent = {"token": token, "whose": str(roux), "to": str(to)}
        assert petit.post("/staff/desk/relay", sent).status_code == status
    assert actions_of(town, written)[-1] == "take"


# --- Two on one situation ---------------------------------------------------------------------------------------------


def link(browser: Browser, one: Written, other: Written) -> int:
    token = token_on(browser.get(f"/staff/desk/{one.id}").text)
    return browser.post(f"/staff/desk/{one.id}/link", {"token": token, "other": str(other.id)}).status_code


def links(browser: Browser, written: Written) -> str:
    """What the page says of the same situation; empty where it says nothing."""
    return browser.get(f"/staff/desk/{written.id}").text.partition("Même situation")[2].partition("</ul>")[0]


def test_a_link_is_on_both_sides_for_whoever_may_read_both(town: Town) -> None:
    one, other = write(town), write(town, uai=OTHER, what=("home",))
    ines = town.browser("ines")
    assert link(ines, one, other) == 303
    assert str(other.id) in links(ines, one)
    assert str(one.id) in links(ines, other)
    assert links(town.browser("petit"), one) == ""
    assert links(town.browser("paul"), other) == ""
    assert link(town.browser("petit"), one, other) == 400


def test_who_may_not_read_the_other_one_sees_a_page_like_any_other(town: Town) -> None:
    one, other = write(town), write(town, without=(account(town, "roux"),))
    roux = town.browser("roux")
    roux.get(f"/staff/desk/{one.id}")

    def page() -> str:
        return re.sub(r'name="token" value="[0-9a-f]+"', "", roux.get(f"/staff/desk/{one.id}").text)

    before = page()
    petit = town.browser("petit")
    assert link(petit, one, other) == 303
    assert page() == before
    assert str(other.id) not in roux.get(f"/staff/desk/{one.id}/link").text
    assert str(other.id) in links(petit, one)  # control


def test_a_link_sent_twice_is_one(town: Town) -> None:
    one, other, petit = write(town), write(town), town.browser("petit")
    token = token_on(petit.get(f"/staff/desk/{one.id}/link").text)
    for _turn in range(2):
        sent = {"token": token, "other": str(other.id)}
        assert petit.post(f"/staff/desk/{one.id}/link", sent).status_code == 303
    with town.house.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Note).where(Note.establishment_id == one.school)) == 2
    for wrong in (str(one.id), "x"):
        sent = {"token": token_on(petit.get(f"/staff/desk/{one.id}/link").text), "other": wrong}
        assert petit.post(f"/staff/desk/{one.id}/link", sent).status_code == 400


def test_what_was_linked_by_mistake_is_unlinked_on_both_sides(town: Town) -> None:
    one, other, petit, roux = write(town), write(town), town.browser("petit"), town.browser("roux")
    assert link(petit, one, other) == 303
    token = token_on(roux.get(f"/staff/desk/{other.id}/link").text)
    for _twice in range(2):
        sent = {"token": token, "apart": str(one.id)}
        assert roux.post(f"/staff/desk/{other.id}/link", sent).status_code == 303
    assert links(petit, one) == links(petit, other) == ""
    assert link(petit, one, other) == 303
    assert str(one.id) in links(roux, other)


def test_nobody_unlinks_what_they_may_not_read(town: Town) -> None:
    one, other = write(town), write(town, without=(account(town, "roux"),))
    petit, roux = town.browser("petit"), town.browser("roux")
    assert link(petit, one, other) == 303
    token = token_on(roux.get(f"/staff/desk/{one.id}").text)
    assert roux.post(f"/staff/desk/{one.id}/link", {"token": token, "apart": str(other.id)}).status_code == 400
    assert str(other.id) in links(petit, one)


# --- Templates --------------------------------------------------------------------------------------------------------

MODEL = {"name-0": "Merci", "text-0": "Merci de m’avoir écrit.\nVeux-tu passer me voir ?"}


def test_the_group_writes_templates_and_puts_one_into_an_answer(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), town.browser("roux")
    assert roux.fill("/staff/desk/answers", MODEL, "name-0").status_code == 303
    page = act(petit, str(written.id), "insert", model="Merci", message="Bonjour.", note="À part.")
    assert page.status_code == 200
    assert ">\nBonjour.\n\nMerci de m’avoir écrit.\nVeux-tu passer me voir ?</textarea>" in page.text
    assert ">\nÀ part.</textarea>" in page.text
    assert "rien n’est encore envoyé" in page.text
    assert actions_of(town, written) == ["sent", "read"]
    assert act(petit, str(written.id), "insert", model="Autre").status_code == 400
    without = act(petit, str(written.id), "insert", model="", note="À part.")
    assert without.status_code == 422
    assert ">\nÀ part.</textarea>" in without.text
    assert "Merci" not in town.browser("paul").get("/staff/desk/answers").text.partition("<form")[2]


def test_templates_with_mistakes_or_of_another_moment_are_not_kept_and_not_lost(town: Town) -> None:
    roux, petit = town.browser("roux"), town.browser("petit")
    wrong = roux.fill("/staff/desk/answers", {**MODEL, "name-1": "Merci", "text-1": "Deux fois."}, "name-0")
    assert wrong.status_code == 422
    assert "Ce nom est déjà pris" in wrong.text
    assert "Deux fois." in wrong.text
    assert roux.fill("/staff/desk/answers", {"name-0": "Seul"}, "name-0").status_code == 422
    stale = roux.get("/staff/desk/answers").text
    assert petit.fill("/staff/desk/answers", MODEL, "name-0").status_code == 303
    sent = {**form(stale, "name-0").values, "name-0": "Tard", "text-0": "Trop tard."}
    late = roux.post("/staff/desk/answers", sent)
    assert late.status_code == 409
    assert "Trop tard." in late.text
    assert "Merci de m’avoir écrit." in petit.get("/staff/desk/answers").text
    sent["place"] = str(town.schools[OTHER])
    assert roux.post("/staff/desk/answers", sent).status_code == 400
