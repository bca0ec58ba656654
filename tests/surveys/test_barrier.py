"""In class all open first, then all answer: who is given a token when, who says so, and what everybody is told."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.privacy.tables import AuditLine
from ent_module.surveys.model import Joining, Where
from ent_module.surveys.service import barrier, issuing, opening
from ent_module.surveys.tables import Issuance, SealedBallot
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import CALM, DAY, NOON, answer, climate, end, rows, start, started, take_token
from tests.surveys.in_class import CLASS, LATER, NEXT_DOOR, begin, in_class, let_in, moments
from tests.surveys.pages import blinded_token


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
        assert moments(db) == [NOON]  # when it began, not when somebody pressed again
        for _time in range(2):
            let_in(town, db, campaign)
        assert moments(db) == [None]
    with town.house.database.reading() as db:  # the trail is written when the rest is committed
        done = db.scalars(select(AuditLine.action).where(AuditLine.establishment_id == campaign.establishment_id))
        assert sorted(done) == ["survey.class_began", "survey.class_let_in", "survey.keys", "survey.opened"]


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
        assert moments(db) == [None]  # of no use any more


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


def waits_for_a_token(town: Town) -> bool:
    """Whether a class begins only once a token that is being signed is written down or given up."""
    campaign, done = in_class(town), Event()

    def press() -> None:
        with town.house.database.writing() as db:
            begin(town, db, campaign)
        done.set()

    teacher = Thread(target=press)
    with town.house.database.writing() as db:
        take_token(town, db, campaign, CLASS)
        teacher.start()
        hasty = done.wait(0.5)
    teacher.join(timeout=60)
    assert done.is_set()
    return not hasty


def test_the_class_begins_once_every_token_that_is_being_signed_is_written_down(town: Town) -> None:
    assert waits_for_a_token(town)


def test_a_class_that_begins_beside_them_would_be_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: a button that holds nothing. On SQLite whoever writes waits all the same."""
    monkeypatch.setattr(barrier, "hold", lambda *_campaign, **_alone: None)
    assert waits_for_a_token(town) is (town.house.database.engine.dialect.name == "sqlite")


def test_a_token_costs_no_statement_more_while_the_class_gathers(town: Town) -> None:
    """A class of thirty opens at once: the barrier is in what is read anyway."""
    asked: dict[Where, list[str]] = {}
    for uai, where in ((COLLEGE, Where.SHARED), (OTHER, Where.CLASS)):
        campaign = started(town, CLASS, where=where, uai=uai)
        said = asked[where] = []
        with town.house.database.writing() as db:
            event.listen(db.connection(), "before_cursor_execute", lambda _c, _k, sql, *_more, to=said: to.append(sql))
            take_token(town, db, campaign, CLASS)
    assert asked[Where.CLASS] == asked[Where.SHARED] != []
