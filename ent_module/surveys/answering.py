"""Who answers which questionnaires: pupils those of their classes, parents and staff those of their school."""

from collections.abc import Collection

from ent_module.identity.model import Person, Profile
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience

_AUDIENCES = {
    Profile.PUPIL: Audience.PUPILS,
    Profile.PARENT: Audience.PARENTS,
    Profile.TEACHER: Audience.STAFF,
    Profile.STAFF: Audience.STAFF,
    Profile.MANAGEMENT: Audience.STAFF,
}
"""Guests and officials of an academy work elsewhere; of visitors nothing is known."""
ANSWERING: Collection[Profile] = _AUDIENCES.keys()


def audience_of(person: Person) -> Audience | None:
    """As whom that person may be asked where they are; None for whoever is never asked."""
    return _AUDIENCES.get(person.profile) if person.here.kind.is_school else None


def codes(person: Person) -> tuple[str, ...]:
    """The classes for which a campaign is opened where it is open for this person."""
    audience = audience_of(person)
    if audience is Audience.PUPILS:
        return tuple(code for code in person.here.classes if code not in WHOLE_SCHOOL.values())
    return (WHOLE_SCHOOL[audience],) if audience else ()
