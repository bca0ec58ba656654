"""Fixtures for all tests: an application on either database, filled with the town."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ent_module.config import Settings
from ent_module.database import Base, make_database
from ent_module.extension import create_app
from ent_module.migrations.run import load_tables
from tests.support import town as towns
from tests.support.postgres import PostgresMissingError, cluster
from tests.support.town import Town

KEY = bytes(range(32))
SETTINGS = Settings(public_url="https://ent.example", check_uai=False)
BACKENDS = ("sqlite", "postgresql")


def make_schema(url: str) -> None:
    """Brings an empty database to the newest schema."""
    load_tables()
    database = make_database(url)
    Base.metadata.create_all(database.engine)
    database.engine.dispose()


def make_app(url: str, folder: Path, settings: Settings = SETTINGS) -> Flask:
    """An application on that database, with the tests' key."""
    key_file = folder / "master.key"
    if not key_file.exists():
        key_file.write_bytes(KEY)
    app = create_app(replace(settings, database_url=url, key_file=key_file, data_dir=folder))
    app.config["TESTING"] = True
    return app


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ent")


@pytest.fixture(scope="session")
def filled(work: Path) -> Callable[[str], tuple[str, Town]]:
    """For a backend: the template database, filled once with the town, and the town's people."""

    @cache
    def fill(backend: str) -> tuple[str, Town]:
        if backend == "sqlite":
            url = f"sqlite:///{work / 'template.sqlite'}"
            make_schema(url)
            town = _fill(url, work)
            return str(work / "template.sqlite"), town
        ours = f"town_{os.getpid()}"
        url = cluster().create_database(ours, cluster().template("schema", make_schema))
        return ours, _fill(url, work)

    return fill


def _fill(url: str, folder: Path) -> Town:
    app = make_app(url, folder)
    town = towns.build(app)
    town.house.database.engine.dispose()
    return town


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
def database_url(backend: str, filled: Callable[[str], tuple[str, Town]], tmp_path: Path) -> Iterator[str]:
    """The address of a fresh copy of the town's database."""
    template, _town = filled(backend)
    if backend == "sqlite":
        shutil.copyfile(template, tmp_path / "ent.sqlite")
        yield f"sqlite:///{tmp_path / 'ent.sqlite'}"
    else:
        name = f"t_{uuid4().hex[:16]}"
        yield cluster().create_database(name, template)
        cluster().drop_database(name)


@pytest.fixture
def app(database_url: str, work: Path) -> Iterator[Flask]:
    """The module on a fresh copy of the town's database."""
    made = make_app(database_url, work)
    yield made
    made.extensions["ent"].database.engine.dispose()


@pytest.fixture
def town(app: Flask, backend: str, filled: Callable[[str], tuple[str, Town]]) -> Town:
    """The people, on that application."""
    _template, made = filled(backend)
    return replace(made, app=app, house=app.extensions["ent"])


@pytest.fixture
def db(town: Town) -> Iterator[Session]:
    """A writing session; closed without committing unless the test commits."""
    with town.house.database.writing() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """A Thursday in school time, in the morning."""
    return datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
