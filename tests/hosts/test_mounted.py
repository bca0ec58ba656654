"""Below a path, behind a proxy, and twice in one process: addresses come from the settings."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import text
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from ent_module import EntModule
from ent_module.config import Settings
from tests.conftest import make_schema
from tests.hosts import bare
from tests.hosts.conftest import In
from tests.hosts.pupil import ORIGIN, pupil, walk
from tests.lti.platform import Platform, query, with_query
from tests.support import town as towns

MOUNT = "/espace/college"


def test_below_a_path_a_pupils_path_works(inside: In, platform: Platform) -> None:
    town = inside(bare.make, public_url=f"{ORIGIN}{MOUNT}")
    walk(town, pupil(town, DispatcherMiddleware(_nothing, {MOUNT: town.app}), platform, f"{MOUNT}/ent"))


def test_behind_a_proxy_that_names_the_path_it_works_too(inside: In, platform: Platform) -> None:
    """As documented: the proxy sends the rest of the path and names what it took off."""
    town = inside(bare.make, public_url=f"{ORIGIN}{MOUNT}")
    fixed = ProxyFix(town.app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)

    def proxy(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"].removeprefix(MOUNT)
        passed = {"PATH_INFO": path, "HTTP_HOST": "10.0.0.7:8000", "wsgi.url_scheme": "http"}
        told = {
            "HTTP_X_FORWARDED_PREFIX": MOUNT,
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_HOST": "evil.test",
        }
        return fixed({**environ, **passed, **told}, start_response)

    walk(town, pupil(town, proxy, platform, f"{MOUNT}/ent"))


def test_the_cookie_is_for_the_path_that_browsers_see(inside: In, platform: Platform) -> None:
    town = inside(bare.make, public_url=f"{ORIGIN}{MOUNT}/")
    lina = pupil(town, DispatcherMiddleware(_nothing, {MOUNT: town.app}), platform, f"{MOUNT}/ent")
    lina.launch()
    assert f"; Path={MOUNT}/ent;" in lina.get("/leave").headers["Set-Cookie"]


@pytest.mark.parametrize("wanted", ["/ent/using", f"{MOUNT}/other", f"//evil.test{MOUNT}/ent/", f"{MOUNT}/ent/../x"])
def test_a_way_back_stays_below_the_path(inside: In, wanted: str) -> None:
    lina = inside(bare.make, public_url=f"{ORIGIN}{MOUNT}").browser("lina")
    lina.client.set_cookie("__Secure-ent", lina.session.cookie if lina.session else "", path="/ent")
    answer = lina.post("/language", {"language": "en", "back": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MOUNT}/ent/")


def test_no_address_is_built_from_the_host_header(inside: In, platform: Platform) -> None:
    town = inside(bare.make)
    lina = pupil(town, town.app, platform)
    evil = {"base_url": "http://evil.test", "headers": {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}}
    began = lina.client.get(with_query("/ent/lti/login", platform.login()), **evil)
    assert query(began.headers["Location"])["redirect_uri"] == f"{ORIGIN}/ent/lti/launch"
    for path in ("/ent/", "/ent/lti/config.json", "/ent/leave", "/ent/nothing", "/ent/using"):
        answer = lina.client.get(path, **evil)
        assert "evil" not in answer.text
        assert "evil" not in str(answer.headers)


def test_two_installations_in_one_process_do_not_meet(inside: In, settings: Settings, tmp_path: Path) -> None:
    """Two prefixes, two databases, two keys, two titles; one after the other, and at the same address."""
    one = inside(bare.make, url_prefix="/un", title="Premier")
    (tmp_path / "two.key").write_bytes(b"2" * 32)
    make_schema(f"sqlite:///{tmp_path / 'two.sqlite'}")
    second = replace(
        settings,
        url_prefix="/deux",
        title="Second",
        database_url=f"sqlite:///{tmp_path / 'two.sqlite'}",
        key_file=tmp_path / "two.key",
    )
    app = bare.make(partial(EntModule().init_app, settings=second))
    two = towns.build(app)
    served = Client(DispatcherMiddleware(app, {"/one": _nothing}))
    assert served.get("/deux/", base_url=ORIGIN).status_code == 200
    for town, title, elsewhere in ((one, "Premier", "/deux/"), (two, "Second", "/un/")):
        lina = town.browser("lina")
        assert f"<title>{title}</title>" in lina.get("/").text
        assert lina.client.get(elsewhere, base_url=ORIGIN).text.count(title) == 0
        with town.app.test_request_context():
            assert url_for("ent_home.home") == f"{town.house.settings.url_prefix}/"
    assert one.membership("lina").account_id != two.membership("lina").account_id
    # a session of the one opens nothing in the other
    cookie = one.browser("lina").session
    stranger = two.browser()
    assert cookie is not None
    stranger.client.set_cookie("__Secure-ent", cookie.cookie, path="/deux")
    assert stranger.get("/me").status_code == 401
    with two.house.database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM ent_session")).scalar() == 1
    two.house.database.engine.dispose()


def _nothing(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [])
    return [b"nobody"]
