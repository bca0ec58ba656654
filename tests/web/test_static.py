import re

from tests.support.town import Town


def _stylesheet(town: Town) -> str:
    found = re.search(r'href="/ent(/static/[^"]+ent\.css)"', town.browser().get("/").text)
    assert found
    return found[1]


def test_files_are_kept_for_ever_under_their_own_revision_only(town: Town) -> None:
    path = _stylesheet(town)
    browser = town.browser()
    assert "immutable" in browser.get(path).headers["Cache-Control"]
    older = re.sub(r"/static/[0-9a-f]{12}/", "/static/000000000000/", path)
    assert browser.get(older).headers["Cache-Control"] == "no-cache"


def test_the_font_comes_from_the_package(town: Town) -> None:
    path = _stylesheet(town).replace("web/ent.css", "fonts/AtkinsonHyperlegible-Bold.ttf")
    assert len(town.browser().get(path).data) > 10_000


def test_nothing_but_static_files_is_served(town: Town) -> None:
    base = _stylesheet(town).removesuffix("web/ent.css")
    browser = town.browser()
    for path in (
        "web/../tables.py",
        "../config.py",
        "web/tables.py",
        "fonts/LICENSE",
        "fonts/../metadata.json",
        "identity/tables.py",
        "web/%2e%2e/tables.py",
        "",
        "web",
    ):
        assert browser.get(base + path).status_code == 404, path


def test_pages_name_no_outside_host_and_no_inline_code(town: Town) -> None:
    for name in ("lina", "noe", "karim", "alba", "ines", None):
        page = town.browser(name).get("/").text
        assert not re.search(r'(?:src|action)="(?:https?:)?//', page)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)
