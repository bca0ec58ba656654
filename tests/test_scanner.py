"""A scanner of web applications finds nothing in the demo as whoever it signs in, and finds planted holes.

`make scan` looks with all its modules as everyone; the suite looks quickly as three.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, request

from ent_module.demo.people import RESIDENTS
from ent_module.demo.server import make_demo
from tests.support import wapiti
from tests.support.server import open_port

NOT_HOLES = (
    "Clickjacking Protection",  # wants X-Frame-Options; portals frame us, and frame-ancestors says which
    "Secure Flag cookie",  # the demo speaks http; tests/web shows the flag over https
)
NOBODY = ""
EVERYONE = {"nobody": NOBODY, **{one.what: one.id for one in RESIDENTS.values()}}
QUICKLY = (NOBODY, "leo", "psy")
LEAST_PAGES = 5


@pytest.fixture
def address(tmp_path: Path, serve: Callable[..., str]) -> Iterator[str]:
    """The demo, with its past."""
    socket, address = open_port()
    made = make_demo(tmp_path / "demo", int(address.rpartition(":")[2]), with_past=True)
    _plant(made.module)
    serve(made.wsgi, socket)
    yield address
    made.module.extensions["ent"].database.engine.dispose()


def _plant(app: Flask) -> None:
    """Two holes at an address that no page of ours links to."""

    @app.get("/ent-planted/search")
    def search() -> str:
        asked: Any = request.args.get("name", "")
        try:
            with sqlite3.connect(":memory:") as db:
                db.execute("CREATE TABLE people (name TEXT)")
                found: Any = db.execute(f"SELECT name FROM people WHERE name = '{asked}'").fetchall()  # noqa: S608  # the hole
        except sqlite3.Error as error:
            found = f"SQLite3::SQLException: {error}"
        return f"<!doctype html><title>Search</title><p>Nothing for {asked}: {found}</p>"


def cookie_of(address: str, person: str) -> str:
    """The cookie of someone who came through the portal, as a browser would."""
    with requests.Session() as browser:
        browser.post(f"{address}/portal/enter", data={"person": person, "language": "fr"}, timeout=60)
        form = browser.get(f"{address}/portal/open", timeout=60).text
        fields = dict(re.findall(r'name="(id_token|state)" value="([^"]+)"', form))
        action = re.search(r'action="([^"]+/lti/launch)"', form)
        assert action
        assert browser.post(action[1], data=fields, timeout=60).url == f"{address}/ent/"
        return f"ent={browser.cookies['ent']}"


def look(address: str, folder: Path, person: str, modules: str, seconds: int) -> wapiti.Report:
    """A scan of the module; it stays away from what would end its session."""
    cookie = cookie_of(address, person) if person else ""
    try:
        return wapiti.scan(
            f"{address}/ent/",
            folder,
            cookie=cookie,
            modules=modules,
            seconds=seconds,
            leave=(f"{address}/ent/leave", f"{address}/ent/leave/*"),
        )
    except wapiti.WapitiMissingError as missing:
        pytest.skip(str(missing))


def clean(report: wapiti.Report) -> None:
    assert report.pages >= LEAST_PAGES, "it has seen next to nothing"
    assert report.without(*NOT_HOLES) == []
    assert report.crashes == []


@pytest.mark.parametrize("person", QUICKLY)
def test_a_quick_look_finds_nothing(address: str, tmp_path: Path, person: str) -> None:
    clean(look(address, tmp_path, person, wapiti.QUICK, 15))


@pytest.mark.scan
@pytest.mark.parametrize("person", EVERYONE.values(), ids=EVERYONE)
def test_a_long_look_finds_nothing(address: str, tmp_path: Path, person: str) -> None:
    clean(look(address, tmp_path, person, wapiti.MODULES, 180))


def test_the_scanner_finds_what_is_planted(address: str, tmp_path: Path) -> None:
    start = f"{address}/ent-planted/search?name=a"
    try:
        report = wapiti.scan(f"{address}/ent-planted/", tmp_path, modules=wapiti.QUICK, start=start)
    except wapiti.WapitiMissingError as missing:
        pytest.skip(str(missing))
    found = {one.split(":")[0] for one in report.findings}
    assert {"Reflected Cross Site Scripting", "SQL Injection", "Content Security Policy Configuration"} <= found
