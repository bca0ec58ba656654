"""An adult of the school is concerned; one adult alone is to read; somebody else has the password."""

from typing import Any

import pytest

from ent_module.help.model import named
from ent_module.help.service import heads
from ent_module.help.service.heads import Situation
from ent_module.help.tables import Conversation
from tests.help.steps import MESSAGE, NOW, account, act, count, on_desk, readers_of, seen, send, write
from tests.support.forms import form
from tests.support.town import ECOLE, Town


@pytest.mark.parametrize(
    ("typed", "called", "meant"),
    [
        ("M. Roux", ("Marc Roux", ""), True),
        ("monsieur rou", ("Marc Roux", ""), True),
        ("la CPE", ("Jeanne Petit", "CPE"), True),
        ("le prof d’anglais", ("Marc Roux", "Professeur d’anglais"), True),
        ("Mme Durand", ("Jeanne Petit", "CPE"), False),
        ("M.", ("M. Roux", ""), False),
        ("", ("Marc Roux", ""), False),
    ],
)
def test_whom_a_typed_name_may_mean(typed: str, called: tuple[str, ...], meant: bool) -> None:
    assert named.means(typed, called) is meant


@pytest.mark.parametrize(("typed", "meant"), [("le principal", True), ("la directrice", True), ("la CPE", False)])
def test_the_head_by_function(typed: str, meant: bool) -> None:
    assert named.means_the_office(typed) is meant


def test_a_reader_who_is_named_in_free_text_does_not_read(town: Town) -> None:
    sent = send(town.browser("lina"), adult="yes", named="m. rou")
    assert "Marc Roux" not in seen(sent)
    assert not on_desk(town.browser("roux"))
    [conversation] = on_desk(town.browser("petit"))
    page = seen(town.browser("petit").get(f"/staff/desk/{conversation}"))
    assert "« m. rou », selon la personne qui écrit" in page
    assert "Ne pas en parler à : Marc Roux" in page


def test_with_too_few_left_the_next_level_reads(town: Town) -> None:
    written = write(town, adult="yes", named="Roux ou Vidal")
    assert readers_of(town, written) == {account(town, "petit"), account(town, "referent")}


def test_a_name_of_nobody_goes_to_the_readers_as_it_was_written(town: Town) -> None:
    send(town.browser("lina"), adult="yes", named="le monsieur du car")
    roux = town.browser("roux")
    [conversation] = on_desk(roux)
    assert "le monsieur du car" in seen(roux.get(f"/staff/desk/{conversation}"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"adult": "no"}, Situation.UNREAD),
        ({"adult": "unsaid"}, Situation.QUIET),
        ({"adult": "yes", "named": "le monsieur du car"}, Situation.QUIET),
        ({"adult": "yes", "named": "la principale"}, Situation.QUIET),
        ({"adult": "yes", "named": "M. Roux"}, Situation.UNREAD),
    ],
)
def test_no_head_is_told_while_it_may_be_about_them(town: Town, given: dict[str, Any], told: Situation) -> None:
    write(town, **given)
    with town.house.database.reading() as db:
        assert heads.situation(db, town.house.keys, town.membership("head"), NOW) is told


def test_an_adult_is_concerned_but_which_one(town: Town) -> None:
    browser = town.browser("lina")
    wrong = send(browser, adult="yes")
    assert wrong.status_code == 422
    assert "Coche cet adulte ou écris son nom." in wrong.text
    assert count(town, Conversation) == 0
    assert send(browser, adult="unsaid").status_code == 200
    assert send(browser, adult="yes", without=[str(account(town, "roux"))]).status_code == 200


def test_a_child_is_asked_too(town: Town) -> None:
    browser = town.browser("noe")
    page = browser.get("/write/steps")
    for answer in ({}, {}, {"message": [MESSAGE]}, {}, {}):
        page = browser.post("/write/steps", {**form(page.text, "/write/steps").values, **answer})
    assert "C’est un adulte de l’école ?" in seen(page)
    wrong = browser.post("/write/steps", {**form(page.text, "/write/steps").values, "adult": "yes"})
    assert wrong.status_code == 422
    ready = browser.post("/write/steps", {**form(wrong.text, "/write/steps").values, "named": "Mme Perrin"})
    for answer in ({"answer": ["here-unnamed"]}, {}):
        ready = browser.post("/write/steps", {**form(ready.text, "/write/steps").values, **answer})
    sent = browser.post("/write/steps", form(ready.text, "/write/steps").values)
    assert "Nadia Perrin" not in seen(sent)
    assert not on_desk(town.browser("circo1"))


# --- One adult alone --------------------------------------------------------------------------------------------------


def only(town: Town, one: str, stand_in: str) -> dict[str, Any]:
    return {"only": str(account(town, one)), "stand_in": str(account(town, stand_in))}


def test_only_that_adult_and_the_stand_in_read(town: Town) -> None:
    sent = send(town.browser("lina"), **only(town, "ines", "petit"))
    assert sent.status_code == 200
    assert "Marc Roux" not in seen(sent)
    assert not on_desk(town.browser("roux"))
    [conversation] = on_desk(town.browser("ines"))
    assert on_desk(town.browser("petit")) == [conversation]
    page = seen(town.browser("ines").get(f"/staff/desk/{conversation}"))
    assert "Seuls lecteurs choisis Inès Vidal, Jeanne Petit" in page
    # What is handed up reaches the level above, and nobody else of the school.
    act(town.browser("ines"), conversation, "hand_over", to="up")
    assert on_desk(town.browser("referent")) == [conversation]
    assert not on_desk(town.browser("roux"))


def test_in_danger_the_whole_group_reads(town: Town) -> None:
    written = write(town, danger="yes", **only(town, "ines", "petit"))
    assert readers_of(town, written) == {account(town, name) for name in ("ines", "petit", "roux")}


@pytest.mark.parametrize(
    ("one", "stand_in", "more", "sentence"),
    [
        ("ines", "", {}, "Choisis un deuxième adulte"),
        ("ines", "ines", {}, "Choisis un deuxième adulte"),
        ("ines", "petit", {"without": "ines"}, "Un de ces deux adultes ne peut pas lire"),
        ("ines", "petit", {"named": "Mme Petit"}, "Un de ces deux adultes ne peut pas lire"),
        ("head", "petit", {}, "Un de ces deux adultes ne peut pas lire"),
    ],
)
def test_it_is_said_where_one_of_the_two_cannot_read(
    town: Town, one: str, stand_in: str, more: dict[str, str], sentence: str
) -> None:
    chosen = {"only": str(account(town, one)), "stand_in": str(account(town, stand_in)) if stand_in else ""}
    more = {name: str(account(town, value)) if name == "without" else value for name, value in more.items()}
    wrong = send(town.browser("lina"), **chosen, **more)
    assert wrong.status_code == 422
    assert sentence in wrong.text
    assert form(wrong.text, "/write").values["message"] == [MESSAGE]
    assert count(town, Conversation) == 0


def test_with_two_who_read_there_is_nobody_to_choose_among(town: Town) -> None:
    assert 'name="only"' in town.browser("lina").get("/write").text
    assert town.browser("roux").post("/staff/settings/members/leave").status_code == 303
    assert 'name="only"' not in town.browser("lina").get("/write").text


# --- Who has the password ---------------------------------------------------------------------------------------------


def test_where_somebody_has_the_password_a_visit_is_the_default(town: Town) -> None:
    browser = town.browser("lina")
    wrong = send(browser, shared="yes", answer="")
    assert wrong.status_code == 422
    assert form(wrong.text, "/write").values["answer"] == ["visit"]
    sent = browser.post("/write", form(wrong.text, "/write").values)
    assert "code words" not in sent.text
    [conversation] = on_desk(town.browser("petit"))
    page = seen(town.browser("petit").get(f"/staff/desk/{conversation}"))
    assert "Mot de passe Quelqu’un d’autre le connaît" in page
    assert "Pas de réponse écrite" in page
    # Neither home nor the way back tells that there is something.
    untouched = seen(town.browser("sami").get("/")).replace("Sami Haddad", "")
    assert seen(browser.get("/")).replace("Lina Morel", "") == untouched


def test_i_have_hurt_someone_and_want_to_stop(town: Town) -> None:
    assert "il peut y avoir des suites" in seen(town.browser("lina").get("/write"))
    send(town.browser("lina"), about="did", since="weeks")
    [conversation] = on_desk(town.browser("petit"))
    page = seen(town.browser("petit").get(f"/staff/desk/{conversation}"))
    assert "A fait du mal et veut arrêter" in page
    assert "Depuis Quelques semaines" in page


def test_schools_of_two_lists_share_no_names(town: Town) -> None:
    """A name typed at the école means nobody of the collège."""
    written = write(town, uai=ECOLE, adult="yes", named="M. Roux")
    assert readers_of(town, written) == {account(town, "circo1"), account(town, "circo2")}
