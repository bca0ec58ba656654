"""Mail is cut: whoever hands letters on hangs up at any byte, again and again, while the clocks run at an hour of mail.
Afterwards each listener has been written to, and nothing is owed any more. A letter may come twice, with one
Message-ID: what was taken before the line broke is not known to the sender (RFC 5321, 6.1).
"""

import random  # noqa: TID251  # where a line breaks
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import PARIS, paris
from ent_module.extension import create_app
from ent_module.help.model.notices import State
from ent_module.help.service import listening
from ent_module.help.tables import Notice
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Profile
from ent_module.web.house import House
from tests.support.mailbox import Mailbox, mailbox
from tools.attack.settings import settings
from tools.faults.channel.databases import database
from tools.faults.channel.town import UAI, Town
from tools.faults.channel.writers import written

MESSAGES, CUTS, TICKS = 20, 6, 3
_LEASE = 11
"""Minutes after which a job is free again, whatever became of it; all of this fits into the two hours of retrying."""
_LONGEST = 900
"""Bytes of a conversation with a mail server, about."""
_TO = {"alice roux": "alice@ac.example", "bruno petit": "bruno@ac.example"}


def cut_mail(name: str, say: Callable[[str], None]) -> list[str]:
    """On one database; returns what is wrong."""
    with TemporaryDirectory(prefix="ent-faults-") as folder, mailbox() as box:
        (disk := Path(folder) / "disk").mkdir()
        with database(name, disk) as made, _relay(box.port) as relay:
            town = Town(made, Path(folder), mail={"ENT_SMTP_HOST": "127.0.0.1", "ENT_SMTP_PORT": str(relay.port)})
            writing = written(town, MESSAGES)
            house: House = create_app(settings(made.url, Path(folder))).extensions["ent"]
            begin = _an_hour_of_mail(house)
            for number in range(CUTS + TICKS):
                relay.cuts = number < CUTS
                town.tick(begin + number * _LEASE).wait()
            owed = _owed(house)
            house.database.engine.dispose()
    told = set(box.recipients)
    say(
        f"faults: cut-smtp {name} acknowledged={len(writing.arrived)} cut={relay.cut} told={len(told)} "
        f"letters={len(box.raw)} owed={owed} lost={len(_TO) - len(told)}"
    )
    return writing.wrong + _wrong(name, box, relay.cut, owed)


def _wrong(name: str, box: Mailbox, cut: int, owed: int) -> list[str]:
    told = set(box.recipients) == set(_TO.values())
    marks = Counter(str(letter["Message-ID"]) for letter in box.letters)
    return [] if told and cut and not owed and len(marks) == len(_TO) else [f"cut-smtp {name}: not everybody was told"]


def _an_hour_of_mail(house: House) -> int:
    """The minutes until half past seven on a day of school on which everything is late; members have addresses by
    then."""
    now = datetime.now(UTC)
    with house.database.writing() as db:
        portal = identity.portals(db)[0]
        for subject, to in _TO.items():
            arrival = Arrival(portal.id, subject, Profile.STAFF, subject.title(), (UAI,))
            me = identity.welcome(db, house.keys, arrival).here
            listening.set_address(db, house.keys, me, to, "fr", paris(now).date())
            row: Any = listening.row_of(db, me.establishment_id, me.account_id)
            listening.check(db, house.keys, me, listening.token(house.keys, row), paris(now).date())
        for check in db.scalars(select(Notice), execution_options={"across": True}):
            db.delete(check)
        school = establishments.by_uai(db, UAI)
        day = establishments.calendar(db, school.id).next_school_day(paris(now + timedelta(days=1)).date())
    return int((datetime.combine(day, time(7, 31), PARIS) - now).total_seconds() // 60)


def _owed(house: House) -> int:
    with house.database.reading() as db:
        states = db.scalars(select(Notice.state), execution_options={"across": True}).all()
    return sum(state not in {State.SENT.value, State.NOTHING.value} for state in states)


# --- The line that breaks ---------------------------------------------------------------------------------------------


@dataclass
class _Relay:
    """Between the sender and a mail server; where it cuts, each line breaks after some bytes."""

    port: int
    cuts: bool = True
    cut: int = 0

    def hand_on(self, here: socket.socket, to: int) -> None:
        """One line, until either end hangs up, or it breaks."""
        left = random.randint(0, _LONGEST) if self.cuts else 10**9  # noqa: S311  # anywhere will do
        with here, socket.create_connection(("127.0.0.1", to), 10) as there:
            back = threading.Thread(target=_copied, args=(there, here, 10**9), daemon=True)
            back.start()
            self.cut += not _copied(here, there, left)
            for one in (here, there):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            back.join(10)


def _copied(source: socket.socket, target: socket.socket, most: int) -> bool:
    """Whether either end hung up before so many bytes were copied."""
    with suppress(OSError):
        while most > 0 and (some := source.recv(min(most, 4096))):
            target.sendall(some)
            most -= len(some)
    return most > 0


@contextmanager
def _relay(to: int) -> Iterator[_Relay]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        relay = _Relay(server.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    here, _who = server.accept()
                    threading.Thread(target=relay.hand_on, args=(here, to), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield relay
