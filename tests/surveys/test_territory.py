"""The sums of a territory: what they tell of one school, when they are made, and that they stay as they are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ent_module.surveys import campaigns, waves
from ent_module.surveys.comparison import Change
from ent_module.surveys.model import ABOVE, ANSWERED, State
from ent_module.surveys.results import Counts
from ent_module.surveys.service.territory import WAITING, add_up
from ent_module.surveys.tables import Campaign, CampaignProposal, TerritorySum
from ent_module.surveys.territory import others, together
from tests.support.town import COLLEGE, Town
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
