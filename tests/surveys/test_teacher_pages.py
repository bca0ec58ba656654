import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from ent_module.surveys.tables import Campaign, CampaignClass
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, fill, rows, shut, started
from tests.surveys.pages import token

FORM = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes", "pupils": "26", "place": "shared"}


def test_a_teacher_opens_and_sees_how_many_have_opened_theirs_and_nothing_else(town: Town) -> None:
    alba = town.browser("alba")
    assert "Aucune enquête n’est ouverte" in alba.get("/staff/surveys").text
    assert alba.post("/staff/surveys/open", FORM).status_code == 303
    page = alba.get("/staff/surveys").text
    assert "0 élève sur 26 a ouvert son questionnaire." in page
    with town.house.database.reading() as db:
        (campaign,) = db.scalars(select(Campaign).execution_options(across=True))
    assert token(town.browser("lina"), campaign).status_code == 200
    page = alba.get("/staff/surveys").text
    assert "1 élève sur 26 a ouvert son questionnaire." in page
    assert 'stroke-dasharray="3 100"' in page
    main = page[page.index("<main") : page.index("</main")]
    for word in ("%", "harcel", "sécurité"):
        assert word not in main
    told = re.sub(r"<[^>]*>|\d+\u202fh(\u202f\d+)?", " ", main).replace(fingerprint(campaign), "")
    assert set(re.findall(r"\d+", told)) <= {"6", "0", "1", "5", "26", *dates(told)}  # 5: cards, one for five pupils


def test_how_many_have_arrived_is_told_in_steps_and_for_the_whole_school(town: Town) -> None:
    campaign, alba = started(town, "6e B", "5e A"), town.browser("alba")
    for more, said in ((4, None), (1, "5 au moins sont arrivés"), (4, "5 au moins"), (1, "10 au moins")):
        fill(town, campaign, {"5e A": [CALM] * more})
        page = alba.get("/staff/surveys").text
        assert (said in page) if said else "sont arrivés" not in page


def test_a_sheet_of_cards_stands_on_one_answer_and_nowhere_else(town: Town) -> None:
    campaign, alba = started(town, "6e B"), town.browser("alba")
    values = {"class_code": "6e B", "cards": "3"}
    sheet = alba.post(f"/staff/surveys/{campaign.id}/cards", values)
    assert sheet.status_code == 200
    codes = re.findall(r'class="card-code" dir="ltr">([0-9A-Z ]{19})<', sheet.text)
    assert len(set(codes)) == 3
    assert sheet.text.count('<svg class="qr"') == 3
    assert "https://ent.example/ent-ballots/card" in sheet.text
    page = alba.get("/staff/surveys").text
    assert "3 cartes ont été faites pour cette classe" in page
    assert not any(code in page for code in codes)
    for wrong in ("", "0", "4", "99", "x"):
        answer = alba.post(f"/staff/surveys/{campaign.id}/cards", {**values, "cards": wrong})
        assert answer.status_code == 422
        assert "Il en reste 3." in answer.text
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", {**values, "class_code": "3e Z"}).status_code == 400
    assert town.browser("roux").post(f"/staff/surveys/{campaign.id}/cards", values).status_code == 400
    for browser in map(town.browser, ("lina", "karim", "petit", "clerk")):
        assert browser.post(f"/staff/surveys/{campaign.id}/cards", values).status_code == 403


def test_everyone_can_compare_the_keys(town: Town) -> None:
    campaign = started(town, "6e B")
    assert fingerprint(campaign) in town.browser("alba").get("/staff/surveys").text


def fingerprint(campaign: Campaign) -> str:
    """In groups of four, as on the notice to families."""
    return " ".join(re.findall("....", campaign.keys_digest[:32]))


def dates(main: str) -> list[str]:
    return re.findall(r"Fin annoncée[^<]*?(\d+)", main)


def test_a_teacher_reads_five_lines_aloud_before(town: Town) -> None:
    page = town.browser("alba").get("/staff/surveys/open").text
    aloud = page[page.index('id="aloud"') : page.index("</ol>")]
    assert aloud.count("<li>") == 5
    for part in ("dix jours", "refuser", "questionnaire vide", "aucun résultat de la classe", "personne n’est seul"):
        assert part in aloud


def test_a_class_of_someone_else_is_refused(town: Town) -> None:
    answer = town.browser("roux").post("/staff/surveys/open", FORM)  # 5e A only
    assert answer.status_code == 403
    assert "Cette classe n’est pas dans votre liste." in answer.text
    with town.house.database.reading() as db:
        assert rows(db, Campaign) == 0


def test_a_teacher_sees_only_the_classes_of_the_portal(town: Town) -> None:
    campaign = started(town, "6e B")
    fill(town, campaign, {"6e B": [CALM] * 3})
    assert "3 élèves ont ouvert leur questionnaire." in town.browser("alba").get("/staff/surveys").text
    roux = town.browser("roux").get("/staff/surveys").text
    assert "Aucune enquête n’est ouverte" in roux
    assert not re.search(r"\d élèves? ont ouvert", roux)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"told": ""}, "Prévenir les familles dix jours avant"),
        ({"class_code": ""}, "Choisir une classe."),
        ({"pupils": "many"}, "Écrire un nombre d’élèves"),
        ({"questionnaire": "x"}, "Choisir un questionnaire."),
        ({"place": "street"}, "Choisir où la classe répond."),
    ],
)
def test_a_form_with_a_mistake_keeps_what_was_typed(town: Town, changed: dict[str, str], sentence: str) -> None:
    answer = town.browser("alba").post("/staff/surveys/open", {**FORM, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    if "pupils" not in changed:
        assert 'value="26"' in answer.text
    if "class_code" not in changed:
        assert re.search(r'value="6e B" checked', answer.text)


def test_a_group_of_a_class_that_has_it_open_is_asked_about_and_may_be_opened_all_the_same(town: Town) -> None:
    started(town, "6e B gr1")
    alba = town.browser("alba")
    answer = alba.post("/staff/surveys/open", FORM)
    assert answer.status_code == 422
    assert "Déjà ouverte pour : 6e B gr1." in unescape(answer.text)
    assert 'value="26"' in answer.text
    with town.house.database.reading() as db:
        assert rows(db, CampaignClass) == 1
    assert alba.post("/staff/surveys/open", {**FORM, "others": "yes"}).status_code == 303


def test_opening_twice_is_opening_once(town: Town) -> None:
    alba = town.browser("alba")
    assert [alba.post("/staff/surveys/open", FORM).status_code for _turn in range(2)] == [303, 303]
    with town.house.database.reading() as db:
        assert (rows(db, Campaign), rows(db, CampaignClass)) == (1, 1)


def test_after_the_closing_no_number_stays_and_nothing_opens(town: Town) -> None:
    campaign = started(town, "6e B")
    fill(town, campaign, {"6e B": [CALM, HURT]})
    shut(town, campaign)
    alba = town.browser("alba")
    page = alba.get("/staff/surveys").text
    assert not re.search(r"\d élèves? ont ouvert", page)
    assert "Le nombre d’élèves de la classe qui l’ont ouvert n’est pas gardé." in page
    answer = alba.post("/staff/surveys/open", {**FORM, "class_code": "5e A"})
    assert answer.status_code == 400
    assert "La direction peut en annoncer une autre." in answer.text
    assert 'value="school-climate"' not in alba.get("/staff/surveys/open").text
    with town.house.database.reading() as db:
        assert rows(db, CampaignClass) == 1


def test_no_teacher_reads_results_or_closes(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 12, "5e A": [HURT] * 12})
    browser = town.browser("alba")
    addresses = ("/staff/surveys/campaigns", f"/staff/surveys/campaigns/{campaign.id}")
    for closed in (False, True):
        if closed:
            shut(town, campaign)
        for address in (*addresses, f"{addresses[1]}/closing"):
            assert browser.get(address).status_code in {403, 404}
        assert browser.post(f"{addresses[1]}/closing").status_code == 403


def test_nobody_without_classes_opens(town: Town) -> None:
    for browser in map(town.browser, ("lina", "karim", "petit", "clerk", "admin", "nurse", "referent")):
        assert browser.get("/staff/surveys").status_code == 403
        assert browser.post("/staff/surveys/open", FORM).status_code == 403


def test_a_director_who_teaches_opens_for_the_class(town: Town) -> None:
    """At an école most directors teach: what counts are the classes that the portal gives."""
    head = town.browser("head")
    assert head.post("/staff/surveys/open", FORM).status_code == 403
    assert "Le portail ne donne aucune classe" in head.get("/staff/surveys/open").text
    arrival = town.arrival
    object.__setattr__(town, "arrival", lambda name: replace(arrival(name), classes=("6e B",)))
    head = town.browser("head")
    assert "Enquête de vos classes" in head.get("/").text
    assert head.post("/staff/surveys/open", FORM).status_code == 303


@pytest.mark.parametrize(("language", "words"), [("en", "of 26 pupils"), ("ar", "من أصل 26")])
def test_a_teachers_pages_exist_in_each_language(town: Town, language: str, words: str) -> None:
    alba = town.browser("alba", language)
    alba.post("/staff/surveys/open", FORM)
    assert words in alba.get("/staff/surveys").text
    page = alba.get("/staff/surveys/open").text
    assert "À lire à voix haute" not in page
    assert "Fermer" not in page
