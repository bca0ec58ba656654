"""A host with templates, error pages and a login of its own, each of which could get in the module's way.

Its templates bear names of ours, its Jinja is set otherwise than ours and escapes nothing, its context processor fails
for whoever has not signed in, it sends everybody to its login but for the pages that it lets through, and it puts
headers on every answer.
"""

from flask import Flask, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader, StrictUndefined

from ent_module import is_ours
from tests.hosts.bare import Install

COOKIE = "portal_session"
TEMPLATES = {
    "page.html": "<h1>{{ user }}</h1>",
    "error.html": "host's error {{ code }}",
    "ent/web/page.html": "HOST {% block main %}{% endblock %}",
    "ent/web/error.html": "HOST",
    "ent/web/parts.html": "HOST",
    "ent/home/pupil.html": "HOST",
}


def make(install: Install) -> Flask:
    """The host, with the module put into it in the middle of its own set-up."""
    app = Flask("furnished_host")
    app.secret_key = "a secret of the host"
    app.config.update(SESSION_COOKIE_NAME=COOKIE, MAX_CONTENT_LENGTH=64, SESSION_REFRESH_EACH_REQUEST=True)
    app.jinja_options = {"trim_blocks": True, "undefined": StrictUndefined, "autoescape": False}
    app.jinja_loader = DictLoader(TEMPLATES)
    app.before_request(_only_who_is_known)
    app.after_request(_headers)
    install(app)
    app.context_processor(lambda: {"user": session["user"], "title": "HOST", "person": "HOST"})
    app.register_error_handler(404, lambda _error: (render_template("error.html", code=404), 404))
    app.register_error_handler(405, lambda _error: ("host's error 405", 405))
    app.register_error_handler(Exception, lambda _error: ("host's error", 500))
    app.add_url_rule("/login", "login", _login, methods=["GET", "POST"])
    app.add_url_rule("/", "front", lambda: render_template("page.html"))
    return app


def _only_who_is_known() -> ResponseReturnValue | None:
    if is_ours() or request.endpoint == "login" or "user" in session:
        return None
    return redirect(url_for("login"))


def _login() -> ResponseReturnValue:
    if request.method == "POST":
        session["user"] = request.form["user"]
        return redirect(url_for("front"))
    return "who are you?"


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src *"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "public, max-age=600"
    return response
