import pytest

from ent_module.web.headers import is_origin, policy
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


@pytest.mark.parametrize(
    "origin",
    [
        "https://a;script-src *",
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
