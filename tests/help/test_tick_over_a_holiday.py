"""Written on the eve of the holidays, after school: `ent-module tick` as cron runs it, with the machine's clock moved,
ending in mail received by a real server."""

import os
import subprocess
import sys
from datetime import UTC, datetime

from ent_module.database import Database
from tests.help.notices import reach
from tests.help.steps import actions_of, opened, seen, write
from tests.support.mailbox import Mailbox
from tests.support.town import Town

EVE = datetime(2026, 12, 18, 20, 0, tzinfo=UTC)
MOMENTS = {
    "2026-12-19 08:00": [],  # a Saturday
    "2026-12-23 16:00": [],  # holidays, at the hour of the afternoon's mail
    "2027-01-03 23:30": [],  # the night before school
    "2027-01-04 08:00": ["petit@ac.example"],
    "2027-01-04 12:00": [],  # between the two hours
    "2027-01-05 08:00": ["petit@ac.example", "referent@ac.example"],
}
"""What o'clock it is in Paris, and who is then written to."""


def tick(town: Town, box: Mailbox, moment: str) -> str:
    """What the process says that it has done."""
    settings, database = town.house.settings, town.house.database
    given = {
        "ENT_PUBLIC_URL": settings.public_url,
        "ENT_CHECK_UAI": "0",
        "ENT_DATABASE_URL": _address(database),
        "ENT_DATA_DIR": str(settings.data_dir),
        "ENT_KEY_FILE": str(settings.key_file),
        "ENT_KEY_STORE": str(settings.resolved_key_store),
        "ENT_SMTP_HOST": "127.0.0.1",
        "ENT_SMTP_PORT": str(box.port),
        "ENT_SMTP_SECURITY": "none",
        "ENT_SMTP_FROM": settings.smtp_from,
        "TZ": "Europe/Paris",
    }
    done = subprocess.run(
        ["faketime", moment, sys.executable, "-m", "ent_module.cli", "tick"],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def _address(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_nobody_is_disturbed_in_the_holidays_and_each_step_is_told(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "referent")
    written = write(town, now=EVE)
    for moment, to in MOMENTS.items():
        before = len(box.raw)
        for minute in (moment, f"{moment[:-1]}2"):  # it runs each minute or two
            assert "help.tell: done" in tick(town, box, minute)
        assert sorted(box.recipients[before:]) == to, moment
    assert actions_of(town, written) == ["sent", "escalate"]
    assert not any(b"sac" in letter or b"Lina" in letter for _to, letter in box.raw)
    assert "Un autre adulte a été prévenu" in seen(opened(town.browser("sami"), written.code))
