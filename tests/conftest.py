"""Fixtures for all tests: an application on either database, filled with the town."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.database import make_database
from ent_module.extension import create_app
from ent_module.identity.model import Arrival
from ent_module.migrations.run import upgrade_to_head
from ent_module.privacy import blind, custody
from ent_module.sign_in import asking, fetching
from ent_module.web import sessions
from tests.support import town as towns
from tests.support.life import Life, live
from tests.support.postgres import PostgresMissingError, cluster
from tests.support.server import open_port
from tests.support.town import Town

KEY = bytes(range(32))
SETTINGS = Settings(public_url="https://ent.example", check_uai=False, desk_second_factor=False)
BACKENDS = ("sqlite", "postgresql")
Templates = Callable[[str, str], tuple[str, Town, Life | None]]


def make_schema(url: str) -> None:
    """Brings an empty database to the newest schema."""
    database = make_database(url)
    upgrade_to_head(database.engine)
    database.engine.dispose()


def make_app(url: str, folder: Path, settings: Settings = SETTINGS) -> Flask:
    """An application on that database, with the tests' key."""
    key_file = folder / "master.key"
    if not key_file.exists():
        key_file.write_bytes(KEY)
    store = settings.key_store or folder / "survey-keys"
    app = create_app(replace(settings, database_url=url, key_file=key_file, data_dir=folder, key_store=store))
    app.config["TESTING"] = True
    # Each test has an application of its own; compiling its templates anew took most of the tests' time.
    for spoken, made in app.extensions["ent"].templates.items():
        made.bytecode_cache = FileSystemBytecodeCache(str(folder), f"{spoken}-%s.cache")
    return app


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ent")


@pytest.fixture(scope="session")
def templates(work: Path) -> Templates:
    """For a backend, a database to copy: filled once with the town (`town`), or with a town lived in (`life`)."""

    @cache
    def fill(backend: str, what: str) -> tuple[str, Town, Life | None]:
        name = f"{what}_{os.getpid()}"
        if what == "life":
            name, url = _copy(backend, fill(backend, "town")[0], work / f"{name}.sqlite", name)
        elif backend == "sqlite":
            name, url = str(work / f"{name}.sqlite"), f"sqlite:///{work / f'{name}.sqlite'}"
            make_schema(url)
        else:
            url = cluster().create_database(name, cluster().template("schema", make_schema))
        app = make_app(url, work)
        town = towns.build(app)
        life = live(town) if what == "life" else None
        town.house.database.engine.dispose()
        return name, town, life

    return fill


def _copy(backend: str, template: str, path: Path, name: str) -> tuple[str, str]:
    """A copy of a database: what it is called, and its address."""
    if backend == "sqlite":
        shutil.copyfile(template, path)
        return str(path), f"sqlite:///{path}"
    return name, cluster().create_database(name, template)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that touches the database runs on both."""
    if request.param == "postgresql":
        try:
            cluster()
        except PostgresMissingError as missing:
            pytest.skip(str(missing))
    return str(request.param)


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Which town a test wants: one lived in where it asks for `life`."""
    return "life" if "life" in request.fixturenames else "town"


@pytest.fixture
def database_url(backend: str, kind: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh copy of the town's database."""
    name = f"t_{uuid4().hex[:16]}"
    _name, url = _copy(backend, templates(backend, kind)[0], tmp_path / "ent.sqlite", name)
    yield url
    if backend == "postgresql":
        cluster().drop_database(name)


@pytest.fixture(autouse=True, scope="session")
def few_keys() -> Iterator[None]:
    """A key to sign tokens takes up to a second to make; the campaigns of one run share three of them."""
    made = cycle([blind.generate() for _key in range(3)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blind, "generate", lambda: next(made))
        yield


@pytest.fixture(autouse=True, scope="session")
def cheap_shares() -> Iterator[None]:
    """Trying the shares of a key takes a quarter of a gibibyte and half a second: no setting lowers it, so tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custody, "COST", custody.Cost(64, 1))
        yield


@pytest.fixture(autouse=True, scope="session")
def patient_portals() -> Iterator[None]:
    """The portals of the tests are on this machine: one that does not answer for seconds is busy, not away."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONNECT_SECONDS", "READ_SECONDS", "TOTAL_SECONDS"):
            patch.setattr(fetching, name, 60)
        patch.setattr(asking, "TOTAL_SECONDS", 60)
        yield


@pytest.fixture
def app(database_url: str, kind: str, work: Path, tmp_path: Path) -> Iterator[Flask]:
    """The module on a fresh copy of the town's database, with survey keys of its own."""
    store = tmp_path / "survey-keys"
    if kind == "life":
        shutil.copytree(work / "survey-keys", store)
    made = make_app(database_url, work, replace(SETTINGS, key_store=store))
    yield made
    made.extensions["ent"].database.engine.dispose()


@pytest.fixture
def town(app: Flask, backend: str, kind: str, templates: Templates) -> Town:
    """The people, on that application."""
    return replace(templates(backend, kind)[1], app=app, house=app.extensions["ent"])


@pytest.fixture
def serve_town(town: Town, database_url: str, work: Path, serve: Callable[..., str]) -> Iterator[Callable[..., Town]]:
    """`serve_town()` is the town at `settings.public_url` on this machine, where a real browser keeps our cookie.

    It may be told another name of this machine, and more settings.
    """
    made: list[Town] = []

    def make(host: str = "127.0.0.1", **more: Any) -> Town:
        port, address = open_port()
        settings = replace(town.house.settings, public_url=address.replace("127.0.0.1", host), **more)
        app = make_app(database_url, work, settings)
        serve(app, port)
        made.append(replace(town, app=app, house=app.extensions["ent"]))
        return made[-1]

    yield make
    for one in made:
        one.house.database.engine.dispose()


@pytest.fixture
def served(serve_town: Callable[..., Town]) -> Town:
    """The town on this machine."""
    return serve_town()


@pytest.fixture
def open_for(served: Town, new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """`open_for(arrival)` is a real browser, at the served town, of whoever arrives so; options are Playwright's."""

    def make(arrival: Arrival, language: str = "fr", **options: Any) -> BrowserContext:
        settings, arrived = served.house.settings, served.browser()
        arrived.arrive(arrival, language)
        assert arrived.session is not None
        context = new_context(base_url=settings.public_url, **options)
        place = f"{settings.public_url}{settings.url_prefix}"
        context.add_cookies([{"name": sessions.cookie_name(settings), "value": arrived.session.cookie, "url": place}])
        return context

    return make


@pytest.fixture
def open_as(served: Town, open_for: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """`open_as("lina")` is a real browser, at the served town, in which she is signed in; options are Playwright's."""
    return lambda name, language="fr", **options: open_for(served.arrival(name), language, **options)


@pytest.fixture
def life(backend: str, templates: Templates) -> Life:
    """What the people of the town have done (`tests/support/life.py`); use it beside `town`."""
    found = templates(backend, "life")[2]
    assert found
    return found


@pytest.fixture
def db(town: Town) -> Iterator[Session]:
    """A writing session; closed without committing unless the test commits."""
    with town.house.database.writing() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """A Thursday in school time, in the morning."""
    return datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
