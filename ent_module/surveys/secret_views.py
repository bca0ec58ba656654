"""How answers are kept secret, in the words of each: pupils by age, families, and adults who ask how it works."""

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.identity.model import Person
from ent_module.surveys import campaigns
from ent_module.surveys.model import Texts
from ent_module.surveys.service.restoring import RUNNING
from ent_module.web.house import house
from ent_module.web.pages import render_template


def secret(db: Session, person: Person) -> ResponseReturnValue:
    """For pupils and parents."""
    return _page(db, person, "secret")


def secret_exactly(db: Session, person: Person) -> ResponseReturnValue:
    """For adults of the school: each step, who could break it, and what is not covered."""
    return _page(db, person, "secret_exactly")


def _page(db: Session, person: Person, name: str) -> str:
    """With the campaigns of the school whose ballots are still to be opened, by title, and who can open them; and
    whether one of these lets somebody write."""
    found = campaigns.campaigns(db, person.here.establishment_id)
    waiting = [(campaigns.asked(db, one), one.custody) for one in found if one.state in RUNNING]
    custodies: list[tuple[Texts, str]] = [(asked.title, custody) for asked, custody in waiting]
    writes = any(asked.texts for asked, _custody in waiting)
    return render_template(f"ent/surveys/{name}.html", custodies=custodies, writes=writes)


def link(person: Person, slug: str) -> str | None:
    """Where `survey:secret` leads that person; None where nothing of the kind is served here."""
    side = "ent_surveys_staff" if person.profile.is_adult_at_school else "ent_surveys"
    entry = house().declared.get(f"{side}.{slug}")
    return url_for(f"{side}.{slug}") if slug == "secret" and entry and entry.allow.admits(person) else None
