"""Released campaigns for tests of what is read of them: written as a closing leaves them, without any ballot."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from ent_module.surveys.campaigns import told
from ent_module.surveys.model import ANSWERED, State
from ent_module.surveys.release import Release, Sums, release
from ent_module.surveys.tables import Campaign, Closing, ResultCell
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import DAY, NOON, start

Tallies = Mapping[str, Mapping[str, int]]
"""Question → choice → how many."""


def sums_of(tallies: Tallies, ballots: int | None = None) -> Sums:
    """The sums of these tallies. `ballots`: how many answered each question, where that is not the sum of its row."""
    sums = Sums()
    for item, counts in tallies.items():
        sums[item, ANSWERED] = ballots or sum(counts.values())
        sums.update({(item, choice): count for choice, count in counts.items()})
    return sums


def released(town: Town, tallies: Tallies, ballots: int, day: date = DAY, uai: str = COLLEGE) -> Campaign:
    """A campaign of two classes that is closed and shown, with the cells that these tallies allow."""
    classes = ("CE2", "CM1") if uai != COLLEGE else ("6e B", "5e A")
    with town.house.database.writing() as db:
        campaign = start(town, db, *classes, uai=uai, day=day)
        place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
        db.execute(
            update(Campaign)
            .where(Campaign.establishment_id == campaign.establishment_id, Campaign.id == campaign.id)
            .values(state=State.RELEASED, ended_at=NOON)
        )
        shown = {"release": Release.SHOWN, "record": b"", "record_signature": b""}
        db.add(Closing(**place, **shown, closed_on=day, taken=ballots, classes=2))
        cells = release(sums_of(tallies, ballots), told(db, campaign), campaign.level)
        db.add_all(ResultCell(**place, item=item, choice=choice, count=count) for item, choice, count in cells)
    return campaign
