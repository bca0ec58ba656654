"""In class: what the teacher's and the pupil's pages say, who may press, and what every browser is told."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from ent_module.surveys.model import Where
from ent_module.surveys.tables import CampaignClass
from ent_module.web import sessions
from tests.support.database import everything
from tests.support.town import OTHER, Town
from tests.surveys.campaign import end, reread, start, started
from tests.surveys.in_class import CLASS, NEXT_DOOR, begin, begun, in_class
from tests.surveys.pages import token


def test_the_script_is_told_apart_that_the_class_has_begun(town: Town) -> None:
    campaign, lina = in_class(town), town.browser("lina")
    alba = town.browser("alba")
    assert alba.post(f"/staff/surveys/{campaign.id}/begin", {"class_code": CLASS}).status_code == 303
    late = token(lina, campaign)
    assert late.status_code == 423
    page = lina.get(f"/surveys/{campaign.id}/questions")
    assert page.status_code == 200  # the page says whom to tell
    assert 'data-state="begun"' in page.text
    assert "Ta classe a déjà commencé" in page.text
    assert alba.post(f"/staff/surveys/{campaign.id}/let-in", {"class_code": CLASS}).status_code == 303
    assert token(lina, campaign).status_code == 200


def test_everybody_is_told_the_same_in_as_many_bytes(town: Town) -> None:
    campaign = in_class(town, CLASS, NEXT_DOOR)
    before = begun(town, campaign)
    assert begun(town, campaign).data == before.data
    with town.house.database.writing() as db:
        begin(town, db, campaign)
        mine = {row.class_code: row.id.hex for row in db.scalars(select(CampaignClass).execution_options(across=True))}
    after = begun(town, campaign)
    assert before.json == {"classes": {mine[CLASS]: 0, mine[NEXT_DOOR]: 0}}
    assert after.json == {"classes": {mine[CLASS]: 1, mine[NEXT_DOOR]: 0}}
    assert len(after.data) == len(before.data) == 4_096
    assert after.headers["Cache-Control"] == "no-store"
    assert len(str(after.headers)) == len(str(before.headers))
    with town.house.database.writing() as db:
        for number in range(60):
            start(town, db, f"class {number}", where=Where.CLASS)
        for number in range(40):
            start(town, db, f"home {number}", where=Where.HOME)
    assert len(begun(town, campaign).data) == 4_096


def test_the_ballots_side_knows_nobody_there_and_notes_nothing(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    campaign, lina = in_class(town), town.browser("lina")
    before = everything(town.house.database)
    capsys.readouterr()
    assert begun(town, campaign).status_code == 200
    assert capsys.readouterr().err == ""
    assert town.app.test_client().get("/ent-ballots/card").status_code == 200
    assert "request" in capsys.readouterr().err  # control: others leave a line
    assert everything(town.house.database) == before
    assert lina.session
    cookie = f"{sessions.cookie_name(town.house.settings)}={lina.session.cookie}"
    address = f"/ent-ballots/begun/{campaign.establishment_id}/{campaign.id}"
    for sent, status in ((cookie, 400), ("other=1", 200)):
        answered = town.app.test_client(use_cookies=False).get(address, headers={"Cookie": sent})
        assert answered.status_code == status
        assert "Set-Cookie" not in answered.headers


def test_nobody_begins_in_what_is_not_open(town: Town) -> None:
    campaign = in_class(town)
    for wrong in (
        f"{campaign.establishment_id}/{uuid4()}",
        f"{town.schools[OTHER]}/{campaign.id}",
    ):
        assert town.app.test_client().get(f"/ent-ballots/begun/{wrong}").status_code == 410
    end(town, campaign)
    assert begun(town, campaign).status_code == 410


def test_only_a_page_of_a_class_that_answers_in_class_asks(town: Town) -> None:
    campaign = in_class(town)
    page = town.browser("lina").get(f"/surveys/{campaign.id}/questions").text
    with town.house.database.reading() as db:
        (row,) = db.scalars(select(CampaignClass).execution_options(across=True))
    assert f'data-mark="{row.id.hex}"' in page
    assert f'data-begun="/ent-ballots/begun/{campaign.establishment_id}/{campaign.id}"' in page
    assert "Attends que tout le monde l’ait" in page


def test_elsewhere_the_page_speaks_of_no_waiting(town: Town) -> None:
    campaign = started(town, CLASS, where=Where.SHARED)
    page = town.browser("lina").get(f"/surveys/{campaign.id}/questions").text
    for word in ("data-mark", "data-begun", "Attends"):
        assert word not in page
    assert "commencer</button>" not in town.browser("alba").get("/staff/surveys").text


BEGIN, LET_IN = "Tous l’ont ouvert\u202f: commencer", "Laisser ouvrir encore"


def main(page: str) -> str:
    return unescape(page[page.index("<main") : page.index("</main")])


def test_a_teacher_lets_the_class_begin_and_lets_in_who_comes_late(town: Town) -> None:
    campaign, alba = in_class(town), town.browser("alba")
    page = main(alba.get("/staff/surveys").text)
    assert (BEGIN in page, LET_IN in page) == (True, False)
    for _time in range(2):  # a double click
        assert alba.fill("/staff/surveys", {}, "/begin" if _time == 0 else "/let-in").status_code == 303
        assert alba.post(f"/staff/surveys/{campaign.id}/begin", {"class_code": CLASS}).status_code == 303
    page = main(alba.get("/staff/surveys").text)
    assert (BEGIN in page, LET_IN in page) == (False, True)
    assert re.search(r"Depuis \d{1,2}\u202fh", page)
    assert "0 élève a ouvert son questionnaire." in page
    assert "fingerprint" in page
    assert alba.fill("/staff/surveys", {}, "/let-in").status_code == 303
    assert BEGIN in main(alba.get("/staff/surveys").text)


def test_a_class_that_began_on_another_day_says_which(town: Town) -> None:
    campaign = in_class(town)
    with town.house.database.writing() as db:
        begin(town, db, campaign)
    assert "Depuis le lundi 12 octobre, 12\u202fh." in main(town.browser("alba").get("/staff/surveys").text)


def test_who_has_opened_and_who_has_begun_nobody_is_told(town: Town) -> None:
    """The page is the same whichever pupil has opened, and whether somebody has asked to begin."""
    campaign, alba = in_class(town), town.browser("alba")
    assert token(town.browser("lina"), campaign).status_code == 200
    before = main(alba.get("/staff/surveys").text)
    for _pupil in range(3):
        begun(town, campaign)
    now = re.compile(r"\d{1,2}\u202fh(\u202f\d\d)?|value=\"[^\"]*\"")
    assert now.sub("", main(alba.get("/staff/surveys").text)) == now.sub("", before)
    assert "Lina" not in before


OTHERS = ("lina", "karim", "petit", "clerk", "admin", "nurse", "referent")


@pytest.mark.parametrize("action", ["begin", "let-in"])
def test_only_who_may_open_the_class_lets_it_begin(town: Town, action: str) -> None:
    campaign, address = in_class(town), "/staff/surveys/{}/{}"
    browsers = {who: town.browser(who) for who in ("roux", "alba", *OTHERS)}
    before = everything(town.house.database)
    mine = address.format(campaign.id, action)
    foreign = browsers["roux"].post(mine, {"class_code": CLASS})  # 5e A only
    assert foreign.status_code == 400
    assert "Cette classe n’est pas dans votre liste." in unescape(foreign.text)
    for who in OTHERS:
        assert browsers[who].post(mine, {"class_code": CLASS}).status_code == 403
    assert browsers["roux"].post(mine, {"class_code": NEXT_DOOR}).status_code == 404  # it was not opened
    alba = browsers["alba"]
    assert alba.post(address.format(uuid4(), action), {"class_code": CLASS}).status_code == 404
    assert alba.get(mine).status_code in {404, 405}
    assert everything(town.house.database) == before
    end(town, campaign)
    over = alba.post(mine, {"class_code": CLASS})
    assert over.status_code == 400
    assert "L’enquête n’est pas ouverte" in unescape(over.text)
    assert reread(town, campaign).state == "ended"


def test_the_teachers_buttons_speak_each_language(town: Town) -> None:
    campaign = in_class(town)
    with town.house.database.writing() as db:
        begin(town, db, campaign)
    for language, words in (("en", "Let them open again"), ("ar", "السماح")):
        page = main(town.browser("alba", language).get("/staff/surveys").text)
        assert words in page
        assert LET_IN not in page
