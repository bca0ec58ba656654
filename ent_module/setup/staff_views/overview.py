"""The start page, the channel, and the national numbers."""

from datetime import date
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments import service as establishments
from ent_module.help.service import adults
from ent_module.help.service import channel as channels
from ent_module.helplines import service as helplines
from ent_module.identity.model import Membership, Person, Role
from ent_module.rooms import Check
from ent_module.setup import model, seen, sentences, service
from ent_module.setup.staff_views import common
from ent_module.web.house import house
from ent_module.web.pages import render_template

MONTHS = 6
"""After so many months a number should be checked again."""
_PAGES = {"cards": "cards", "hours": "hours", "delay": "response_days", "words": "words"}


def overview(db: Session, person: Person) -> ResponseReturnValue:
    """What is done and what is missing, over all rooms; then each page with how far it is."""
    here = person.here
    checks = all_checks(db, here.establishment_id)
    standings = {
        endpoint: sentences.of_standing(establishments.standing(db, here.establishment_id, setting))
        for endpoint, setting in _PAGES.items()
    }
    return render_template(
        "ent/setup/overview.html",
        checks=sorted(checks, key=lambda check: check.done),
        missing=sum(not check.done for check in checks),
        may={check.endpoint: may(person, check) for check in checks},
        standings=standings,
        may_change=here.has(Role.LOCAL_ADMIN),
        second_factor=house().settings.desk_second_factor,
    )


def all_checks(db: Session, establishment_id: UUID) -> list[Check]:
    """What all rooms ask of an establishment."""
    return [check for room in house().rooms for check in room.readiness(db, establishment_id)]


def may(person: Person, check: Check) -> bool:
    """Whether the person may open the page on which that is done."""
    entry = house().declared.get(check.endpoint)
    return entry is not None and bool(entry.allow.admits(person))


def channel(db: Session, person: Person) -> ResponseReturnValue:
    """Whether pupils can write, and what opening wants."""
    return _channel(db, person)


def _channel(db: Session, person: Person, refused: str = "", status: int = 200) -> ResponseReturnValue:
    place = establishments.get(db, person.here.establishment_id)
    if not person.here.kind.is_school:  # a level above has no pupils: each school opens its own
        raise NotFound
    found = channels.channel_status(db, place.id)
    return (
        render_template(
            "ent/setup/channel.html",
            found=found,
            sentence=sentences.of_channel(found.reason),
            readers=[one.name for one in adults.readers(db, place.id)],
            ecole=place.kind == "ecole",
            above=establishments.get(db, place.parent_id).name if place.parent_id else "",
            may_change=person.here.has(Role.LOCAL_ADMIN),
            to_confirm=channels.wants_confirming(db, place.id, common.today()),
            until=channels.confirmed_until(db, place.id),
            refused=refused,
        ),
        status,
    )


def open_channel(db: Session, person: Person) -> ResponseReturnValue:
    """Opens the channel, where two members at least would read."""
    if not person.here.kind.is_school:
        raise NotFound
    try:
        service.open_channel(db, person.here, common.today())
    except channels.TooFewReadersError:
        return _channel(db, person, _("Le service ne peut pas ouvrir : il faut deux membres actifs au moins."), 409)
    return redirect(url_for(".channel"), 303)


def confirm_group(db: Session, person: Person) -> ResponseReturnValue:
    """The group is the right one for this school year."""
    if not person.here.kind.is_school:
        raise NotFound
    try:
        service.confirm_group(db, person.here, common.today())
    except channels.TooFewReadersError:
        return _channel(db, person, _("Le groupe n’est pas prêt : il faut deux membres actifs au moins."), 409)
    return redirect(url_for(".channel"), 303)


def close_channel(db: Session, person: Person) -> ResponseReturnValue:
    """First what happens then, and the button; closes the channel to new messages when it is pressed.

    The button of that page alone does, and only for the school that it names.
    """
    here, is_post = person.here, request.method == "POST"
    if not channels.channel_status(db, here.establishment_id).open:
        return redirect(url_for(".channel"), 303)
    if is_post and _has_seen(here, "closing"):
        service.close_channel(db, here, common.today())
        return redirect(url_for(".channel"), 303)
    shown = seen.token(house().keys, here.establishment_id, "closing", "confirmed")
    return render_template("ent/setup/close.html", seen=shown, again=is_post), 409 if is_post else 200


def _has_seen(here: Membership, what: str) -> bool:
    """Whether the form comes from the page on which that is confirmed for this school."""
    try:
        return seen.unchanged(house().keys, here.establishment_id, what, "confirmed", request.form.get("seen", ""))
    except seen.TamperedError:
        return False


def numbers(_db: Session, _person: Person) -> ResponseReturnValue:
    """The national numbers, which nobody can take away, with the day on which each was checked."""
    today = common.today()
    return render_template(
        "ent/setup/numbers.html",
        lines=[(line, line.checked, is_old(line.checked, line.expires, today)) for line in helplines.all_lines()],
    )


def is_old(checked: date, expires: date, today: date) -> bool:
    """Whether a number should be checked again: six months after the last time, or when the file says so."""
    return model.months_since(checked, today) >= MONTHS or today > expires
