"""How answers are kept secret, in the words of each: pupils by age, families, and adults who ask how it works."""

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.identity.model import Person
from ent_module.web.house import house
from ent_module.web.pages import render_template


def secret(_db: Session, _person: Person) -> ResponseReturnValue:
    """For pupils and parents."""
    return render_template("ent/surveys/secret.html")


def secret_exactly(_db: Session, _person: Person) -> ResponseReturnValue:
    """For adults of the school: each step, who could break it, and what is not covered."""
    return render_template("ent/surveys/secret_exactly.html")


def link(person: Person, slug: str) -> str | None:
    """Where `survey:secret` leads that person; None where nothing of the kind is served here."""
    side = "ent_surveys_staff" if person.profile.is_adult_at_school else "ent_surveys"
    entry = house().declared.get(f"{side}.{slug}")
    return url_for(f"{side}.{slug}") if slug == "secret" and entry and entry.allow.admits(person) else None
