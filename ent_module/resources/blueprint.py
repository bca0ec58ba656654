"""The room's URL tables and its record. Addresses are digests: no history tells what someone read."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.identity.model import ADULTS_AT_SCHOOL, PUPILS_AND_PARENTS, Person, Profile
from ent_module.languages import SOURCE
from ent_module.resources import public_views, service, staff_views
from ent_module.resources.check import check_content
from ent_module.resources.model import may_read
from ent_module.rooms import Room, Tile
from ent_module.web.house import house
from ent_module.web.urls import Url

PUBLIC = (
    Url("/read", "sheets", public_views.sheets, PUPILS_AND_PARENTS),
    Url("/read/<address>", "sheet", public_views.sheet, PUPILS_AND_PARENTS),
)
STAFF = (
    Url("/read", "sheets", staff_views.sheets, ADULTS_AT_SCHOOL),
    Url("/read/<address>", "sheet", staff_views.sheet, ADULTS_AT_SCHOOL),
)


def tiles(_db: Session, person: Person) -> list[Tile]:
    """The door to the sheets, which everyone has."""
    texts = {
        Profile.PUPIL: lambda: (_("Comprendre"), _("Des pages courtes, à lire quand tu veux.")),
        Profile.PARENT: lambda: (_("Comprendre"), _("Les signes, les mots, les démarches.")),
    }
    title, text = texts.get(person.profile, lambda: (_("Fiches"), _("Pour vous, et ce que lisent les élèves.")))()
    side = "ent_resources_staff" if person.profile.is_adult_at_school else "ent_resources"
    return [Tile(title, text, f"{side}.sheets", "read", 40 if person.profile.is_adult_at_school else 20)]


def link(person: Person, slug: str) -> str | None:
    """Where `sheet:slug` leads that person; None where there is no such sheet for them."""
    sheet = service.shelf().get(slug)
    side = "ent_resources_staff" if person.profile.is_adult_at_school else "ent_resources"
    if sheet is None or not may_read(person, sheet[SOURCE]) or f"{side}.sheet" not in house().declared:
        return None
    return url_for(f"{side}.sheet", address=sheet[SOURCE].address)


ROOM = Room(name="resources", public=PUBLIC, staff=STAFF, tiles=tiles, content=check_content, links={"sheet": link})
