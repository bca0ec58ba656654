"""Puts the town into the module's database: schools, the portal, roles, contact cards. Done once; kept afterwards."""

import os
import subprocess
import sys
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.demo.people import RESIDENTS, SCHOOLS, Resident
from ent_module.demo.platform import Platform
from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.help.service import channel
from ent_module.identity import service as identity
from ent_module.identity.model import Role, profile_named
from ent_module.web.house import House

PORTAL = "Portail de Valbelle"


def settle(house: House, platform: Platform) -> bool:
    """Fills an empty database with the town; nothing happens where the people are there already.

    They come last, so a start that was cut short is taken up again by the next. Returns whether it was empty.
    """
    with house.database.reading() as db:
        if any(identity.adults(db, place.id) for place in establishments.every(db)):
            return False
    with house.database.writing() as db:
        _schools(db)
    _plug_in(house, platform)
    with house.database.writing() as db:
        _people(db, house, platform)
    return True


def _schools(db: Session) -> None:
    made: dict[str, Any] = {}
    for school in SCHOOLS:
        parent = made.get(school.parent or "")
        made[school.uai] = establishments.add(db, school.uai, school.name, Kind(school.kind), parent=parent, zone="B")


def _plug_in(house: House, platform: Platform) -> None:
    """Registers the portal as any operator does: by the command, with one deployment for all schools of the town."""
    settings = house.settings
    command = [sys.executable, "-m", "ent_module.cli", "portal", "add-lti"]
    options = {
        "--name": PORTAL,
        "--issuer": platform.issuer,
        "--client-id": platform.client_id,
        "--auth-url": f"{platform.issuer}/portal/authorize",
        "--token-url": f"{platform.issuer}/portal/token",
        "--jwks-url": f"{platform.issuer}/portal/jwks.json",
        "--deployment": platform.deployment,
    }
    schools = [word for school in SCHOOLS for word in ("--establishment", school.uai)]
    subprocess.run(  # noqa: S603  # our own program with our own words
        command + [word for pair in options.items() for word in pair] + schools,
        env={
            **os.environ,
            "ENT_PUBLIC_URL": settings.public_url,
            "ENT_DATA_DIR": str(settings.data_dir),
            "ENT_ALLOW_LOCAL_PORTALS": "1",
        },
        check=True,
        capture_output=True,
    )


def _people(db: Session, house: House, platform: Platform) -> None:
    portal = next(one for one in identity.portals(db) if one.name == PORTAL)
    places = {place.uai: place.id for place in establishments.every(db)}
    cards: dict[str, list[dict[str, str | None]]] = {}
    for person in RESIDENTS.values():
        for uai in person.schools if person.roles or person.place else ():
            account_id = _account(db, house, portal.id, places[uai], platform.subject(person), person)
            if person.place:
                cards.setdefault(uai, []).append(_card(person, account_id))
    for uai, listed in cards.items():
        establishments.draft(db, places[uai], "cards", listed)
        establishments.publish(db, places[uai], "cards")
    for school in SCHOOLS:
        if Kind(school.kind).is_school:
            channel.open_channel(db, places[school.uai])


def _account(
    db: Session, house: House, portal_id: UUID, establishment_id: UUID, subject: str, person: Resident
) -> UUID:
    profile = profile_named(person.profile)
    if profile is None:
        raise ValueError(person.profile)
    account = identity.account(db, house.keys, establishment_id, portal_id, subject, profile, person.name)
    for role in person.roles:
        identity.grant(db, establishment_id, account.id, Role(role), date(2026, 9, 1))
    return account.id


def _card(person: Resident, account_id: UUID) -> dict[str, str | None]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.what.partition(",")[0],
        "place": person.place,
        "hours": person.hours,
        "account_id": str(account_id),
    }
