"""Pages of the house itself: quick exit, language, health, and the pages that the footer leads to."""

from typing import Any

from flask import Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from ent_module.languages import LANGUAGES
from ent_module.web import lately, leaving, sessions
from ent_module.web.doors import follow
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.safe_paths import own_path
from ent_module.web.urls import web_session


def leave(db: Session, _person: Any, token: str = "") -> ResponseReturnValue:
    """Quick exit: ends our session and goes to a neutral page, without a referrer. Works by a plain link.

    Out of a portal's frame the browser brings no cookie: there the address says whose session ends (`web.leaving`).
    """
    session = web_session()
    if session is not None:
        session.end()
    if (digest := leaving.digest(house().keys, token)) is not None:
        sessions.delete_these(db, [digest])
    response = redirect(house().settings.exit_url, 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    if lately.cookie_name(house().settings) in request.cookies:
        lately.forget(response, house().settings)
    if session is None and sessions.cookie_name(house().settings) in request.cookies:
        # The page that takes the frame's place may have ended the session a moment before the frame's own request.
        sessions.take_cookie(response, house().settings)
    if house().settings.own_origin:
        # Never "cookies": a browser clears them on the whole domain, the portal's among them.
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def choose_language(_db: Session, _person: Any) -> ResponseReturnValue:
    """Keeps the language for this session and goes back to the page."""
    chosen = request.form.get("language", "")
    session = web_session()
    if chosen not in LANGUAGES or session is None:
        raise BadRequest
    session["language"] = chosen
    return redirect(own_path(request.form.get("back", ""), house().settings.home_path), 303)


def healthz(_db: Session, _person: Any) -> Response:
    """The process answers."""
    return jsonify(status="ok")


def readyz(_db: Session, _person: Any) -> ResponseReturnValue:
    """The process answers, its database too, and schema and key are those that it wants; else 503 and what is wrong."""
    if found := house().problems():
        return jsonify(status="not ready", problems=found), 503
    return jsonify(status="ready")


def accessibility(_db: Session, _person: Any) -> str:
    """The accessibility declaration, as far as this software can make it (RGAA 4.1.2)."""
    return render_template("ent/web/accessibility.html")


def legal(_db: Session, _person: Any) -> str:
    """Who publishes and hosts."""
    return render_template("ent/web/legal.html")


def personal_data(db: Session, person: Any) -> str:
    """What is kept, for how long, and one's rights."""
    return render_template("ent/web/personal_data.html", secret=_secret(db, person))


def site_map(db: Session, person: Any) -> str:
    """Every page that this person may open."""
    tiles = house().tiles(db, person) if person is not None else []
    return render_template("ent/web/site_map.html", tiles=tiles)


def using(db: Session, person: Any) -> str:
    """How this place works."""
    return render_template("ent/web/using.html", secret=_secret(db, person))


def _secret(db: Session, person: Any) -> str | None:
    """Where this person reads how answers are kept secret, where something of the kind is installed."""
    return follow(db, person)("survey:secret") if person is not None else None
