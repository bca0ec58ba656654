"""What pupils and parents read."""

from datetime import UTC, datetime

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.helplines import service as helplines
from ent_module.identity.model import Person
from ent_module.resources import model, service
from ent_module.web import doors
from ent_module.web.language import language
from ent_module.web.markdown import render
from ent_module.web.pages import render_template


def sheets(_db: Session, person: Person) -> ResponseReturnValue:
    """The sheets of the reader's own profile."""
    own = model.of_profiles(service.shelf(), model.own_profiles(person), language())
    return render_template("ent/resources/list.html", sections=[("", own)])


def sheet(db: Session, person: Person, address: str) -> ResponseReturnValue:
    """One sheet, then the door to an adult and the numbers."""
    found = service.find(person, address, language())
    if found is None:
        raise NotFound
    return render_template(
        "ent/resources/sheet.html",
        sheet=found,
        html=render(found.body, doors.follow(db, person)),
        door=doors.door(db, person, "help"),
        numbers=helplines.lines((*found.helplines, *helplines.FOR_PUPILS)),
        now=datetime.now(UTC),
    )
