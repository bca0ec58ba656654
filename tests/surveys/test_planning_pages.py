"""A head drafts, announces and tells families; teachers start their classes."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from ent_module.establishments.calendar import paris
from ent_module.languages import LANGUAGES
from ent_module.surveys import campaigns
from ent_module.surveys.model import State
from ent_module.surveys.plan import NOTICE
from ent_module.surveys.service.opening import open_due
from ent_module.surveys.tables import Campaign, CampaignClass
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import reread, rows
from tests.surveys.planned import announced, plan

TODAY = paris(datetime.now(UTC)).date()
FIRST, END = TODAY + NOTICE, TODAY + timedelta(days=20)
AT = "/staff/surveys/campaigns"
NEW = f"{AT}/new?questionnaire=school-climate"
FORM = {
    "questionnaire": "school-climate",
    "opens_on": FIRST.isoformat(),
    "closes_on": END.isoformat(),
    "classes": "6e B ; 26\n5A\t24\nULIS, 9",
    "place": "class",
    "readers": "adults",
}
START = {"class_code": "6e B", "questionnaire": "school-climate", "place": "class"}


def words(page: str) -> str:
    """What stands in the main part of a page, without tags, in one line; every space is a plain one."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def drafted(town: Town) -> str:
    """The address of the head's new draft, without `/planned`."""
    answer = town.browser("head").fill(NEW, FORM, "opens_on")
    assert answer.status_code == 303
    found = re.search(r"(/staff/surveys/campaigns/[0-9a-f-]{36})/planned$", answer.headers["Location"])
    assert found
    return found[1]


def only(town: Town) -> Campaign:
    with town.house.database.reading() as db:
        (campaign,) = db.scalars(select(Campaign).execution_options(across=True))
    return campaign


def test_a_head_drafts_corrects_a_level_and_announces(town: Town) -> None:
    head, one = town.browser("head"), drafted(town)
    page = words(head.get(f"{one}/planned").text)
    for said in ("Brouillon", "3 classes, 59 élèves", "en classe, tous ensemble", "tous les adultes"):
        assert said in page
    assert head.fill(f"{one}/planned", {"level-3": "4e"}, "level-3").status_code == 303
    assert head.post(f"{one}/levels", {"level-1": "Tle", "level-9": "3e"}).status_code == 303  # no page offers that
    with town.house.database.reading() as db:
        rows_of = campaigns.audience(db, only(town))
        assert {row.class_code: row.level for row in rows_of} == {"5A": "5e", "6e B": "6e", "ULIS": "4e"}
    assert head.fill(f"{one}/planned", {}, "told").status_code == 303
    page = words(head.get(f"{one}/planned").text)
    assert "Annoncée" in page
    assert " ".join(re.findall("....", only(town).keys_digest[:32])) in page
    assert "Annoncée" in words(head.get(AT).text)
    assert head.get(f"{one}/draft").status_code == 400
    assert head.post(f"{one}/draft", FORM).status_code == 400
    assert head.post(f"{one}/planned", {"told": "notice"}).status_code == 303  # announced already
    assert head.get(one).status_code == 303  # no results, no participation: the page of what is announced
    assert (only(town).state, only(town).readers) == (State.ANNOUNCED, "adults")


def test_a_draft_is_changed_with_what_was_typed(town: Town) -> None:
    head, one = town.browser("head"), drafted(town)
    assert head.fill(f"{one}/draft", {"classes": "6e B ; 27"}, "opens_on").status_code == 303
    assert "1 classe, 27 élèves" in words(head.get(f"{one}/planned").text)
    wrong = head.fill(f"{one}/draft", {"classes": "6e B ; 27\n5e A", "closes_on": "x"}, "opens_on")
    assert wrong.status_code == 422
    assert "À corriger, ligne 2." in wrong.text
    assert "6e B ; 27\n5e A" in wrong.text
    assert "Choisir un dernier jour" in wrong.text
    assert "1 classe, 27 élèves" in words(head.get(f"{one}/planned").text)
    assert head.fill(f"{one}/planned", having="/discard").status_code == 303
    assert "Aucune enquête encore" in head.get(AT).text


def test_families_who_know_too_late_are_named(town: Town) -> None:
    head = town.browser("head")
    soon = {**FORM, "opens_on": (FIRST - timedelta(days=1)).isoformat()}
    one = head.fill(NEW, soon, "opens_on").headers["Location"].removeprefix("/ent")
    wrong = head.fill(one, {}, "told")
    assert wrong.status_code == 422
    assert "l’enquête ouvre le" in wrong.text
    wrong = head.fill(one, {"told": "paper", "told_on": TODAY.isoformat()}, "told")
    assert wrong.status_code == 422
    assert "Écrire le jour où les familles ont été prévenues" in wrong.text
    assert head.fill(one, {"told": "paper", "told_on": (TODAY - NOTICE).isoformat()}, "told").status_code == 303
    assert only(town).told == "paper"


def test_the_notice_says_in_every_language_who_reads_and_names_no_pupil(town: Town) -> None:
    campaign = announced(town, plan(opens_on=FIRST, closes_on=END), TODAY)
    page = town.browser("head").get(f"{AT}/{campaign.id}/notice").text
    sheets = re.findall(r'<section class="notice-sheet" lang="(..)" dir="(...)">(.*?)</section>', page, re.DOTALL)
    assert [code for code, _dir, _text in sheets] == list(LANGUAGES)
    digest = " ".join(re.findall("....", campaign.keys_digest[:32]))
    said = {
        "fr": ("Vous pouvez refuser", "La direction lit les nombres", "questionnaire vide", "Posez-les"),
        "en": ("You may refuse", "The head reads", "empty questionnaire", "Ask the head"),
        "ar": ("يمكنكم الرفض", "تقرأ الإدارة", "استبيانًا فارغًا", "اطرحوها"),
    }
    for code, _direction, text in sheets:
        for part in (*said[code], digest, "Collège Simone-Veil", "6e B", "119"):
            assert part in text, (code, part)
        assert not any(name in text for name in ("Lina", "Morel", "Sami"))
    draft = drafted(town)
    assert town.browser("head").get(f"{draft}/notice").status_code == 303


def test_a_teacher_sees_it_coming_and_starts_on_the_day(town: Town) -> None:
    early = TODAY - NOTICE - timedelta(days=1)
    campaign = announced(town, plan(opens_on=TODAY + timedelta(days=1), closes_on=END), early)
    alba, lina = town.browser("alba"), town.browser("lina")
    assert "La classe pourra commencer le" in words(alba.get("/staff/surveys").text)
    assert 'value="school-climate"' not in alba.get("/staff/surveys/open").text
    refused = alba.post("/staff/surveys/open", START)
    assert refused.status_code == 400
    assert "Elle ne s’ouvre pas avant." in words(refused.text)
    with town.house.database.writing() as db:
        db.get_one(Campaign, (campaign.establishment_id, campaign.id)).opened_on = TODAY
    assert "La classe peut commencer" in words(alba.get("/staff/surveys").text)
    address = f"/staff/surveys/open?campaign={campaign.id}"
    page = alba.get(address).text
    assert "Elles sont prévenues depuis dix jours" not in page
    assert 'value="4e C"' not in page
    assert re.search(r'value="class" checked', page)
    assert lina.get("/surveys").status_code == 200
    assert alba.fill(address, {"class_code": "6e B"}, "class_code").status_code == 303
    assert "0 élève sur 26 a ouvert son questionnaire." in alba.get("/staff/surveys").text
    assert lina.get(f"/surveys/{campaign.id}/questions").status_code == 200
    assert town.browser("eva").get(f"/surveys/{campaign.id}/questions").status_code == 404
    assert "2 classes n’ont pas commencé : 4e C, 5e A." in words(town.browser("head").get(f"{AT}/{campaign.id}").text)


def test_a_class_outside_the_audience_is_told_why(town: Town) -> None:
    early = TODAY - NOTICE
    announced(town, plan(opens_on=TODAY, closes_on=END, classes=(("4e C", 25),)), early)
    open_due(town.house, datetime.now(UTC))
    refused = town.browser("alba").post("/staff/surveys/open", START)
    assert refused.status_code == 400
    assert "n’est pas dans l’enquête que la direction a annoncée" in words(refused.text)
    assert "La classe peut commencer" not in town.browser("alba").get("/staff/surveys").text


def test_what_was_announced_is_called_off_from_its_page(town: Town) -> None:
    campaign, head = announced(town, plan(opens_on=FIRST, closes_on=END), TODAY), town.browser("head")
    assert head.fill(f"{AT}/{campaign.id}/planned", having="/call-off").status_code == 303
    with town.house.database.reading() as db:
        assert (rows(db, Campaign), rows(db, CampaignClass)) == (0, 0)
    assert head.post(f"{AT}/{campaign.id}/call-off").status_code == 404


def test_what_has_opened_is_not_called_off(town: Town) -> None:
    campaign = announced(town, plan(opens_on=TODAY, closes_on=END), TODAY - NOTICE)
    open_due(town.house, datetime.now(UTC))
    answer = town.browser("head").post(f"{AT}/{campaign.id}/call-off")
    assert answer.status_code == 400
    assert "Elle se clôt le dernier jour annoncé." in words(answer.text)
    assert reread(town, campaign).state == State.OPEN


@pytest.mark.parametrize("who", ["alba", "admin", "petit", "clerk", "lina", "karim", "referent"])
def test_only_the_head_plans(town: Town, who: str) -> None:
    one, browser = drafted(town), town.browser(who)
    for page in (f"{AT}/new", f"{one}/draft", f"{one}/planned", f"{one}/notice"):
        assert browser.get(page).status_code == 403
    for action in (f"{AT}/new", f"{one}/draft", f"{one}/planned", f"{one}/levels", f"{one}/discard", f"{one}/call-off"):
        assert browser.post(action, FORM).status_code == 403
    assert only(town).state == State.DRAFT


def test_another_schools_head_finds_no_draft(town: Town) -> None:
    one, other = drafted(town), town.browser("other_head")
    assert other.get(f"{one}/planned").status_code == 404
    for action in ("draft", "planned", "levels", "discard", "call-off"):
        assert other.post(f"{one}/{action}", FORM).status_code == 404
    assert only(town).establishment_id == town.schools[COLLEGE]
    assert UUID(one.rpartition("/")[2]) == only(town).id


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_a_plan_exist_in_each_language(town: Town, language: str) -> None:
    one, head = drafted(town), town.browser("head", language)
    for page in (f"{AT}/new", NEW, f"{one}/draft", f"{one}/planned"):
        assert not re.search(r"brouillon|enquête|classe ", head.get(page).text)
    head.fill(f"{one}/planned", {}, "told")
    assert not re.search(r"enquête|Annoncée", head.get(f"{one}/planned").text)
