import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.extension import add_table
from ent_module.identity.model import ANYONE
from ent_module.identity.origins import PortalOrigins
from ent_module.web.headers import is_origin, policy
from ent_module.web.urls import Url
from tests.support.town import PORTAL_ORIGIN, Town


def test_every_answer_has_the_headers(town: Town) -> None:
    browser = town.browser("lina")
    for path in ("/", "/nothing-here", "/me", "/leave", "/healthz", "/staff/nothing"):
        headers = browser.get(path).headers
        content = headers["Content-Security-Policy"]
        assert "default-src 'none'" in content
        assert "unsafe" not in content
        assert "data:" not in content
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert headers["Strict-Transport-Security"]
        assert "no-store" in headers["Cache-Control"]


def test_only_registered_portals_may_frame_us(town: Town) -> None:
    content = town.browser().get("/").headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {PORTAL_ORIGIN}" in content
    hosts = [word for word in content.replace(";", " ").split() if "." in word]
    assert hosts == [PORTAL_ORIGIN]


@pytest.mark.parametrize("status", [200, 404])
def test_a_database_that_fails_after_the_view_spoils_neither_the_answer_nor_its_headers(
    town: Town, status: int
) -> None:
    """What was committed must not be answered by « something went wrong »: its writer would send it again."""
    engine = town.house.database.engine
    broken: list[bool] = []

    def fail(*_arguments: object) -> None:
        if broken:
            raise OperationalError("BEGIN", {}, Exception("gone"))

    def view(_db: Session, _person: object) -> str:
        broken.append(True)
        if status == 404:
            raise NotFound
        return "done"

    event.listen(engine, "begin", fail)
    add_table(town.app, town.house, "ent_broken", "web", (Url("/then-broken", "now", view, ANYONE),))
    answer = town.browser().get("/then-broken")
    assert answer.status_code == status
    assert f"frame-ancestors 'self' {PORTAL_ORIGIN}" in answer.headers["Content-Security-Policy"]


def test_a_database_that_does_not_answer_leaves_the_origins_that_were_known(town: Town) -> None:
    now = [0.0]
    origins = PortalOrigins(town.house.database, lambda: now[0])
    assert origins() == (PORTAL_ORIGIN,)
    now[0] = 61
    with town.house.database.engine.connect() as connection:
        event.listen(town.house.database.engine, "begin", _gone)
        assert origins() == (PORTAL_ORIGIN,)
        event.remove(town.house.database.engine, "begin", _gone)
        connection.rollback()
    assert origins() == (PORTAL_ORIGIN,)


def _gone(*_arguments: object) -> None:
    raise OperationalError("BEGIN", {}, Exception("gone"))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/ent", "/ent/", "/ent//me", "//ent/me", "/ent/me/", "/ent//", "/ent/staff//settings"]
)
def test_no_redirect_follows_the_host_header(town: Town, path: str, method: str) -> None:
    answer = town.app.test_client().open(path, method=method, headers={"Host": "evil.example"})
    assert answer.status_code in {200, 400, 401, 404, 405}
    assert "Location" not in answer.headers
    assert "evil" not in answer.text


def test_home_needs_no_slash(town: Town) -> None:
    answer = town.browser("lina").client.get("/ent")
    assert answer.status_code == 200
    assert "Bonjour" in answer.text


@pytest.mark.parametrize(
    "origin",
    [
        "https://a;script-src *",
        "http://evillocalhost",
        "http://localhost.evil.example",
        "https://a b",
        "https://a/path",
        "https://a'",
        "http://portal.example",
        "*",
        "https://*",
        "https://a\n",
        "data:",
        "",
    ],
)
def test_an_origin_with_delimiters_is_refused(origin: str) -> None:
    assert not is_origin(origin)
    with pytest.raises(ValueError, match="not an origin"):
        policy((origin,))


def test_plain_origins_pass() -> None:
    assert is_origin("https://ent.example")
    assert is_origin("https://ent.example:8443")
    assert is_origin("http://127.0.0.1:8000")
    assert is_origin("http://keycloak.localhost:8081")
