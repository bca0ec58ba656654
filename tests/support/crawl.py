"""Follows every link of the module that a person is shown, as a curious reader would."""

import re
from html import unescape

from tests.support.town import Browser

LEAVES = ("/leave", "/static/", "/language")
_NEXT = re.compile(r"/(?:show|notes)/(?!1$)\d+$")
"""The screens of a lesson after its first are all made by one template."""
_LINK = re.compile(r'\bhref="([^"]+)"')


def links(page: str, prefix: str = "/ent") -> list[str]:
    """The addresses of our own that a page links to, without the prefix, in order."""
    found = [unescape(link).partition("#")[0] for link in _LINK.findall(page)]
    ours = [link.removeprefix(prefix) for link in found if link == prefix or link.startswith(f"{prefix}/")]
    return [link for link in dict.fromkeys(ours) if link and not link.startswith(LEAVES) and not _NEXT.search(link)]


def crawl(browser: Browser, start: str = "/", limit: int = 200) -> dict[str, str]:
    """Every page that can be reached by links from `start`: address → text. A link that leads nowhere is a failure."""
    pages: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        if address in pages:
            continue
        answer = browser.get(address, follow_redirects=False)
        assert answer.status_code in {200, 303}, f"{address} answers {answer.status_code}"
        pages[address] = answer.text if answer.mimetype == "text/html" else ""
        assert len(pages) <= limit, f"more than {limit} pages: {address}"
        waiting += links(pages[address])
    return pages
