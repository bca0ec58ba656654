"""The code of the desk by itself, and another device in place of one that is lost."""

from datetime import UTC, datetime

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.help import lock
from ent_module.help.wording import lock as words
from ent_module.identity import new_device, second_factor
from ent_module.identity.model import Person
from ent_module.identity.second_factor import Outcome
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.safe_paths import own_path

_INBOX, _AGAIN = "ent_help_staff.inbox", "ent_help_staff.new_device"


def enter(db: Session, person: Person) -> ResponseReturnValue:
    """Asks for a code and goes back to the page that wanted it."""
    back = own_path(request.form.get("back") or url_for(_INBOX), house().settings.home_path)
    if not lock.is_locked(db, person):
        return redirect(back, 303)
    outcome = lock.tried(db, person, datetime.now(UTC)) if request.method == "POST" else None
    if outcome is None or outcome in {Outcome.WRONG, Outcome.LAST, Outcome.LIMITED}:
        return lock.page(db, person, outcome, back)
    answer = make_response(redirect(back, 303))
    lock.LOCK.mark(answer)
    return answer


def again(db: Session, person: Person) -> ResponseReturnValue:
    """Another device: what it takes, and its first code."""
    device = second_factor.device(db, person)
    if not lock.concerns(person) or device is None:
        return redirect(url_for(_INBOX), 303)
    errors: dict[str, list[str]] = {}
    status, now = 200, datetime.now(UTC)
    if request.method == "POST":
        typed = request.form.get(lock.CODE, "")
        outcome = new_device.ask(db, house().keys, person, lock.new_secret(person), typed, now)
        if outcome is Outcome.ENROLLED:
            lock.tell(db, person, "asked", now)
            return redirect(url_for(_AGAIN), 303)
        errors, status = {lock.CODE: [words.problem(outcome)]}, 422
    asked = device.asked_at is not None and not device.is_due(now)
    return render_template(
        "ent/help/device.html",
        again=True,
        device=device,
        moment=words.moment,
        asked_number=new_device.number(db, house().keys, person) if asked else "",
        errors=errors,
        action=url_for(_AGAIN),
        back="",
        carried=[],
        texts=False,
        **lock.enrolling(person),
    ), status


def take_back(db: Session, person: Person) -> ResponseReturnValue:
    """Stops one's own request for another device."""
    try:
        new_device.take_back(db, person, datetime.now(UTC))
        lock.tell(db, person, "stopped", datetime.now(UTC))
    except new_device.NotPossibleError:
        pass  # it was stopped, or has come into force, meanwhile: the page says so
    return redirect(url_for(_INBOX), 303)
