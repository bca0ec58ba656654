"""The sums of a territory: what they tell of one school, when they are made, and that they stay as they are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.surveys import waves
from ent_module.surveys.comparison import Change
from ent_module.surveys.model import ABOVE, ANSWERED, State
from ent_module.surveys.results import Counts
from ent_module.surveys.service.territory import WAITING, add_up
from ent_module.surveys.tables import AskedQuestionnaire, Campaign, CampaignProposal, TerritorySum
from ent_module.surveys.territory import others, together
from tests.support.town import DEPARTEMENT, Town
from tests.surveys.campaign import climate
from tests.surveys.proposed import change, propose
from tests.surveys.released import released

END = date(2026, 10, 16)
LATER = datetime(2026, 10, 20, 12, tzinfo=UTC)
MUCH_LATER = datetime(END.year, END.month, END.day, 12, tzinfo=UTC) + WAITING + timedelta(days=2)


def school(answered: int, above: int) -> Counts:
    """One school that tells one question."""
    return {"verbal": {ANSWERED: answered, ABOVE: above}}


class TestSums:
    def test_five_schools_are_added_up(self) -> None:
        assert together([school(100, 10 + one) for one in range(5)]) == {"verbal": {ANSWERED: 500, ABOVE: 60}}

    @pytest.mark.parametrize(
        "schools",
        [
            pytest.param([school(100, 10)] * 4, id="four schools"),
            pytest.param([school(29, 6)] * 5, id="145 answers"),
            pytest.param([school(50, 6)] * 4 + [school(201, 20)], id="one school makes more than half"),
            pytest.param([school(100, 10)] * 4 + [{"verbal": {ANSWERED: 100}}], id="the fifth hides a number"),
        ],
    )
    def test_too_few_are_not(self, schools: Sequence[Counts]) -> None:
        assert together(schools) == {}

    def test_a_school_is_compared_with_the_others(self) -> None:
        all_schools = together([school(100, 10)] * 4 + [school(80, 40)])
        assert others(all_schools, school(80, 40)) == {"verbal": {ANSWERED: 400, ABOVE: 40}}
        assert others(all_schools, {"verbal": {ANSWERED: 80}}) == {}


def follow(town: Town, proposal: CampaignProposal, place: int, never: int, weekly: int) -> Campaign:
    """A collège of the département has followed it, and has its results."""
    uai = f"900000{place}Z"
    with town.house.database.writing() as db:
        parent = establishments.get(db, town.schools[DEPARTEMENT])
        made = establishments.add(db, uai, f"Collège {place}", Kind.COLLEGE, parent=parent, check=False)
        town.schools[uai] = made.id
    campaign = released(town, {"bullied": {"never": never, "weekly": weekly}}, never + weekly, uai=uai)
    with town.house.database.writing() as db:
        change(db, campaign, proposal_id=proposal.id)
    return campaign


def sums(town: Town) -> list[tuple[str, int, int]]:
    """What is kept: question, beyond the threshold, all."""
    place = town.schools[DEPARTEMENT]
    with town.house.database.reading() as db:
        rows = db.scalars(select(TerritorySum).where(TerritorySum.establishment_id == place)).all()
        return [(row.item, row.above, row.answered) for row in rows]


def test_they_are_made_once_all_schools_have_their_results_and_then_stay(town: Town) -> None:
    proposal = propose(town, END)
    followed = [follow(town, proposal, place, 80, 20) for place in range(4)]
    slow = follow(town, proposal, 4, 60, 20)
    with town.house.database.writing() as db:
        change(db, slow, state=State.ENDED)
    add_up(town.house, LATER)
    assert sums(town) == []
    with town.house.database.writing() as db:
        change(db, slow, state=State.RELEASED)
    for _again in range(2):
        add_up(town.house, LATER)
        assert sums(town) == [("bullied", 100, 480)]
    latecomer = follow(town, proposal, 5, 50, 50)
    add_up(town.house, MUCH_LATER)
    assert sums(town) == [("bullied", 100, 480)]
    assert told(town, followed[0]) == [(21, 20, Change.UNCLEAR)]  # 80 of the others' 380
    assert told(town, latecomer) == [(21, 50, Change.ROSE)]  # 100 of 480


def told(town: Town, campaign: Campaign) -> list[tuple[int, int, Change]]:
    """What a school reads: per cent of the others, its own, and what is said."""
    with town.house.database.reading() as db:
        mine = db.get_one(Campaign, (campaign.establishment_id, campaign.id))
        return [(one.before, one.now, one.change) for one in waves.beside_territory(db, mine)]


def test_nobody_waits_for_a_school_for_ever(town: Town) -> None:
    proposal = propose(town, END)
    for place in range(5):
        follow(town, proposal, place, 80, 20)
    slow = follow(town, proposal, 5, 60, 20)
    with town.house.database.writing() as db:
        change(db, slow, state=State.OPEN)
    add_up(town.house, LATER)
    assert sums(town) == []
    add_up(town.house, MUCH_LATER)
    assert sums(town) == [("bullied", 100, 500)]


def test_schools_that_asked_something_else_are_left_out(town: Town) -> None:
    proposal = propose(town, END)
    followed = [follow(town, proposal, place, 80, 20) for place in range(6)]
    with town.house.database.writing() as db:
        db.add(AskedQuestionnaire(digest="0" * 64, data=dict(climate().data)))
        db.flush()
        change(db, followed[0], digest="0" * 64)
    add_up(town.house, LATER)
    assert sums(town) == [("bullied", 100, 500)]
    assert told(town, followed[0]) == []


def test_the_head_reads_it_beside_the_own_numbers(town: Town) -> None:
    proposal = propose(town, END)
    own = released(town, {"bullied": {"never": 60, "weekly": 40}}, 100)
    with town.house.database.writing() as db:
        change(db, own, proposal_id=proposal.id)
    page = f"/staff/surveys/campaigns/{own.id}"
    assert f'{page}/beside"' in town.browser("head").get(page).text
    assert "Rien à comparer pour l’instant" in town.browser("head").get(f"{page}/beside").text
    for place in range(4):
        follow(town, proposal, place, 80, 20)
    add_up(town.house, LATER)
    read = town.browser("head").get(f"{page}/beside").text
    assert "plus souvent ici" in read
    assert "Collège 0" not in read


def test_a_school_that_followed_nobody_has_nothing_beside_it(town: Town) -> None:
    own = released(town, {"bullied": {"never": 60, "weekly": 40}}, 100)
    page = f"/staff/surveys/campaigns/{own.id}"
    head = town.browser("head")
    assert "/beside" not in head.get(page).text
    assert head.get(f"{page}/beside").status_code == 404
