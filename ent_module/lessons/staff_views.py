"""Preparing a lesson, showing it, and logging that it was given."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments.calendar import paris
from ent_module.helplines import service as helplines
from ent_module.identity.model import Person
from ent_module.languages import SOURCE
from ent_module.lessons import forms, service, shelf
from ent_module.lessons.model.given import GOAL, minutes_by_class
from ent_module.lessons.model.lesson import Lesson, Slide, is_for, next_lesson
from ent_module.web import doors
from ent_module.web.language import language
from ent_module.web.markdown import render
from ent_module.web.pages import render_template


def lessons(db: Session, person: Person) -> ResponseReturnValue:
    """All lessons by unit, those for the school's own levels first."""
    given = {one.lesson for one in service.given_this_year(db, person.here, _today())}
    every, kind = shelf.lessons(), person.here.kind
    return render_template(
        "ent/lessons/list.html",
        units=[
            (unit, [one.get(language(), one[SOURCE]) for one in every.values() if one[SOURCE].unit == unit.id])
            for unit in sorted(shelf.units(), key=lambda unit: not is_for(unit.levels, kind))
        ],
        given=given,
        following=next_lesson(every, kind, tuple(given), language()),
    )


def lesson(db: Session, person: Person, address: str) -> ResponseReturnValue:
    """The page that is read ten minutes before the class, on one sheet of paper too."""
    found = _lesson(address)
    follow = doors.follow(db, person)
    return render_template(
        "ent/lessons/lesson.html",
        lesson=found,
        unit=next(unit for unit in shelf.units() if unit.id == found.unit),
        warned=[_warned()[one] for one in found.warn_before],
        md=lambda text: render(text, follow),
        numbers=helplines.lines((*found.helplines, *helplines.FOR_PUPILS)),
        now=datetime.now(UTC),
    )


def show(_db: Session, _person: Person, address: str, number: int) -> ResponseReturnValue:
    """What the class sees: one idea, and nothing of the teacher's."""
    return _deck("ent/lessons/show.html", address, number)


def notes(_db: Session, _person: Person, address: str, number: int) -> ResponseReturnValue:
    """What the teacher sees meanwhile, in a second window."""
    return _deck("ent/lessons/notes.html", address, number)


def log(db: Session, person: Person, address: str) -> ResponseReturnValue:
    """The form on which a lesson is logged, and what becomes of it."""
    found = _lesson(address)
    if request.method == "GET":
        return _form(person, found, forms.fresh(found, person.here.classes, _today()), {})
    typed = forms.typed(request.form)
    if errors := forms.errors(typed, found, person.here.classes, _today()):
        return _form(person, found, typed, errors), 422
    service.log(db, person.here, forms.given(typed, found))
    return redirect(url_for(".given", noted=1), 303)


def given(db: Session, person: Person) -> ResponseReturnValue:
    """One's own lessons of this school year, and the hours that each class had of them."""
    rows = service.given_this_year(db, person.here, _today())
    by_class = minutes_by_class(rows, person.here.classes)
    titles = {slug: one.get(language(), one[SOURCE]) for slug, one in shelf.lessons().items()}
    return render_template(
        "ent/lessons/given.html",
        rows=[(row, titles.get(row.lesson)) for row in rows],
        hours=[(name, minutes, min(100, minutes * 100 // GOAL)) for name, minutes in by_class.items()],
        duration=_duration,
        noted="noted" in request.args,
    )


def remove(db: Session, person: Person, session_id: UUID) -> ResponseReturnValue:
    """Takes back a lesson that was logged by mistake."""
    if not service.remove(db, person.here, session_id):
        raise NotFound
    return redirect(url_for(".given"), 303)


def _today() -> date:
    return paris(datetime.now(UTC)).date()


def _lesson(address: str) -> Lesson:
    found = shelf.find(address, language())
    if found is None:
        raise NotFound
    return found


def _deck(template: str, address: str, number: int) -> str:
    """All slides of a lesson, of which one is shown: the page needs no network until the end of the class."""
    found = _lesson(address)
    slides: tuple[Slide, ...] = found.slides
    if not 1 <= number <= len(slides):
        raise NotFound
    return render_template(template, lesson=found, slides=slides, number=number, md=render)


def _form(person: Person, found: Lesson, typed: forms.Typed, errors: dict[str, list[str]]) -> str:
    values: dict[str, Any] = {"lesson": found, "typed": typed, "errors": errors, "classes": person.here.classes}
    return render_template("ent/lessons/log.html", today=_today(), **values)


def _warned() -> dict[str, str]:
    return {"nurse": _("l’infirmerie"), "psychologist": _("la ou le psychologue (PsyEN)"), "head": _("la direction")}


def _duration(minutes: int) -> str:
    """« 45 min », « 2 h », « 1 h 05 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    if not rest:
        return str(_("%(hours)s h", hours=hours))
    return str(_("%(hours)s h %(minutes)s", hours=hours, minutes=f"{rest:02}"))
