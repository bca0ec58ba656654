"""The lock of the desk: no page of it opens before a code of the person's own device has come, and again after a while.

It stands in the URL tables (`LOCK`, `help.blueprint`): whoever adds a page to the desk gets it locked without asking.
A form that meets the lock is carried through it: its fields stand hidden on the page that asks for the code, which
sends all of it to the form's own address again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

from flask import Response, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.help.service import listening
from ent_module.help.wording import lock as words
from ent_module.identity import one_time, second_factor
from ent_module.identity.model import AT_THE_DESK, Person
from ent_module.identity.second_factor import Device, Outcome
from ent_module.surveys.drawing import drawing
from ent_module.web import lately, sessions
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.urls import Guard, web_session

CODE, NONCE = "desk_code", "desk_nonce"
_OURS = (CODE, NONCE, "csrf_token", "acting_in", "back")
_OPENED = "desk"
_LONGEST = 64
_STATUS = {None: 403, Outcome.WRONG: 422, Outcome.LAST: 429, Outcome.LIMITED: 429}
_TOLD = {Outcome.ENROLLED, Outcome.RENEWED, Outcome.LAST}
_OPENS = {Outcome.RIGHT, Outcome.ENROLLED, Outcome.RENEWED}


def concerns(person: Person | None) -> bool:
    """Whether that person is asked for a code: whoever reads at a desk, where the installation asks for one."""
    return house().settings.desk_second_factor and person is not None and bool(person.where(*AT_THE_DESK))


def is_locked(db: Session, person: Person) -> bool:
    """Whether the desk waits for a code."""
    return concerns(person) and not _is_open(second_factor.device(db, person), datetime.now(UTC))


def _is_open(device: Device | None, now: datetime) -> bool:
    """Whether this session has given a code of that very device, not too long ago, and was here lately."""
    session, settings = web_session(), house().settings
    given = session.get(_OPENED) if session is not None else None
    if device is None or session is None or given is None or device.is_due(now):
        return False
    last = lately.seen(house().keys, session, request, settings)
    return (
        given["device"] == str(device.serial)
        and now < datetime.fromisoformat(given["at"]) + timedelta(hours=settings.desk_hours)
        and last is not None
        and now < last + timedelta(minutes=settings.desk_idle_minutes)
    )


class _Lock:
    """The guard of the desk's pages (`web.urls.Guard`)."""

    def ask(self, db: Session, *, writes: bool) -> ResponseReturnValue | None:
        """The page that asks for a code, unless the desk is open or the code has just come with the form."""
        person, now = g.ent_person, datetime.now(UTC)
        if not concerns(person):
            return None
        if _is_open(second_factor.device(db, person), now):
            g.ent_desk_is_open = True
            return None
        outcome = None
        if request.method == "POST" and CODE in request.form:
            with _writing(db, writes=writes) as own:
                outcome = tried(own, person, now)
        return None if outcome in _OPENS else page(db, person, outcome)

    def mark(self, response: Response) -> None:
        """Notes that somebody was at the open desk."""
        session = web_session()
        if g.get("ent_desk_is_open") and session is not None and not session.ended:
            lately.mark(house().keys, session, response, house().settings, datetime.now(UTC))


LOCK: Guard = _Lock()


@contextmanager
def _writing(db: Session, *, writes: bool) -> Iterator[Session]:
    """The session of the page, where what it changes is kept; else one of its own, that keeps our own session too."""
    if writes:
        yield db
        return
    with house().database.writing() as own:
        yield own
        session = web_session()
        if session is not None:
            sessions.save(own, session, house().settings)


def tried(db: Session, person: Person, now: datetime) -> Outcome:
    """Looks at the code that came with the present form, and opens the desk where it is right: with the first one of a
    device, that device is enrolled."""
    keys, typed = house().keys, request.form.get(CODE, "")[:20]
    if second_factor.device(db, person) is None:
        outcome = second_factor.enrol(db, keys, person, new_secret(person), typed, now)
    else:
        outcome = second_factor.verify(db, keys, person, typed, now)
    if outcome in _TOLD:
        tell(db, person, outcome.value, now)
    if outcome in _OPENS:
        _open(db, person, now)
    return outcome


def _open(db: Session, person: Person, now: datetime) -> None:
    device, session = second_factor.device(db, person), web_session()
    if device is None or session is None:
        return
    session[_OPENED] = {"device": str(device.serial), "at": now.isoformat()}
    # Another device has other keys: what is read from here on is read with them.
    g.ent_person = house().identify(db, session)
    g.ent_desk_is_open = True


def tell(db: Session, person: Person, what: str, now: datetime) -> None:
    """The groups of that person, and the levels above them, learn by a neutral mail that something has changed."""
    for place in person.where(*AT_THE_DESK):
        listening.tell_group(db, house().keys, place.establishment_id, place.account_id.bytes + what.encode(), now)


# --- Pages ------------------------------------------------------------------------------------------------------------


def page(db: Session, person: Person, outcome: Outcome | None = None, back: str = "") -> ResponseReturnValue:
    """The page that asks for a code, and before the first one lets a device be enrolled.

    `back`: where the code leads; else to the page that met the lock, with the form that did.
    """
    device, now = second_factor.device(db, person), datetime.now(UTC)
    here = request.script_root + request.full_path.rstrip("?")
    carries = request.method == "POST" and not back
    values: dict[str, Any] = {
        "action": here if carries else url_for("ent_help_staff.code"),
        "back": "" if carries else back or here,
        "carried": _carried() if carries else [],
        "texts": carries and any(request.form.get(name) for name in house().declared[request.endpoint or ""].texts),
        "errors": {CODE: [words.problem(outcome)]} if outcome is not None else {},
        "hours": min(house().settings.desk_hours, house().settings.session_hours),
        "minutes": house().settings.desk_idle_minutes,
    }
    if device is None:
        return render_template("ent/help/device.html", again=False, **enrolling(person), **values), _STATUS[outcome]
    is_due = device.is_due(now)
    asked = device.asked_at is not None and not is_due
    return render_template("ent/help/lock.html", asked=asked, is_due=is_due, **values), _STATUS[outcome]


def enrolling(person: Person) -> dict[str, Any]:
    """What the page shows on which a device is enrolled: a secret of its own, the same again after a wrong code."""
    nonce = request.form.get(NONCE, "")[:_LONGEST] or token_bytes(16).hex()
    secret = new_secret(person, nonce)
    return {
        "nonce": nonce,
        "typed_secret": one_time.in_groups(secret),
        "drawn": drawing(one_time.address(secret, house().settings.title)),
    }


def new_secret(person: Person, nonce: str | None = None) -> bytes:
    """The secret of the form that was sent, or of a new one: made of its nonce again, and stored nowhere."""
    session = web_session()
    chance = request.form.get(NONCE, "")[:_LONGEST] if nonce is None else nonce
    return second_factor.tentative(house().keys, person, session.digest if session else b"", chance.encode())


def _carried() -> list[tuple[str, str]]:
    """The fields of the form that met the lock."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
