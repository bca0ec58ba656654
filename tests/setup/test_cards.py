"""Contact cards: add, change, remove, order; linked to an account, so that a pupil can leave that adult out."""

import re

import pytest

from ent_module.establishments import service as establishments
from ent_module.identity.model import Role
from tests.setup.pages import add_card, field, newcomer, publish, send
from tests.support.town import COLLEGE, ECOLE, OTHER, Browser, Town


def cards(town: Town, uai: str = COLLEGE) -> list[dict[str, str | None]]:
    with town.house.database.reading() as db:
        found: list[dict[str, str | None]] = establishments.drafted(db, town.schools[uai], "cards", [])
        return found


def published(town: Town, uai: str = COLLEGE) -> object:
    with town.house.database.reading() as db:
        return establishments.published(db, town.schools[uai], "cards")


@pytest.fixture
def admin(town: Town) -> Browser:
    return town.browser("admin")


@pytest.fixture
def two(town: Town, admin: Browser) -> list[str]:
    """The ids of two cards on the draft: a CPE's and the nurse's office."""
    add_card(admin, name="Mme Petit", role="CPE", account_id=str(town.membership("petit").account_id))
    add_card(admin, role="Infirmerie", place="Bâtiment B", hours="Lundi")
    return [str(card["id"]) for card in cards(town)]


def test_a_card_goes_from_draft_to_pupils(town: Town, admin: Browser, two: list[str]) -> None:
    assert len(two) == 2
    lina = town.browser("lina")
    assert "Mme Petit" not in lina.get("/write").text
    assert "Jeanne Petit, CPE" in admin.get("/staff/settings/cards").text.partition('class="preview')[2]
    assert publish(admin, "cards").status_code == 303
    page = lina.get("/write").text
    assert "Jeanne Petit, CPE" in page
    assert "Infirmerie" in page
    assert str(town.membership("petit").account_id) in page  # so that she can be left out


def test_a_form_sent_twice_makes_one_card(town: Town, admin: Browser) -> None:
    shown = admin.get("/staff/settings/cards/new")
    form = {"seen": field(shown, "seen"), "card_id": field(shown, "card_id"), "role": "Infirmerie"}
    for _turn in range(2):
        assert admin.post("/staff/settings/cards/new", form).status_code == 303
    assert len(cards(town)) == 1


def test_a_card_is_changed_in_its_place(town: Town, admin: Browser, two: list[str]) -> None:
    shown = admin.get(f"/staff/settings/cards/{two[0]}")
    assert 'value="Mme Petit"' in shown.text
    assert shown.text.count(" selected>") == 1
    changed = admin.post(
        f"/staff/settings/cards/{two[0]}", {"seen": field(shown, "seen"), "name": "Mme Petit", "role": "CPE, 6e et 5e"}
    )
    assert changed.status_code == 303
    assert [card["role"] for card in cards(town)] == ["CPE, 6e et 5e", "Infirmerie"]
    assert cards(town)[0]["account_id"] is None


def test_cards_move_and_go(town: Town, admin: Browser, two: list[str]) -> None:
    assert admin.post(f"/staff/settings/cards/{two[1]}/move", {"to": "up"}).status_code == 303
    assert [card["id"] for card in cards(town)] == [two[1], two[0]]
    assert admin.post(f"/staff/settings/cards/{two[1]}/move", {"to": "up"}).status_code == 303
    assert admin.post(f"/staff/settings/cards/{two[1]}/move", {"to": "down"}).status_code == 303
    assert [card["id"] for card in cards(town)] == two
    assert admin.post(f"/staff/settings/cards/{two[1]}/move", {"to": "away"}).status_code == 400
    page = admin.get("/staff/settings/cards").text
    seen = re.search(rf'{two[0]}/remove.*?name="seen" value="([^"]*)"', page, re.DOTALL)
    assert seen
    assert admin.post(f"/staff/settings/cards/{two[0]}/remove", {"seen": seen.group(1)}).status_code == 303
    assert [card["id"] for card in cards(town)] == [two[1]]


def test_what_was_typed_stays_with_its_mistakes(town: Town, admin: Browser) -> None:
    answer = add_card(admin, place="Bâtiment <B>", hours="h" * 121, account_id="")
    assert answer.status_code == 422
    assert "Indiquez un nom ou une fonction" in answer.text
    assert "Bâtiment &lt;B&gt;" in answer.text
    assert "h" * 121 in answer.text
    assert cards(town) == []
    again = {"seen": field(answer, "seen"), "card_id": field(answer, "card_id"), "role": "Infirmerie"}
    assert admin.post("/staff/settings/cards/new", again).status_code == 303
    assert len(cards(town)) == 1


def test_a_card_is_linked_to_adults_of_the_school_only(town: Town, admin: Browser) -> None:
    for name in ("lina", "karim", "paul", "other_head"):
        answer = add_card(admin, role="CPE", account_id=str(town.membership(name).account_id))
        assert answer.status_code == 422, name
        assert "Choisissez un adulte de la liste" in answer.text
    assert cards(town) == []


def test_one_account_has_one_card(town: Town, admin: Browser, two: list[str]) -> None:
    petit = str(town.membership("petit").account_id)
    answer = add_card(admin, name="Jeanne", role="Professeure", account_id=petit)
    assert answer.status_code == 422
    assert "Cet adulte a déjà une fiche" in answer.text
    assert 'href="#account_id"' in answer.text
    assert 'value="Professeure"' in answer.text
    assert re.search(rf'value="{petit}"\s+selected', answer.text)
    assert len(cards(town)) == 2
    shown = admin.get(f"/staff/settings/cards/{two[0]}")
    own = {"seen": field(shown, "seen"), "name": "Jeanne Petit", "account_id": petit}
    assert admin.post(f"/staff/settings/cards/{two[0]}", own).status_code == 303
    assert "le nom que le portail donne" in shown.text


def test_an_ecole_gives_cards_to_those_above_who_read_for_it(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", ECOLE, Role.LOCAL_ADMIN)
    form = admin.get("/staff/settings/cards/new").text
    assert "Nadia Perrin (Circonscription de Lille 1)" in form
    assert "Salomé Weber" not in form
    above = str(town.membership("circo1").account_id)
    assert add_card(admin, role="Psychologue", account_id=above).status_code == 303
    assert "Nadia Perrin" in admin.get("/staff/settings/cards").text
    publish(admin, "cards")
    assert "Psychologue" in town.browser("noe").get("/write").text


def test_an_ecole_with_two_of_its_own_is_offered_its_own_only(town: Town) -> None:
    for name in ("Anne Sy", "Luc Roy"):
        newcomer(town, name, ECOLE, Role.LISTENER)
    form = newcomer(town, "Odile Fabre", ECOLE, Role.LOCAL_ADMIN).get("/staff/settings/cards/new").text
    assert "Anne Sy" in form
    assert "Nadia Perrin" not in form


def test_there_is_an_end_to_the_list(town: Town, admin: Browser) -> None:
    with town.house.database.writing() as db:
        many = [{"id": str(number), "name": f"Adulte {number}"} for number in range(20)]
        establishments.draft(db, town.schools[COLLEGE], "cards", many)
    page = admin.get("/staff/settings/cards").text
    assert "La liste est pleine" in page
    answer = add_card(admin, role="Une de trop")
    assert answer.status_code == 422
    assert "Une de trop" in answer.text
    assert len(cards(town)) == 20


def test_two_admins_on_one_card(town: Town, admin: Browser, two: list[str]) -> None:
    shown = admin.get(f"/staff/settings/cards/{two[0]}")
    other = admin.get(f"/staff/settings/cards/{two[0]}")
    admin.post(f"/staff/settings/cards/{two[0]}", {"seen": field(other, "seen"), "name": "Mme Petit-Jean"})
    late = admin.post(f"/staff/settings/cards/{two[0]}", {"seen": field(shown, "seen"), "name": "Jeanne Petit"})
    assert late.status_code == 409
    assert "Quelqu’un d’autre a changé cette fiche" in late.text
    assert "Mme Petit-Jean" in late.text
    assert 'value="Jeanne Petit"' in late.text
    assert cards(town)[0]["name"] == "Mme Petit-Jean"
    again = {"seen": field(late, "seen"), "name": "Jeanne Petit"}
    assert admin.post(f"/staff/settings/cards/{two[0]}", again).status_code == 303
    assert cards(town)[0]["name"] == "Jeanne Petit"


def test_a_card_that_someone_else_removed_comes_back_if_one_insists(town: Town, admin: Browser, two: list[str]) -> None:
    shown = admin.get(f"/staff/settings/cards/{two[0]}")
    remove(admin, two[0])
    late = admin.post(f"/staff/settings/cards/{two[0]}", {"seen": field(shown, "seen"), "name": "Mme Petit"})
    assert late.status_code == 409
    assert "a retiré la fiche" in late.text
    again = {"seen": field(late, "seen"), "name": "Mme Petit"}
    assert admin.post(f"/staff/settings/cards/{two[0]}", again).status_code == 303
    assert {card["id"] for card in cards(town)} == set(two)


def remove(browser: Browser, card_id: str) -> int:
    page = browser.get("/staff/settings/cards").text
    seen = re.search(rf'{card_id}/remove.*?name="seen" value="([^"]*)"', page, re.DOTALL)
    assert seen
    return browser.post(f"/staff/settings/cards/{card_id}/remove", {"seen": seen.group(1)}).status_code


def test_a_card_changed_meanwhile_is_not_removed_unread(town: Town, admin: Browser, two: list[str]) -> None:
    page = admin.get("/staff/settings/cards").text
    seen = re.search(rf'{two[0]}/remove.*?name="seen" value="([^"]*)"', page, re.DOTALL)
    assert seen
    shown = admin.get(f"/staff/settings/cards/{two[0]}")
    admin.post(f"/staff/settings/cards/{two[0]}", {"seen": field(shown, "seen"), "name": "Mme Petit-Jean"})
    late = admin.post(f"/staff/settings/cards/{two[0]}/remove", {"seen": seen.group(1)})
    assert late.status_code == 409
    assert len(cards(town)) == 2


def test_two_admins_on_two_cards_do_not_meet(town: Town, admin: Browser, two: list[str]) -> None:
    shown = [admin.get(f"/staff/settings/cards/{card_id}") for card_id in two]
    for card_id, page in zip(two, shown, strict=True):
        form = {"seen": field(page, "seen"), "name": f"Changé {card_id}"}
        assert admin.post(f"/staff/settings/cards/{card_id}", form).status_code == 303
    assert [card["name"] for card in cards(town)] == [f"Changé {card_id}" for card_id in two]


def test_tampered_fields_are_refused(town: Town, admin: Browser, two: list[str]) -> None:
    shown = admin.get("/staff/settings/cards/new")
    good = {"seen": field(shown, "seen"), "card_id": field(shown, "card_id"), "role": "CPE"}
    assert admin.post("/staff/settings/cards/new", {**good, "card_id": two[0]}).status_code == 400
    assert admin.post("/staff/settings/cards/new", {**good, "seen": "00"}).status_code == 400
    assert admin.post(f"/staff/settings/cards/{two[0]}", {"seen": good["seen"], "role": "CPE"}).status_code == 400
    assert admin.post(f"/staff/settings/cards/{two[0]}/remove", {"seen": good["seen"]}).status_code == 400
    assert len(cards(town)) == 2


def test_another_schools_admin_finds_nothing_and_changes_nothing(town: Town, admin: Browser, two: list[str]) -> None:
    publish(admin, "cards")
    before = cards(town), published(town)
    other = town.browser("other_admin")
    seen = field(admin.get(f"/staff/settings/cards/{two[0]}"), "seen")
    for card_id in two:
        base = f"/staff/settings/cards/{card_id}"
        assert other.get(base).status_code == 404
        assert other.post(base, {"seen": seen, "name": "X"}).status_code == 404
        assert other.post(f"{base}/remove", {"seen": seen}).status_code == 404
        assert other.post(f"{base}/move", {"to": "up"}).status_code == 404
    assert "Mme Petit" not in other.get("/staff/settings/cards").text
    assert (cards(town), published(town)) == before
    assert cards(town, OTHER) == []


def test_an_adult_of_no_account_here_is_not_named_elsewhere(town: Town) -> None:
    """Marc Roux works in one school only: the other one's admin never reads his name."""
    other = town.browser("other_admin")
    for page in ("cards/new", "members", "admins"):
        assert "Marc Roux" not in other.get(f"/staff/settings/{page}").text


def test_markup_in_a_card_is_text_everywhere(town: Town, admin: Browser) -> None:
    add_card(admin, name="<img src=x>", role="<i>CPE</i>", place="{{ x }}", hours="&lt;")
    publish(admin, "cards")
    send(admin, "delay", days="2")
    for page in (
        admin.get("/staff/settings/cards"),
        admin.get(f"/staff/settings/cards/{cards(town)[0]['id']}"),
        town.browser("lina").get("/write"),
    ):
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "<i>CPE" not in page.text
