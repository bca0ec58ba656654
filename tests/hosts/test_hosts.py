"""The module in host applications: a pupil's path works in each, and the host's own pages stay the host's."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from tests.hosts import bare, furnished, guarded, speaking
from tests.hosts.bare import Install
from tests.hosts.conftest import In
from tests.hosts.pupil import ORIGIN, pupil, walk
from tests.lti.platform import Platform

HOSTS: dict[str, Callable[[Install, Path], Flask]] = {
    "bare": lambda install, _folder: bare.make(install),
    "own Babel before": lambda install, folder: speaking.make(install, folder, babel_first=True),
    "own Babel after": lambda install, folder: speaking.make(install, folder, babel_first=False),
    "own Babel without Jinja": lambda install, folder: speaking.make(
        install, folder, babel_first=True, with_jinja=False
    ),
    "own CSRFProtect before": lambda install, _folder: guarded.make(install, guard_first=True),
    "own CSRFProtect after": lambda install, _folder: guarded.make(install, guard_first=False),
    "own templates, errors and login": lambda install, _folder: furnished.make(install),
}


@pytest.mark.parametrize("name", HOSTS)
def test_a_pupils_path_works(name: str, inside: In, platform: Platform, tmp_path: Path) -> None:
    town = inside(lambda install: HOSTS[name](install, tmp_path / "words"))
    walk(town, pupil(town, town.app, platform))


@pytest.mark.parametrize("babel_first", [True, False])
@pytest.mark.parametrize("with_jinja", [True, False])
def test_the_hosts_language_stays_its_own(inside: In, tmp_path: Path, babel_first: bool, with_jinja: bool) -> None:
    make = partial(speaking.make, folder=tmp_path / "words", babel_first=babel_first, with_jinja=with_jinja)
    client = inside(make).app.test_client()
    for speak, said in (("", "Speisekarte de Asia/Tokyo"), ("?speak=pl", "Jadłospis pl Asia/Tokyo")):
        french = client.get(f"/ent/using{speak}", headers={"Accept-Language": "fr"}).text
        assert '<html lang="fr"' in french
        assert "Quitter vite" in french
        assert client.get(f"/{speak}", headers={"Accept-Language": "fr"}).text == said
        arabic = client.get(f"/ent/using{speak}", headers={"Accept-Language": "ar"}).text
        assert '<html lang="ar" dir="rtl"' in arabic
        assert "Quitter vite" not in arabic


@pytest.mark.parametrize("guard_first", [True, False])
def test_the_hosts_forms_stay_guarded_and_ours_by_our_rule(inside: In, guard_first: bool) -> None:
    town = inside(partial(guarded.make, guard_first=guard_first))
    client = town.app.test_client()
    assert client.post("/order", base_url=ORIGIN).status_code == 400
    token = client.get("/order", base_url=ORIGIN).text.partition('value="')[2].partition('"')[0]
    # Flask-WTF also wants a referrer, which our policy of referrers leaves to the host's pages.
    answer = client.post("/order", data={"csrf_token": token}, base_url=ORIGIN, headers={"Referer": f"{ORIGIN}/order"})
    assert (answer.status_code, answer.text) == (200, "ordered")
    ours = town.browser("lina")
    assert ours.post("/language", {"language": "en"}).status_code == 303
    refused = ours.post("/language", {"language": "en", "csrf_token": token})
    assert refused.status_code == 400
    assert "<html" in refused.text
    # control: the guard is not switched off by what came between
    assert client.post("/order", base_url=ORIGIN).status_code == 400


def test_under_the_prefix_we_answer_and_elsewhere_the_host(inside: In) -> None:
    town = inside(furnished.make)
    host = town.app.test_client()
    signed_in = {"base_url": ORIGIN, "data": {"user": "Ada"}}
    assert host.get("/", base_url=ORIGIN).headers["Location"] == "/login"
    host.post("/login", **signed_in)
    assert host.get("/", base_url=ORIGIN).text == "<h1>Ada</h1>"
    assert host.get("/nothing", base_url=ORIGIN).text == "host's error 404"
    for method, path in (
        ("GET", "/ent/nothing"),
        ("PUT", "/ent/nothing"),
        ("PUT", "/ent/using"),
        ("DELETE", "/ent/"),
        ("GET", "/ent/staff/nothing"),
        ("GET", "/ent/static/0/web/none.css"),
    ):
        answer = town.browser("lina").client.open(path, method=method, base_url=ORIGIN)
        assert answer.status_code == 404, (method, path)
        assert "Cette page n’existe pas" in answer.text


def test_our_headers_are_the_last_word_on_our_pages_and_only_there(inside: In) -> None:
    town = inside(furnished.make)
    ours = town.browser("lina").get("/").headers
    assert "default-src 'none'" in ours["Content-Security-Policy"]
    assert "X-Frame-Options" not in ours  # it would keep the portal from framing us
    assert ours["Cache-Control"] == "no-store"
    theirs = town.app.test_client().get("/login", base_url=ORIGIN).headers
    assert theirs["Content-Security-Policy"] == "default-src *"
    assert "Strict-Transport-Security" not in theirs


def test_the_two_sessions_do_not_meet(inside: In) -> None:
    town = inside(furnished.make)
    lina = town.browser("lina")
    lina.client.post("/login", base_url=ORIGIN, data={"user": "Ada"})
    assert lina.get("/leave").status_code == 303
    assert lina.get("/me").status_code == 401
    assert lina.client.get("/", base_url=ORIGIN).text == "<h1>Ada</h1>"
    assert lina.client.get_cookie(furnished.COOKIE, domain="ent.example") is not None


def test_too_long_a_form_is_refused_by_our_own_measure(inside: In) -> None:
    """In a host without a limit as in one whose limit is far too small for us."""
    for make in (bare.make, furnished.make):
        lina = inside(make).browser("lina")
        answer = lina.post("/write", {"message": "x" * 300_000})
        assert answer.status_code == 413
        assert "C’est trop long" in answer.text


def test_a_second_installation_in_one_application_is_refused(inside: In) -> None:
    def twice(install: Install) -> Flask:
        app = bare.make(install)
        with pytest.raises(RuntimeError, match="already"):
            install(app)
        return app

    assert inside(twice).browser().get("/").status_code == 200
