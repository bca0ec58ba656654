"""In class all open first, then all answer: who is given a token when, who says so, and what everybody is told."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from html import unescape
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ent_module.privacy.tables import AuditLine
from ent_module.surveys.model import Joining, Where
from ent_module.surveys.service import barrier, issuing, opening
from ent_module.surveys.tables import Campaign, CampaignClass, Issuance, SealedBallot
from ent_module.web import sessions
from tests.support.database import everything
from tests.support.town import OTHER, Town
from tests.surveys.campaign import CALM, DAY, NOON, answer, climate, end, reread, rows, start, started, take_token
from tests.surveys.pages import blinded_token, token

CLASS, NEXT_DOOR = "6e B", "5e A"
LATER = NOON + timedelta(minutes=12)


def begin(town: Town, db: Session, campaign: Campaign, class_code: str = CLASS, *, school: str = "") -> None:
    place = town.schools[school] if school else campaign.establishment_id
    barrier.begin(db, place, campaign.id, class_code, town.membership("alba").account_id, NOON, DAY)


def let_in(town: Town, db: Session, campaign: Campaign) -> None:
    by = town.membership("alba").account_id
    barrier.let_in(db, campaign.establishment_id, campaign.id, CLASS, by, DAY)


def begun(town: Town, campaign: Campaign) -> TestResponse:
    """What every browser of the school asks."""
    client = town.app.test_client(use_cookies=False)
    return client.get(f"/ent-ballots/begun/{campaign.establishment_id}/{campaign.id}")


def in_class(town: Town, *classes: str) -> Campaign:
    return started(town, *(classes or (CLASS,)), where=Where.CLASS)


def test_who_comes_once_the_class_answers_gets_no_token_until_the_teacher_lets_them_in(town: Town, db: Session) -> None:
    campaign = start(town, db, CLASS, where=Where.CLASS)
    take_token(town, db, campaign, CLASS)
    begin(town, db, campaign)
    with pytest.raises(issuing.AnsweringError):
        take_token(town, db, campaign, CLASS)
    assert rows(db, Issuance) == 1
    let_in(town, db, campaign)
    take_token(town, db, campaign, CLASS)
    begin(town, db, campaign)
    with pytest.raises(issuing.AnsweringError):
        take_token(town, db, campaign, CLASS)
    assert rows(db, Issuance) == 2


def test_a_token_that_was_signed_before_may_be_asked_for_again(town: Town, db: Session) -> None:
    """Its answer may have been lost on the way: the pupil is not late."""
    campaign, account, blinded = start(town, db, CLASS, where=Where.CLASS), uuid4(), blinded_token()
    asked = (town.house.store, campaign.establishment_id, campaign.id, account, [CLASS])
    signature = issuing.issue(db, *asked, blinded)()
    begin(town, db, campaign)
    assert issuing.issue(db, *asked, blinded)() == signature
    with pytest.raises(issuing.OtherTokenError):  # not « late »: there is no second one for anybody
        issuing.issue(db, *asked, blinded_token())
    assert rows(db, Issuance) == 1


def test_other_classes_open_meanwhile(town: Town, db: Session) -> None:
    campaign = start(town, db, CLASS, NEXT_DOOR, where=Where.CLASS)
    begin(town, db, campaign)
    take_token(town, db, campaign, NEXT_DOOR)
    assert list(db.scalars(select(Issuance.class_code).execution_options(across=True))) == [NEXT_DOOR]


@pytest.mark.parametrize("where", [Where.HOME, Where.SHARED])
def test_who_answers_at_their_own_moment_waits_for_nobody(town: Town, db: Session, where: Where) -> None:
    campaign = start(town, db, CLASS, where=where)
    for act in (begin, let_in):
        with pytest.raises(barrier.NotInClassError):
            act(town, db, campaign)
    for _pupil in range(3):
        answer(town, db, campaign, CLASS, CALM)
    assert rows(db, SealedBallot) == 3


def test_each_action_twice_is_once(town: Town) -> None:
    campaign = in_class(town)
    with town.house.database.writing() as db:
        begin(town, db, campaign)
        barrier.begin(db, campaign.establishment_id, campaign.id, CLASS, uuid4(), LATER, DAY)
        (row,) = db.scalars(select(CampaignClass).execution_options(across=True))
        assert row.answering_since is not None
        assert row.answering_since.replace(tzinfo=NOON.tzinfo) == NOON  # when it began, not when somebody pressed again
        for _time in range(2):
            let_in(town, db, campaign)
        assert db.scalars(select(CampaignClass.answering_since).execution_options(across=True)).all() == [None]
        done = db.scalars(select(AuditLine.action).where(AuditLine.establishment_id == campaign.establishment_id))
        assert sorted(done) == ["survey.class_began", "survey.class_let_in", "survey.opened"]


def test_nothing_begins_that_is_not_there_or_not_open(town: Town) -> None:
    campaign = in_class(town)
    with town.house.database.writing() as db:
        for class_code, school in ((NEXT_DOOR, ""), (CLASS, OTHER)):
            with pytest.raises(barrier.NotInClassError):
                begin(town, db, campaign, class_code, school=school)
        begin(town, db, campaign)
    end(town, campaign)
    with town.house.database.writing() as db:
        for act in (begin, let_in):
            with pytest.raises(issuing.EndedError):
                act(town, db, campaign)
        moments = set(db.scalars(select(CampaignClass.answering_since).execution_options(across=True)))
    assert moments == {None}  # of no use any more


def test_the_database_holds_the_moment_for_classes_that_answer_in_class_alone(town: Town, db: Session) -> None:
    start(town, db, CLASS, where=Where.HOME)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(text("UPDATE ent_campaign_class SET answering_since = '2026-10-12 10:00:00'"))


def test_a_class_that_is_opened_anew_under_another_spelling_gathers(town: Town, db: Session) -> None:
    """Even where it is to answer at home from now on."""
    campaign = start(town, db, "6e B", where=Where.CLASS)
    campaign.listed = True
    begin(town, db, campaign)
    by, school = town.membership("alba").account_id, campaign.establishment_id
    opening.open_class(db, town.house.store, school, climate(), Joining("6B", where=Where.HOME), by, DAY)
    take_token(town, db, campaign, "6B")


def test_nobody_is_given_a_token_after_the_class_has_begun_however_close(town: Town) -> None:
    """Whatever was signed was signed before: nobody reads the old state and is written down after the new one."""
    campaign, gate = in_class(town), Barrier(9)

    def act(number: int) -> None:
        gate.wait(timeout=60)
        with suppress(issuing.AnsweringError), town.house.database.writing() as db:
            if number == 4:
                begin(town, db, campaign)
                before.append(rows(db, Issuance))
            else:
                take_token(town, db, campaign, CLASS)

    before: list[int] = []
    with ThreadPoolExecutor(9) as threads:
        list(threads.map(act, range(9)))
    with town.house.database.reading() as db:
        assert [rows(db, Issuance)] == before


def test_a_token_costs_no_statement_more_while_the_class_gathers(town: Town) -> None:
    """A class of thirty opens at once: the barrier is in what is read anyway."""
    asked: dict[Where, list[str]] = {}
    for uai, where in (("", Where.SHARED), (OTHER, Where.CLASS)):
        campaign = started(town, CLASS, where=where, **({"uai": uai} if uai else {}))
        said = asked[where] = []
        with town.house.database.writing() as db:
            event.listen(db.connection(), "before_cursor_execute", lambda _c, _k, sql, *_more, to=said: to.append(sql))
            take_token(town, db, campaign, CLASS)
    assert asked[Where.CLASS] == asked[Where.SHARED] != []


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


@pytest.mark.parametrize("where", [Where.HOME, Where.SHARED])
def test_elsewhere_the_page_speaks_of_no_waiting(town: Town, where: Where) -> None:
    campaign = started(town, CLASS, where=where)
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


@pytest.mark.parametrize(("language", "words"), [("en", "Let them open again"), ("ar", "السماح")])
def test_the_teachers_buttons_speak_each_language(town: Town, language: str, words: str) -> None:
    campaign = in_class(town)
    with town.house.database.writing() as db:
        begin(town, db, campaign)
    page = main(town.browser("alba", language).get("/staff/surveys").text)
    assert words in page
    assert LET_IN not in page
