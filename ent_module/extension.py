"""Puts the module into a Flask application, in one visible order."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, g, request, request_finished
from flask_babel import Babel
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ent_module.config import ConfigurationError, Settings, checked, settings_from
from ent_module.database import make_database, shared
from ent_module.identity.model import Person
from ent_module.identity.origins import PortalOrigins
from ent_module.identity.service import person_of
from ent_module.migrations.run import is_at_head
from ent_module.privacy.installation import InstallationKeys, open_keys
from ent_module.privacy.key_store import KeyStore
from ent_module.rooms import installed_rooms
from ent_module.web import errors, headers, logs, pages, parts
from ent_module.web.headers import is_ours
from ent_module.web.house import House
from ent_module.web.language import chosen_language
from ent_module.web.sessions import WebSession
from ent_module.web.urls import Url, blueprint

LARGEST_FORM = 256 * 1024
"""Bytes of a form of ours, whatever the host takes."""


class EntModule:
    """The extension. It keeps nothing itself: what an installation holds is `app.extensions["ent"]`."""

    def init_app(
        self,
        app: Flask,
        url_prefix: str | None = None,
        engine: Engine | None = None,
        settings: Settings | None = None,
    ) -> House:
        """Installs the module once into an application. Raises RuntimeError at a second time.

        `engine` is the host's own; without it one is made from the settings, which default to the environment.
        """
        if "ent" in app.extensions:
            raise RuntimeError("the module is already installed in this application")
        ours = _house(settings or settings_from(), url_prefix, engine)
        app.extensions["ent"] = ours
        for made in ours.templates.values():
            made.auto_reload = app.debug
        _init_language(app)
        _init_rooms(app, ours)
        app.url_value_preprocessor(_begin)
        request_finished.connect(_finish, app)
        return ours


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """An application that is nothing but the module."""
    app = Flask("ent_module", static_folder=None)
    logs.configure_logs()
    EntModule().init_app(app, settings=settings, engine=engine)
    return app


def _house(settings: Settings, url_prefix: str | None, engine: Engine | None) -> House:
    if url_prefix is not None:
        settings = replace(settings, url_prefix=url_prefix)
    settings = checked(settings)
    embedded = engine is None and not settings.database_url
    if embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = shared(engine) if engine is not None else make_database(settings.resolved_database_url)
    keys = open_keys(settings.resolved_key_file, database.engine, embedded=embedded)
    keys.contents = KeyStore(settings.resolved_content_store, keys)
    return House(
        settings=settings,
        database=database,
        keys=keys,
        store=KeyStore(settings.resolved_key_store, keys),
        problems=partial(problems, database.engine, keys),
        rooms=tuple(installed_rooms()),
        identify=identify,
        templates=pages.environments(),
        frame_ancestors=PortalOrigins(database),
    )


def problems(engine: Engine, keys: InstallationKeys) -> tuple[str, ...]:
    """What keeps an installation from working, in words for whoever runs it; nothing that anybody else may not know."""
    try:
        keys.check()
        return () if is_at_head(engine) else ("the database is not at the newest revision: ent-module upgrade",)
    except ConfigurationError as error:
        return (str(error),)
    except OperationalError:
        return ("the database does not answer",)


def identify(db: Session, session: WebSession | None) -> Person | None:
    """The person of a session, with the roles that count now; None where there is none."""
    value: dict[str, Any] | None = session.get("person") if session is not None else None
    if value is None:
        return None
    person = person_of(db, value)
    return person if person.memberships else None


def _init_language(app: Flask) -> None:
    if "babel" not in app.extensions:
        Babel(app, default_locale="fr", locale_selector=chosen_language, configure_jinja=False)


def _init_rooms(app: Flask, ours: House) -> None:
    for room in ours.rooms:
        sides = (
            ("", room.public, room.public_on),
            ("_ballots", room.ballots, ("public",)),
            ("_staff", room.staff, ("staff",)),
        )
        for name, table, surfaces in sides:
            if table and ours.settings.surface in {*surfaces, "all"}:
                add_table(app, ours, f"ent_{room.name}{name}", room.name, table)
    # Under the prefix, an address that nobody has is answered by us, not by the host.
    rest, no_proof = ("POST", "PUT", "DELETE", "PATCH"), "nothing is there"
    nothing = (
        Url("/", "home", errors.not_found, parts.EVERYBODY, rest, proof=no_proof),
        Url("/<path:anything>", "here", errors.not_found, parts.EVERYBODY, ("GET", *rest), proof=no_proof),
    )
    add_table(app, ours, "ent_nothing", "web", nothing)


_SIDES = {"_staff": "/staff", "_ballots": "-ballots"}


def add_table(app: Flask, ours: House, name: str, room: str, table: tuple[Url, ...]) -> None:
    """Serves a URL table under our prefix, with `/staff` for the staff's side and `-ballots` beside it for ballots."""
    made = blueprint(name, table, room, ours.declared)
    side = next((end for mark, end in _SIDES.items() if name.endswith(mark)), "")
    app.register_blueprint(made, url_prefix=ours.settings.url_prefix + side)


def _begin(_endpoint: str | None, _values: Any) -> None:
    """The start of a request of ours, before anything that the host does with every request."""
    if not is_ours():
        return
    logs.begin()
    g.ent_session = g.ent_person = None
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    # A host's CSRFProtect, be it set up before us or after: our forms have tokens of our own session.
    guard: Any = current_app.extensions.get("csrf")
    if hasattr(guard, "exempt"):
        guard.exempt(current_app.blueprints[request.blueprint or ""])


def _finish(app: Flask, response: Response, **_more: Any) -> None:
    """The end of a request of ours, after whatever the host put on the answer."""
    if is_ours():
        headers.add_headers(app.extensions["ent"], response)
        logs.end(response)
