"""Doors for adults: a worry with one's name, what came by another way, the poster."""

import pytest

from ent_module.help.tables import Conversation
from tests.help.steps import account, count, on_desk, seen, send
from tests.support.forms import form
from tests.support.town import COLLEGE, ECOLE, OTHER, Browser, Town

FACTS = "Lina Morel (6e B) m’a dit ce matin : « ils me suivent »."


def tell(browser: Browser, path: str, **given: object) -> str:
    """Fills in one of the two forms and sends it; the page as one reads it."""
    values = form(browser.get(path).text, "message").values
    return seen(browser.post(path, {**values, "message": FACTS, **given}))


def test_a_teacher_tells_of_a_worry_with_their_name(town: Town) -> None:
    alba = town.browser("alba")
    assert "/ent/staff/concern" in alba.get("/").text
    page = seen(alba.get("/staff/concern"))
    assert "Vous écrivez avec le compte de Alba Costa." in page
    assert "sans accord préalable" in page
    assert "Votre message est arrivé" in tell(alba, "/staff/concern", about="told", danger="no")
    petit = town.browser("petit")
    [conversation] = on_desk(petit)
    page = seen(petit.get(f"/staff/desk/{conversation}"))
    assert FACTS in page
    assert "Du compte de Alba Costa — à vérifier de vive voix Compte d’un adulte de l’établissement." in page
    assert "Un élève l’a dit à un adulte" in page
    assert not on_desk(town.browser("paul"))


def test_a_colleague_of_the_group_is_left_out(town: Town) -> None:
    sent = tell(town.browser("alba"), "/staff/concern", adult="yes", without=[str(account(town, "roux"))])
    assert "Marc Roux" not in sent
    assert not on_desk(town.browser("roux"))
    assert on_desk(town.browser("petit"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"message": ""}, "Écrivez les faits."), ({"adult": "yes"}, "Cochez cet adulte ou écrivez son nom.")],
)
def test_a_mistake_keeps_what_was_typed(town: Town, given: dict[str, str], sentence: str) -> None:
    assert sentence in tell(town.browser("alba"), "/staff/concern", often="daily", **given)
    assert count(town, Conversation) == 0


def test_the_same_worry_sent_twice_is_one(town: Town) -> None:
    alba = town.browser("alba")
    values = {**form(alba.get("/staff/concern").text, "message").values, "message": FACTS}
    for _time in range(2):
        assert "Votre message est arrivé" in seen(alba.post("/staff/concern", values))
    assert count(town, Conversation) == 1
    assert alba.post("/staff/concern", {**values, "token": "00"}).status_code == 400


def test_above_the_schools_there_is_no_such_door(town: Town) -> None:
    assert town.browser("referent").get("/staff/concern").status_code == 404
    assert "/ent/staff/concern" not in town.browser("referent").get("/").text


def test_where_nobody_reads_it_says_whom_to_tell(town: Town) -> None:
    page = seen(town.browser("lycee_head").get("/staff/concern"))
    assert "On ne peut pas écrire ici pour l’instant." in page
    assert "Parlez-en de vive voix" in page


# --- What came by another way -----------------------------------------------------------------------------------------


def test_the_group_writes_down_what_came_from_3018(town: Town) -> None:
    petit = town.browser("petit")
    assert "Choisissez comment cela vous est parvenu." in tell(petit, "/staff/intake")
    assert "Votre message est arrivé" in tell(petit, "/staff/intake", source="3018", person="La mère de Lina")
    [conversation] = on_desk(town.browser("roux"))
    page = seen(town.browser("roux").get(f"/staff/desk/{conversation}"))
    assert "Parvenu Par le 3018" in page
    assert "Mots de La mère de Lina" in page
    assert "Du compte de Jeanne Petit" in page


def test_a_listener_of_several_schools_says_for_which_one(town: Town) -> None:
    ines = town.browser("ines")
    page = ines.get("/staff/intake").text
    for uai in (COLLEGE, OTHER):
        assert f"/staff/intake/{town.schools[uai]}" in page
    path = f"/staff/intake/{town.schools[OTHER]}"
    assert "Votre message est arrivé" in tell(ines, path, source="paper")
    assert on_desk(town.browser("paul"))
    assert not on_desk(town.browser("petit"))


def test_nobody_writes_down_anything_for_a_school_that_is_not_theirs(town: Town) -> None:
    assert town.browser("petit").get(f"/staff/intake/{town.schools[OTHER]}").status_code == 404
    assert town.browser("circo1").get(f"/staff/intake/{town.schools[ECOLE]}").status_code == 200
    petit = town.browser("petit")
    values = form(petit.get("/staff/intake").text, "message").values
    refused = petit.post(f"/staff/intake/{town.schools[OTHER]}", {**values, "message": FACTS})
    assert refused.status_code == 404


def test_a_pupil_cannot_say_that_it_came_from_3018(town: Town) -> None:
    assert send(town.browser("lina"), source="3018").status_code == 400
    assert "Mots de" not in tell(town.browser("alba"), "/staff/concern", source="paper", person="Lina")


def test_the_poster_says_where_to_go_and_nothing_of_why(town: Town) -> None:
    page = town.browser("alba").get("/staff/poster")
    assert "ent.example/ent/" in page.text
    assert '<svg class="qr"' in page.text
    assert "3018" in page.text
