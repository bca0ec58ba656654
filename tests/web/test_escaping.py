"""Whatever somebody else has typed is text on our pages: what a portal says of people, too."""

import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

import ent_module
from ent_module.identity.model import Arrival
from tests.support.crawl import crawl
from tests.support.town import Town

PROGRAM = Path(ent_module.__file__).parent
UNESCAPED = re.compile(
    r"\|\s*safe\b|\bautoescape\s*(?:=\s*)?(?:false|False)|\bMarkup\(|render_template_string|\|\s*tojson"
)
AUDITED = {"web/markdown.py"}
"""The one place that makes HTML of a text, after cleaning it."""
MARKUP = '"><script src=x></script><img src=x onerror=alert(1)>{{7*7}}'


def marks(text: str) -> list[str]:
    return UNESCAPED.findall(text)


def test_only_one_place_makes_html_of_text() -> None:
    files = [path for path in PROGRAM.rglob("*") if path.suffix in {".html", ".py"} and "demo" not in path.parts]
    assert len(files) > 100
    assert {path.relative_to(PROGRAM).as_posix() for path in files if marks(path.read_text("utf-8"))} == AUDITED


@pytest.mark.parametrize("line", ["{{ x|safe }}", "{{ x | safe }}", "{% autoescape false %}", "return Markup(x)"])
def test_such_a_place_would_be_found(line: str) -> None:
    assert marks(line)


@pytest.mark.parametrize("who", ["lina", "noe", "karim", "alba", "petit", "head", "admin"])
def test_what_a_portal_says_of_people_is_text(town: Town, who: str) -> None:
    real = town.arrival

    def marked(name: str) -> Arrival:
        return replace(real(name), name=f"Zo{MARKUP}", classes=(f"6e{MARKUP}",))

    object.__setattr__(town, "arrival", marked)
    for other in ("petit", "alba"):  # whose names others see
        town.browser(other)
    pages = crawl(town.browser(who))
    assert any(escape(f"Zo{MARKUP}") in page or "Zo&#34;" in page for page in pages.values())  # control: it is shown
    for address, page in pages.items():
        assert "<script src=x" not in page, address
        assert "<img src=x" not in page, address
        assert "}49" not in page, address
