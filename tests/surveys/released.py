"""Released campaigns for tests of what is read of them: written as a closing leaves them, without any ballot."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from ent_module.surveys.campaigns import told
from ent_module.surveys.model import ANSWERED, State
from ent_module.surveys.plan import NOTICE
from ent_module.surveys.release import WHOLE, Release, Sums, release
from ent_module.surveys.service import record
from ent_module.surveys.tables import Campaign, Closing, ResultCell
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import DAY, NOON, start
from tests.surveys.planned import announce, draft, plan

Tallies = Mapping[str, Mapping[str, int]]
"""Question → choice → how many."""


def sums_of(tallies: Tallies, ballots: int | None = None) -> Sums:
    """The sums of these tallies. `ballots`: how many answered each question, where that is not the sum of its row."""
    sums = Sums()
    for item, counts in tallies.items():
        sums[item, ANSWERED] = ballots or sum(counts.values())
        sums.update({(item, choice): count for choice, count in counts.items()})
    return sums


def released(
    town: Town, tallies: Tallies, ballots: int, day: date = DAY, uai: str = COLLEGE, *, again: bool = False
) -> Campaign:
    """A campaign of two classes that is closed and shown, with the cells that these tallies allow. `again`: the collège
    has asked the same that school year, so that its head planned this one."""
    classes = ("CE2", "CM1") if uai != COLLEGE else ("6e B", "5e A")
    with town.house.database.writing() as db:
        if again:
            drafted = plan(opens_on=day, closes_on=day + NOTICE, classes=[(name, 30) for name in classes])
            announce(town, db, draft(town, db, drafted, day - NOTICE), day - NOTICE)
        campaign = start(town, db, *classes, uai=uai, day=day)
        place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
        db.execute(
            update(Campaign)
            .where(Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
            .values(state=State.RELEASED, ended_at=NOON)
        )
        cells = list(release(sums_of(tallies, ballots), told(db, campaign), campaign.level))
        db.add_all(ResultCell(**place, item=item, choice=choice, count=count) for item, choice, count in cells)
        figures = record.Figures(ballots, 0, 0, 0, ballots, 0, ballots, 0)
        number = record.next_number(db, campaign.establishment_id)
        noted = record.sign(town.house.keys, campaign, number, figures, [(WHOLE, *cell) for cell in cells], {})
        shown = dict(zip(("record", "record_signature"), noted, strict=True))
        db.add(Closing(**place, **shown, release=Release.SHOWN, closed_on=day, taken=ballots, classes=2))
    return campaign
