"""A level above proposes; each school takes it over or does not; the level sees how many have, and no pupil."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import State
from ent_module.surveys.plan import Window
from ent_module.surveys.service import erasing, planning, proposing
from ent_module.surveys.tables import Campaign, CampaignProposal
from tests.support.town import CIRCONSCRIPTION, COLLEGE, DEPARTEMENT, ECOLE, LYCEE, OTHER, Town
from tests.surveys.campaign import reread
from tests.surveys.planned import announce, plan

TODAY = paris(datetime.now(UTC)).date()
FIRST, END = TODAY + timedelta(days=20), TODAY + timedelta(days=34)
AT = "/staff/surveys/proposals"
FORM = {"questionnaire": "school-climate", "opens_on": FIRST.isoformat(), "closes_on": END.isoformat()}


def proposed(town: Town, db: Session, questionnaire: str = "school-climate") -> CampaignProposal:
    """The département's referent proposes it."""
    referent = town.membership("referent").account_id
    return proposing.propose(db, town.schools[DEPARTEMENT], questionnaire, Window(FIRST, END), referent, TODAY)


def seen(town: Town, db: Session, uai: str) -> list[CampaignProposal]:
    return [one.proposal for one in proposing.proposed_to(db, town.schools[uai], TODAY)]


def take_over(town: Town, db: Session, one: CampaignProposal, uai: str = COLLEGE) -> Campaign:
    drafted = plan(opens_on=one.opens_on, closes_on=one.closes_on)
    head = town.membership("head").account_id
    return planning.draft(db, town.schools[uai], drafted, head, TODAY, one.id)


def test_schools_of_every_level_below_see_it_until_they_take_it_over(town: Town, db: Session) -> None:
    one = proposed(town, db)
    for uai in (COLLEGE, OTHER, LYCEE, ECOLE):  # the école is below a circonscription
        assert seen(town, db, uai) == [one]
    assert [found.by for found in proposing.proposed_to(db, town.schools[COLLEGE], TODAY)] == ["DSDEN du Nord"]
    take_over(town, db, one)
    assert (seen(town, db, COLLEGE), seen(town, db, OTHER)) == ([], [one])
    assert proposing.proposed_to(db, town.schools[OTHER], END) == []  # over


def test_a_questionnaire_that_asks_nothing_at_a_level_is_not_proposed_there(town: Town, db: Session) -> None:
    assert not questionnaires()["boarding"].for_level("ecole")
    one = proposed(town, db, "boarding")
    assert (seen(town, db, ECOLE), seen(town, db, LYCEE)) == ([], [one])


def test_only_a_level_above_proposes_and_only_to_schools_below(town: Town, db: Session) -> None:
    with pytest.raises(proposing.NotALevelAboveError):
        proposing.propose(db, town.schools[COLLEGE], "school-climate", Window(FIRST, END), uuid4(), TODAY)
    proposing.propose(db, town.schools[CIRCONSCRIPTION], "school-climate", Window(FIRST, END), uuid4(), TODAY)
    assert (len(seen(town, db, ECOLE)), seen(town, db, COLLEGE)) == (1, [])


def test_what_is_withdrawn_is_taken_over_by_no_other_school(town: Town, db: Session) -> None:
    one, referent = proposed(town, db), town.membership("referent").account_id
    mine = take_over(town, db, one)
    for _turn in range(2):
        proposing.withdraw(db, one.establishment_id, one.id, referent, TODAY)
    assert seen(town, db, OTHER) == []
    assert mine.proposal_id == one.id
    with pytest.raises(LookupError):
        proposing.withdraw(db, town.schools[CIRCONSCRIPTION], one.id, referent, TODAY)


def test_the_level_sees_how_many_schools_have_come_how_far(town: Town, db: Session) -> None:
    one, another = proposed(town, db), proposed(town, db)
    states = {COLLEGE: State.RELEASED, OTHER: State.COUNTED, LYCEE: State.ANNOUNCED, ECOLE: State.DRAFT}
    for uai, state in states.items():
        campaign = take_over(town, db, one, uai)
        if state != State.DRAFT:
            announce(town, db, campaign, TODAY)
        mine = (Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
        db.execute(update(Campaign).where(*mine).values(state=state))
    told = proposing.reached(db, one)
    assert (told.schools, told.drafted, told.announced, told.opened, told.released) == (4, 4, 3, 2, 1)
    assert proposing.reached(db, another).drafted == 0


def test_with_another_questionnaire_it_is_no_longer_what_was_proposed(town: Town, db: Session) -> None:
    campaign = take_over(town, db, proposed(town, db))
    place = (campaign.establishment_id, campaign.id)
    planning.change(db, *place, plan(opens_on=FIRST, closes_on=END + timedelta(days=1)))
    assert campaign.proposal_id is not None
    planning.change(db, *place, plan(questionnaire=questionnaires()["boarding"], opens_on=FIRST, closes_on=END))
    assert campaign.proposal_id is None


def test_who_proposed_can_be_erased(town: Town, db: Session) -> None:
    one = proposed(town, db)
    erasing.erase(db, one.establishment_id, town.membership("referent").account_id)
    db.refresh(one)
    assert one.proposed_by is None


def test_a_referent_proposes_and_a_head_takes_it_over(town: Town) -> None:
    referent, head = town.browser("referent"), town.browser("head")
    assert "Enquêtes proposées" in referent.get("/").text
    wrong = referent.fill(AT, {**FORM, "closes_on": "x", "questionnaire": "own-essai"}, "opens_on")
    assert wrong.status_code == 422
    assert "Choisir un dernier jour" in wrong.text
    assert "Choisir un questionnaire" in wrong.text
    assert referent.fill(AT, FORM, "opens_on").status_code == 303
    page = head.get("/staff/surveys/campaigns").text
    assert "Une enquête proposée par DSDEN du Nord" in page
    found = re.search(r"/ent(/staff/surveys/campaigns/new\?proposal=[0-9a-f-]{36})", page)
    assert found
    taken = head.fill(found[1], {"classes": "6e B ; 26"}, "opens_on")
    assert taken.status_code == 303
    assert "proposée par" not in head.get("/staff/surveys/campaigns").text
    assert "proposée par" in town.browser("other_head").get("/staff/surveys/campaigns").text
    page = referent.get(AT).text
    assert re.search(r"Reprise en brouillon</th><td>1</td>", page)
    assert "26" not in re.sub(r"\d{4}|<[^>]*>", "", page[page.index("<table") : page.index("</table")])
    assert referent.fill(AT, having="/withdraw").status_code == 303
    assert "proposée par" not in town.browser("other_head").get("/staff/surveys/campaigns").text


def test_another_questionnaire_than_the_proposed_one_is_the_schools_own(town: Town) -> None:
    town.browser("referent").fill(AT, FORM, "opens_on")
    head = town.browser("head")
    found = re.search(r"/ent(/staff/\S+/new\?proposal=[0-9a-f-]{36})", head.get("/staff/surveys/campaigns").text)
    assert found
    taken = head.fill(found[1], {"classes": "6e B ; 26", "questionnaire": "boarding"}, "opens_on")
    with town.house.database.reading() as db:
        campaign = db.get_one(Campaign, (town.schools[COLLEGE], _id(taken.headers["Location"])))
    assert reread(town, campaign).proposal_id is None
    assert "proposée par" in head.get("/staff/surveys/campaigns").text


def _id(address: str) -> UUID:
    return UUID(address.split("/")[-2])


@pytest.mark.parametrize("who", ["head", "admin", "alba", "lina", "circo1", "clerk"])
def test_nobody_else_proposes(town: Town, who: str) -> None:
    browser = town.browser(who)
    assert browser.get(AT).status_code == 403
    assert browser.post(AT, FORM).status_code == 403
    assert "Enquêtes proposées" not in browser.get("/").text
