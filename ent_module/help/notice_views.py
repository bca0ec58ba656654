"""A listener's own page (presence, absence, address), and the page on which a school sets when mails leave."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import WEEKDAYS, paris
from ent_module.help.model import notices
from ent_module.help.model.retention import MONTHS
from ent_module.help.service import adults, listening, rhythm
from ent_module.help.service.listening import NotPossibleError
from ent_module.help.wording import notices as words
from ent_module.identity.model import Person
from ent_module.web import parts
from ent_module.web.house import house
from ent_module.web.language import language
from ent_module.web.pages import render_template

_LONGEST_BREAKS = 200
_MINE, _RHYTHM = "ent_help_staff.mine", "ent_help_staff.rhythm"


def _today() -> date:
    return paris(datetime.now(UTC)).date()


def mine(db: Session, person: Person) -> ResponseReturnValue:
    """When one is there, and where a notice reaches one."""
    return _mine(db, person)


def _mine(db: Session, person: Person, status: int = 200, **more: Any) -> ResponseReturnValue:
    here, today = person.here, _today()
    row = listening.row_of(db, here.establishment_id, here.account_id)
    found = listening.reached(house().keys, row) if row else None
    return render_template(
        "ent/help/mine.html",
        row=row,
        away=row.away_until if row and listening.is_away(row, today) else None,
        days=notices.named(row.weekdays if row else notices.EVERY_DAY),
        open_days=[(name, words.day(name)) for name in WEEKDAYS if name in _open_days(db, here.establishment_id)],
        address=found.address if found else "",
        mail=bool(house().settings.smtp_host),
        hours=[parts.clock(one) for one in rhythm.hours(db, here.establishment_id)],
        rota=rhythm.named_until(db, here.establishment_id, here.account_id, today),
        last=today + timedelta(days=listening.LONGEST_ABSENCE),
        today=today,
        **{"errors": {}, "typed": {}, **more},
    ), status


def _open_days(db: Session, establishment_id: Any) -> set[str]:
    return set(establishments.calendar(db, establishment_id).hours.days)


def days(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps the days of presence."""
    chosen, form = request.form.getlist("days"), request.form
    try:
        listening.set_days(db, person.here, chosen, stands_in="stands_in" in form, on_call="on_call" in form)
    except NotPossibleError:
        return _mine(db, person, 422, errors={"days": [words.days_problem()]})
    return redirect(url_for(_MINE), 303)


def away(db: Session, person: Person) -> ResponseReturnValue:
    """Away today, in one tap, or until a day; or there again."""
    today = _today()
    if "back" in request.form:
        listening.come_back(db, person.here, today)
        return redirect(url_for(_MINE), 303)
    try:
        until = date.fromisoformat(request.form.get("until", "").strip()) if "until" in request.form else today
        listening.go_away(db, house().keys, person.here, until, today)
    except (ValueError, NotPossibleError):
        return _mine(db, person, 422, errors={"until": [words.away_problem()]})
    return redirect(url_for(_MINE), 303)


def address(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps an address, or forgets it."""
    typed = request.form.get("address", "")
    try:
        listening.set_address(db, house().keys, person.here, typed, language(), _today())
    except NotPossibleError:
        return _mine(db, person, 422, errors={"address": [words.address_problem()]}, typed={"address": typed})
    return redirect(url_for(_MINE), 303)


def check(db: Session, person: Person, token: str) -> ResponseReturnValue:
    """The link that was sent to an address: a button, since mail programs open links by themselves."""
    if request.method == "POST":
        if not listening.check(db, house().keys, person.here, token, _today()):
            raise NotFound
        return redirect(url_for(_MINE), 303)
    row = listening.row_of(db, person.here.establishment_id, person.here.account_id)
    if row is None or row.address is None or listening.token(house().keys, row) != token:
        raise NotFound
    return render_template("ent/help/check.html", token=token, done=row.checked_on is not None)


# --- The school's own -------------------------------------------------------------------------------------------------


def school(db: Session, person: Person) -> ResponseReturnValue:
    """When mails leave, how long sorting may take, the rota, and a level's mailbox."""
    here = person.here
    if request.method == "GET":
        return _school(db, person, rhythm.shown(db, here.establishment_id))
    morning, evening, triage, until, mailbox = (
        request.form.get(name, "").strip() for name in ("morning", "evening", "triage", "until", "mailbox")
    )
    breaks = request.form.get("breaks", "")[:_LONGEST_BREAKS].strip()
    months = request.form.get("months", "").strip()
    rota = tuple(request.form.getlist("rota"))
    typed = rhythm.Typed(morning, evening, triage, rota, until, mailbox, breaks, _crip(), months)
    problems = rhythm.keep(db, here, typed, _today())
    if problems:
        said = {"until": words.until_problem, "mailbox": words.address_problem, "breaks": words.breaks_problem}
        said |= {"crip_name": words.crip_name_problem, "crip_phone": words.crip_phone_problem}
        said |= {"crip_address": words.address_problem}
        errors = {name: [said.get(name, words.offered_problem)()] for name in problems}
        return _school(db, person, typed, 422, errors)
    return redirect(url_for(_RHYTHM), 303)


def _crip() -> dict[str, str]:
    return {name: request.form.get(f"crip_{name}", "")[:200].strip() for name in ("name", "phone", "address")}


def _school(
    db: Session, person: Person, typed: rhythm.Typed, status: int = 200, errors: dict[str, list[str]] | None = None
) -> ResponseReturnValue:
    here = person.here
    return render_template(
        "ent/help/rhythm.html",
        typed=typed,
        mornings=[(one.isoformat("minutes"), parts.clock(one)) for one in notices.MORNINGS],
        evenings=[(one.isoformat("minutes"), parts.clock(one)) for one in notices.EVENINGS],
        kept_for=[str(one) for one in MONTHS],
        sorted_within=[str(one) for one in notices.TRIAGE_DAYS],
        group=[(str(one.account_id), one.name) for one in adults.all_listeners(db, here.establishment_id)],
        agreed=rhythm.agreed(db, here.establishment_id),
        mail=bool(house().settings.smtp_host),
        is_school=here.kind.is_school,
        errors=errors or {},
    ), status
