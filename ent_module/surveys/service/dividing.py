"""Which cohorts have numbers of their own: decided on counts alone, before any ballot is opened.

Ballots of the others are never added up by themselves, not even in memory: they count with the whole school.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.surveys.protocol import Cohort
from ent_module.surveys.release import WHOLE, told_apart
from ent_module.surveys.tables import Campaign, Card, Issuance, SealedBallot

CARDS = 5
"""Of so many ballots of a cohort that is told apart, one came by a card at most: who hands them out may know them."""

Given = Counter[tuple[UUID, str]]
"""Cohort and class → how many."""


def given(db: Session, table: type[Issuance | Card], campaign: Campaign) -> Given:
    """How many tokens were signed, or cards made, for each class."""
    rows = db.execute(
        select(table.cohort_id, table.class_code, func.count())
        .where(table.establishment_id == campaign.establishment_id, table.campaign_id == campaign.id)
        .group_by(table.cohort_id, table.class_code)
    )
    return Counter({(cohort_id, code): count for cohort_id, code, count in rows})


def arrived(db: Session, campaign: Campaign) -> Counter[tuple[UUID, bool]]:
    """How many ballots are in the pool, by cohort and whether they came by a card."""
    rows = db.execute(
        select(SealedBallot.cohort_id, SealedBallot.card, func.count())
        .where(SealedBallot.establishment_id == campaign.establishment_id, SealedBallot.campaign_id == campaign.id)
        .group_by(SealedBallot.cohort_id, SealedBallot.card)
    )
    return Counter({(cohort_id, card): count for cohort_id, card, count in rows})


def levels(pool: Mapping[tuple[UUID, bool], int], took: Given, cohorts: Sequence[Cohort]) -> dict[UUID, str]:
    """Cohort → the level under which its ballots are added up: its own, or WHOLE.

    In: what is in the pool (`arrived`), who was given a token or a card.
    """
    tokens = {one.level: _tokens(pool.get((one.id, False), 0), pool.get((one.id, True), 0)) for one in cohorts}
    apart = told_apart(tokens, by_level(took, {one.id: one.level for one in cohorts}, tokens))
    return {one.id: one.level if one.level in apart else WHOLE for one in cohorts}


def by_level(took: Given, level_of: Mapping[UUID, str], known: Iterable[str]) -> dict[str, list[int]]:
    """How many took part, or may have, in each class of a level."""
    found: dict[str, list[int]] = {level: [] for level in known}
    for (cohort_id, _code), count in took.items():
        found[level_of[cohort_id]].append(count)
    return found


def _tokens(tokens: int, cards: int) -> int:
    """Those that make a result: none where too many came by cards."""
    return tokens if CARDS * cards <= tokens + cards else 0
