import pytest

from ent_module.web.safe_paths import own_path


@pytest.mark.parametrize("path", ["/ent/", "/ent/read", "/ent/read?x=1", "/ent/staff/desk#top"])
def test_our_own_paths_pass(path: str) -> None:
    assert own_path(path, "/ent") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/ent/\\evil",
        "https://evil.example/ent/",
        "javascript:alert(1)",
        "/ent/\n//evil",
        "/ent/\t",
        " /ent/",
        "/ent/../admin",
        "/ent/%2e%2E/admin",
        "/entity",
        "/other/",
        "/ent/\x7f",
        "//[",
        "//exa\u2100mple/",
        "https://[/ent/",
    ],
)
def test_anything_else_falls_back_to_home(path: str) -> None:
    assert own_path(path, "/ent") == "/ent/"
