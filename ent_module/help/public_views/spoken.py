"""What every page of the writer's side says, and to whom it speaks."""

from datetime import UTC, datetime
from typing import Any

from ent_module.establishments.model import Kind
from ent_module.help.model.draft import Audience
from ent_module.help.wording import writer as words
from ent_module.helplines import service as helplines
from ent_module.identity.model import Membership, Person, Profile

_TO_TALK = ("3018", "fil-sante-jeunes")
"""Beside the numbers of danger, which are on the same pages and answer day and night."""


def audience_of(person: Person, place: Membership | None = None) -> Audience:
    """To whom the page speaks, in the school where they are or in another one of theirs."""
    if person.profile is Profile.PARENT:
        return Audience.PARENT
    return Audience.YOUNG if (place or person.here).kind is Kind.ECOLE else Audience.PUPIL


def spoken(audience: Audience) -> dict[str, Any]:
    """What every page of the writer's side says."""
    return {
        "audience": audience.value,
        "danger": words.danger(audience),
        "danger_lines": helplines.lines(words.danger_lines(audience)),
        "numbers": helplines.lines(_TO_TALK),
        "now": datetime.now(UTC),
    }
