"""The one place that turns Markdown into HTML: a small subset is read, and what comes out is cleaned once more.

HTML in a text stays text. Links lead only where the caller says; a link that leads nowhere is plain text.
What does not belong here: files and their front matter (`content`).
"""

from collections.abc import Callable

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup  # noqa: TID251  # the audited place: nh3 has cleaned everything that is marked here

SCHEMES = ("sheet", "lesson", "help")
"""What a link may be written with: `[text](sheet:slug)`, `[text](lesson:slug)`, `[text](help:)`."""

Follow = Callable[[str], str | None]
"""From a link's target as it is written to an address, or None where it leads nowhere."""

_RULES = ["heading", "list", "blockquote", "emphasis", "link"]
_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "blockquote", "a"}


class _Subset(MarkdownIt):
    """The subset of CommonMark that content is written in."""

    def __init__(self) -> None:
        super().__init__("zero", {"html": False})
        self.enable(_RULES)

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the parser's own name
        """Whether the parser makes a link of it; otherwise what was written stays as text."""
        return url.partition(":")[0] in SCHEMES


_PARSER = _Subset()


def nowhere(_target: str) -> None:
    """Follows no link, for pages on which nothing is to be clicked."""


def render(text: str, follow: Follow = nowhere) -> Markup:
    """The HTML of a text in the subset. `follow` must return paths of our own; it is asked for each link."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.children:
            token.children = _followed(token.children, follow)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return Markup(  # noqa: S704  # cleaned right here
        nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=set(), link_rel=None)
    )


def _followed(tokens: list[Token], follow: Follow) -> list[Token]:
    """The same tokens, each link with its address; the marks of a link that leads nowhere are left out."""
    kept: list[Token] = []
    leads = True  # links do not lie in links
    for token in tokens:
        if token.type == "link_open":
            address = follow(str(token.attrs["href"]))
            leads = address is not None
            token.attrs = {"href": address} if address is not None else {}
        if leads or token.type not in {"link_open", "link_close"}:
            kept.append(token)
    return kept
