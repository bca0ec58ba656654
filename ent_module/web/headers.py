"""Headers of every answer of the module: a strict policy without inline code or outside hosts, and no traces."""

import re
from functools import lru_cache

from flask import Response, current_app, g, request

from ent_module.web.house import House

_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(127\.0\.0\.1|([a-z0-9-]+\.)*localhost)(:[0-9]{1,5})?")


def is_origin(text: str) -> bool:
    """Whether the text is one plain web origin: no path, no delimiter that could open another directive."""
    return _ORIGIN.fullmatch(text) is not None


@lru_cache(maxsize=256)
def policy(ancestors: tuple[str, ...]) -> str:
    """The Content-Security-Policy. Raises ValueError for an ancestor that is not a plain origin."""
    if bad := [origin for origin in ancestors if not is_origin(origin)]:
        raise ValueError(f"not an origin: {bad[0]!r}")
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(("'self'", *ancestors)),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


_OURS_ALONE = ("Cache-Control", "Referrer-Policy", "X-Frame-Options")
"""Headers that a host may put on all its answers and that mean something else on ours."""


def add_headers(ours: House, response: Response) -> Response:
    """The headers of one of our answers. What a host has added since our view is taken off again, as far as it matters:
    it would let caches keep our pages, or keep a portal from framing them."""
    headers = response.headers
    said = g.get("ent_headers", {})
    for name in _OURS_ALONE:
        headers.pop(name, None)
        if name in said:
            headers[name] = said[name]
    headers["Content-Security-Policy"] = policy(g.get("ent_ancestors", ()))
    headers["X-Content-Type-Options"] = "nosniff"
    # `no-referrer` breaks Flask-WTF hosts over https; quick exit sends none by its own header.
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
    headers["X-Robots-Tag"] = "noindex, nofollow"
    headers.setdefault("Cache-Control", "no-store")
    if ours.settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def is_ours() -> bool:
    """Whether the present request is for an endpoint of the module."""
    ours: House = current_app.extensions["ent"]
    return request.endpoint in ours.declared
