"""An installation to attack: the module on a database of its own, one collège, two classes, a teacher of one, a head.

Everything an attacker might get lies in the stage's folder or, on PostgreSQL, in the cluster's.
"""

import io
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import uuid4

from flask import Flask

from ent_module.database import make_database
from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.extension import create_app
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Person, Profile, Role
from ent_module.migrations.run import upgrade_to_head
from ent_module.sign_in import service as sign_in
from ent_module.web import csrf, sessions
from ent_module.web.house import House
from tests.support.server import serving
from tools.attack.browsers import Browser
from tools.attack.cluster import cluster, server_log
from tools.attack.settings import KEY, settings

PUPILS, ACCOMPLICES = 28, 22
CLASS, OTHERS = "6e A", "6e Z"
UAI = "0590001B"
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Someone:
    """A browser that is signed in: its cookie, and the token of its forms, which all of them have."""

    cookie: str
    csrf: str


@dataclass(frozen=True)
class Cast:
    """Who is there."""

    pupils: tuple[Someone, ...]
    accomplices: tuple[Someone, ...]
    teacher: Someone
    head: Someone


@dataclass
class Stage:
    """One installation, served. `log` is what application and server have written to standard error."""

    database: str
    folder: Path
    url: str
    app: Flask
    cast: Cast
    log: io.StringIO
    server: str
    logged: int = 0
    """How much the database server had logged before."""

    @property
    def house(self) -> House:
        """What the module keeps of itself."""
        found: House = self.app.extensions["ent"]
        return found

    def browser(self, who: Someone | None = None) -> Browser:
        """Somebody's or nobody's; it speaks to the server over a socket."""
        return Browser(self.server, f"{sessions.cookie_name(self.house.settings)}={who.cookie}" if who else "")


@contextmanager
def stage(database: str, folder: Path, *, served: bool = True) -> Iterator[Stage]:
    """A fresh installation, copied from one in which everybody has signed in; gone afterwards. Unless it is `served` it
    has no address, and may be forked."""
    template, cast = _template(database, folder)
    here = folder / uuid4().hex
    (here / "tmp").mkdir(parents=True)
    name, logged = f"a_{here.name[:16]}", 0
    if database == "sqlite":
        url = f"sqlite:///{here / 'ent.sqlite'}"
        shutil.copyfile(template, here / "ent.sqlite")
    else:
        logged = server_log().stat().st_size
        url = cluster().create_database(name, template)
    (here / "master.key").write_bytes(KEY)
    log = io.StringIO()
    with redirect_stderr(log):
        app = create_app(settings(url, here))
        try:
            with serving(app) if served else nullcontext("") as address:
                yield Stage(database, here, url, app, cast, log, address.removeprefix("http://"), logged)
        finally:
            house: House = app.extensions["ent"]
            house.database.engine.dispose()
            if database == "postgresql":
                cluster().drop_database(name)
            shutil.rmtree(here)


@cache
def _template(database: str, folder: Path) -> tuple[str, Cast]:
    """A database to copy, and who is signed in there."""
    where, name = folder / f"template-{database}", f"template_{os.getpid()}_{uuid4().hex[:8]}"
    where.mkdir(parents=True)
    (where / "master.key").write_bytes(KEY)
    url = f"sqlite:///{where / 'ent.sqlite'}" if database == "sqlite" else cluster().create_database(name)
    engine = make_database(url).engine
    upgrade_to_head(engine)
    engine.dispose()
    house: House = create_app(settings(url, where)).extensions["ent"]
    cast = _people(house)
    house.database.engine.dispose()
    if database == "sqlite":
        with sqlite3.connect(where / "ent.sqlite") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return str(where / "ent.sqlite"), cast
    return name, cast


def _people(house: House) -> Cast:
    with house.database.writing() as db:
        school = establishments.add(db, UAI, "Collège Simone-Veil", Kind.COLLEGE, check=False)
        portal = identity.add_portal(db, "lti", "Portail", "https://portal.example")
        identity.attach(db, portal, school.id)

    def enter(subject: str, profile: Profile, *classes: str) -> tuple[Person, Someone]:
        with house.database.writing() as db:
            session = sessions.WebSession.fresh()
            arrival = Arrival(portal.id, subject, profile, "", (UAI,), classes, "fr", profile == Profile.MANAGEMENT)
            person = identity.welcome(db, house.keys, arrival)
            sign_in.enter(db, house.keys, session, arrival)
            session["language"] = "fr"
            sessions.save(db, session, house.settings)
            return person, Someone(session.cookie, csrf.token(house.keys, session))

    head, _browser = enter("head", Profile.MANAGEMENT)
    with house.database.writing() as db:
        mine = head.memberships[0]
        identity.grant(db, mine.establishment_id, mine.account_id, Role.HEAD, date(2026, 9, 1))
    return Cast(
        tuple(enter(f"pupil-{number}", Profile.PUPIL, CLASS)[1] for number in range(PUPILS)),
        tuple(enter(f"accomplice-{number}", Profile.PUPIL, OTHERS)[1] for number in range(ACCOMPLICES)),
        enter("teacher", Profile.TEACHER, CLASS)[1],
        enter("head", Profile.MANAGEMENT)[1],
    )
