"""Person, profiles and roles."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from ent_module.establishments.model import Kind


class Profile(StrEnum):
    """What the portal says someone is.

    A visitor is someone of whom it says nothing that we know: perhaps a child, so no name is kept, and perhaps anybody
    else, so nothing is open but home with its numbers.
    """

    PUPIL = "pupil"
    PARENT = "parent"
    TEACHER = "teacher"
    STAFF = "staff"
    MANAGEMENT = "management"
    EXTERNAL = "external"
    VISITOR = "visitor"

    @property
    def is_adult_at_school(self) -> bool:
        """Whether that is someone who works at schools: the only ones who may have roles, and whose names are kept."""
        return self in {Profile.TEACHER, Profile.STAFF, Profile.MANAGEMENT, Profile.EXTERNAL}


class Role(StrEnum):
    """What someone does in an establishment, or in a level above (a listener of a circonscription, a referent)."""

    LISTENER = "listener"
    SECRECY_LISTENER = "secrecy_listener"
    COORDINATOR = "coordinator"
    HEAD = "head"
    LOCAL_ADMIN = "local_admin"
    AMBASSADOR = "ambassador"
    TERRITORY_VIEWER = "territory_viewer"
    REFERENT = "referent"
    PLATFORM_ADMIN = "platform_admin"


_UAI = re.compile(r"[0-9]{7}[A-Z]")

PROPOSERS = {
    Role.LISTENER: frozenset({Role.LOCAL_ADMIN}),
    Role.LOCAL_ADMIN: frozenset({Role.HEAD}),
}
"""The roles that two persons give and take, with those who may propose it."""
AT_THE_DESK = (Role.LISTENER, Role.SECRECY_LISTENER)
"""The roles by which somebody reads what pupils write."""
CONFIRMERS = frozenset({Role.HEAD, Role.LOCAL_ADMIN, Role.LISTENER})
"""Who may be the second person, unless it is the one who proposed or the one whom it is about."""
TO_THINK = timedelta(hours=24)
"""So long after the second person's yes a new listener's role begins to count, or a member's other device: until then
any member may stop it."""


# The four vocabularies in which portals name profiles (SDET national codes with either case, the older numeric
# codes, Édifice's names, its OAuth user-info) and the plain names of our own.
_PROFILES = {
    Profile.PUPIL: ("national_elv", "national_1", "student", "eleve", "pupil", "learner"),
    Profile.PARENT: (
        "national_tut",
        "national_2",
        "relative",
        "persrelleleve",
        "persreleleve",
        "parent",
        "mentor",
    ),
    Profile.TEACHER: ("national_ens", "national_doc", "national_3", "teacher", "enseignant", "instructor"),
    Profile.MANAGEMENT: ("national_dir", "management", "administrator"),
    Profile.STAFF: ("national_evs", "national_eta", "national_4", "personnel", "perseducnat", "staff"),
    Profile.EXTERNAL: ("national_aca", "guest", "external"),
}
_BY_NAME = {name: profile for profile, names in _PROFILES.items() for name in names}


def words_of(name: str) -> list[str]:
    """A name as two spellings of it are compared: its words without case and accents, in no order of their own."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return sorted("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def profile_named(name: str) -> Profile | None:
    """The profile that a portal's word means, in any of its vocabularies and cases; None for an unknown word."""
    return _BY_NAME.get(name.strip().lower())


@dataclass(frozen=True)
class Membership:
    """Someone's account in one establishment."""

    establishment_id: UUID
    account_id: UUID
    uai: str
    name: str
    kind: Kind
    roles: frozenset[Role] = frozenset()
    classes: tuple[str, ...] = ()
    key_version: int = 1
    """Which of the account's keys open something (`tables.Account.key_version`)."""

    def has(self, *roles: Role) -> bool:
        """Whether the account has one of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Person:
    """Who is here. The name comes from the live session and is never stored outside of it."""

    portal_id: UUID
    profile: Profile
    name: str
    memberships: tuple[Membership, ...]
    active: int = 0

    @property
    def here(self) -> Membership:
        """The account in the establishment that the person is working in."""
        return self.memberships[self.active]

    @property
    def is_young(self) -> bool:
        """Whether pages speak to a child of an école."""
        return self.profile is Profile.PUPIL and self.here.kind is Kind.ECOLE

    def where(self, *roles: Role) -> tuple[Membership, ...]:
        """The accounts that have one of these roles."""
        return tuple(membership for membership in self.memberships if membership.has(*roles))

    def in_establishment(self, uai: str) -> "Person | None":
        """The same person working in another of their establishments; None where they have no account."""
        for index, membership in enumerate(self.memberships):
            if membership.uai == uai:
                return replace(self, active=index)
        return None


@dataclass(frozen=True)
class KnownAdult:
    """An adult's account as an operator must see it: two may bear one name, by chance or on purpose."""

    account_id: UUID
    name: str
    profile: str
    portal: str
    origin: str
    first_seen: date | None

    def __str__(self) -> str:
        return f"{self.name}: {self.profile}, from {self.portal} ({self.origin}), first here on {self.first_seen}"


@dataclass(frozen=True)
class Seat:
    """Someone's place in a group: counted, waiting for its second person, or ended."""

    id: UUID
    account_id: UUID
    name: str
    role: Role
    since: date | None
    until: date | None = None
    proposed_by: UUID | None = None
    leave_proposed_by: UUID | None = None
    barred: frozenset[UUID] = frozenset()
    """For what waits: the accounts of those who cannot be its second person."""
    counts_from: datetime | None = None
    """Where it was given and does not count yet: from when it will."""

    @property
    def waits(self) -> bool:
        """Proposed and not confirmed yet."""
        return self.since is None

    @property
    def may_end(self) -> bool:
        """An end is proposed and not confirmed yet."""
        return self.leave_proposed_by is not None and self.until is None

    def may_be_decided_by(self, someone: Membership) -> bool:
        """Whether that person may be the second one, for the start or for the end."""
        return someone.has(*CONFIRMERS) and someone.account_id not in self.barred


@dataclass(frozen=True)
class Arrival:
    """What a portal says of someone who arrives: the same for LTI, OIDC and CAS."""

    portal_id: UUID
    subject: str
    profile: Profile
    name: str
    uais: tuple[str, ...]
    classes: tuple[str, ...] = ()
    """As the portal names them: `0590001B$6e B` is a class of that school (SDET's `struct$class`), `6e B` one of the
    only school."""
    language: str | None = None
    head: bool = False
    """The portal says in so many words that this person heads the school (National_DIR), not merely a platform role."""

    def classes_in(self, uai: str) -> tuple[str, ...]:
        """The classes that are of that school. Of several schools, a class that names none is of none."""
        found = []
        for said in self.classes:
            school, mark, name = said.partition("$")
            if mark and _UAI.fullmatch(school.upper()):
                found += [name] if school.upper() == uai and name else []
            elif len(self.uais) == 1:
                found.append(said)
        return tuple(dict.fromkeys(found))


def as_session_value(person: Person) -> dict[str, Any]:
    """What the session keeps of a person: no roles, since these are read anew with each request."""
    return {
        "portal": str(person.portal_id),
        "profile": person.profile.value,
        "name": person.name,
        "active": person.active,
        "accounts": [[str(m.establishment_id), str(m.account_id), list(m.classes)] for m in person.memberships],
    }


@dataclass(frozen=True)
class Allow:
    """Who may use an endpoint. Made by `anyone`, `signed_in` and `allow`."""

    profiles: frozenset[Profile] = frozenset()
    roles: frozenset[Role] = frozenset()
    everyone: bool = False
    anywhere: bool = False
    """A role in any of the person's establishments is enough (the inbox over all schools)."""

    def admits(self, person: Person | None) -> bool:
        """Whether that person, or nobody (None), may."""
        if self.everyone or person is None:
            return self.everyone
        places: Iterable[Membership] = person.memberships if self.anywhere else (person.here,)
        return person.profile in self.profiles or any(place.has(*self.roles) for place in places)


def allow(*who: Profile | Role, anywhere: bool = False) -> Allow:
    """Those with one of these profiles, or one of these roles in the establishment they are working in."""
    return Allow(
        profiles=frozenset(one for one in who if isinstance(one, Profile)),
        roles=frozenset(one for one in who if isinstance(one, Role)),
        anywhere=anywhere,
    )


ANYONE = Allow(everyone=True)
SIGNED_IN = allow(*Profile)
PUPILS_AND_PARENTS = allow(Profile.PUPIL, Profile.PARENT)
ADULTS_AT_SCHOOL = allow(Profile.TEACHER, Profile.STAFF, Profile.MANAGEMENT, Profile.EXTERNAL)
