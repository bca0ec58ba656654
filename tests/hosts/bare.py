"""A host without anything of its own: one page, and the module."""

from collections.abc import Callable

from flask import Flask

Install = Callable[[Flask], object]


def make(install: Install) -> Flask:
    """The host, with the module put into it."""
    app = Flask("bare_host")

    @app.get("/")
    def front() -> str:
        return "front page"

    install(app)
    return app
