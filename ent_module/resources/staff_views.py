"""What the adults of a school read: their own sheets, and those of their pupils."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.identity.model import Person
from ent_module.resources import model, service
from ent_module.resources.public_views import sheet
from ent_module.web.language import language
from ent_module.web.pages import render_template

__all__ = ["sheet", "sheets"]


def sheets(_db: Session, person: Person) -> ResponseReturnValue:
    """The reader's own sheets, then what pupils read, by kind of school."""
    own = model.own_profiles(person)
    pupils = model.pupils_profiles(person)
    shelves = [
        (_("Pour vous"), tuple(one for one in own if one != "local-admin")),
        (_("Pour l’administration locale"), tuple(one for one in own if one == "local-admin")),
        (_("Ce que lisent les élèves"), pupils if len(pupils) == 1 else ()),
        (_("Ce que lisent les élèves des écoles"), pupils[:1] if len(pupils) > 1 else ()),
        (_("Ce que lisent les collégiens"), pupils[1:2]),
        (_("Ce que lisent les lycéens"), pupils[2:3]),
    ]
    sections = [(heading, model.of_profiles(service.shelf(), who, language())) for heading, who in shelves if who]
    return render_template("ent/resources/list.html", sections=sections)
