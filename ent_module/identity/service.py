"""Accounts, roles, and the person of a session."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from ent_module.database import add_once
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.identity.model import Arrival, KnownAdult, Membership, Person, Profile, Role
from ent_module.identity.tables import Account, Grant, Portal, PortalEstablishment
from ent_module.web.house import Keys

TABLES = (Account.__tablename__, Grant.__tablename__)
"""On what this room's answers rest, for whoever remembers them (`recall`)."""
_GRANTED = (
    select(Grant.establishment_id, Grant.account_id, Grant.role, Account.key_version)
    .join(Account, (Account.establishment_id == Grant.establishment_id) & (Account.id == Grant.account_id))
    .where(
        Grant.establishment_id.in_(bindparam("places", expanding=True)),
        Grant.account_id.in_(bindparam("mine", expanding=True)),
        Grant.since.is_not(None),
        Grant.until.is_(None),
        or_(Grant.counts_from.is_(None), Grant.counts_from <= bindparam("now")),
    )
)
"""Asked at every request of an adult's."""
_NO_ROLES: tuple[frozenset[Role], int] = (frozenset(), 1)
_ADULTS = [profile.value for profile in Profile if profile.is_adult_at_school]
_HOLDING = (
    select(Account, Grant.role)
    .join(Grant, (Grant.establishment_id == Account.establishment_id) & (Grant.account_id == Account.id))
    .where(
        Account.establishment_id == bindparam("place"),
        Account.profile.in_(_ADULTS),
        Grant.establishment_id == bindparam("place"),
        Grant.role.in_(bindparam("roles", expanding=True)),
        Grant.since.is_not(None),
        Grant.until.is_(None),
        or_(Grant.counts_from.is_(None), Grant.counts_from <= bindparam("now")),
    )
    .order_by(Account.name)
)
_BY_ROLE = _HOLDING.with_only_columns(
    Account.establishment_id,
    Account.id,
    Account.name,
    Account.person,
    Account.key_version,
    Grant.role,
    maintain_column_froms=True,
)
"""Asked for every message that is sent."""


class NoEstablishmentError(Exception):
    """The portal names no establishment that it may speak for."""


def add_portal(db: Session, kind: str, name: str, origin: str) -> Portal:
    """Adds a portal, or updates the one of that name."""
    portal = db.scalar(select(Portal).where(Portal.name == name))
    if portal is None:
        portal = Portal(kind=kind, name=name, origin=origin)
        db.add(portal)
    portal.kind, portal.origin = kind, origin
    db.flush()
    return portal


def attach(db: Session, portal: Portal, establishment_id: UUID) -> None:
    """Lets a portal speak for an establishment."""
    if db.get(PortalEstablishment, (portal.id, establishment_id)) is None:
        db.add(PortalEstablishment(portal_id=portal.id, establishment_id=establishment_id))
        db.flush()


def speaks_for(db: Session, portal_id: UUID, establishment_id: UUID) -> bool:
    """Whether a portal may speak for an establishment."""
    return db.get(PortalEstablishment, (portal_id, establishment_id)) is not None


def portals(db: Session) -> list[Portal]:
    """All portals by name."""
    return list(db.scalars(select(Portal).order_by(Portal.name)))


def portal_origins(db: Session) -> dict[UUID, str]:
    """The web origin of each portal, which may frame our pages."""
    return {row.id: row.origin for row in db.execute(select(Portal.id, Portal.origin))}


def pseudonym(keys: Keys, establishment_id: UUID, portal_id: UUID, subject: str) -> bytes:
    """The keyed digest of a portal's subject in one establishment; the parts are length-prefixed."""
    return keys.derive("pseudonym", establishment_id.bytes, portal_id.bytes, subject.encode())


def person_digest(keys: Keys, portal_id: UUID, subject: str) -> bytes:
    """The keyed digest by which an adult's accounts in several schools are known as one person's.

    For adults of schools only: pupils and parents have their pseudonyms, which link nothing.
    """
    return keys.derive("person", portal_id.bytes, subject.encode())


def account(
    db: Session,
    keys: Keys,
    establishment_id: UUID,
    portal_id: UUID,
    subject: str,
    profile: Profile,
    name: str,
) -> Account:
    """The account of a portal's subject in an establishment, made at the first visit. Names of families are dropped."""
    mine = {"establishment_id": establishment_id, "pseudonym": pseudonym(keys, establishment_id, portal_id, subject)}
    wanted = select(Account).filter_by(**mine)
    found = db.scalar(wanted)
    kept: dict[str, Any] = {"profile": profile.value, "name": "", "person": None, "first_seen": None}
    if profile.is_adult_at_school:
        first_seen = (found.first_seen if found is not None else None) or paris(datetime.now(UTC)).date()
        person = person_digest(keys, portal_id, subject)
        kept |= {"name": name[:200], "person": person, "first_seen": first_seen}
    if found is None:
        # A first visit may come twice at once, in two tabs or by a double click.
        add_once(db, Account, portal_id=portal_id, **mine, **kept)
        found = db.scalars(wanted).one()
    for column, value in kept.items():
        if getattr(found, column) != value:
            setattr(found, column, value)
    db.flush()
    return found


def welcome(db: Session, keys: Keys, arrival: Arrival) -> Person:
    """The person who arrives, with an account in each establishment that the portal may speak for.

    Raises NoEstablishmentError where it names none of those.
    """
    spoken_for = set(
        db.scalars(
            select(PortalEstablishment.establishment_id).where(PortalEstablishment.portal_id == arrival.portal_id)
        )
    )
    places = [place for place in establishments.by_uais(db, arrival.uais) if place.id in spoken_for]
    accounts: list[list[Any]] = []
    for place in places:
        mine = account(db, keys, place.id, arrival.portal_id, arrival.subject, arrival.profile, arrival.name)
        if arrival.head:
            grant(db, place.id, mine.id, Role.HEAD, paris(datetime.now(UTC)).date())
        elif arrival.profile is not Profile.MANAGEMENT:
            revoke(db, place.id, mine.id, Role.HEAD)
        accounts.append([str(place.id), str(mine.id), list(arrival.classes_in(place.uai))])
    if not accounts:
        raise NoEstablishmentError
    value = {
        "portal": str(arrival.portal_id),
        "profile": arrival.profile.value,
        "name": arrival.name,
        "active": 0,
    }
    return person_of(db, {**value, "accounts": accounts})


def person_of(db: Session, value: dict[str, Any]) -> Person:
    """The person that a session describes (`model.as_session_value`), with the roles that count now."""
    accounts = [(UUID(place), UUID(mine), tuple(classes)) for place, mine, classes in value["accounts"]]
    profile = Profile(value["profile"])
    places = establishments.known(db, [place for place, _mine, _classes in accounts])
    roles = _roles(db, accounts) if profile.is_adult_at_school else {}
    memberships = tuple(
        Membership(
            establishment_id=place,
            account_id=mine,
            uai=places[place].uai,
            name=places[place].name,
            kind=places[place].kind,
            roles=frozenset(roles.get((place, mine), _NO_ROLES)[0]),
            classes=classes,
            key_version=roles.get((place, mine), _NO_ROLES)[1],
        )
        for place, mine, classes in accounts
        if place in places
    )
    return Person(
        UUID(value["portal"]), profile, value["name"], memberships, min(value["active"], len(memberships) - 1)
    )


def _roles(
    db: Session, accounts: Sequence[tuple[UUID, UUID, tuple[str, ...]]]
) -> dict[tuple[UUID, UUID], tuple[set[Role], int]]:
    """The roles of each account that has any, and which of its keys count."""
    places, mine = ([one[at] for one in accounts] for at in (0, 1))
    found: dict[tuple[UUID, UUID], tuple[set[Role], int]] = {}
    asked = {"places": places, "mine": mine, "now": datetime.now(UTC)}
    for place, account_id, role, version in db.execute(_GRANTED, asked):
        found.setdefault((place, account_id), (set(), version))[0].add(Role(role))
    return found


def grant(db: Session, establishment_id: UUID, account_id: UUID, role: Role, since: date) -> None:
    """Gives a role at once (portal, command line, tests); twice is once. Two persons decide in `grants`.

    It takes the place of a proposal that still waits.
    """
    found = _standing(db, establishment_id, account_id, role)
    if found is not None and found.since is not None:
        found.counts_from = None
        return
    if found is not None:
        db.delete(found)
        db.flush()
    add_once(db, Grant, establishment_id=establishment_id, account_id=account_id, role=role.value, since=since)


def revoke(db: Session, establishment_id: UUID, account_id: UUID, role: Role) -> None:
    """Takes a role away at once (portal, command line, tests); nothing happens where it was not given."""
    found = _standing(db, establishment_id, account_id, role)
    if found is not None:
        db.delete(found)
        db.flush()


def _standing(db: Session, establishment_id: UUID, account_id: UUID, role: Role) -> Grant | None:
    """The role as it counts or waits now; what ended is left out."""
    return db.scalar(
        select(Grant).where(
            Grant.establishment_id == establishment_id,
            Grant.account_id == account_id,
            Grant.role == role.value,
            Grant.until.is_(None),
        )
    )


def holders(db: Session, establishment_id: UUID, *roles: Role) -> list[Account]:
    """The accounts whose role counts in that establishment, by name: of adults only, as in a session (`person_of`)."""
    values = {"place": establishment_id, "roles": [role.value for role in roles], "now": datetime.now(UTC)}
    return list(dict.fromkeys(account for account, _role in db.execute(_HOLDING, values)))


@dataclass(frozen=True)
class Holder:
    """Who has a role, as colleagues know them."""

    establishment_id: UUID
    id: UUID
    name: str
    person: bytes | None = field(repr=False)
    key_version: int = 1


def by_role(db: Session, establishment_id: UUID, *roles: Role) -> dict[Role, list[Holder]]:
    """Who has each of these roles, as `holders` has them."""
    values = {"place": establishment_id, "roles": [role.value for role in roles], "now": datetime.now(UTC)}
    found: dict[Role, list[Holder]] = {role: [] for role in roles}
    for place, one, name, person, version, role in db.execute(_BY_ROLE, values):
        found[Role(role)].append(Holder(place, one, name, person, version))
    return found


def account_of(db: Session, establishment_id: UUID, account_id: UUID) -> Account | None:
    """An account by its id within its establishment."""
    return db.get(Account, (establishment_id, account_id))


def is_same_person(one: Account, other: Account) -> bool:
    """Whether two accounts are one person's: the same account, or two of an adult from one portal.

    A person who comes from two portals is two here (see `likeness`).
    """
    return one.id == other.id or (one.person is not None and one.person == other.person)


def accounts_of_same_person(db: Session, establishment_id: UUID, account_id: UUID) -> list[Account]:
    """The accounts of whoever has this one, in all establishments, itself first; empty where there is no such account.

    A pupil's or a parent's account stands alone.
    """
    mine = account_of(db, establishment_id, account_id)
    if mine is None or mine.person is None:
        return [mine] if mine is not None else []
    others = select(Account).where(Account.person == mine.person, Account.id != mine.id)
    # Across establishments: that is what the digest is for, and it finds one person's rows only.
    return [mine, *db.scalars(others, execution_options={"across": True})]


def adults(db: Session, establishment_id: UUID) -> list[Account]:
    """The adults of a school who have come at least once, by name."""
    return list(
        db.scalars(
            select(Account)
            .where(
                Account.establishment_id == establishment_id,
                Account.profile.in_(_ADULTS),
            )
            .order_by(Account.name)
        )
    )


def called(db: Session, establishment_id: UUID, name: str) -> list[KnownAdult]:
    """The adults of a school who bear that name, in the order of their first visits."""
    from_where = {portal.id: portal for portal in portals(db)}
    found = [
        KnownAdult(
            one.id,
            one.name,
            one.profile,
            from_where[one.portal_id].name,
            from_where[one.portal_id].origin,
            one.first_seen,
        )
        for one in adults(db, establishment_id)
        if one.name == name
    ]
    return sorted(found, key=lambda one: (str(one.first_seen), one.portal, one.account_id))
