"""A host whose forms are guarded by Flask-WTF's CSRFProtect."""

from flask import Flask, render_template
from flask_wtf.csrf import CSRFProtect
from jinja2 import DictLoader

from tests.hosts.bare import Install

FORM = '<form method="post" action="/order"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>'


def make(install: Install, *, guard_first: bool) -> Flask:
    """The host; its guard comes before or after the module."""
    app = Flask("guarded_host")
    app.secret_key = "a secret of the host"
    app.jinja_loader = DictLoader({"form.html": FORM})
    guard = CSRFProtect()

    @app.get("/order")
    def form() -> str:
        return render_template("form.html")

    @app.post("/order")
    def order() -> str:
        return "ordered"

    if not guard_first:
        install(app)
    guard.init_app(app)
    if guard_first:
        install(app)
    return app
