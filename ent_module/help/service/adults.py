"""The adults of the channel: who listens at which level, who can be given a message, and who is left out of it.

Somebody is left out as a person, not as one account: see `Adult.is_same` and `office`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.help.model.moves import Lane
from ent_module.help.tables import Listening
from ent_module.identity import service as identity
from ent_module.identity.model import Person, Profile, Role
from ent_module.privacy.typed import typed_words
from ent_module.recall import once

_SAID = select(Listening).where(Listening.establishment_id == bindparam("place"))
WANTED = 2
"""Active listeners without whom nobody may write: one alone falls ill, and cannot be the one written about."""


@dataclass(frozen=True)
class Adult:
    """An adult of the school or of a level above, as the channel knows them."""

    establishment_id: UUID
    account_id: UUID
    name: str
    person: bytes | None = field(default=None, repr=False)
    """The keyed digest that all accounts of this person share which come from one portal."""
    key_version: int = field(default=1, compare=False, repr=False)
    """By which key of theirs they find slots (`identity.tables.Account.key_version`)."""

    @classmethod
    def of(cls, account: Any) -> "Adult":
        """Whoever has that account."""
        return cls(account.establishment_id, account.id, account.name, account.person, account.key_version)

    @property
    def is_office(self) -> bool:
        """Whether this stands for whoever heads the establishment (`office`)."""
        return self.account_id == self.establishment_id

    def as_json(self) -> list[str]:
        """For a sealed header."""
        return [str(self.establishment_id), str(self.account_id), self.name, self.person.hex() if self.person else ""]

    @classmethod
    def from_json(cls, value: Sequence[str]) -> "Adult":
        """From a sealed header; older ones know no digest."""
        person = bytes.fromhex(value[3]) if len(value) > 3 else b""
        return cls(UUID(value[0]), UUID(value[1]), value[2], person or None)

    def is_same(self, other: "Adult") -> bool:
        """One person: the same account, one person's accounts from one portal, or the same name.

        The name, since nothing else links the accounts of someone who comes from two portals. A namesake is taken for
        the person: somebody else reads in their place.
        """
        words = sorted(typed_words(self.name))
        return (
            self.account_id == other.account_id
            or (self.person is not None and self.person == other.person)
            or (bool(words) and words == sorted(typed_words(other.name)))
        )


def among(one: Adult, others: Iterable[Adult]) -> bool:
    """Whether that adult is one of these."""
    return any(one.is_same(other) for other in others)


# --- Who listens ------------------------------------------------------------------------------------------------------


LISTENS = {Lane.GROUP: Role.LISTENER, Lane.SECRECY: Role.SECRECY_LISTENER}
"""The role by which somebody reads what is in a lane."""


def listeners(db: Session, establishment_id: UUID, lane: Lane = Lane.GROUP) -> list[Adult]:
    """The active listeners of one establishment, by name. Nurses' and social workers' own lane is not among the group's
    and the group is not among theirs."""
    return [*_by_role(db, establishment_id)[LISTENS[lane]]]


def _by_role(db: Session, establishment_id: UUID) -> dict[Role, list[Adult]]:
    """Everybody of that establishment who has to do with the channel: read at once, since a message asks for all."""

    def read() -> dict[Role, list[Adult]]:
        found = identity.by_role(db, establishment_id, *LISTENS.values(), Role.HEAD)
        return {role: [Adult.of(account) for account in accounts] for role, accounts in found.items()}

    return once(db, ("help.adults", establishment_id), read)


def said(db: Session, establishment_id: UUID) -> dict[UUID, Listening]:
    """What the listeners of an establishment have said of themselves, by account."""

    def read() -> dict[UUID, Listening]:
        return {row.account_id: row for row in db.scalars(_SAID, {"place": establishment_id})}

    return once(db, (Listening, establishment_id), read)


def all_listeners(db: Session, establishment_id: UUID) -> list[Adult]:
    """The active listeners of any lane, each once."""
    found = {one.account_id: one for lane in Lane for one in listeners(db, establishment_id, lane)}
    return sorted(found.values(), key=lambda one: one.name)


def lanes_of(db: Session, establishment_id: UUID, account_id: UUID) -> list[Lane]:
    """In which lanes that account listens."""
    return [lane for lane in Lane if any(one.account_id == account_id for one in listeners(db, establishment_id, lane))]


def stand_ins(db: Session, establishment_id: UUID, lane: Lane = Lane.GROUP) -> list[Adult]:
    """The listeners who read only what the others have not taken in time. Where these are too few, nobody stands in."""
    found = {account for account, row in said(db, establishment_id).items() if row.stands_in}
    group = listeners(db, establishment_id, lane) if found else []
    standing_in = [one for one in group if one.account_id in found]
    return standing_in if len(group) - len(standing_in) >= WANTED else []


def regulars(db: Session, establishment_id: UUID, lane: Lane = Lane.GROUP) -> list[Adult]:
    """The listeners who read from the beginning."""
    standing_in = {one.account_id for one in stand_ins(db, establishment_id, lane)}
    return [one for one in listeners(db, establishment_id, lane) if one.account_id not in standing_in]


def heads(db: Session, establishment_id: UUID) -> list[Adult]:
    """The heads of a school."""
    return [*_by_role(db, establishment_id)[Role.HEAD]]


def levels(db: Session, establishment_id: UUID) -> list[UUID]:
    """The establishment and the levels above it, the nearest first."""
    return [establishment_id, *(level.id for level in establishments.above(db, establishment_id))]


def readers(db: Session, establishment_id: UUID, lane: Lane = Lane.GROUP) -> list[Adult]:
    """Who reads when the writer leaves nobody out: the school's listeners; at an école without two of its own, also
    those of the level above (an école has no listening group on site).
    """
    found = regulars(db, establishment_id, lane)
    school = establishments.get(db, establishment_id)
    if len(found) < WANTED and school.kind == Kind.ECOLE and school.parent_id is not None:
        found += [one for one in listeners(db, school.parent_id, lane) if not among(one, found)]
    return found


# --- Who is left out --------------------------------------------------------------------------------------------------


def office(establishment_id: UUID) -> Adult:
    """« La direction »: whoever heads the establishment, today or later, known here or not. It bears the
    establishment's own id, as no account does.
    """
    return Adult(establishment_id, establishment_id, "")


def left_out(
    db: Session,
    establishment_id: UUID,
    excluded: Sequence[Adult],
    heading: Callable[[Session, UUID], list[Adult]] = heads,
) -> list[Adult]:
    """These adults; where the office is among them, everyone too who heads the school today. Whoever asks about many
    messages looks the heads up once (`heading`)."""
    whole = any(one.is_office for one in excluded)
    return [*excluded, *(heading(db, establishment_id) if whole else ())]


def who_can_be_left_out(db: Session, establishment_id: UUID) -> list[Adult]:
    """Whom the page offers to leave out: those who would read, the heads who have come here, and the office, since any
    head is shown that something waits.
    """
    found = readers(db, establishment_id)
    return [*found, *(one for one in heads(db, establishment_id) if not among(one, found)), office(establishment_id)]


def adults_of(db: Session, establishment_id: UUID, account_ids: Iterable[UUID]) -> list[Adult]:
    """The adults of the school or the levels above who have these accounts, and the school's office.

    Raises LookupError for an account that no adult has. Not only those offered: a listener may have left meanwhile.
    """
    found = []
    for account_id in account_ids:
        if account_id == establishment_id:
            found.append(office(establishment_id))
            continue
        accounts = (identity.account_of(db, level, account_id) for level in levels(db, establishment_id))
        account = next((one for one in accounts if one is not None), None)
        if account is None or not Profile(account.profile).is_adult_at_school:
            raise LookupError(account_id)
        found.append(Adult.of(account))
    return found


def accounts_of(db: Session, person: Person) -> list[Adult]:
    """All accounts of whoever is here, as adults."""
    found = (identity.account_of(db, one.establishment_id, one.account_id) for one in person.memberships)
    return [Adult.of(account) for account in found if account is not None]


# --- Who can be given a message ---------------------------------------------------------------------------------------


def eligible(db: Session, establishment_id: UUID, excluded: Sequence[Adult], lane: Lane = Lane.GROUP) -> list[Adult]:
    """Who reads a message of someone who leaves these adults out; where fewer than two remain, the next level joins."""
    out = left_out(db, establishment_id, excluded)
    found = [one for one in readers(db, establishment_id, lane) if not among(one, out)]
    for level in levels(db, establishment_id):
        if len(found) >= WANTED:
            break
        above = listeners(db, level, lane) if level != establishment_id else stand_ins(db, level, lane)
        found += [one for one in above if not among(one, [*out, *found])]
    return found


def next_level(
    db: Session,
    establishment_id: UUID,
    excluded: Sequence[Adult],
    holding: Sequence[Adult],
    lane: Lane = Lane.GROUP,
) -> list[Adult]:
    """Those who can still be given a message, neither left out nor reading it already: who stands in at the school,
    else the nearest level above that has somebody.
    """
    out = left_out(db, establishment_id, excluded)
    standing_in = [one for one in stand_ins(db, establishment_id, lane) if not among(one, [*out, *holding])]
    if standing_in:
        return standing_in
    for level in levels(db, establishment_id)[1:]:
        found = [one for one in listeners(db, level, lane) if not among(one, [*out, *holding])]
        if found:
            return found
    return []
