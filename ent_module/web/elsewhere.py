"""Whether a form comes from another site: what it holds is then neither taken nor shown."""

from urllib.parse import urlsplit

from flask import Request

from ent_module.config import Settings

_USUAL = {"https": 443, "http": 80}


def sent_from_elsewhere(request: Request, settings: Settings) -> bool:
    """Whether the browser says so: by Sec-Fetch-Site, an older one by Origin. What says neither is no browser's form.

    A page of a neighbouring name (`same-site`) is another site too.
    """
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and _parts(origin) != _parts(settings.public_url)


def sent_by_us(request: Request, settings: Settings) -> bool:
    """Whether the browser says that a page of our own origin sent the form. To say nothing is no proof."""
    said = {"Sec-Fetch-Site", "Origin"} & {*request.headers.keys()}
    return bool(said) and not sent_from_elsewhere(request, settings)


def is_framed(request: Request) -> bool:
    """Whether the page is shown in a frame, as far as the browser says so."""
    return request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame", "object", "embed"}


def is_on_its_own(request: Request) -> bool:
    """Whether the browser says that the page fills a tab. An older one says nothing, be the page framed or not."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def _parts(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or _USUAL.get(parts.scheme)
    except ValueError:
        return "", "", None
