"""A level above proposes a questionnaire and a window to its schools; each head takes it over, or does not.

The level learns how many schools have drafted, announced, opened and released it, and nothing of whoever answers.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import school_year
from ent_module.establishments.model import Kind
from ent_module.privacy import audit
from ent_module.surveys import own
from ent_module.surveys.model import State
from ent_module.surveys.parts import Audience
from ent_module.surveys.plan import Window
from ent_module.surveys.tables import Campaign, CampaignProposal


class NotALevelAboveError(Exception):
    """Only a level above has schools to propose to."""


@dataclass(frozen=True)
class Proposed:
    """A proposal as a school below sees it."""

    proposal: CampaignProposal
    by: str
    """The name of the level."""


@dataclass(frozen=True)
class Reached:
    """How many schools have come how far; whoever has released has opened before, and so on."""

    schools: int
    drafted: int
    announced: int
    opened: int
    released: int


def propose(db: Session, level_id: UUID, questionnaire: str, window: Window, by: UUID, today: date) -> CampaignProposal:
    """Proposes it to all schools below. Raises NotALevelAboveError."""
    if Kind(establishments.get(db, level_id).kind).is_school:
        raise NotALevelAboveError
    made = CampaignProposal(
        establishment_id=level_id,
        questionnaire=questionnaire,
        school_year=school_year(window.opens_on),
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        proposed_on=today,
        proposed_by=by,
    )
    db.add(made)
    db.flush()
    audit.note(db, level_id, by, "survey.proposed", made.id, today)
    return made


def withdraw(db: Session, level_id: UUID, proposal_id: UUID, by: UUID, today: date) -> None:
    """No other school takes it over; those that have go on. A second time changes nothing.

    Raises LookupError.
    """
    if db.get(CampaignProposal, (level_id, proposal_id)) is None:
        raise LookupError(proposal_id)
    withdrawn = db.execute(
        update(CampaignProposal)
        .where(
            CampaignProposal.establishment_id == level_id,
            CampaignProposal.id == proposal_id,
            CampaignProposal.withdrawn_on.is_(None),
        )
        .values(withdrawn_on=today)
        .returning(CampaignProposal.id)
    )
    if withdrawn.first() is not None:
        audit.note(db, level_id, by, "survey.withdrawn", proposal_id, today)


def proposals(db: Session, level_id: UUID) -> list[CampaignProposal]:
    """What a level has proposed, the latest first day first."""
    found = select(CampaignProposal).where(CampaignProposal.establishment_id == level_id)
    return list(db.scalars(found.order_by(CampaignProposal.opens_on.desc(), CampaignProposal.id)))


def proposed_to(db: Session, school_id: UUID, today: date) -> list[Proposed]:
    """What a school may take over: proposed above, neither over nor withdrawn nor taken over, and for such a school."""
    above = {level.id: level.name for level in establishments.above(db, school_id)}
    known = own.questionnaires_for(db, school_id, tuple(Audience))
    taken = set(db.scalars(select(Campaign.proposal_id).where(Campaign.establishment_id == school_id)))
    found = select(CampaignProposal).where(
        CampaignProposal.establishment_id.in_(above),
        CampaignProposal.withdrawn_on.is_(None),
        CampaignProposal.closes_on > today,
    )
    return [
        Proposed(one, above[one.establishment_id])
        for one in db.scalars(found.order_by(CampaignProposal.opens_on, CampaignProposal.id))
        if one.id not in taken and one.questionnaire in known
    ]


def reached(db: Session, proposal: CampaignProposal) -> Reached:
    """How far the schools below are."""
    schools = [one.id for one in establishments.schools_below(db, proposal.establishment_id)]
    rows = db.execute(
        select(Campaign.state, func.count(Campaign.establishment_id.distinct()))
        .where(Campaign.establishment_id.in_(schools), Campaign.proposal_id == proposal.id)
        .group_by(Campaign.state)
    ).all()
    states = list(State)
    at_least = [0] * len(states)
    for state, count in rows:
        for place in range(states.index(State(state)) + 1):
            at_least[place] += count
    so_far = dict(zip(states, at_least, strict=True))
    return Reached(
        len(schools), *(so_far[state] for state in (State.DRAFT, State.ANNOUNCED, State.OPEN, State.RELEASED))
    )
