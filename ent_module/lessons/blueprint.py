"""The room's URL table and its record. Addresses are digests: no history tells what a lesson was about."""

from datetime import UTC, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person, Profile, allow
from ent_module.languages import SOURCE
from ent_module.lessons import service, shelf, staff_views
from ent_module.lessons.check import check_content
from ent_module.lessons.model.lesson import next_lesson
from ent_module.rooms import Room, Tile
from ent_module.web.house import house
from ent_module.web.language import language
from ent_module.web.urls import Url

TEACHES = allow(Profile.TEACHER, Profile.STAFF, Profile.MANAGEMENT)

STAFF = (
    Url("/lessons", "lessons", staff_views.lessons, TEACHES),
    Url("/lessons/<address>", "lesson", staff_views.lesson, TEACHES),
    Url("/lessons/<address>/show/<int:number>", "show", staff_views.show, TEACHES),
    Url("/lessons/<address>/notes/<int:number>", "notes", staff_views.notes, TEACHES),
    Url("/lessons/<address>/log", "log", staff_views.log, TEACHES, ("GET", "POST")),
    Url("/given", "given", staff_views.given, TEACHES),
    Url("/given/<uuid:session_id>/remove", "remove", staff_views.remove, TEACHES, ("POST",)),
)


def tiles(db: Session, person: Person) -> list[Tile]:
    """The door to the lessons, with the next one."""
    if not TEACHES.admits(person):
        return []
    given = service.given_this_year(db, person.here, paris(datetime.now(UTC)).date())
    following = next_lesson(shelf.lessons(), person.here.kind, [one.lesson for one in given], language())
    text = (
        _("Prochaine : %(lesson)s", lesson=following.title)
        if following
        else _("Préparer, projeter, noter ce qui a été fait.")
    )
    return [Tile(_("Séances"), text, "ent_lessons_staff.lessons", "lesson", 20)]


def link(person: Person, slug: str) -> str | None:
    """Where `lesson:slug` leads that person; None for whoever has no lessons."""
    lesson = shelf.lessons().get(slug)
    if lesson is None or not TEACHES.admits(person) or "ent_lessons_staff.lesson" not in house().declared:
        return None
    return url_for("ent_lessons_staff.lesson", address=lesson[SOURCE].address)


ROOM = Room(
    name="lessons", staff=STAFF, tiles=tiles, erasure=service.erase, content=check_content, links={"lesson": link}
)
