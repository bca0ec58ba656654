"""What stands in the database while it is measured, put in through the rooms' own services.

One collège whose pupils are asked a questionnaire, and two collèges whose listeners hold few and many conversations.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.establishments.model import Kind
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Person, Profile, Role
from ent_module.sign_in import service as sign_in
from ent_module.surveys import service as surveys
from ent_module.surveys.content import questionnaires
from ent_module.web import csrf, sessions
from ent_module.web.house import House
from tools.bench.apps import FLOOR_TABLES, GREETED, GREETINGS

PUPILS, FEW, MANY = 20_000, 10, 10_000
ITEMS = 30
CLASSES = tuple(f"{level}e {letter}" for level in (6, 5, 4, 3) for letter in "ABCDEF")
ASKED, CALM, BUSY = "0590000X", "0590001X", "0590002X"
"""The collège that is asked, the one with few conversations, the one with many."""
_BATCH = 500
_FEW_WORDS = "On se moque de moi dans la cour et sur le groupe de la classe depuis la rentrée."


@dataclass(frozen=True)
class Prepared:
    """The requests that the rows send, as bytes."""

    ballots: list[bytes]
    same_ballots: list[bytes]
    """The same forms, sent to the floor."""
    home: bytes
    few: bytes
    many: bytes


@dataclass(frozen=True)
class _Visitor:
    person: Person
    cookie: str
    token: str


def fill(house: House) -> Prepared:
    """Fills an empty database; returns the requests."""
    FLOOR_TABLES.create_all(house.database.engine)
    with house.database.writing() as db:
        db.execute(insert(GREETINGS).values(id=GREETED, text="Bonjour"))
        portal = identity.add_portal(db, "lti", "Portail", "https://portal.example").id
        for uai in (ASKED, CALM, BUSY):
            _settle(db, house, portal, uai)
    few, many = (_arrive(house, portal, [(uai, "reader-0", Profile.STAFF, ())])[0] for uai in (CALM, BUSY))
    _write(house, few.person.here.establishment_id, FEW)
    _write(house, many.person.here.establishment_id, MANY)
    everyone = [
        (ASKED, f"pupil-{number}", Profile.PUPIL, (CLASSES[number % len(CLASSES)],)) for number in range(PUPILS)
    ]
    pupils = _arrive(house, portal, everyone)
    _count(house)
    path, fields = _ask(house, pupils[0].person.here.establishment_id)
    prefix = house.settings.url_prefix
    bodies = [urlencode([("csrf_token", one.token), *fields]).encode() for one in pupils]
    return Prepared(
        [_post(prefix + path, one.cookie, body) for one, body in zip(pupils, bodies, strict=True)],
        [_post("/survey", one.cookie, body) for one, body in zip(pupils, bodies, strict=True)],
        get(f"{prefix}/", pupils[0].cookie),
        get(f"{prefix}/staff/desk", few.cookie),
        get(f"{prefix}/staff/desk", many.cookie),
    )


def _count(house: House) -> None:
    """What PostgreSQL does by itself within a minute, where rows come one after the other: the planner's numbers."""
    with house.database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def get(path: str, cookie: str = "") -> bytes:
    """A GET, as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def _post(path: str, cookie: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _settle(db: Session, house: House, portal: UUID, uai: str) -> None:
    """A collège with two listeners and an open channel."""
    school = establishments.add(db, uai, f"Collège {uai}", Kind.COLLEGE, check=False).id
    identity.attach(db, next(one for one in identity.portals(db) if one.id == portal), school)
    for number in range(2):
        mine = identity.account(db, house.keys, school, portal, f"reader-{number}", Profile.STAFF, f"Adulte {number}")
        identity.grant(db, school, mine.id, Role.LISTENER, paris(datetime.now(UTC)).date())
    establishments.draft(db, school, "channel", {"open": True})
    establishments.publish(db, school, "channel")


def _arrive(house: House, portal: UUID, people: Sequence[tuple[str, str, Profile, tuple[str, ...]]]) -> list[_Visitor]:
    """Signs these people in: school, subject, profile, classes."""
    visitors = []
    for start in range(0, len(people), _BATCH):
        with house.database.writing() as db:
            for uai, subject, profile, classes in people[start : start + _BATCH]:
                session = sessions.WebSession.fresh()
                arrival = Arrival(portal, subject, profile, "Camille Martin", (uai,), classes, "fr")
                person = sign_in.enter(db, house.keys, session, arrival)
                sessions.save(db, session, house.settings)
                cookie = f"{sessions.cookie_name(house.settings)}={session.cookie}"
                visitors.append(_Visitor(person, cookie, csrf.token(house.keys, session)))
    return visitors


def _write(house: House, school: UUID, count: int) -> None:
    """So many messages that all still wait, some of them urgent, from the last two weeks."""
    for start in range(0, count, _BATCH):
        with house.database.writing() as db:
            for number in range(start, min(count, start + _BATCH)):
                draft = Draft(
                    Audience.PUPIL,
                    what=("mocked",),
                    message=_FEW_WORDS,
                    danger="yes" if number % 50 == 0 else "no",
                    answer="here-named",
                )
                when = datetime.now(UTC) - timedelta(hours=number % 336)
                writer = Writer(school, Audience.PUPIL, "fr", "Camille Martin", ("6e B",))
                writing.send(db, house.keys, writer, draft, secrets.token_bytes(16), when)


def _ask(house: House, school: UUID) -> tuple[str, list[tuple[str, str]]]:
    """Opens the questionnaire for all classes. Returns the path and the fields of a filled form."""
    asked = questionnaires()["school-climate"]
    with house.database.writing() as db:
        by, today = identity.adults(db, school)[0].id, paris(datetime.now(UTC)).date()
        campaign, *_same = [surveys.open(db, house.keys, school, asked, code, by, today) for code in CLASSES]
    items = list(asked.items(Kind.COLLEGE))[:ITEMS]
    if len(items) < ITEMS:
        raise ValueError(f"the questionnaire has fewer than {ITEMS} items")
    return f"/surveys/{campaign.id}/questions", [(item.id, item.choices[0].id) for item in items]
