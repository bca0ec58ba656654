"""The home page, and choosing the establishment that one works in."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from ent_module.helplines import service as helplines
from ent_module.helplines.model import Helpline
from ent_module.identity.model import Person, Profile, as_session_value
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.urls import web_session

_PAGES = {Profile.PUPIL: "pupil", Profile.PARENT: "parent", Profile.VISITOR: "visitor"}


def home(db: Session, person: Person | None) -> ResponseReturnValue:
    """The doors that this person may take, then the numbers."""
    if person is None:
        ways_in = house().ways_in(db)
        return render_template("ent/home/signed_out.html", ways_in=ways_in, numbers=_numbers(), now=datetime.now(UTC))
    tiles = house().tiles(db, person)
    page = "young" if person.is_young else _PAGES.get(person.profile, "staff")
    return render_template(f"ent/home/{page}.html", tiles=tiles, numbers=_numbers(), now=datetime.now(UTC))


def _numbers() -> list[Helpline]:
    return helplines.lines(helplines.FOR_PUPILS)


def me(_db: Session, person: Person) -> ResponseReturnValue:
    """One's own profile, roles and establishment, as JSON."""
    return jsonify(
        profile=person.profile.value,
        roles=sorted(role.value for role in person.here.roles),
        establishment={"uai": person.here.uai, "name": person.here.name, "kind": person.here.kind.value},
    )


def work_in(_db: Session, person: Person) -> ResponseReturnValue:
    """Changes the establishment that someone of several works in; then goes home, or `to` a page of this house."""
    wanted = person.in_establishment(request.form.get("uai", ""))
    session = web_session()
    if wanted is None or session is None:
        raise BadRequest
    session["person"] = as_session_value(replace(person, active=wanted.active))
    return redirect(url_for(_page(request.form.get("to", ""))), 303)


def _page(endpoint: str) -> str:
    """A page of this house that wants nothing in its address; home for anything else."""
    entry = house().declared.get(endpoint)
    return endpoint if entry is not None and "GET" in entry.methods and "<" not in entry.rule else "ent_home.home"
