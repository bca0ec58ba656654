"""A campaign that was announced for three levels of the collège, and has a cohort for each."""

from datetime import datetime

from ent_module.surveys.model import Where
from ent_module.surveys.service import opening
from ent_module.surveys.tables import Campaign
from tests.support.town import Town
from tests.surveys.campaign import NOON, reread
from tests.surveys.planned import FIRST, announced, plan

CLASSES = {"6e A": 30, "6e B": 30, "5e A": 30, "5e B": 30, "4e C": 30, "4e D": 30}
"""Class → how many pupils it has."""


def divided(town: Town) -> Campaign:
    """It is open: its day has come, and pupils answer at home."""
    campaign = announced(town, plan(classes=[*CLASSES.items()], place=Where.HOME))
    opening.open_due(town.house, datetime.combine(FIRST, NOON.timetz()))
    return reread(town, campaign)
