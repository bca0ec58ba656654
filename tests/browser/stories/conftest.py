"""The demo portal as each story finds it: settled once for each worker, and a fresh copy for each story."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from ent_module.demo.server import Demo, make_demo
from ent_module.web.house import House
from tests.browser.stories.portal import Portal
from tests.support import server


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[socket.socket, Path]]:
    """A port that stays ours, and the data of a town that knows itself at that address."""
    port, _address = server.open_port()
    folder = tmp_path_factory.mktemp("demo") / "data"
    with port:
        _stop(make_demo(folder, port.getsockname()[1]))
        yield port, folder


@pytest.fixture
def portal(
    settled: tuple[socket.socket, Path],
    tmp_path: Path,
    serve: Callable[..., str],
    new_context: Callable[..., BrowserContext],
) -> Iterator[Portal]:
    """The portal of Valbelle, where nothing has happened yet."""
    port, folder = settled
    shutil.copytree(folder, tmp_path / "demo")
    demo = make_demo(tmp_path / "demo", port.getsockname()[1])
    house: House = demo.module.extensions["ent"]
    # The server closes the socket that it is given; ours goes on listening for the next story.
    yield Portal(serve(demo.wsgi, port.dup()), house, new_context)
    _stop(demo)


def _stop(demo: Demo) -> None:
    demo.module.extensions["ent"].database.engine.dispose()
