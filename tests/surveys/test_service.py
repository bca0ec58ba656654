from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.surveys import campaigns
from ent_module.surveys.model import Joining, Questionnaire, State
from ent_module.surveys.service import closing, erasing, issuing, opening
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import Campaign, CampaignClass, Issuance, SealedBallot
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, OTHER, Town
from tests.surveys.campaign import (
    CALM,
    CLIMATE,
    DAY,
    NOON,
    OPENED,
    answer,
    climate,
    rows,
    shut,
    start,
    started,
    take_token,
)


def test_the_first_class_opens_the_campaign_and_others_join_it(town: Town, db: Session) -> None:
    first = start(town, db, "6e B")
    joined = start(town, db, "5e A", "6e B", day=OPENED + timedelta(days=3))
    assert joined.id == first.id
    assert campaigns.classes_of(db, first) == ["5e A", "6e B"]
    assert (first.opened_on, first.closes_on) == (OPENED, DAY)
    assert (first.questionnaire, first.version, first.digest) == (CLIMATE, climate().version, climate().digest)
    assert (first.level, first.school_year, first.state) == ("college", 2026, "open")


def test_a_campaign_keeps_the_questionnaire_that_it_opened_with(town: Town, db: Session) -> None:
    older = Questionnaire.from_data({**climate().data, "version": 7, "source": "An older wording"})
    campaign = start(town, db, "6e B", asked=older)
    assert campaigns.asked(db, campaign) == older
    assert campaigns.asked(db, campaign).digest != climate().digest


def test_only_schools_ask(town: Town, db: Session) -> None:
    with pytest.raises(opening.NotASchoolError):
        start(town, db, "6e B", uai=CIRCONSCRIPTION)


def test_a_class_that_was_not_asked_gets_no_token(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    with pytest.raises(issuing.NotAskedError):
        take_token(town, db, campaign, "5e A")
    assert (rows(db, SealedBallot), rows(db, Issuance)) == (0, 0)


def test_an_ended_campaign_gives_and_takes_nothing_and_never_opens_again(town: Town) -> None:
    campaign = started(town, "6e B")
    shut(town, campaign)
    with town.house.database.writing() as db:
        with pytest.raises(issuing.EndedError):
            take_token(town, db, campaign, "6e B")
        for class_code in ("6e B", "5e A"):
            with pytest.raises(opening.ClosedCampaignError):
                start(town, db, class_code)
        assert start(town, db, "6e B", day=date(2027, 9, 9)).id != campaign.id


def test_nobody_ends_a_campaign_of_another_school(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    with pytest.raises(closing.UnknownCampaignError):
        closing.end(db, town.schools[OTHER], campaign.id, uuid4(), NOON, DAY)
    db.refresh(campaign)
    assert campaign.state == State.OPEN


def test_schools_know_nothing_of_each_other(town: Town, db: Session) -> None:
    here, there = start(town, db, "6e B"), start(town, db, "6e B", uai=OTHER)
    assert here.id != there.id
    assert answer(town, db, here, "6e B", CALM) is Outcome.TAKEN
    assert campaigns.campaigns(db, town.schools[OTHER]) == [there]
    assert campaigns.campaign_of(db, town.schools[OTHER], here.id) is None
    assert campaigns.open_for(db, town.schools[ECOLE], ["6e B"]) == []
    assert [one.opened for one in campaigns.progress(db, town.schools[OTHER], ["6e B"])] == [0]
    assert [one.opened for one in campaigns.progress(db, town.schools[COLLEGE], ["6e B"])] == [1]


def test_states_levels_and_places_are_held_by_the_database(town: Town, db: Session) -> None:
    campaign = start(town, db, "6e B")
    for table, change in (
        ("ent_campaign", "state = 'paused'"),
        ("ent_campaign", "level = 'maternelle'"),
        ("ent_campaign_class", "place = 'street'"),
    ):
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(text(f"UPDATE {table} SET {change}"))  # noqa: S608  # the changes above
    assert campaign.state == State.OPEN


def test_who_opened_and_who_ended_can_be_erased(town: Town) -> None:
    campaign, head = started(town, "6e B"), town.membership("head").account_id
    shut(town, campaign)
    school = campaign.establishment_id
    with town.house.database.writing() as db:
        for account in (town.membership("alba").account_id, head):
            erasing.erase(db, school, account)
    with town.house.database.reading() as db:
        kept = [
            *db.scalars(select(CampaignClass.opened_by).where(CampaignClass.establishment_id == school)),
            *db.scalars(select(Campaign.ended_by).where(Campaign.establishment_id == school)),
        ]
        counted = campaigns.closing_of(db, school, campaign.id)
    assert counted
    assert {*kept, counted.closed_by} == {None}


def test_of_campaigns_made_at_one_moment_the_keys_of_one_stay(town: Town, db: Session) -> None:
    """The store holds the keys of the campaign that is there, and no others."""
    campaign = start(town, db, "6e B", "5e A")
    alba, school = town.membership("alba").account_id, town.schools[COLLEGE]
    again = opening.open_class(db, town.house.store, school, climate(), Joining("4e C"), alba, OPENED)
    assert again.id == campaign.id
    assert [one.name for one in town.house.settings.resolved_key_store.iterdir()] == [campaign.id.hex]
