"""The one place where HTML is made: nothing that an author or an attacker writes becomes a tag of its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.web.markdown import render


def to_a_page(target: str) -> str:
    return f"/ent/read/{target.partition(':')[2]}"


def test_the_subset() -> None:
    html = render("## Titre\n\nUn **mot** fort.\n\n- un\n- deux\n\n1. trois\n\n> écran\n\n### Bas\n")
    for part in (
        "<h2>Titre</h2>",
        "<p>Un <strong>mot</strong> fort.</p>",
        "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>",
        "<ol>\n<li>trois</li>\n</ol>",
        "<blockquote>\n<p>écran</p>\n</blockquote>",
        "<h3>Bas</h3>",
    ):
        assert part in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<!-- > --><script>",
        "a <b>bold</b> & <i>more</i>",
        "## <script>x</script>",
        "- <iframe src=//evil>",
        "[a](<javascript:alert(1)>)",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](//evil.example)",
        "[a](https://evil.example)",
        "[a](/ent/leave)",
        "![a](sheet:x)",
        "<https://evil.example>",
        "[a]: javascript:alert(1)\n\n[a]",
        '[a](sheet:x "title" onclick="alert(1)")',
        "`<script>`",
        "    <script>",
        "```\n<script>\n```",
        "&lt;script&gt;",
        "&#60;script&#62;",
    ],
)
def test_markup_stays_text(hostile: str) -> None:
    html = render(hostile, to_a_page)
    assert set(re.findall(r"<\s*([^\s/>]+)", html)) <= {"p", "h2", "ul", "li", "a"}
    assert all(href.startswith("/ent/read/") for href in re.findall(r'href="([^"]*)"', html))
    assert re.search(r"<[^>]*\bon\w+=", html) is None


def test_a_link_leads_where_the_caller_says() -> None:
    assert render("[fiche](sheet:abc)", to_a_page) == '<p><a href="/ent/read/abc">fiche</a></p>\n'


def test_a_link_that_leads_nowhere_is_text() -> None:
    assert render("Voir [la **page**](help:), puis [là](sheet:b).", lambda t: "/b" if t == "sheet:b" else None) == (
        '<p>Voir la <strong>page</strong>, puis <a href="/b">là</a>.</p>\n'
    )
    assert render("[a](help:)") == "<p>a</p>\n"


def test_an_address_outside_is_taken_away_even_if_the_caller_gives_one() -> None:
    assert "evil" not in render("[a](help:)", lambda _target: "https://evil.example/")
    assert "javascript" not in render("[a](help:)", lambda _target: "javascript:alert(1)")


@given(st.text(alphabet="<>&\"'`[]()!*_#-:/\\ \nascriptonjhlp=:;0", max_size=60))
def test_whatever_is_written(text: str) -> None:
    html = render(text, to_a_page)
    assert set(re.findall(r"<\s*([^\s/>]+)", html)) <= {
        "p", "h1", "h2", "h3", "ul", "ol", "li", "strong", "blockquote", "a",
    }  # fmt: skip
    assert re.search(r"<[^>]*\bon\w+=", html) is None
