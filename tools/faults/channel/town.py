"""Who is there: eight who write, two who read, one at the level above; and the server, by the product's own command."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.extension import create_app
from ent_module.help.service import channel
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Profile, Role
from ent_module.migrations.run import upgrade_to_head
from ent_module.sign_in import service as sign_in
from ent_module.web import sessions
from ent_module.web.house import House
from tools.attack.browsers import Browser
from tools.attack.settings import settings
from tools.faults.channel.databases import Database

WRITERS = 8
KEY = bytes(range(11, 43))
UAI, _ABOVE, _AGREED = "0590001B", "0590002C", date(2026, 9, 1)
_START, _PAUSE, _END = 60.0, 0.05, 30.0


@dataclass(frozen=True)
class Cast:
    """The cookies of those who are signed in."""

    writers: tuple[str, ...]
    reader: str


@dataclass
class Town:
    """An installation: its database, its folder, and the server that runs or does not."""

    database: Database
    folder: Path
    cast: Cast = field(init=False)
    server: "subprocess.Popen[bytes] | None" = None
    mail: Mapping[str, str] = field(default_factory=dict)
    """Settings of a mail server, for the clocks."""
    naive: bool = False
    """Whether the server says that a message has arrived before it is kept."""

    def __post_init__(self) -> None:
        (self.folder / "master.key").write_bytes(KEY)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        house: Any = create_app(settings(self.database.url, self.folder)).extensions["ent"]
        upgrade_to_head(house.database.engine)
        house.keys.claim()
        self.cast = _people(house)
        house.database.engine.dispose()

    def start(self) -> None:
        """Serves, and waits until somebody answers."""
        given = {
            "ENT_PUBLIC_URL": "https://ent.example",
            "ENT_DATABASE_URL": self.database.url,
            "ENT_DATA_DIR": str(self.folder),
            "ENT_CHECK_UAI": "0",
            "ENT_DESK_SECOND_FACTOR": "0",
        }
        command = ["tools.faults.channel.hasty"] if self.naive else ["ent_module.cli", "serve"]
        command += [*(("--host", "127.0.0.1", "--port") if not self.naive else ()), str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", *command], env=os.environ | given, stdout=log, stderr=log
            )
        until = time.monotonic() + _START
        while not self._answers():
            if time.monotonic() > until or self.server.poll() is not None:
                raise TimeoutError("the server does not start")
            time.sleep(_PAUSE)

    def _answers(self) -> bool:
        try:
            return self.browser().get("/ent/healthz").status == 200
        except OSError:
            return False

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends the server at once."""
        if self.server is not None:
            self.server.send_signal(how)
            self.server.wait(_END)
            self.server = None

    def tick(self, minutes: int) -> "subprocess.Popen[bytes]":
        """The product's jobs, in a process of their own, so many minutes later."""
        later = ["faketime", "-f", f"+{minutes}m"]
        given = {"ENT_PUBLIC_URL": "https://ent.example", "ENT_DATABASE_URL": self.database.url}
        given |= {"ENT_DATA_DIR": str(self.folder), "ENT_CHECK_UAI": "0"}
        given |= {"ENT_SMTP_SECURITY": "none", "ENT_SMTP_FROM": "portail@ent.example", **self.mail} if self.mail else {}
        with (self.folder / "tick.log").open("ab") as log:
            return subprocess.Popen(
                [*later, sys.executable, "-m", "ent_module.cli", "tick"],
                env=os.environ | given,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def browser(self, cookie: str = "") -> Browser:
        """Somebody's, or nobody's."""
        name = sessions.cookie_name(settings(self.database.url, self.folder))
        return Browser(f"127.0.0.1:{self.port}", f"{name}={cookie}" if cookie else "")


def _people(house: House) -> Cast:
    with house.database.writing() as db:
        above = establishments.add(db, _ABOVE, "Département du Nord", Kind.DEPARTEMENT, check=False)
        school = establishments.add(db, UAI, "Collège Simone-Veil", Kind.COLLEGE, parent=above, check=False)
        portal = identity.add_portal(db, "lti", "Portail", "https://portal.example")
        identity.attach(db, portal, school.id)
        identity.attach(db, portal, above.id)

    def enter(subject: str, profile: Profile, code: str, *classes: str) -> tuple[str, list[tuple[UUID, UUID]]]:
        with house.database.writing() as db:
            session = sessions.WebSession.fresh()
            arrival = Arrival(portal.id, subject, profile, subject.title(), (code,), classes, "fr")
            person = identity.welcome(db, house.keys, arrival)
            sign_in.enter(db, house.keys, session, arrival)
            session["language"] = "fr"
            sessions.save(db, session, house.settings)
            return session.cookie, [(one.establishment_id, one.account_id) for one in person.memberships]

    readers = [enter(name, Profile.STAFF, UAI) for name in ("alice roux", "bruno petit")]
    upstairs = enter("claire blanc", Profile.STAFF, _ABOVE)
    with house.database.writing() as db:
        for _cookie, ((place, account),) in (*readers, upstairs):
            identity.grant(db, place, account, Role.LISTENER, _AGREED)
        channel.open_channel(db, school.id)
    writers = tuple(enter(f"pupil {number}", Profile.PUPIL, UAI, "6e A")[0] for number in range(WRITERS))
    return Cast(writers, enter("alice roux", Profile.STAFF, UAI)[0])
