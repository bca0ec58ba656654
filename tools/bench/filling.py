"""What stands in the database while it is measured: put in once, through the rooms' own services, and copied.

A collège whose pupils are asked a questionnaire, two whose listeners hold few and many conversations, two whose survey
has ended, and one that has the results of a million ballots. The survey is the same in all of them, with the same keys,
so that ballots are made once.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from ent_module.database import Base, Database
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.establishments.model import Kind
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Person, Profile, Role, as_session_value
from ent_module.identity.tables import Account
from ent_module.sign_in import service as sign_in
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import ANSWERED, Joining, Questionnaire, State
from ent_module.surveys.release import Release, Sums, release
from ent_module.surveys.service import opening
from ent_module.surveys.tables import Campaign, Closing, ResultCell
from ent_module.web import csrf, sessions
from ent_module.web.house import House
from tools.bench.apps import FLOOR_TABLES, GREETED, GREETINGS

FEW, MANY, MILLION = 50, 50_000, 1_000_000
CLASSES = tuple(f"{level}e {letter}" for level in (6, 5, 4, 3) for letter in "ABCDEF")
ASKED, CALM, BUSY, SMALL, LARGE, SHOWN = (f"059000{number}X" for number in range(6))
"""The collège that is asked; few conversations, many; a tenth of the ballots to be counted, all of them; results."""
_BATCH = 500
WORDS = "On se moque de moi dans la cour et sur le groupe de la classe depuis la rentrée."


@dataclass(frozen=True)
class Visitor:
    """Someone who is signed in."""

    person: Person
    cookie: str
    token: str
    """What their forms carry against forgery."""
    session: bytes
    """By which the token of a form of theirs is known."""


@dataclass(frozen=True)
class Filled:
    """What the requests are made of."""

    asked: Questionnaire
    campaign: Campaign
    """The survey in the collège that is asked; in the others it differs by the establishment alone."""
    schools: dict[str, UUID]
    pupils: list[Visitor]
    calm: Visitor
    busy: Visitor
    head: Visitor


def fill(house: House, pupils: int, conversations: int) -> Filled:
    """Fills an empty database with so many pupils, and so many conversations of the busy listeners."""
    FLOOR_TABLES.create_all(house.database.engine)
    asked = questionnaires()["school-climate"].without_texts
    with house.database.writing() as db:
        db.execute(insert(GREETINGS).values(id=GREETED, text="Bonjour"))
        portal = identity.add_portal(db, "lti", "Portail", "https://portal.example").id
        schools = {uai: _settle(db, house, portal, uai) for uai in (ASKED, CALM, BUSY, SMALL, LARGE, SHOWN)}
    with house.database.writing() as db:
        campaign = _ask(db, house, schools, asked)
        _show(db, schools[SHOWN], campaign, asked)
    with house.database.writing() as db:
        first = _arrive(db, house, Arrival(portal, "pupil", Profile.PUPIL, "", (ASKED,), CLASSES[:1], "fr"))
        calm, busy = (_arrive(db, house, _adult(portal, uai, "reader-0")) for uai in (CALM, BUSY))
        head = _arrive(db, house, replace(_adult(portal, SHOWN, "head"), profile=Profile.MANAGEMENT, head=True))
    for visitor, count in ((calm, FEW), (busy, conversations)):
        _write(house, visitor.person.here.establishment_id, count)
    mates = _classmates(house, first, pupils - 1)
    return Filled(asked, campaign, schools, [first, *mates], calm, busy, head)


def copy(source: Database, target: Database) -> None:
    """Puts all rows of the one into the other, which has the same tables and no rows."""
    FLOOR_TABLES.create_all(target.engine)
    for table in (*Base.metadata.sorted_tables, *FLOOR_TABLES.sorted_tables):
        columns = [column for column in table.columns if column.computed is None]
        with source.engine.connect() as reading, target.engine.begin() as written:
            for rows in reading.execute(select(*columns)).mappings().partitions(_BATCH):
                written.execute(insert(table), [dict(row) for row in rows])


def empty(database: Database) -> None:
    """Takes out what pupils have sent, so that each row begins with the same database."""
    with database.engine.begin() as connection:
        for table in ("ent_sealed_ballot", "ent_issuance", "bench_received"):
            connection.execute(text(f"{_verb(database)} {table}"))
    analyze(database)


def analyze(database: Database) -> None:
    """What PostgreSQL does by itself within a minute, where rows come one after the other: the planner's numbers.

    Without them the counting of many ballots reads all of them for each few.
    """
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _verb(database: Database) -> str:
    return "DELETE FROM" if database.engine.dialect.name == "sqlite" else "TRUNCATE"


def _settle(db: Session, house: House, portal: UUID, uai: str) -> UUID:
    """A collège with two listeners and an open channel."""
    school = establishments.add(db, uai, f"Collège {uai}", Kind.COLLEGE, check=False).id
    identity.attach(db, next(one for one in identity.portals(db) if one.id == portal), school)
    for number in range(2):
        mine = identity.account(db, house.keys, school, portal, f"reader-{number}", Profile.STAFF, f"Adulte {number}")
        identity.grant(db, school, mine.id, Role.LISTENER, paris(datetime.now(UTC)).date())
    establishments.draft(db, school, "channel", {"open": True})
    establishments.publish(db, school, "channel")
    return school


def _ask(db: Session, house: House, schools: dict[str, UUID], asked: Questionnaire) -> Campaign:
    """Opens the questionnaire for all classes of a collège, and the same survey in those that end it or have."""
    by, today = identity.adults(db, schools[ASKED])[0].id, paris(datetime.now(UTC)).date()
    joining = [Joining(code) for code in CLASSES]
    campaign, *_again = [opening.open_class(db, house.store, schools[ASKED], asked, one, by, today) for one in joining]
    same = {column.key: getattr(campaign, column.key) for column in Campaign.__table__.columns}
    for uai in (SMALL, LARGE, SHOWN):
        db.add(Campaign(**{**same, "establishment_id": schools[uai]}))
    return campaign


def _show(db: Session, school: UUID, campaign: Campaign, asked: Questionnaire) -> None:
    """The results of a million ballots: of each question's choices, the next is half as frequent as the one before."""
    place, sums = {"establishment_id": school, "campaign_id": campaign.id}, Sums()
    for item in asked.items(Kind.COLLEGE):
        counts = {(item.id, choice.id): MILLION >> place for place, choice in enumerate(item.choices, start=1)}
        sums.update({**counts, (item.id, ANSWERED): MILLION if item.several else sum(counts.values())})
    cells = release(sums, asked, Kind.COLLEGE)
    db.add_all(ResultCell(**place, item=item, choice=choice, count=count) for item, choice, count in cells)
    db.add(
        Closing(
            **place,
            closed_on=campaign.closes_on,
            release=Release.SHOWN,
            taken=MILLION,
            classes=len(CLASSES),
            record=b"",
            record_signature=b"",
        )
    )
    mine = update(Campaign).where(Campaign.establishment_id == school, Campaign.id == campaign.id)
    db.execute(mine.values(state=State.RELEASED, ended_at=datetime.now(UTC)))


def _adult(portal: UUID, uai: str, subject: str) -> Arrival:
    return Arrival(portal, subject, Profile.STAFF, "Camille Martin", (uai,), (), "fr")


def _arrive(db: Session, house: House, arrival: Arrival) -> Visitor:
    """Signs somebody in."""
    session = sessions.WebSession.fresh()
    return _kept(db, house, session, sign_in.enter(db, house.keys, session, arrival))


def _kept(db: Session, house: House, session: sessions.WebSession, person: Person) -> Visitor:
    sessions.save(db, session, house.settings)
    cookie = f"{sessions.cookie_name(house.settings)}={session.cookie}"
    return Visitor(person, cookie, csrf.token(house.keys, session), session.digest)


def _classmates(house: House, first: Visitor, count: int) -> Iterator[Visitor]:
    """So many pupils more of the same collège, signed in: their accounts are put in many at a time."""
    portal, here = first.person.portal_id, first.person.here
    ids = [uuid4() for _pupil in range(count)]
    same = {"establishment_id": here.establishment_id, "portal_id": portal, "profile": Profile.PUPIL.value, "name": ""}
    with house.database.writing() as db:
        for start in range(0, count, _BATCH):
            some = ids[start : start + _BATCH]
            db.execute(insert(Account), [{**same, "id": mine, "pseudonym": secrets.token_bytes(32)} for mine in some])
        for number, mine in enumerate(ids):
            membership = replace(here, account_id=mine, classes=(CLASSES[number % len(CLASSES)],))
            person, session = replace(first.person, memberships=(membership,)), sessions.WebSession.fresh()
            session["person"], session["language"] = as_session_value(person), "fr"
            yield _kept(db, house, session, person)


def _write(house: House, school: UUID, count: int) -> None:
    """So many messages that all still wait, some of them urgent, from the last two weeks."""
    for start in range(0, count, _BATCH):
        with house.database.writing() as db:
            for number in range(start, min(count, start + _BATCH)):
                _send(db, house, school, number)


def _send(db: Session, house: House, school: UUID, number: int) -> None:
    draft = Draft(
        Audience.PUPIL,
        what=("mocked",),
        message=WORDS,
        danger="yes" if number % 50 == 0 else "no",
        answer="here-named",
    )
    when = datetime.now(UTC) - timedelta(hours=number % 336)
    writer = Writer(school, Audience.PUPIL, "fr", "Camille Martin", ("6e B",))
    writing.send(db, house.keys, writer, draft, secrets.token_bytes(16), when)
