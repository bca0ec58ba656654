from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.surveys import campaigns, service
from ent_module.surveys.model import ABOVE, ANSWERED, Questionnaire
from ent_module.surveys.release import Release
from ent_module.surveys.service import Outcome
from ent_module.surveys.tables import Ballot, CampaignClass, Closing, Participation
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, OTHER, Town
from tests.surveys.campaign import CALM, CLIMATE, DAY, HURT, answer, climate, rows, start


def test_the_first_class_opens_the_campaign_and_others_join_it(town: Town, db: Session) -> None:
    first = start(town, db, "6e B")
    joined = start(town, db, "5e A", "6e B", day=DAY + timedelta(days=3))
    assert joined.id == first.id
    assert campaigns.classes_of(db, first) == ["5e A", "6e B"]
    assert (first.opened_on, first.closes_on) == (DAY, date(2026, 12, 10))
    assert (first.questionnaire, first.version, first.digest) == (CLIMATE, 1, climate().digest)
    assert (first.level, first.school_year, first.state) == ("college", 2026, "open")


def test_a_campaign_keeps_the_questionnaire_that_it_opened_with(town: Town, db: Session) -> None:
    older = Questionnaire.from_data({**climate().data, "version": 7, "source": "An older wording"})
    campaign = start(town, db, "6e B", asked=older)
    assert campaigns.asked(db, campaign) == older
    assert campaigns.asked(db, campaign).digest != climate().digest


def test_only_schools_ask(town: Town, db: Session) -> None:
    with pytest.raises(service.NotASchoolError):
        start(town, db, "6e B", uai=CIRCONSCRIPTION)


def test_one_answer_a_pupil(town: Town, db: Session) -> None:
    campaign, account = start(town, db, "6e B"), uuid4()
    assert not campaigns.has_answered(db, town.house.keys, campaign, account)
    assert answer(town, db, campaign, "6e B", CALM, account) is Outcome.TAKEN
    assert campaigns.has_answered(db, town.house.keys, campaign, account)
    assert answer(town, db, campaign, "6e B", HURT, account) is Outcome.ALREADY
    kept = select(Ballot.answers).where(Ballot.establishment_id == campaign.establishment_id)
    assert db.scalars(kept).all() == [CALM]


def test_a_blank_ballot_is_a_ballot_and_does_not_count(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B", "5e A", "4e C")
    for class_code in ("6e B", "5e A", "4e C"):
        for answers in (CALM, CALM, CALM, {}, {}, {}, {}, {}, {}, {}):
            assert answer(town, db, campaign, class_code, answers) is Outcome.TAKEN
    done = service.close(db, campaign.establishment_id, campaign.id, uuid4(), DAY)
    assert done.release == Release.FEW


def test_answers_that_do_not_exist_are_never_written(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    for answers in ({"bullied": ["often"]}, {"name": ["Lina"]}, {"bullied": ["never", "weekly"]}):
        with pytest.raises(service.BadAnswersError):
            answer(town, db, campaign, "6e B", answers)
    assert (rows(db, Ballot), rows(db, Participation)) == (0, 0)


def test_a_class_that_was_not_asked_cannot_answer(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    assert answer(town, db, campaign, "5e A", CALM) is Outcome.NOT_ASKED
    assert (rows(db, Ballot), rows(db, Participation)) == (0, 0)


def test_closing_leaves_numbers_that_may_be_shown_and_nothing_else(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B", "5e A")
    for number in range(46):
        answers = HURT if number < 6 else {} if number < 8 else CALM
        answer(town, db, campaign, "6e B" if number % 2 else "5e A", answers)
    done = service.close(db, campaign.establishment_id, campaign.id, uuid4(), DAY)
    assert (done.release, done.taken, done.classes) == (Release.SHOWN, 46, 2)
    assert (rows(db, Ballot), rows(db, Participation)) == (0, 0)
    assert sorted(campaigns.cells(db, campaign)) == [
        ("bullied", ANSWERED, 44),
        ("bullied", ABOVE, 6),
        ("bullied", "never", 38),
        ("bullied", "once_twice", 0),
        ("safety_school", ANSWERED, 38),
        ("safety_school", ABOVE, 38),
        ("safety_school", "agree", 38),
        ("safety_school", "disagree", 0),
        ("safety_school", "rather_agree", 0),
        ("safety_school", "rather_disagree", 0),
    ]
    assert [(one.class_code, one.taken) for one in progress(town, db)] == [("5e A", None), ("6e B", None)]


def progress(town: Town, db: Session) -> list[campaigns.Progress]:
    return campaigns.progress(db, town.schools[COLLEGE], ["6e B", "5e A"])


def test_closing_twice_is_closing_once(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    answer(town, db, campaign, "6e B", CALM)
    first = service.close(db, campaign.establishment_id, campaign.id, uuid4(), DAY)
    again = service.close(db, campaign.establishment_id, campaign.id, uuid4(), DAY + timedelta(days=1))
    assert again is first
    assert again.closed_on == DAY
    assert rows(db, Closing) == 1


def test_a_closed_campaign_takes_nothing_and_never_opens_again(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    service.close(db, campaign.establishment_id, campaign.id, uuid4(), DAY)
    assert answer(town, db, campaign, "6e B", CALM) is Outcome.CLOSED
    with pytest.raises(service.ClosedCampaignError):
        start(town, db, "6e B")
    with pytest.raises(service.ClosedCampaignError):
        start(town, db, "5e A")
    assert start(town, db, "6e B", day=date(2027, 9, 9)).id != campaign.id


def test_nobody_closes_a_campaign_of_another_school(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    with pytest.raises(service.UnknownCampaignError):
        service.close(db, town.schools[OTHER], campaign.id, uuid4(), DAY)
    assert campaign.state == "open"


def test_schools_know_nothing_of_each_other(town: Town, db: Session) -> None:
    here, there = start(town, db, "6e B"), start(town, db, "6e B", uai=OTHER)
    assert here.id != there.id
    answer(town, db, here, "6e B", CALM)
    assert campaigns.campaigns(db, town.schools[OTHER]) == [there]
    assert campaigns.campaign_of(db, town.schools[OTHER], here.id) is None
    assert campaigns.open_for(db, town.schools[ECOLE], ["6e B"]) == []
    assert [one.taken for one in campaigns.progress(db, town.schools[OTHER], ["6e B"])] == [0]


def test_the_token_of_someone_is_another_in_each_campaign(town: Town, db: Session) -> None:
    account, keys = uuid4(), town.house.keys
    here, there = start(town, db, "6e B"), start(town, db, "6e B", uai=OTHER)
    tokens = {campaigns.token(keys, campaign, account) for campaign in (here, there)}
    assert len(tokens) == 2
    assert account not in tokens


def test_states_and_levels_are_held_by_the_database(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    for change in ("state = 'paused'", "level = 'maternelle'"):
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(text(f"UPDATE ent_campaign SET {change}"))  # noqa: S608  # the two changes above
    assert campaign.state == "open"


def test_who_opened_and_who_closed_can_be_erased(town: Town, db: Session) -> None:
    campaign, alba = start(town, db, "6e B"), town.membership("alba")
    service.close(db, campaign.establishment_id, campaign.id, alba.account_id, DAY)
    service.erase(db, alba.establishment_id, alba.account_id)
    db.expire_all()
    openers = select(CampaignClass.opened_by).where(CampaignClass.establishment_id == campaign.establishment_id)
    assert db.scalars(openers).all() == [None]
    closing = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert closing is not None
    assert closing.closed_by is None
