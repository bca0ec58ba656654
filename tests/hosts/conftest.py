"""Hosts on a copy of the town's database, with the module put into them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from ent_module import EntModule
from ent_module.config import Settings
from tests.conftest import KEY, SETTINGS
from tests.hosts.bare import Install
from tests.lti.platform import Platform, running
from tests.support.town import Town

Make = Callable[[Install], Flask]
In = Callable[..., Town]


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as made:
        yield made


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """What an operator decides; the same in every host."""
    (tmp_path / "master.key").write_bytes(KEY)
    return replace(SETTINGS, database_url=database_url, key_file=tmp_path / "master.key", data_dir=tmp_path)


@pytest.fixture
def inside(town: Town, settings: Settings) -> Iterator[In]:
    """`inside(make)` is the town in the host that `make` makes; `more` are settings."""
    made: list[Town] = []

    def put(make: Make, **more: str) -> Town:
        app = make(partial(EntModule().init_app, settings=replace(settings, **more)))  # type: ignore[arg-type]  # settings by their names
        made.append(replace(town, app=app, house=app.extensions["ent"]))
        return made[-1]

    yield put
    for one in made:
        one.house.database.engine.dispose()
