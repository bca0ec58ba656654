"""How a conversation ends: fixed words, so that what is kept longest tells nothing of what was written."""

from collections.abc import Mapping
from enum import StrEnum

from ent_module.help.model.draft import Problem

LONGEST_REFERENCE = 200


class Outcome(StrEnum):
    """What came of it."""

    ACTED = "acted"
    """An adult has acted within the school."""
    FACTS = "facts"
    """A suspicion of bullying, entered in « Faits établissement »: the reference is asked for."""
    TRANSMITTED = "transmitted"
    """An information préoccupante or a report to the prosecutor: to whom and when is asked for."""
    TALKED = "talked"
    """Listened to and answered; nothing more was wanted or needed."""
    ELSEWHERE = "elsewhere"
    """Somebody else follows it: another conversation, a service, a line."""
    NO_CONTACT = "no_contact"
    """Nobody could be reached."""
    NOT_FOUNDED = "not_founded"
    """What was written turned out not to be so. Nobody looks for who wrote it."""


class Parents(StrEnum):
    """What the group decided about the parents."""

    TOLD = "told"
    AGAINST_INTEREST = "against_interest"
    """Not told: contrary to the interest of the child."""
    ADULT_PUPIL = "adult_pupil"
    """The pupil is of age and decides."""


WAYS = ("crip", "prosecutor", "other")
"""Where somebody may have sent what they know: the département (information préoccupante), the prosecutor (article 40,
or anyone's report), another service."""
NEED_REFERENCE = frozenset({Outcome.FACTS, Outcome.TRANSMITTED})
HAVE_ACTED = frozenset({Outcome.ACTED, Outcome.FACTS, Outcome.TRANSMITTED})


def has_acted(outcome: str | None) -> bool:
    """Whether a writer with a code may be told « un adulte a agi »: of the outcome they are told nothing else."""
    return outcome in HAVE_ACTED


def problems(outcome: str, reference: str, parents: str) -> Mapping[str, Problem]:
    """What is still missing of an ending, field by field. Raises ValueError for words that no page of ours offers."""
    if outcome and Outcome(outcome) in NEED_REFERENCE and not reference:
        return {"reference": Problem.EMPTY}
    if parents:
        Parents(parents)
    if len(reference) > LONGEST_REFERENCE:
        return {"reference": Problem.TOO_LONG}
    return {} if outcome else {"outcome": Problem.CHOOSE}
