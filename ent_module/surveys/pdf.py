"""A page as a PDF file by WeasyPrint, where the extra `pdf` is installed: tagged (PDF/UA), with its page numbers.

Nothing is fetched: style sheets and fonts are read from our own static files, any other address is refused. Pages
print as well from any browser, by the same style sheet.
"""

import logging
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask.globals import request_ctx

from ent_module.web.static_files import serve_static

_ORIGIN = "https://ent.invalid"
"""Stands for our own address while a page is laid out; nothing is ever asked of it."""


@cache
def is_installed() -> bool:
    """Whether WeasyPrint is there, with the system's libraries that it needs."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401  # its libraries load with it
    except OSError:
        return False
    return True


def made_of(page: str) -> bytes:
    """The page as it prints. In: one of our own pages, rendered within the present request."""
    from weasyprint import HTML

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every property that it does not know
    made = HTML(string=page, base_url=f"{_ORIGIN}{request.path}", url_fetcher=_fetcher(), media_type="print")
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1"))


def own_file(address: str) -> tuple[bytes, str]:
    """A static file of ours and its type. Raises ValueError for every other address."""
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != _ORIGIN or request_ctx.url_adapter is None:
        raise ValueError("not ours")
    endpoint, values = request_ctx.url_adapter.match(parts.path.removeprefix(request.script_root), method="GET")
    if endpoint != "ent_web.static":
        raise ValueError("not a static file")
    with closing(serve_static(None, None, **values)) as answer:
        answer.direct_passthrough = False
        return answer.get_data(), answer.mimetype or ""


def _fetcher() -> Any:
    """What WeasyPrint asks for style sheets and fonts. Made here, since the package may not be installed."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # published without types
        """Reads nothing but our static files: whatever else an address names is refused."""

        def fetch(self, url: str, _headers: Any = None) -> Any:
            """The file of that address. WeasyPrint goes on without what is refused."""
            data, mimetype = own_file(url)
            return URLFetcherResponse(url, data, {"Content-Type": mimetype})

    return OwnFiles()
