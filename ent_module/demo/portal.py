"""A page that looks like a school portal's menu, with a small town behind it. For trying the module, never for use."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as WsgiResponse

from ent_module.demo.people import GROUPS, RESIDENTS, SCHOOLS, Resident
from ent_module.demo.platform import Platform, new_hint
from ent_module.languages import LANGUAGES


def make_portal(platform: Platform, login_url: str, secret_file: Path) -> Flask:
    """The portal's application. `login_url` is where the tool's launches begin."""
    app = Flask("ent_module.demo", static_url_path="/portal/static")
    if not secret_file.exists():
        secret_file.write_bytes(secrets.token_bytes(32))
        secret_file.chmod(0o600)
    app.secret_key = secret_file.read_bytes()
    app.config.update(SESSION_COOKIE_NAME="valbelle", SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True)
    app.extensions["platform"], app.extensions["login_url"] = platform, login_url
    for rule, view, methods in (
        ("/", town, ["GET"]),
        ("/portal/enter", enter, ["POST"]),
        ("/portal/menu", menu, ["GET"]),
        ("/portal/open", launch, ["GET"]),
        ("/portal/authorize", authorize, ["GET"]),
        ("/portal/jwks.json", jwks, ["GET"]),
    ):
        app.add_url_rule(rule, view_func=view, methods=methods)
    app.after_request(_headers)
    return app


def _headers(response: Response) -> Response:
    """Scripts and styles of its own only; the one form that leaves goes to the tool, on the same address."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _someone() -> Resident:
    found = RESIDENTS.get(session.get("person", ""))
    if found is None:
        abort(redirect(url_for("town")))
    return found


def town() -> str:
    """Everyone who can sign in at the portal."""
    return render_template("demo/town.html", groups=GROUPS, languages=LANGUAGES)


def enter() -> WsgiResponse:
    """Signs a person in at the portal, where the choice stands for name and password."""
    person = RESIDENTS.get(request.form.get("person", ""))
    language = request.form.get("language", "fr")
    if person is None or language not in LANGUAGES:
        abort(400)
    session.clear()
    session["person"], session["language"] = person.id, language
    return redirect(url_for("menu"), 303)


def menu() -> str:
    """The menu of the person who is signed in; our module is one of its tiles."""
    names = {school.uai: school.name for school in SCHOOLS}
    person = _someone()
    return render_template("demo/menu.html", person=person, schools=[names[uai] for uai in person.schools])


def launch() -> WsgiResponse:
    """Begins a launch at the tool (LTI 1.3, third-party initiated login)."""
    platform: Platform = current_app.extensions["platform"]
    person = _someone()
    query = {
        "iss": platform.issuer,
        "login_hint": person.id,
        "target_link_uri": platform.target,
        "lti_message_hint": new_hint(),
        "client_id": platform.client_id,
        "lti_deployment_id": platform.deployment,
    }
    return redirect(f"{current_app.extensions['login_url']}?{urlencode(query)}")


def authorize() -> str:
    """Answers the tool's authentication request with a form that carries the signed message."""
    platform: Platform = current_app.extensions["platform"]
    person = _someone()
    query: dict[str, Any] = request.args.to_dict()
    if not platform.accepts(query, person):
        abort(400)
    token = platform.message(person, query["nonce"], session.get("language", "fr"))
    return render_template("demo/launch.html", action=platform.redirect_uri, token=token, state=query["state"])


def jwks() -> Response:
    """The portal's public key."""
    platform: Platform = current_app.extensions["platform"]
    return jsonify(platform.jwks())
